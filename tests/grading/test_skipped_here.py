"""Tests of a real bug's suite that its clean code does not pass on this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from bugbash import git
from bugbash.grading.grade import grade
from bugbash.grading.progress import progress_of
from bugbash.recording.timeline import timeline_of
from bugbash.serving.scenario import Origin
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets.venv import python_of
from bugbash.workspace.attempt import Attempt, find
from tests.grading.playing import PARCEL, Player

pytestmark = pytest.mark.slow
FILE = "tests/test_elsewhere.py"
TEXT = """
import pytest


@pytest.mark.skip(reason="another system")
def test_skipped():
    assert False


@pytest.mark.xfail(reason="nobody can")
def test_expected_to_fail():
    assert False


def test_it_passes():
    assert True
"""
HELD = tuple(
    f"{FILE}::{name}" for name in ("test_skipped", "test_expected_to_fail", "test_it_passes")
)
RUNS: dict[str, tuple[tuple[str, ...], bool]] = {
    "the whole suite": ((), True),
    "all but one that can pass": (("--deselect", HELD[-1]), False),
    "all but the file with skipped tests": (("--ignore", FILE), False),
}


@pytest.mark.parametrize(("words", "whole"), RUNS.values(), ids=RUNS)
def test_the_suite_is_whole_where_all_passed_that_the_clean_code_passes(
    words: tuple[str, ...],
    whole: bool,
    serve_tiny: Callable[..., Served],
    make_attempt: Callable[..., Attempt],
    store: Store,
) -> None:
    served = serve_tiny("swapped", files={FILE: TEXT}, held=HELD)
    attempt = make_attempt(served)
    folder = attempt.workspace
    served_commit = git.run(["rev-parse", "HEAD"], folder).decode().strip()

    def tests(*arguments: str, code: int) -> None:
        command = [str(python_of(folder / ".venv")), "-m", "pytest", "-q", *arguments]
        assert subprocess.run(command, cwd=folder, stdout=subprocess.PIPE).returncode == code

    tests(PARCEL, code=1)
    Player(attempt).fix()
    tests(PARCEL, code=0)
    tests(*words, code=0)

    attempt = find(store, folder)
    origin = Origin("tiny", "https://gitlab.example.invalid/tiny.git", "", served_commit, (), 0)
    attempt = replace(attempt, scenario=replace(attempt.scenario, origin=origin))
    steps = progress_of(attempt, timeline_of(attempt.id, folder), []).steps
    assert steps["verify"] is whole

    found = grade(attempt, served.target, served.environment, store=store)
    verify = next(one for one in found.dimensions if one.name == "verify")
    assert found.verdict.solved
    assert verify.points == (9 if whole else 4)
