"""Reports that tell less: no test at all for a blind attempt, prose alone for an interview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bugbash.serving.order import Order
from bugbash.serving.ticket import Section, Ticket

_COUNT = re.compile(r"^CI: |\s*\((?:1 test fails|\d+ tests fail)\)$")
_ALONE = re.compile(r"^CI: (?:1 test fails|\d+ tests fail)$")
_TEST = re.compile(r"^tests?\b[ :]*")
_SEEN_ON = re.compile(r"\bon (.+?)\s*$", re.MULTILINE)
_CUT_BY_PYTEST = 30
"""Letters of a test's name in the name of its temporary folder."""
WITH_SCRIPT = "With the script below "
"""How a sentence begins that the script of a real bug's report comes after."""
GREEN = "All tests of the project pass: none of them shows this."


def told(ticket: Ticket, order: Order, hidden: Iterable[str]) -> Ticket:
    """As much of a ticket as the order lets the learner know; `hidden` are the failing tests."""
    if order.mode:
        ticket = prose(ticket)
    return blind(ticket, hidden) if order.blind else ticket


def blind(ticket: Ticket, hidden: Iterable[str]) -> Ticket:
    """The ticket without a word on which tests fail; `hidden` are the ids that must not appear."""
    if ticket.source == "ci":
        return _blind_ci(ticket, {_function(test) for test in hidden})
    sections = [
        replace(section, text=_first_sentence(section.text))
        if section.heading == "How often"
        else section
        for section in ticket.sections
        if section.heading != "Tests"
    ]
    place = next((i for i, s in enumerate(sections) if s.heading == "Also worth knowing"), None)
    sections.insert(len(sections) if place is None else place, Section("Tests", GREEN))
    return replace(ticket, sections=tuple(sections))


def prose(ticket: Ticket) -> Ticket:
    """The ticket without steps and without names of tests: prose, and what was printed."""
    kept: list[Section] = []
    for section in ticket.sections:
        if section.kind == "steps":
            if kept and kept[-1].heading == "Steps to reproduce":
                kept.pop()  # it only introduces them
        elif section.heading != "Failing tests":
            kept.append(section)
    return replace(ticket, sections=tuple(kept))


def _function(test: str) -> str:
    return test.partition("[")[0].rsplit("::", 1)[-1]


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."


def _blind_ci(ticket: Ticket, names: set[str]) -> Ticket:
    """A check that runs elsewhere found it: what it said, and where."""
    found = {section.heading: section for section in ticket.sections}
    seen = _SEEN_ON.search(found[""].text if "" in found else "")
    where = f"**Seen on:** {seen[1]}  \n" if seen else ""
    head = f"{where}**Seen by:** the check before a release, which is not in the repository"
    sections = [Section("", head)]
    said = found.get("What the first of them says")
    if said is not None:
        sections.append(replace(said, heading="What it said", text=_masked(said.text, names)))
    if "How often" in found:
        sections.append(found["How often"])
    sections.append(Section("Tests", GREEN))
    sections.append(Section("Also worth knowing", "Before the last change the check passed."))
    symptom = "" if _ALONE.match(ticket.title) else _COUNT.sub("", ticket.title)
    symptom = _masked(_TEST.sub("", symptom), names) or "a check fails"
    return Ticket(f"Before the release: {symptom}", tuple(sections), "ci")


def _masked(text: str, names: Iterable[str]) -> str:
    """A text without names of tests: pytest calls temporary folders after them."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"{re.escape(name[:_CUT_BY_PYTEST])}\w*", "[...]", text)
    return text


def truthful(ticket: Ticket, detail: str) -> Ticket:
    """The ticket without the words on a last change, which no real bug came with.

    Nor does it speak of its script where that was taken out.
    """
    if not any(section.kind == "steps" for section in ticket.sections):
        cleared = (
            replace(s, text=s.text.replace(f"{WITH_SCRIPT}it", "It")) for s in ticket.sections
        )
        ticket = replace(ticket, sections=tuple(cleared))
    sections = tuple(
        replace(section, text=detail)
        if section.heading == "Also worth knowing" and section.text.startswith("Before the last")
        else section
        for section in ticket.sections
    )
    return replace(ticket, sections=sections)
