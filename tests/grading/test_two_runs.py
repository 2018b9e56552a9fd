"""A fix whose suite ran again: what fails in two runs is broken, what fails in one is unsteady."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bugbash.grading.verdict import Tally, Verdict, of_runs
from bugbash.trials import outcome

TESTS = ("t.py::a", "t.py::b", "t.py::c", "t.py::d", "t.py::e")


def verdict_of(failed: str, fixed: bool = True) -> Verdict:
    """That of a run in which these tests, by their last letters, failed."""
    names = tuple(test for test in TESTS if test[-1] in failed)
    passed = tuple(test for test in TESTS if test not in names)
    fail_to_pass = Tally(("t.py::bug",), (), ()) if fixed else Tally((), ("t.py::bug",), ())
    return Verdict(
        solved=fixed and not names,
        bugs=(),
        fail_to_pass=fail_to_pass,
        pass_to_pass=Tally(passed, names, ()),
        failures={name: outcome.TestResult("failed") for name in names},
    )


@pytest.mark.parametrize(
    ("runs", "broken", "unsteady"),
    [
        (("a", ""), "", "a"),
        (("a", "b"), "", "ab"),
        (("a", "a"), "a", ""),
        (("ab", "bc"), "b", "ac"),
        (("a", "b", ""), "", "ab"),
        (("a", "b", "c"), "", "abc"),
        (("abc", "d", "abc"), "abc", "d"),
        (("a", "b", "b"), "b", "a"),
    ],
)
def test_what_fails_in_two_runs_is_broken(
    runs: tuple[str, ...], broken: str, unsteady: str
) -> None:
    found = of_runs([verdict_of(failed) for failed in runs])
    assert found.solved is not bool(broken)
    assert [test[-1] for test in found.pass_to_pass.failed] == [*broken]
    assert [test[-1] for test in found.unsteady] == [*unsteady]
    assert set(found.pass_to_pass.passed) == {t for t in TESTS if t[-1] not in broken}
    assert set(found.failures) == set(found.pass_to_pass.failed)


@pytest.mark.parametrize(
    "second",
    [
        verdict_of("bcde"),
        verdict_of("", fixed=False),
        replace(verdict_of(""), problem="the suite's process ended before its time"),
        replace(verdict_of(""), pass_to_pass=Tally(TESTS[:4], (), TESTS[4:])),
    ],
    ids=["many others", "the bug is back", "it died", "some did not run"],
)
def test_a_second_run_that_is_no_better_changes_nothing(second: Verdict) -> None:
    first = verdict_of("a")
    assert of_runs([first, second]) == first
