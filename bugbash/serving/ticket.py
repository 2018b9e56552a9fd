"""The failure report: a ticket in a user's words, or the report of a CI run."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bugbash.serving.journeys import Difference
    from bugbash.trials.outcome import TestResult

Kind = Literal["prose", "steps", "observed"]
_ERROR = re.compile(
    r"([A-Z]\w*(?:Error|Exception|Exit|Warning|Stop\w*)): |([A-Z]\w*(?:Error|Exception|Exit))$"
)
STEPS_INTRODUCTION = "Typed in an empty folder, into the Python of the project's `.venv`:"
_SHORT = 40
_SHOWN_TESTS = 10
_SHOWN_LINES = 12


@dataclass(frozen=True)
class Section:
    """A part of a report. `observed` text came from running the code and is quoted as it was."""

    heading: str
    text: str
    kind: Kind = "prose"


@dataclass(frozen=True)
class Ticket:
    """A failure report before it is written out."""

    title: str
    sections: tuple[Section, ...]
    source: Literal["journey", "ci"]

    def render(self) -> str:
        """The Markdown of FAILURE_REPORT.md."""
        parts = [f"# {self.title}"]
        for section in self.sections:
            text = section.text.strip("\n")
            if section.kind != "prose":
                runs = re.findall("`{3,}", text)
                fence = "`" * (1 + max(map(len, runs), default=2))
                text = f"{fence}{'python' if section.kind == 'steps' else ''}\n{text}\n{fence}"
            parts.append(f"## {section.heading}\n\n{text}" if section.heading else text)
        return "\n\n".join(parts) + "\n"


def ticket_from_json(value: dict[str, Any]) -> Ticket:
    """A ticket from what `dataclasses.asdict` made of it."""
    sections = tuple(Section(**section) for section in value["sections"])
    return Ticket(value["title"], sections, value["source"])


def together(tickets: list[Ticket]) -> Ticket:
    """One ticket for several bugs: each as a numbered problem with its own sections."""
    if len(tickets) == 1:
        return tickets[0]
    sections = [Section("", f"{len(tickets)} problems were reported. They are independent.")]
    for number, ticket in enumerate(tickets, 1):
        sections.append(Section(f"Problem {number}: {ticket.title}", ticket.sections[0].text))
        for section in ticket.sections[1:]:
            heading = f"{section.heading} ({number})" if section.heading else ""
            sections.append(replace(section, heading=heading))
    return Ticket(f"{len(tickets)} problems reported", tuple(sections), tickets[0].source)


@dataclass(frozen=True)
class Setting:
    """Where the failure was seen; every word of it is true."""

    name: str
    version: str
    where: str
    """Systems and Pythons: "Linux, Python 3.11 and 3.13"."""
    failing: int
    passing: int


def from_journey(difference: Difference, setting: Setting) -> Ticket:
    """The ticket of somebody who uses the software; expected and actual values were observed."""
    journey = difference.journey
    title, sentence = (text.format(case=difference.case) for text in _symptom(difference))
    return Ticket(
        title=f"{journey.subject}: {title}",
        sections=(
            Section("", f"**Reported by:** {journey.who}  \n**Version:** {_version(setting)}"),
            Section("What happened", f"{journey.context} {sentence}"),
            Section("Steps to reproduce", STEPS_INTRODUCTION),
            Section("", difference.steps, "steps"),
            Section("Expected", difference.expected, "observed"),
            Section("Actual", difference.actual, "observed"),
            Section("How often", _how_often(setting)),
            Section("Also worth knowing", journey.detail),
        ),
        source="journey",
    )


def _symptom(difference: Difference) -> tuple[str, str]:
    """How the title and the first sentence put what is wrong; {case} stands for the case."""
    failed, expected = _error_type(difference.actual), _error_type(difference.expected)
    if failed and failed != expected:
        return f"{failed} for {{case}}", f"For {{case}} it ends with {failed}."
    if expected and not failed:
        title = "no error for {case}, although there should be one"
        return title, "For {case} it should say that something is wrong, and does not."
    if not difference.actual.strip():
        return "nothing comes out for {case}", "For {case} nothing comes out."
    what = _contrast(difference.expected, difference.actual) or "wrong result"
    return f"{what} for {{case}}", "For {case} the result is not what it should be."


def _contrast(expected: str, actual: str) -> str:
    """The first line that differs, as "got X instead of Y", where both are short enough."""
    wanted, got = expected.splitlines(), actual.splitlines()
    for one, other in zip(wanted, got, strict=False):
        if one != other:
            short = len(one) <= _SHORT and len(other) <= _SHORT and one.strip() and other.strip()
            what = f"got {other.strip()} instead of {one.strip()}"
            return what.replace("{", "{{").replace("}", "}}") if short else ""
    return "more lines than there should be" if len(got) > len(wanted) else "lines are missing"


def _error_type(output: str) -> str:
    """The type of the exception that ended an output, or nothing."""
    lines = output.rstrip().splitlines()
    match = _ERROR.match(lines[-1]) if lines else None
    return (match.group(1) or match.group(2)) if match else ""


def _version(setting: Setting) -> str:
    return f"{setting.name} {setting.version} ({setting.where})"


def _how_often(setting: Setting) -> str:
    one = setting.failing == 1
    tests = "One test of the suite is" if one else f"{setting.failing} tests of the suite are"
    return f"Every time. {tests} red since; the other {setting.passing} pass."


def from_ci(
    failures: dict[str, TestResult], setting: Setting, detail: int, parameters: bool = True
) -> Ticket:
    """The report of a CI run. `detail` 2 quotes messages, 1 names tests and error types, 0 counts.

    The first line names the symptom. Without `parameters` tests are named by their functions.
    """
    names = sorted(failures)
    total = setting.failing + setting.passing
    run = (
        f"**Run:** `pytest` on {_version(setting)}  \n"
        f"**Result:** {setting.failing} failed, {setting.passing} passed"
    )
    sections = [Section("", run)]
    if detail >= 1:
        told = names if parameters else sorted({name.partition("[")[0] for name in names})
        listing = "\n".join(f"- `{name}`" for name in told[:_SHOWN_TESTS])
        sections.append(Section("Failing tests", listing))
    if detail >= 2:
        said = _message(failures[names[0]])
        sections.append(Section("What the first of them says", said, "observed"))
    sections += [
        Section("How often", "Every run, whatever the time zone, locale, hash seed or folder."),
        Section("Also worth knowing", f"Before the last change all {total} tests passed."),
    ]
    return Ticket(_ci_title(names, failures, detail), tuple(sections), "ci")


def _ci_title(names: list[str], failures: dict[str, TestResult], detail: int) -> str:
    first = failures[names[0]]
    symptom = _first_line(first.message) if detail >= 2 else _type_of(first.message)
    count = "1 test fails" if len(names) == 1 else f"{len(names)} tests fail"
    return f"CI: {symptom} ({count})" if symptom else f"CI: {count}"


def _type_of(message: str) -> str:
    match = re.match(r"[\w.]+", _first_line(message))
    name = match.group(0).rsplit(".", 1)[-1] if match else ""
    return name if name[:1].isupper() else "AssertionError" if name == "assert" else ""


def _first_line(message: str) -> str:
    line = next((line.strip() for line in message.splitlines() if line.strip()), "")
    return line if len(line) <= 100 else line[:97] + "..."


def _message(test: TestResult) -> str:
    lines = test.message.splitlines()
    shown = lines[:_SHOWN_LINES]
    return "\n".join(shown + (["..."] if len(lines) > len(shown) else []))
