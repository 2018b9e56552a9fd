"""The failure report reads like a ticket, and every word of it is true."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bugbash.serving.difference import Difference, Output
from bugbash.serving.journey_files import Journey
from bugbash.serving.journey_ticket import from_journey
from bugbash.serving.ticket import Section, Setting, Ticket, ticket_from_json, together

JOURNEY = Journey(
    name="mail",
    path=Path("mail.py"),
    who="a clerk at the invoicing desk",
    subject="Customer address",
    context="Support checks an address.",
    detail="The address book has one entry.",
    parameters=("text",),
    body="from shop import check\nprint(check(text))",
    cases=(("a plus tag", "text = 'a+b@c.de'"),),
)
SETTING = Setting("shop", "1.2", "Linux, Python 3.11", 1, 41)


def ticket(expected: str, actual: str, setting: Setting = SETTING, values: bool = True) -> Ticket:
    difference = Difference(JOURNEY, "a plus tag", Output(expected), Output(actual))
    return from_journey(difference, setting, values)


def counted(differing: int, tried: int) -> Ticket:
    outputs = Output("True"), Output("False")
    return from_journey(Difference(JOURNEY, "a plus tag", *outputs, differing, tried), SETTING)


def test_a_journeys_ticket_has_all_that_a_report_needs() -> None:
    text = ticket("True", "False").render()
    assert text.startswith("# Customer address: got False instead of True for a plus tag\n")
    for part in (
        "**Reported by:** a clerk at the invoicing desk",
        "**Version:** shop 1.2 (Linux, Python 3.11)",
        'Support checks an address. For a plus tag it says "False"; it should say "True".\n',
        "## Steps to reproduce\n\nSaved as `steps.py` in an empty folder outside of the project",
        "```python\ntext = 'a+b@c.de'\n\nfrom shop import check\nprint(check(text))\n```",
        "## Expected\n\n```\nTrue\n```",
        "## Actual\n\n```\nFalse\n```",
        "## How often\n\nEvery time.\n",
        "## Tests\n\nOne test of the suite fails since the last change; the other 41 pass.",
        "## Also worth knowing\n\nThe address book has one entry.",
    ):
        assert part in text
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_control_characters_are_written_out() -> None:
    text = ticket("a\x7fb", "a\x1bb").render()
    assert {c for c in text if not c.isprintable()} == {"\n"}
    assert "## Expected\n\n```\na\\x7fb\n```" in text
    assert (
        text.splitlines()[0] == r"# Customer address: got a\x1bb instead of a\x7fb for a plus tag"
    )


def test_several_failing_tests_are_counted() -> None:
    text = ticket("True", "False", replace(SETTING, failing=3, passing=1)).render()
    assert "3 tests of the suite fail since the last change; the other 1 passes." in text


COUNTS = {
    "one of many": (1, 56, " for a plus tag", "The other 55 cases behave as they should."),
    "one of two": (1, 2, " for a plus tag", "The other case behaves as it should."),
    "a few": (4, 56, " for a plus tag", "Of 55 other cases 52 behave as they should."),
    "all but one of the others": (2, 3, ", in 2 of the 3 situations tried",
                                  "Of 2 other cases 1 behaves as it should."),
    "a third": (14, 42, ", in 14 of the 42 situations tried", "Of 41 other cases 28 behave"),
    "less than a third": (13, 42, " for a plus tag", "Of 41 other cases 29 behave"),
    "all": (9, 9, ", in all 9 situations tried", "The other 8 cases go wrong, too."),
    "the only one": (1, 1, " for a plus tag", ""),
    "nobody knows": (0, 0, " for a plus tag", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", COUNTS)
def test_the_case_is_in_the_title_where_it_says_something(case: str) -> None:
    differing, tried, ending, told = COUNTS[case]
    report = counted(differing, tried)
    assert report.title == f"Customer address: got False instead of True{ending}"
    assert told in report.sections[1].text
    assert told or report.sections[1].text.endswith('it should say "True".')


def test_without_values_none_is_in_the_prose() -> None:
    report = ticket("one\ntrue", "one\nfalse", values=False)
    assert report.title == "Customer address: wrong result for a plus tag"
    assert "line 2 of the output is the first that is wrong" in report.sections[1].text
    assert not [s for s in report.sections if s.kind == "prose" and "false" in s.text]


def test_a_title_never_gets_too_long() -> None:
    journey = replace(JOURNEY, subject="x" * 60)
    outputs = Output("a" * 40), Output("b" * 40)
    title = from_journey(Difference(journey, "a plus tag", *outputs), SETTING).title
    assert title == f"{'x' * 60}: wrong result for a plus tag"


def test_braces_in_a_case_stay_as_they_are() -> None:
    journey = replace(JOURNEY, cases=(("a {odd} name", "text = 1"),))
    difference = Difference(journey, "a {odd} name", Output("{1}"), Output("{2}"))
    assert from_journey(difference, SETTING).title.endswith(
        "got {2} instead of {1} for a {odd} name"
    )


def test_a_journey_without_a_detail_tells_none() -> None:
    difference = Difference(replace(JOURNEY, detail=""), "a plus tag", Output("1"), Output("2"))
    assert "Also worth knowing" not in from_journey(difference, SETTING).render()


def test_several_bugs_are_numbered_problems_with_sections_of_their_own() -> None:
    first, second = (
        ticket("True", "False"),
        Ticket("CI: no", (Section("", "a"), Section("b", "c")), "ci"),
    )
    both = together([first, second])
    text = both.render()
    assert both.title == "2 problems reported"
    assert "## Problem 1: Customer address: got False instead of True for a plus tag" in text
    assert "## Problem 2: CI: no" in text
    assert "## Expected (1)" in text and "## b (2)" in text
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
