"""The ticket of somebody who uses the software, from a journey that goes wrong."""

from __future__ import annotations

from bugbash.serving.difference import Difference
from bugbash.serving.symptom import Symptom, excerpts, symptom
from bugbash.serving.ticket import Section, Setting, Ticket

STEPS_INTRODUCTION = (
    "Saved as `steps.py` in an empty folder outside of the project, and run there with the Python "
    "of the project's `.venv`:"
)
_LONGEST_TITLE = 150


def from_journey(difference: Difference, setting: Setting, values: bool = True) -> Ticket:
    """The ticket; expected and actual values were observed.

    Without `values` none of them stands in the title or in a sentence.
    """
    journey = difference.journey
    found = symptom(difference.expected, difference.actual, values)
    expected, actual = excerpts(difference.expected.text, difference.actual.text)
    head = f"**Reported by:** {journey.who}  \n**Version:** {setting.release}"
    told = [journey.context, f"For {difference.case} {found.sentence}", _others(difference)]
    sections = [
        Section("", head),
        Section("What happened", " ".join(filter(None, told))),
        Section("Steps to reproduce", STEPS_INTRODUCTION),
        Section("", difference.steps, "steps"),
        Section("Expected", expected, "observed"),
        Section("Actual", actual, "observed"),
        Section("How often", "Every time."),
        Section("Tests", _tests(setting)),
    ]
    if journey.detail:
        sections.append(Section("Also worth knowing", journey.detail))
    return Ticket(_title(difference, found), tuple(sections), "journey")


def _title(difference: Difference, found: Symptom) -> str:
    where = f" for {difference.case}{found.after}"
    if difference.in_many:
        where = f"{found.after}, in {_share(difference)}"
    title = f"{difference.journey.subject}: {found.what}{where}"
    if len(title) <= _LONGEST_TITLE:
        return title
    return f"{difference.journey.subject}: wrong result{where}"


def _share(difference: Difference) -> str:
    if difference.differing == difference.tried:
        return f"all {difference.tried} situations tried"
    return f"{difference.differing} of the {difference.tried} situations tried"


def _others(difference: Difference) -> str:
    """How the journey's other cases do, where that is known."""
    others = difference.tried - 1
    wrong = difference.differing - 1
    if others < 1:
        return ""
    if wrong == 0:
        behave = "case behaves as it" if others == 1 else f"{others} cases behave as they"
        return f"The other {behave} should."
    if wrong == others:
        return f"The other {'case goes' if others == 1 else f'{others} cases go'} wrong, too."
    right = others - wrong
    behave = "behaves as it" if right == 1 else "behave as they"
    return f"Of {others} other cases {right} {behave} should."


def _tests(setting: Setting) -> str:
    one = setting.failing == 1
    tests = "One test of the suite fails" if one else f"{setting.failing} tests of the suite fail"
    passing = "passes" if setting.passing == 1 else "pass"
    return f"{tests} since the last change; the other {setting.passing} {passing}."
