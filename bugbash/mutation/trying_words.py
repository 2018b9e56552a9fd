"""What there is to say about the examples of a mutator that were run: sentences, with lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bugbash.mutation.data_files import UnreadableData, meaning
from bugbash.mutation.trying_child import BROKEN, SAME
from bugbash.syntax import parse

Row = dict[str, Any]
"""What the process that tries mutators says of one example."""
Said = tuple[int | None, str]
"""A line of the mutator's file, and a sentence."""
UNSTEADY = (
    "gives other results in a second run: a mutator must not use chance, keep anything between "
    "calls, or go through a set without sorting it."
)


def problem(row: Row) -> str:
    """Why an example does not hold; "" where it holds."""
    if row["unreadable"]:
        return f"its code can't be read: {row['unreadable'].rstrip('.')}"
    expected, got = list(row["expected"]), list(row["got"])
    if got == expected:
        return ""
    for number, after in enumerate(expected, start=1):
        if why := _impossible(row, after):
            return f"the expected result {number} {why}"
    if len(got) != len(expected):
        dropped = [why for _, why in row["dropped"]] if len(got) < len(expected) else []
        more = f"; one more {dropped[0]}" if dropped else ""
        return f"{_results(len(expected))} expected, {_results(len(got))} made{more}"
    pairs = enumerate(zip(got, expected, strict=True), start=1)
    first = next(number for number, (one, other) in pairs if one != other)
    return f"result {first} differs from what is expected"


def _results(count: int) -> str:
    return {0: "no result is", 1: "1 result is"}.get(count, f"{count} results are")


def _impossible(row: Row, after: str) -> str:
    """Why no mutant can ever be this text."""
    if after == row["before"]:
        return "is the code before it: code to leave alone has no result at all"
    try:
        if row["file"].endswith(".py"):
            parse(after)
        else:
            meaning(row["file"], after)
    except SyntaxError as error:
        return f"does not parse (its line {error.lineno}: {error.msg})"
    except (UnreadableData, ValueError) as error:
        return f"does not parse ({error})"
    return ""


def remarks(about: Row, rows: list[Row]) -> Iterator[Said]:
    """What makes a mutator a bad one though its examples may hold."""
    lines = about["lines"]
    for part, text in about["texts"].items():
        if why := _no_sentence(text):
            yield lines[part], f"its {part} {why}."
    kinds = about["kinds"]
    if all(kinds):
        yield lines["examples"], "no example shows code that it must leave alone: add one."
    if sum(kinds) < 2:
        yield lines["examples"], "one example of code that it changes is little: add another."
    for row in rows:
        if not row["steady"]:
            yield row["line"], f"example {row['number']} {UNSTEADY}"
        for after, why in row["dropped"]:
            if why in (SAME, BROKEN):
                changed = _changed_line(row["before"], after)
                yield row["line"], f"example {row['number']}: it yields what {why}{changed}."


def _no_sentence(text: str) -> str:
    if not (text[0].isupper() or not text[0].isalpha()):
        return "does not begin with a capital letter"
    if not text.endswith((".", "!", "?")):
        return "is no sentence: it lacks a full stop"
    return "" if " " in text else "is one word, not a sentence"


def _changed_line(before: str, after: str) -> str:
    old = before.splitlines()
    for number, line in enumerate(after.splitlines()):
        if number >= len(old) or line != old[number]:
            return f", `{line.strip()}`"
    return ""
