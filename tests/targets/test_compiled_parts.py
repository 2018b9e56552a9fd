"""Commits with compiled parts: a release with the same compiled sources lends its binaries."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.files import walk
from bugbash.targets.history.changes import change_of
from bugbash.targets.history.fixes import fix_of, is_compiled_source
from bugbash.targets.history.repository import open_history
from bugbash.targets.history.suite_part import part_of
from bugbash.targets.overrides import quiet
from bugbash.targets.real_source import clean_target
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target
from tests.targets.test_sdists import make_wheel

PYPROJECT = """
[build-system]
requires = ["cython"]
build-backend = "nothing.there"
[project]
name = "wares"
version = "1.0"
"""
FILES = {
    "pyproject.toml": PYPROJECT,
    "wares/__init__.py": "from wares._fast import ONE\n",
    "wares/_fast.pyx": "ONE = 1\n",
    "wares/_more.pxi.in": "",
    "tests/test_a.py": "def test_a(): ...\n",
}
BUILT = {
    **{name: "of the release\n" for name in FILES if name.startswith("wares/")},
    "wares/_fast.py": "ONE = 1\n",
    "wares/later.py": "",
}


@pytest.fixture
def repository(make_tree: Callable[..., Path]) -> Path:
    """Two commits: the second one fixes the Python beside the compiled module."""
    folder = make_tree(FILES, "wares repository")
    _git(folder, "init", "-q", "-b", "main")
    _commit(folder)
    (folder / "wares" / "__init__.py").write_text("from wares._fast import ONE\nTWO = 2\n")
    (folder / "tests" / "test_a.py").write_text("def test_two(): ...\n")
    _commit(folder)
    return folder


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(folder: Path) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "change")


def _fixed(repository: Path) -> Target:
    """The clean target of the newest commit, as `mine` and `new --real` make it."""
    history = open_history(str(repository), quiet, "wares")
    fix = fix_of(change_of(history, _git(repository, "rev-parse", "HEAD")), "wares")
    return clean_target(history, fix, f"real:wares@{fix.commit}", quiet)


@pytest.fixture
def release(make_sdist: Callable[..., Path], registry_folder: Path) -> Callable[..., None]:
    """Puts a release of wares into the registry, its sdist with these files on top of FILES."""

    def put(version: str, more: dict[str, str]) -> None:
        later = {"wares/__init__.py": "LATER = 1\n", "wares/later.py": ""}
        make_sdist("wares", version, {**FILES, **later, **more})
        make_wheel(registry_folder, "wares", version, BUILT, "py3-none-any")

    return put


@pytest.mark.parametrize(
    "more",
    [{}, {"wares/_fast.c": "int main;"}, {"wares/_more.pxi": ""}, {"docs/example.c": ""}],
    ids=["the same sources", "generated C beside them", "a template filled in", "a document's"],
)
def test_binaries_of_a_release_with_the_same_sources_and_nothing_else_of_it(
    repository: Path, release: Callable[..., None], more: dict[str, str]
) -> None:
    release("1.0", more)
    for target in (_fixed(repository), resolve(f"git+{repository.as_uri()}")):
        assert target.overlay == ("wares/_fast.py",)
        assert "TWO" in (target.tree / "wares/__init__.py").read_text()
        assert not (target.tree / "wares/later.py").exists()
        assert (target.tree / "wares/_fast.pyx").read_text() == "ONE = 1\n"


@pytest.mark.parametrize(
    "more",
    [{"wares/_fast.pyx": "ONE = 2\n"}, {"wares/_new.pyx": ""}, {"wares/new.c": ""}],
    ids=["changed", "one more", "C of its own"],
)
def test_other_compiled_sources_are_no_match(
    repository: Path, release: Callable[..., None], more: dict[str, str]
) -> None:
    release("1.0", more)
    with pytest.raises(EnvironmentProblem, match="No release of wares was made of the compiled"):
        _fixed(repository)


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0", "2.0.0"])
def test_the_next_release_may_be_the_one(
    repository: Path, release: Callable[..., None], version: str, registry_folder: Path
) -> None:
    release("1.0", {"wares/_fast.pyx": "ONE = 0\n"})
    first = {path.name for path in registry_folder.iterdir()}
    with pytest.raises(EnvironmentProblem):
        _fixed(repository)
    release(version, {})
    assert {path.name for path in registry_folder.iterdir()} > first
    assert _fixed(repository).overlay == ("wares/_fast.py",)


def test_a_package_that_no_registry_has(repository: Path, registry_folder: Path) -> None:
    assert registry_folder
    with pytest.raises(EnvironmentProblem, match="No release of wares"):
        _fixed(repository)


@pytest.mark.parametrize(
    ("path", "compiled"),
    [
        ("wares/_fast.pyx", True),
        ("wares/_more.pxi.in", True),
        ("src/lib.rs", True),
        ("wares/include/a.hpp", True),
        ("docs/example.c", False),
        ("tests/data.c", False),
        ("wares/pure.py", False),
        ("wares/notes.in", False),
    ],
)
def test_what_a_compiler_reads(path: str, compiled: bool) -> None:
    assert is_compiled_source(path) is compiled


def _large(folders: dict[str, int]) -> dict[str, str]:
    return {f"{name}/test_{i}.py": "" for name, count in folders.items() for i in range(count)}


@pytest.mark.parametrize(
    ("folders", "changed", "part"),
    [
        ({"tests": 400}, ("tests/test_1.py",), ()),
        ({"tests": 401}, ("tests/test_1.py",), ("tests/test_1.py",)),
        ({"t/a": 120, "t/b": 300}, ("t/a/test_1.py",), ("t/a",)),
        ({"t/a": 120, "t/b": 300}, ("t/b/test_1.py", "t/a/test_1.py"), ("t/a", "t/b/test_1.py")),
        ({"t/a": 20, "t/a/c": 20, "t/b": 400}, ("t/a/c/test_1.py", "t/a/test_1.py"), ("t/a",)),
        ({"t/a": 120, "t/b": 300}, ("t/a/data.json",), ("t/a",)),
        ({"t/a": 120, "t/b": 300}, ("t/a/gone.py", "t/b/data.json"), ()),
    ],
    ids=["small", "one large folder", "its folder", "both", "nested", "data", "nothing of it"],
)
def test_the_part_of_a_large_suite(
    folders: dict[str, int],
    changed: tuple[str, ...],
    part: tuple[str, ...],
    make_tree: Callable[..., Path],
) -> None:
    tree = make_tree({**_large(folders), "t/a/data.json": "", "t/b/data.json": ""})
    assert part_of(tree, changed) == part
    assert any(walk(tree))
