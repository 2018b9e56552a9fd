"""What the clean code of a real bug does on this machine excuses a test, a cut run excuses none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.grading.real_suite import held_against_clean
from bugbash.grading.verdict import Tally, Verdict
from bugbash.serving.scenario import Origin
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.trials.outcome import TestResult as Result

FILE = "tests/test_zebra.py"
BROKEN_BY_THE_FIX = f"{FILE}::test_last"
FIRST = """
import os


def test_first():
    {}


def test_last():
    assert True
"""


@pytest.mark.parametrize(
    ("first", "excused"),
    [
        ("os._exit(1)", ()),
        ("assert False", (f"{FILE}::test_first",)),
        ("assert True", ()),
    ],
    ids=["the clean run is cut short", "a test fails on the clean code", "all pass"],
)
def test_only_what_fails_on_the_clean_code_is_excused(
    first: str, excused: tuple[str, ...], serve_tiny: Callable[..., Served], own_store: Store
) -> None:
    held = (f"{FILE}::test_first", BROKEN_BY_THE_FIX)
    served = serve_tiny("swapped", files={FILE: FIRST.format(first)}, held=held)
    scenario = replace(served.scenario, origin=Origin("tiny", "", "", "", (), 0))
    verdict = Verdict(
        solved=False,
        bugs=(),
        fail_to_pass=Tally(("t.py::bug",), (), ()),
        pass_to_pass=Tally((), held, ()),
        failures={name: Result("failed") for name in held},
    )
    found = held_against_clean(verdict, scenario, served.target, served.environment, {}, own_store)
    assert not found.solved
    assert found.pass_to_pass.failed == tuple(test for test in held if test not in excused)


SHAKY = """
import pathlib

RUNS = pathlib.Path({counter!r})


def test_first():
    count = int(RUNS.read_text()) if RUNS.exists() else 0
    RUNS.write_text(str(count + 1))
    assert count not in {failing}


def test_last():
    assert True
"""


@pytest.mark.parametrize(
    ("failing", "fixed", "excused"),
    [
        ((1, 2), True, True),
        ((1, 4), True, True),
        ((3,), True, True),
        ((1,), True, False),
        ((9,), True, False),
        ((1, 2), False, False),
    ],
    ids=[
        "by itself, and so on clean code",
        "by itself, and in the third run on clean code",
        "among the others, and so on clean code",
        "by itself over the fix alone",
        "among the others over the fix alone",
        "the bug is not fixed",
    ],
)
def test_what_a_busy_machine_fails_on_clean_code_is_not_held_against_a_fix(
    failing: tuple[int, ...],
    fixed: bool,
    excused: bool,
    serve_tiny: Callable[..., Served],
    own_store: Store,
    tmp_path: Path,
) -> None:
    held = (f"{FILE}::test_first",)
    # Runs: 0 the suite on clean code, 1 the test by itself over the fix, 2 to 4 on clean code.
    counter = tmp_path / "runs"
    text = SHAKY.format(counter=str(counter), failing=set(failing))
    served = serve_tiny("swapped", files={FILE: text}, held=held)
    counter.unlink(missing_ok=True)
    scenario = replace(served.scenario, origin=Origin("tiny", "", "", "", (), 0))
    bug = ("t.py::bug",)
    verdict = Verdict(
        solved=False,
        bugs=(),
        fail_to_pass=Tally(bug, (), ()) if fixed else Tally((), bug, ()),
        pass_to_pass=Tally((f"{FILE}::test_last",), held, ()),
        failures={name: Result("failed") for name in held},
    )
    found = held_against_clean(verdict, scenario, served.target, served.environment, {}, own_store)
    assert found.solved is (excused and fixed)
    assert bool(found.pass_to_pass.failed) is not excused
