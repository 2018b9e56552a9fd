"""What a learner or an interviewer says: hypotheses and notes, checked and written down."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bugbash.errors import UsageProblem
from bugbash.recording.journal import LEFT_OUT
from bugbash.recording.timeline import Hypothesis, tell, timeline_of

LONGEST = 1_000
"""Characters of one statement or note."""

_REASON = re.compile(
    r"\b(because|since|so that|otherwise|instead of|if|when|unless|should|expects?)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"`[^`]+`"  # quoted as code
    r"|\b\w+\.(?:py|toml|ini|cfg|json|ya?ml)\b"  # a file
    r"|\b\w+\(|\b\w+_\w+\b|\b[a-zA-Z]\w*\.[a-zA-Z]\w*\b"  # call(), snake_case, dotted.name
    r"|\b[A-Z][a-z0-9]+[A-Z]\w*\b|\blines? \d+\b"  # CamelCase, line 12
)

_TYPED = re.compile(r"(?P<name>.+?)(?::(?P<line>[^:/\\]*))?(?::[^:/\\]*)*")
"""A file, perhaps a line, perhaps a column or a test: no part of a path comes after a colon."""
_SHOWN = 4


def cleaned(text: str, what: str) -> str:
    """A statement without white space around it.

    Raises UsageProblem where it is empty or longer than `LONGEST`; `what` is its name there.
    """
    text = text.strip()
    if not text:
        raise UsageProblem(f'{what} is empty: say it in a sentence, in quotes ("...").')
    if len(text) > LONGEST:
        raise UsageProblem(
            f"{what} has {len(text):,} characters, {LONGEST:,} are the most: say it in a sentence "
            "or two."
        )
    return text


def place_of(typed: str, workspace: Path, here: Path) -> tuple[str, str]:
    """FILE:LINE or FILE, relative to the workspace, from what was typed; and what it lacks.

    A file is looked for from `here`, then from the workspace, as pytest names files, then as the
    end of one path of the project. The place is "" where there is no such file, or several; the
    second text says so in a sentence, and is "" where all was found.
    """
    match = _TYPED.fullmatch(typed.strip())
    name, number = (match["name"], match["line"] or "") if match else ("", "")
    root = workspace.resolve()
    beside = (Path(folder, name).resolve() for folder in (here, root))
    file = next((file for file in beside if name and file.is_file()), None)
    if file is None:
        ending = _ending_in(name, root)
        if len(ending) != 1:
            return "", f"No place was noted: {_which(name or typed, ending)}."
        file = (root / ending[0]).resolve()
    if not file.is_relative_to(root) or LEFT_OUT & set(file.relative_to(root).parts):
        return "", f"No place was noted: {name} is no file of the project in {workspace}."
    place = file.relative_to(root).as_posix()
    if not number:
        return place, ""
    lines = len(file.read_bytes().splitlines())
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= lines):
        count = "1 line" if lines == 1 else f"{lines:,} lines"
        return place, f"No line was noted: {place} has {count}, there is no line {number}."
    return f"{place}:{int(number)}", ""


def _ending_in(name: str, root: Path) -> list[str]:
    """The files of the project whose paths end in what was typed."""
    parts = Path(name).parts
    if not parts or ".." in parts:
        return []
    found = []
    for folder, inside, files in os.walk(root):
        inside[:] = [one for one in inside if one not in LEFT_OUT]
        if parts[-1] in files:
            path = Path(folder, parts[-1]).relative_to(root)
            if path.parts[-len(parts) :] == parts:
                found.append(path.as_posix())
    return sorted(found)


def _which(name: str, candidates: list[str]) -> str:
    if not candidates:
        return f"there is no file {name} in the project"
    shown = candidates[:_SHOWN]
    more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
    return f"several files end in {name} ({', '.join(shown)}{more})"


def advice(text: str, place: str) -> str:
    """How a vague statement becomes one that a test run could refute; nothing for one that is."""
    lacks_place = not place and not _PLACE.search(text)
    lacks_reason = not _REASON.search(text)
    if lacks_place and lacks_reason:
        return (
            'Next time, to make it falsifiable, name a place and a reason: "I suspect NAME in FILE '
            'because it does ... where it should ...", with --at FILE:LINE.'
        )
    if lacks_place:
        return "Next time, to make it falsifiable, name the place: the function, or --at FILE:LINE."
    if lacks_reason:
        return (
            'Next time, to make it falsifiable, add "because ...": what you would see if you were '
            "right."
        )
    return ""


def state(attempt: str, workspace: Path, text: str, place: str) -> int:
    """Write a hypothesis down, with the tree as it is; returns its number, from 1.

    Raises OSError where the timeline can't be written.
    """
    stated = timeline_of(attempt).hypotheses
    number = 1 + max((one.number for one in stated), default=0)
    tell(attempt, "hypothesis", workspace, number=number, text=text, place=place)
    return number


def close(attempt: str, workspace: Path, number: int | None, verdict: str, saw: str) -> Hypothesis:
    """Close hypothesis `number`, or the latest open one; returns it as it was stated.

    `verdict` is `confirmed` or `refuted`. Raises UsageProblem where there is none to close,
    OSError where the timeline can't be written.
    """
    one = _to_close(timeline_of(attempt).hypotheses, number)
    tell(attempt, "close", workspace, number=one.number, verdict=verdict, saw=saw)
    return one


def _to_close(stated: tuple[Hypothesis, ...], number: int | None) -> Hypothesis:
    still_open = [one for one in stated if not one.verdict]
    if number is None:
        if not still_open:
            raise UsageProblem(
                'no hypothesis is open: state one with `bugbash hypothesis "I suspect ... '
                'because ..."`.'
            )
        return still_open[-1]
    one = next((one for one in stated if one.number == number), None)
    if one is None:
        there = ", ".join(str(one.number) for one in stated) or "none"
        raise UsageProblem(f"there is no hypothesis {number}; stated so far: {there}.")
    if one.verdict:
        raise UsageProblem(
            f"hypothesis {number} was {one.verdict} before: where you think otherwise now, state "
            "it again."
        )
    return one
