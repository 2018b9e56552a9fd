"""The failure report reads like a ticket, and every word of it is true."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bugbash.serving.journeys import Difference, Journey
from bugbash.serving.ticket import (
    Section,
    Setting,
    Ticket,
    from_ci,
    from_journey,
    ticket_from_json,
    together,
)
from bugbash.trials.outcome import TestResult as Result

JOURNEY = Journey(
    name="mail",
    path=Path("mail.py"),
    who="the invoicing desk",
    subject="Customer address",
    context="Support checks an address.",
    detail="The web form behaves the same.",
    parameters=("text",),
    body="from shop import check\nprint(check(text))",
    cases=(("a plus tag", "text = 'a+b@c.de'"),),
)
SETTING = Setting("shop", "1.2", "Linux, Python 3.11", 1, 41)


def ticket(expected: str, actual: str, setting: Setting = SETTING) -> Ticket:
    return from_journey(Difference(JOURNEY, "a plus tag", expected, actual), setting)


def test_a_journeys_ticket_has_all_that_a_report_needs() -> None:
    text = ticket("True", "False").render()
    assert text.startswith("# Customer address: got False instead of True for a plus tag\n")
    for part in (
        "**Reported by:** the invoicing desk",
        "**Version:** shop 1.2 (Linux, Python 3.11)",
        "Support checks an address.",
        "## Steps to reproduce\n\nTyped in an empty folder",
        "```python\ntext = 'a+b@c.de'\n\nfrom shop import check\nprint(check(text))\n```",
        "## Expected\n\n```\nTrue\n```",
        "## Actual\n\n```\nFalse\n```",
        "Every time. One test of the suite is red since; the other 41 pass.",
        "The web form behaves the same.",
    ):
        assert part in text
    assert text.endswith("\n") and not text.endswith("\n\n")


TITLES = {
    "other value": ("True", "False", "got False instead of True for a plus tag"),
    "one line of many": ("a\nb\nc", "a\nx\nc", "got x instead of b for a plus tag"),
    "values too long for a title": ("a" * 41, "b", "wrong result for a plus tag"),
    "a line too many": ("a", "a\nb", "more lines than there should be for a plus tag"),
    "a line too few": ("a\nb", "a", "lines are missing for a plus tag"),
    "braces in the values": ("{1}", "{2}", "got {2} instead of {1} for a plus tag"),
    "an error": ("True", "ValueError: no", "ValueError for a plus tag"),
    "an error after some output": ("1\n2", "1\nKeyError: 'x'", "KeyError for a plus tag"),
    "another error": ("KeyError: 1", "ValueError: 1", "ValueError for a plus tag"),
    "an error without a message": ("True", "StopIteration", "got StopIteration instead of True"),
    "an error that should be": ("ValueError: no", "True", "no error for a plus tag"),
    "the same error, another message": ("ValueError: 1", "ValueError: 2", "got ValueError: 2"),
    "no output": ("True", "", "nothing comes out for a plus tag"),
    "a word with a colon": ("True", "Total: 5", "got Total: 5 instead of True"),
    "an error's name in the middle": ("True", "ValueError: no\n5", "got ValueError: no instead"),
}


@pytest.mark.parametrize("case", TITLES)
def test_the_title_is_the_symptom(case: str) -> None:
    expected, actual, title = TITLES[case]
    assert ticket(expected, actual).title.startswith(f"Customer address: {title}")


def test_braces_in_a_case_stay_as_they_are() -> None:
    journey = replace(JOURNEY, cases=(("a {odd} name", "text = 1"),))
    difference = Difference(journey, "a {odd} name", "1", "2")
    assert "a {odd} name" in from_journey(difference, SETTING).title


FAILURES = {
    "tests/test_b.py::test_two": Result("failed", message="ValueError: second"),
    "tests/test_a.py::test_one": Result(
        "failed", message="AssertionError: assert 1 == 2\n +  where 1 = count()"
    ),
}
DETAIL = Setting("shop", "1.2", "Linux, Python 3.11", 2, 40)


@pytest.mark.parametrize(
    ("detail", "title", "names", "quotes"),
    [
        (2, "CI: AssertionError: assert 1 == 2 (2 tests fail)", True, True),
        (1, "CI: AssertionError (2 tests fail)", True, False),
        (0, "CI: AssertionError (2 tests fail)", False, False),
    ],
)
def test_a_ci_report_tells_as_much_as_its_detail_allows(
    detail: int, title: str, names: bool, quotes: bool
) -> None:
    report = from_ci(FAILURES, DETAIL, detail)
    text = report.render()
    assert report.title == title
    assert ("- `tests/test_a.py::test_one`\n- `tests/test_b.py::test_two`" in text) is names
    assert ("where 1 = count()" in text) is quotes
    assert "**Result:** 2 failed, 40 passed" in text
    assert "Before the last change all 42 tests passed." in text


def test_tests_can_be_named_without_their_parameters() -> None:
    failures = {f"tests/test_a.py::test_one[{n}]": Result("failed", message="") for n in "ab"}
    text = from_ci(failures, DETAIL, 1, parameters=False).render()
    assert "- `tests/test_a.py::test_one`\n" in text
    assert "[a]" not in text


def test_one_failing_test_is_told_as_one() -> None:
    failures = {"t": Result("failed", message="")}
    assert from_ci(failures, SETTING, 2).title == "CI: 1 test fails"


def test_long_messages_are_cut() -> None:
    message = "\n".join(f"line {n} " + "x" * 200 for n in range(50))
    report = from_ci({"t": Result("failed", message=message)}, SETTING, 2)
    assert len(report.title) < 140
    assert "line 11" in report.render() and "line 12" not in report.render()


MESSAGES = {
    "a bare assertion": ("assert x", "CI: assert x (1 test fails)",
                         "CI: AssertionError (1 test fails)"),
    "an error of a package": ("pkg.Error: no", "CI: pkg.Error: no (1 test fails)",
                              "CI: Error (1 test fails)"),
    "no error at all": ("weird\nthing", "CI: weird (1 test fails)", "CI: 1 test fails"),
    "nothing": ("", "CI: 1 test fails", "CI: 1 test fails"),
    "blank lines first": ("\n\n  E: x", "CI: E: x (1 test fails)", "CI: E (1 test fails)"),
}  # fmt: skip


@pytest.mark.parametrize("case", MESSAGES)
def test_any_message_gives_a_title(case: str) -> None:
    message, quoted, typed = MESSAGES[case]
    failures = {"t": Result("failed", message=message)}
    assert [from_ci(failures, SETTING, detail).title for detail in (2, 1)] == [quoted, typed]


def test_several_bugs_are_numbered_problems_with_sections_of_their_own() -> None:
    first, second = ticket("True", "False"), from_ci(FAILURES, DETAIL, 1)
    both = together([first, second])
    text = both.render()
    assert both.title == "2 problems reported"
    assert "## Problem 1: Customer address: got False instead of True for a plus tag" in text
    assert "## Problem 2: CI: AssertionError (2 tests fail)" in text
    assert "## Expected (1)" in text and "## Failing tests (2)" in text
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert len(headings) == len(set(headings))


def test_one_bug_alone_keeps_its_ticket() -> None:
    one = ticket("True", "False")
    assert together([one]) is one


def test_a_ticket_survives_json() -> None:
    one = ticket("True", "False")
    assert ticket_from_json(asdict(one)) == one


def test_an_output_with_a_fence_stays_inside_of_its_block() -> None:
    text = Ticket("t", (Section("Actual", "```\n# not a title\n```", "observed"),), "ci").render()
    fences = [line for line in text.splitlines() if set(line.strip()) == {"`"}]
    assert (len(fences[0]), fences[-1]) == (4, fences[0])
