"""A commit as a fix: which files are what, and the two trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.targets.history.changes import change_of
from bugbash.targets.history.fixes import (
    Fix,
    broken_files,
    fix_of,
    is_source_path,
    is_test_configuration,
    is_test_path,
    write_clean,
)
from bugbash.targets.history.repository import History, open_history
from tests.mining.history import VALID, Project, build
from tests.mining.past import Link, Past


def quiet(_: str) -> None:
    """Notes are of no matter here."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return build(tmp_path_factory.mktemp("past") / "reckon")


def fix(project: Project, name: str) -> tuple[History, Fix]:
    history = open_history(str(project.folder), quiet)
    return history, fix_of(change_of(history, project.commits[name]), history.name)


SORTS = {
    "src/requests/utils.py": "source",
    "requests.py": "source",
    "pandas/_testing/asserters.py": "source",
    "lib/sqlalchemy/testing/plugin.py": "source",
    "pkg/contest.py": "source",
    "pkg/latest/core.py": "source",
    "tests/test_utils.py": "test",
    "test_requests.py": "test",
    "pkg/tests/data/table.csv": "test",
    "test/templates/x.html": "test",
    "testing/test_config.py": "test",
    "testing/helpers.py": "test",
    "conftest.py": "test",
    "pkg/core_test.py": "test",
    "setup.py": "other",
    "docs/conf.py": "other",
    "examples/app.py": "other",
    "benchmarks/run.py": "other",
    ".github/scripts/release.py": "other",
    "CHANGES.md": "other",
    "pkg/data.json": "other",
    "pyproject.toml": "other",
}


@pytest.mark.parametrize("path", SORTS)
def test_what_a_path_is(path: str) -> None:
    found = "test" if is_test_path(path) else "source" if is_source_path(path) else "other"
    assert found == SORTS[path]


@pytest.mark.parametrize(
    ("path", "tells_pytest"),
    [
        ("pytest.ini", True),
        ("pyproject.toml", True),
        ("setup.cfg", True),
        ("tox.ini", True),
        ("conftest.py", False),
        ("pkg/setup.cfg", False),
    ],
)
def test_what_configures_the_tests(path: str, tells_pytest: bool) -> None:
    assert is_test_configuration(path) is tells_pytest


def test_the_parts_of_a_fix(project: Project) -> None:
    _, found = fix(project, "fix-conftest")
    assert found.sources == ("reckon/names.py",)
    assert found.tests == ("tests/conftest.py", "tests/test_more.py")
    assert found.others == ("pyproject.toml",)
    assert (found.added, found.removed, found.name) == (1, 1, "reckon")
    assert found.base == project.commits["odd-bytes-gone"]


@pytest.mark.parametrize("name", VALID)
def test_the_clean_tree_is_the_parents_with_the_fix_and_its_tests(
    name: str, project: Project, tmp_path: Path
) -> None:
    history, found = fix(project, name)
    write_clean(history, found, tmp_path / "clean")
    changed = {*found.sources, *found.tests}
    for path in changed:
        assert (tmp_path / "clean" / path).read_bytes() == stored(project, found.commit, path)
    for path in found.others:
        of_parent = stored(project, found.base, path)
        there = tmp_path / "clean" / path
        assert (there.read_bytes() if there.is_file() else None) == of_parent
    broken = broken_files(history, found)
    assert set(broken) == set(found.sources)
    for path, data in broken.items():
        assert data == stored(project, found.base, path) != stored(project, found.commit, path)


def stored(project: Project, commit: str, path: str) -> bytes | None:
    import subprocess

    shown = ["git", "cat-file", "blob", f"{commit}:{path}"]
    done = subprocess.run(shown, cwd=project.folder, capture_output=True)
    return done.stdout if done.returncode == 0 else None


def test_tests_that_a_fix_deletes_moves_or_links_are_gone(tmp_path: Path) -> None:
    past = Past()
    first = {"pkg.py": "a = 1\n", "tests/data/a/x.txt": "x", "tests/b.txt": "b", "README": "r"}
    past.commit("first", "First", {**first, "tests/test_old.py": "old\n"})
    past.commit(
        "fix",
        "Fix a",
        {
            "pkg.py": "a = 2\n",
            "tests/test_old.py": None,
            "tests/test_new.py": "new\n",
            "tests/data/a/x.txt": None,
            "tests/data/a": "a file now",
            "tests/b.txt": Link("/etc/passwd"),
            "README": None,
        },
    )
    history = open_history(str(past.write(tmp_path / "past")), quiet)
    found = fix_of(change_of(history, past.commits["fix"]), "past")
    write_clean(history, found, tmp_path / "clean")
    files = {p.relative_to(tmp_path / "clean").as_posix() for p in (tmp_path / "clean").rglob("*")}
    assert files == {"pkg.py", "README", "tests", "tests/test_new.py", "tests/data", "tests/data/a"}


def test_a_first_commit_has_no_base(project: Project, tmp_path: Path) -> None:
    history, found = fix(project, "first")
    assert found.base == ""
    with pytest.raises(EnvironmentProblem):
        write_clean(history, found, tmp_path / "clean")
