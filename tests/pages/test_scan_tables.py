"""The tables of a scan: complete at every width, and safe with strangers' names."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from bugbash.pages.scan_summary import ScanReport
from bugbash.pages.tables import show_scan
from bugbash.trials.audit import Audit, Disagreement
from tests.pages.conftest import EASY, finding

Make = Callable[..., ScanReport]
HOSTILE = "[red]x[/red] \x1b[31m\u202e:boom:"


def shown(report: ScanReport, width: int = 80, encoding: str = "utf-8") -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, markup=False, emoji=False, highlight=False)
    show_scan(report, console)
    file.seek(0)
    return file.read()


def every_outcome(make_report: Make, mutator: str = "drop-newline-argument") -> ScanReport:
    outcomes = ("killed", "survived", "timeout", "died", "invalid", "error")
    return make_report(*(finding(outcome, mutator=mutator, line=2) for outcome in outcomes))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_cut_at_any_width(width: int, make_report: Make) -> None:
    text = shown(every_outcome(make_report), width)
    assert "…" not in text
    assert "drop-newline-argument" in text
    for name in ("killed", "survived", "timeout", "died", "invalid", "error"):
        assert name in text
    tables = text.split("\nServable")[0].splitlines()
    assert max(len(line) for line in tables) <= width


def test_a_name_that_is_wider_than_the_terminal_is_folded(make_report: Make) -> None:
    text = shown(every_outcome(make_report, "a-mutator-of-my-own-" * 5), 60)
    assert "…" not in text
    assert text.count("a-mutator") >= 3


def test_the_rare_outcomes_have_columns_where_there_is_room(make_report: Make) -> None:
    wide, narrow = (shown(every_outcome(make_report), width) for width in (200, 60))
    assert "timeout   died   invalid   error" in wide
    assert "timeout" in narrow


def test_outcomes_that_do_not_occur_take_no_room(make_report: Make) -> None:
    head = shown(make_report(finding()), 200).splitlines()[1]
    assert head.split() == ["mutator", "mutants", "killed", "survived", "servable"]


def test_at_most_fifteen_idle_tests_are_named_and_the_rest_counted(make_report: Make) -> None:
    tests = tuple(f"t.py::test_{number:02}" for number in range(20))
    text = shown(make_report(finding("killed", "t.py::test_03"), tests=tests))
    assert "t.py::test_15" in text
    assert "t.py::test_16" not in text
    assert "t.py::test_03" not in text
    assert "and 4 more" in text


def test_a_part_of_a_scan_names_no_idle_tests(make_report: Make) -> None:
    text = shown(make_report(finding(), part="a sample of 1 of 9 mutants"))
    assert "t.py::one" not in text
    assert "Only a whole scan with --until all" in text


def test_survivors_are_found_by_their_lines(make_report: Make) -> None:
    found = [finding("survived", line=line) for line in (2, 3, 4, 8)]
    assert "2-4, 8" in shown(make_report(*found))


def test_a_full_bar_says_that_nothing_survived(make_report: Make) -> None:
    nearly = [finding("killed", line=1)] * 99 + [finding("survived", line=2)]
    text = shown(make_report(*nearly))
    assert "█████████░  99 %" in text
    assert "██████████ 100 %" in shown(make_report(finding()))


def test_a_disagreement_is_shown_with_both_answers(make_report: Make) -> None:
    warm, cold = finding("survived"), finding("killed", "t.py::one", engine="cold")
    report = make_report(cold, audit=Audit(1, (Disagreement(cold.mutant, warm.trial, cold.trial),)))
    text = shown(report)
    assert "1 of 1 tried again cold: 1 differs." in text
    assert "swap: survived" in text
    assert "cold: killed by 1 test (t.py::one)" in text


def test_names_from_strangers_code_are_shown_as_they_are(make_report: Make) -> None:
    one = finding("survived", file="a/[bold]b[/bold]:boom:.py", mutator="[red]m[/red]")
    text = shown(make_report(one, argument=HOSTILE, tests=(f"t.py::x[{HOSTILE}]",)), 200)
    assert "\x1b" not in text
    assert "\u202e" not in text
    for name in ("[bold]b[/bold]:boom:.py", "[red]m[/red]", r"[red]x[/red] \x1b[31m\u202e:boom:"):
        assert name in text


def test_next_steps_are_never_broken(make_report: Make) -> None:
    command = "bugbash new " + "x" * 90
    text = shown(make_report(finding(), next_steps=((command, "play"),)), 60)
    assert command in text


def test_a_scan_of_nothing_says_so(make_report: Make) -> None:
    assert "No mutator finds a place" in shown(make_report())


def test_a_terminal_without_blocks_gets_letters(make_report: Make) -> None:
    report = make_report(finding(signals=EASY), finding("survived", line=3))
    assert "#####.....  50 %" in shown(report, encoding="ascii")
