"""What the clean code of a real bug does on this machine excuses a test, a cut run excuses none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
    found = held_against_clean(verdict, scenario, served.target, served.environment, own_store)
    assert not found.solved
    assert found.pass_to_pass.failed == tuple(test for test in held if test not in excused)
