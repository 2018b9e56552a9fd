"""The main loop on every vendored target: served as announced, solved by the reference fix."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bugbash.serving import catalogue
from bugbash.targets import vendored

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]
SEEDS = range(3)
TARGETS = vendored.names()
_EACH = len(TARGETS)
"""One in so many of a target's mutators is asked for; each target has others."""


@cache
def _has_catalogue(target: str) -> bool:
    from bugbash.targets.vendored import prepare

    known = catalogue.load(target)
    return known is not None and known.digest == prepare(target).digest


@pytest.fixture
def catalogued(target: str) -> str:
    """The name of a target whose catalogue belongs to its code."""
    if not _has_catalogue(target):
        pytest.skip(f"the catalogue of {target} is not built")
    return target


def _red(workspace: Path) -> list[str]:
    """The tests that plain pytest reports as red, as a learner would run it."""
    done = subprocess.run(
        [".venv/bin/pytest", "-q", "-rfE", "--color=no"],
        cwd=workspace,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return sorted(re.findall(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", done.stdout, re.MULTILINE))


def _commit(workspace: Path) -> str:
    words = ["git", "rev-parse", "HEAD"]
    return subprocess.run(words, cwd=workspace, check=True, capture_output=True, text=True).stdout


def _read(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(done.stdout)
    return value


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_served_bug_fails_as_announced_and_is_solved_by_the_reference_fix(
    seed: int, catalogued: str, run: Run, tmp_path: Path
) -> None:
    words = ("new", catalogued, "--seed", str(seed), "--json", "--dir")
    made = _read(run(*words, tmp_path / "ws", code=0))
    workspace = Path(made["workspace"])
    assert 1 <= len(made["fail_to_pass"]) <= 10
    assert _red(workspace) == made["fail_to_pass"]
    before = _read(run("check", "--json", cwd=workspace, code=1))
    assert before["tests"]["fail_to_pass"]["failed"] == made["fail_to_pass"]
    patch = run("reveal", "--patch", cwd=workspace, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    after = _read(run("check", "--json", cwd=workspace, code=0))
    assert after["solved"] is True
    assert after["diff"]["equivalent"] == "ast"
    assert after["score"] is None
    assert after["integrity"] == []


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_seed_gives_the_same_bug_in_another_home_and_under_another_hash_seed(
    seed: int, catalogued: str, run: Run, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.getbasetemp() / f"another home of {catalogued}"
    other = {"BUGBASH_HOME": str(home), "PYTHONHASHSEED": str(seed + 1), "TZ": "Asia/Kolkata"}
    words = ("new", catalogued, "--seed", str(seed), "--json", "--dir")
    one = _read(run(*words, tmp_path / "one", env={"PYTHONHASHSEED": "0"}, code=0))
    two = _read(run(*words, tmp_path / "two", env=other, code=0))
    own = ("attempt", "workspace")
    assert {k: v for k, v in one.items() if k not in own} == {
        k: v for k, v in two.items() if k not in own
    }
    assert _commit(tmp_path / "one") == _commit(tmp_path / "two")


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_give_different_bugs(catalogued: str, run: Run, tmp_path: Path) -> None:
    commits = set()
    for seed in range(6):
        run("new", catalogued, "--seed", str(seed), "--dir", tmp_path / str(seed), code=0)
        commits.add(_commit(tmp_path / str(seed)))
    assert len(commits) >= 4


@pytest.mark.parametrize("target", TARGETS)
def test_two_bugs_fail_together_as_announced_and_are_solved_one_by_one(
    catalogued: str, run: Run, tmp_path: Path
) -> None:
    words = ("new", catalogued, "--seed", "5", "--bugs", "2", "--json", "--dir", tmp_path / "ws")
    made = _read(run(*words, code=0))
    workspace = Path(made["workspace"])
    assert made["bug_count"] == 2
    assert _red(workspace) == made["fail_to_pass"]
    patch = run("reveal", "--patch", cwd=workspace, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    after = _read(run("check", "--json", cwd=workspace, code=0))
    assert [bug["solved"] for bug in after["bugs"]] == [True, True]


@pytest.mark.parametrize("target", TARGETS)
def test_a_family_and_a_mutator_are_heeded(catalogued: str, run: Run, tmp_path: Path) -> None:
    known = catalogue.load(catalogued)
    assert known is not None
    mutators = sorted({e.bug.mutator for e in known.entries})
    first = TARGETS.index(catalogued) % _EACH
    for number, mutator in enumerate(mutators[first::_EACH]):
        folder = tmp_path / str(number)
        words = ("new", catalogued, "--mutator", mutator, "--seed", "2", "--dir", folder)
        run(*words, code=0)
        answer = _read(run("reveal", "--json", cwd=folder, code=0))
        assert [bug["mutator"] for bug in answer["bugs"]] == [mutator]
