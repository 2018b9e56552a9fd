"""`new --real` where the ids of some tests hold the path of the folder that they lie in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bugbash import git
from bugbash.targets.history import index as indexes
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.interpreters import own

Run = Callable[..., CompletedProcess[str]]
SOURCE = "def half(number):\n    return number {} 2\n"
PLACES = """\
import pytest


@pytest.mark.parametrize("place", [__file__], ids=[__file__])
def test_is_there(place):
    assert open(place).read()


def test_plain():
    assert True
"""
TEST = "from halves import half\n\n\ndef test_half():\n    assert half(5) == 2.5\n"


def committed(folder: Path, message: str) -> str:
    git.run(["add", "."], folder)
    git.run(["commit", "--quiet", "-m", message], folder)
    return git.run(["rev-parse", "HEAD"], folder).decode().strip()


@pytest.mark.slow
def test_ids_with_a_path_are_not_looked_for(run: Run, bugbash_home: Path, tmp_path: Path) -> None:
    clone = tmp_path / "halves"
    (clone / "tests").mkdir(parents=True)
    git.run(["init", "--quiet", "."], clone)
    git.set_identity(clone)
    (clone / "pyproject.toml").write_text("[project]\nname = 'halves'\nversion = '1'\n")
    (clone / "halves.py").write_text(SOURCE.format("//"))
    (clone / "tests/test_places.py").write_text(PLACES)
    base = committed(clone, "Begin")
    (clone / "halves.py").write_text(SOURCE.format("/"))
    (clone / "tests/test_halves.py").write_text(TEST)
    fix = committed(clone, "Mend halves of odd numbers")
    lock = indexes.keep_lock(["pytest"], bugbash_home / "real")
    entry = Entry(
        fix, base, 1_700_000_000, ("halves.py",), 1, 1, "operator", "logic",
        ("tests/test_halves.py::test_half",), 3, (), (), own().minor, lock,
    )  # fmt: skip
    path = bugbash_home / "real" / "halves.json"
    indexes.save(Index("halves", f"file://{clone}", (entry,)), path)
    try:
        workspace = tmp_path / "ws"
        run("new", "--real", "halves", "--repo", clone, "--dir", workspace, code=0)
    finally:
        path.unlink()
    tests = json.loads(run("check", "--json", cwd=workspace, code=1).stdout)["tests"]
    assert tests["pass_to_pass"] == {"passed": 1, "failed": [], "missing": []}
    (workspace / "halves.py").write_text(SOURCE.format("/"))
    assert json.loads(run("check", "--json", cwd=workspace, code=0).stdout)["solved"]
