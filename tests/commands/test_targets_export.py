"""`bugbash targets export`: a clean checkout in which somebody makes a bug by hand."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_files import TINY

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[..., Path]
MORE = {
    "pyproject.toml": TINY["pyproject.toml"]
    + '\n[project.scripts]\ntiny = "tiny.prices:total"\n\n'
    + '[tool.bugbash]\njourneys = "journeys"\nmutators = ["own"]\n',
    "journeys/basket.py": "print('told by whom?')\n",
    "own/forgotten.py": "raise SystemExit\n",
}


def exported(run: Run, *words: Any) -> Path:
    told = json.loads(run("targets", "export", *words, "--json", code=0).stdout)
    assert sorted(told) == ["commit", "folder", "target", "target_version"]
    return Path(told["folder"])


def typed(folder: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_it_is_a_repository_of_one_commit_with_all_of_the_project_in_it(
    tiny_project: MakeProject, run: Run, tmp_path: Path
) -> None:
    project = tiny_project(MORE)
    folder = exported(run, project, "--dir", tmp_path / "two words")
    assert folder == tmp_path / "two words"
    assert typed(folder, "git", "status", "--porcelain") == ""
    assert typed(folder, "git", "log", "--format=%an: %s") == "Maintainer: Import the project\n"
    assert typed(folder, "git", "reflog") == typed(folder, "git", "remote") == ""
    files = typed(folder, "git", "ls-files").split()
    assert {"pyproject.toml", "tiny/prices.py", "tests/test_prices.py"} <= set(files)
    assert not [name for name in files if name.startswith(("journeys", "own", ".venv"))]
    assert all((folder / name).read_bytes() == (project / name).read_bytes() for name in files)
    again = exported(run, project, "--dir", tmp_path / "again")
    head = ("git", "rev-parse", "HEAD")
    assert typed(folder, *head) == typed(again, *head)


def test_its_tests_run_by_one_line_and_show_a_change(
    tiny_project: MakeProject, run: Run, tmp_path: Path
) -> None:
    folder = exported(run, tiny_project(MORE), "--dir", tmp_path / "clean")
    assert "8 passed" in typed(folder, ".venv/bin/pytest", "-q")
    labels = folder / "tiny" / "labels.py"
    labels.write_text(labels.read_text("utf-8").replace("[{", "({"), "utf-8")
    assert "FAILED tests/test_labels.py::test_parcel" in typed(
        folder, ".venv/bin/pytest", "-q", code=1
    )
    assert (folder / ".venv" / "bin" / "tiny").is_file()
    assert not list((folder / ".venv").rglob("bugbash_recorder*"))
    assert typed(folder, "git", "diff", "--name-only") == "tiny/labels.py\n"


@pytest.mark.slow
def test_what_it_says_next_makes_a_scenario(
    tiny_project: MakeProject, run: Run, tmp_path: Path
) -> None:
    project = tiny_project()
    told = run("targets", "export", project, "--dir", tmp_path / "clean", code=0).stdout
    labels = tmp_path / "clean" / "tiny" / "labels.py"
    swapped = labels.read_text("utf-8").replace("(name, street)}]", "(street, name)}]")
    labels.write_text(swapped, "utf-8")
    *_, tests, diff, new = (line.strip() for line in told.splitlines())
    typed(tmp_path, "sh", "-c", tests, code=1)
    typed(tmp_path, "sh", "-c", diff)
    more = ("--family", "library", "--title", "The street stands above the name", "--explanation")
    words = (*shlex.split(new)[1:], *more, "Two arguments were swapped.")
    run(*words, cwd=tmp_path, code=0)
    assert (tmp_path / "my-bug" / "scenario.toml").is_file()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere",), "Unknown target 'nowhere'"),
        (("billcycle", "--dir", "."), "exists: name a folder that does not"),
        (("billcycle", "--dir", "repository/clean"), "lies in the git work tree"),
        (("billcycle", "--dir", "a:b"), "name another folder with --dir"),
    ],
    ids=["no target", "a folder that exists", "inside a repository", "no place for a .venv"],
)
def test_where_it_can_not_be_put_nothing_is_written(
    words: tuple[str, ...], says: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    assert says in run("targets", "export", *words, cwd=tmp_path, code=2).stderr
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]
    assert [path.name for path in (tmp_path / "repository").iterdir()] == [".git"]


def test_without_a_folder_it_is_called_after_the_target(run: Run, tmp_path: Path) -> None:
    told = run("targets", "export", "billcycle", cwd=tmp_path, code=0).stdout
    assert str(tmp_path / "billcycle-clean") in told.splitlines()[0]
    assert (tmp_path / "billcycle-clean" / "src" / "billcycle").is_dir()
