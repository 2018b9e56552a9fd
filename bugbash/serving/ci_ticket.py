"""The report of a CI run, for bugs that no journey shows."""

from __future__ import annotations

import re

from bugbash.serving.ticket import Section, Setting, Ticket
from bugbash.trials.outcome import TestResult

_SHOWN_TESTS = 10
_SHOWN_LINES = 12
_LONGEST = 100
_LONG_VALUE = 70
"""An assertion that is longer than this is told as what kind of values differ."""
_BARE = re.compile(
    r"(?:AssertionError:?\s*)?(?:assert (?:not )?(?:False|True|None|0|''|\[\]|\{\}|set\(\)))?"
)
_LEAD = re.compile(r"^(?:[E+]\s+)?(?:where|and)?\s*")
_SAYS_NOTHING = re.compile(r"0x[0-9a-f]{6,}|<(?:generator|function|built-in|bound)|^\W*$")
_KINDS = {"b": "bytes", "'": "texts", '"': "texts", "[": "lists", "{": "tables", "(": "tuples"}


def from_ci(
    failures: dict[str, TestResult],
    setting: Setting,
    detail: int,
    parameters: bool = True,
    everywhere: bool = True,
) -> Ticket:
    """The report of a CI run. `detail` 2 quotes messages, 1 names tests and error types, 0 counts.

    The first line names the symptom. Without `parameters` tests are named by their functions.
    `everywhere` says that machines of all kinds show it without help of the suite.
    """
    names = sorted(failures)
    total = setting.failing + setting.passing
    run = (
        f"**Run:** `pytest` on {setting.release}  \n"
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
    whatever = ", whatever the time zone, locale, hash seed or folder" if everywhere else ""
    sections += [
        Section("How often", f"Every run{whatever}."),
        Section("Also worth knowing", f"Before the last change all {total} tests passed."),
    ]
    return Ticket(_title(names, failures, detail), tuple(sections), "ci")


def _title(names: list[str], failures: dict[str, TestResult], detail: int) -> str:
    first = failures[names[0]].message
    if detail >= 2:
        symptom = _symptom(names[0], first)
    else:
        symptom = _type_of(first)
        if detail == 1 and symptom in ("", "AssertionError"):
            symptom = readable(names[0])
    count = "1 test fails" if len(names) == 1 else f"{len(names)} tests fail"
    return f"CI: {symptom} ({count})" if symptom else f"CI: {count}"


def readable(test: str) -> str:
    """The name of a test function in words."""
    name = test.partition("[")[0].rsplit("::", 1)[-1]
    return name.replace("_", " ").strip()


def _symptom(test: str, message: str) -> str:
    """What a failing test says in one line: its name goes before a mere assertion."""
    line = _first_line(message)
    if not re.match(r"(?:AssertionError\b|assert\b|$)", line):
        return _cut(line, _LONGEST)
    if _BARE.fullmatch(line):
        line = _informative(message)
    said = re.sub(r"^AssertionError:\s*", "", line)
    if len(said) > _LONG_VALUE and (kind := _kind(said)):
        said = f"{kind} differ"
    return _cut(f"{readable(test)}: {said}" if said else readable(test), _LONGEST)


def _informative(message: str) -> str:
    """The first line under a bare one that says something, or nothing."""
    lines = [line.strip() for line in message.splitlines() if line.strip()][1:]
    cleared = (_LEAD.sub("", line) for line in lines if not _SAYS_NOTHING.search(line))
    return next((line for line in cleared if not _BARE.fullmatch(line)), "")


def _kind(line: str) -> str:
    """The kind of two values that an assertion found unequal, or nothing."""
    match = re.match(r"assert (\S).* == ", line)
    return _KINDS.get(match[1], "results") if match else ""


def _type_of(message: str) -> str:
    match = re.match(r"[\w.]+", _first_line(message))
    name = match.group(0).rsplit(".", 1)[-1] if match else ""
    return name if name[:1].isupper() else "AssertionError" if name == "assert" else ""


def _first_line(message: str) -> str:
    return next((line.strip() for line in message.splitlines() if line.strip()), "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."


def _message(test: TestResult) -> str:
    lines = test.message.splitlines()
    shown = lines[:_SHOWN_LINES]
    return "\n".join(shown + (["..."] if len(lines) > len(shown) else []))
