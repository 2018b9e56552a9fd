"""What is counted, and what is said about it."""

from __future__ import annotations

import doctest
from collections.abc import Callable

import pytest

from bugbash.pages import scan_summary
from bugbash.pages.scan_summary import (
    ScanReport,
    audit_line,
    by_family,
    by_file,
    by_mutator,
    rate_line,
    why_few_servable,
    why_no_idle_tests,
)
from bugbash.trials.audit import Audit, Disagreement
from tests.pages.conftest import EASY, HARD, finding

Make = Callable[..., ScanReport]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(scan_summary).failed == 0


def test_mutators_are_counted_by_outcome_and_none_is_folded_into_another(
    make_report: Make,
) -> None:
    outcomes = ("killed", "survived", "timeout", "died", "invalid", "error")
    report = make_report(*(finding(outcome, line=2) for outcome in outcomes))
    (row,) = by_mutator(report.survey)
    assert row.counts == dict.fromkeys(outcomes, 1)
    assert row.mutants == 6


def test_servable_bugs_are_counted_by_family_and_difficulty(make_report: Make) -> None:
    found = (
        finding("killed", "t.py::one", signals=EASY),
        finding("killed", "t.py::one", signals=HARD, line=3),
        finding("survived", line=4),
    )
    rows = {row.name: row for row in by_family(make_report(*found).survey)}
    assert rows["logic"].counts == {"easy": 1, "medium": 0, "hard": 1}
    assert set(rows) == {"validation", "platform", "logic", "library", "configuration"}
    assert rows["platform"].bugs == 0


def test_timed_out_and_died_count_as_killed_and_what_never_ran_counts_neither_way(
    make_report: Make,
) -> None:
    outcomes = ("killed", "timeout", "died", "survived", "invalid", "error")
    (row,) = by_file(make_report(*(finding(outcome) for outcome in outcomes)).survey)
    assert (row.noticed, row.counted, row.share) == (3, 4, 0.75)


def test_a_file_whose_mutants_never_ran_has_no_share(make_report: Make) -> None:
    (row,) = by_file(make_report(finding("invalid")).survey)
    assert row.share is None


def test_files_with_the_most_survivors_come_first(make_report: Make) -> None:
    found = (
        finding("killed", file="a.py"),
        finding("survived", file="c.py"),
        finding("survived", file="b.py"),
        finding("survived", file="b.py", line=3),
    )
    assert [row.name for row in by_file(make_report(*found).survey)] == ["b.py", "c.py", "a.py"]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({}, "2 mutants in 2.0 s, 1.0 a second."),
        ({"stored": 1}, "2 mutants in 2.0 s, 0.5 a second; 1 stored from an earlier scan."),
        ({"stored": 2}, "2 mutants, all stored from an earlier scan."),
        ({"seconds": 100.0}, "2 mutants in 1 min 40 s, 1.2 a minute."),
        ({"seconds": 0.0}, "2 mutants in 0.0 s."),
    ],
    ids=["fresh", "some stored", "all stored", "slow", "no time"],
)
def test_the_rate_is_that_of_what_was_tried_now(
    about: dict[str, float], told: str, make_report: Make
) -> None:
    assert rate_line(make_report(finding(), finding("survived"), **about)) == told


@pytest.mark.parametrize(
    ("until", "part", "told"),
    [
        ("all", "", ""),
        ("all", "a sample of 3 of 9 mutants", "this one tried a sample of 3 of 9 mutants"),
        ("first", "", "its trials stopped after 1 failure"),
        ("10", "the chosen mutators", "this one tried the chosen mutators and its trials stopped"),
    ],
)
def test_idle_tests_are_told_by_a_whole_scan_alone(
    until: str, part: str, told: str, make_report: Make
) -> None:
    said = why_no_idle_tests(make_report(finding(), until=until, part=part))
    assert told in said
    assert bool(said) == bool(told)


@pytest.mark.parametrize(
    ("until", "told"), [("all", ""), ("10", ""), ("3", "at most 3 tests"), ("first", "nobody")]
)
def test_limits_that_hide_servable_bugs_are_told(until: str, told: str, make_report: Make) -> None:
    said = why_few_servable(make_report(finding(), until=until))
    assert told in said
    assert bool(said) == bool(told)


def test_the_audit_says_how_many_of_the_warm_ones_were_tried_again(make_report: Make) -> None:
    warm, cold = finding("survived"), finding("killed", "t.py::one", engine="cold")
    other = finding("survived", line=7, engine="cold")
    wrong = Disagreement(cold.mutant, warm.trial, cold.trial)
    told = make_report(warm, cold, other, audit=Audit(2, (wrong,)))
    assert audit_line(told.survey) == "2 of 2 tried again cold: 1 differs."
    assert audit_line(make_report(warm, warm, audit=Audit(1, ())).survey) == (
        "1 of 2 tried again cold: 0 differ."
    )
    assert "nothing to compare" in audit_line(make_report(cold, audit=Audit(0, ())).survey)
    assert "nothing to compare" in audit_line(make_report(cold).survey)
