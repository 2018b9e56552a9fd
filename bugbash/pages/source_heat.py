"""A file's lines, coloured by what became of the mutants on them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from types import CodeType
from typing import Literal

from bugbash.pages.scan_summary import FileRow
from bugbash.plain import plain
from bugbash.serving.survey import NOTICED, Finding
from bugbash.trials.reach import Reach

State = Literal["survived", "killed", "unseen", ""]
_LONGEST = 400
"""Characters of a line that are shown."""
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed."""

    mutator: str
    family: str
    reached: str
    """How many tests run its line, in words; "" where nobody can tell."""
    diff: tuple[tuple[str, str], ...]
    """"-", "+" or " ", and a line."""


@dataclass(frozen=True)
class Line:
    """One line of a source file."""

    number: int
    text: str
    state: State
    noticed: int = 0
    counted: int = 0
    survivors: tuple[Survivor, ...] = ()


@dataclass(frozen=True)
class Run:
    """Lines of one state in a row, for the strip that shows a whole file."""

    start: int
    length: int
    state: State


@dataclass(frozen=True)
class SourceFile:
    """A file with its lines."""

    row: FileRow
    lines: tuple[Line, ...]
    length: int
    unseen: int
    """Lines that no test was seen to run."""
    runs: tuple[Run, ...]

    @property
    def whole(self) -> bool:
        """Whether every line is here, not only those with a survivor."""
        return len(self.lines) == self.length

    def in_short(self) -> SourceFile:
        """The same with those lines alone on which a mutant survived."""
        return replace(self, lines=tuple(line for line in self.lines if line.survivors))


def source_file(row: FileRow, source: bytes, reach: Reach) -> SourceFile:
    """The file of a row; `reach` says which tests execute its lines."""
    tests = reach.lines.get(row.name, {})
    unseen = set() if row.name not in reach.lines else in_functions(source) - _executed(tests)
    found: dict[int, list[Finding]] = {}
    for one in row.findings:
        found.setdefault(one.mutant.line, []).append(one)
    texts = _NEWLINE.split(source.decode("utf-8", "replace"))
    if texts and not texts[-1]:
        texts.pop()
    lines = tuple(
        _line(number, text, found.get(number, ()), tests, number in unseen)
        for number, text in enumerate(texts, 1)
    )
    seen_by_none = sum(line.state == "unseen" for line in lines)
    return SourceFile(row, lines, len(lines), seen_by_none, runs_of(lines))


def _executed(tests: Mapping[int, int]) -> set[int]:
    return {line for line, which in tests.items() if which}


def in_functions(source: bytes) -> set[int]:
    """The lines in functions that Python says can be executed; none where it can't parse them."""
    try:
        stack = [compile(source, "source", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found: set[int] = set()
    while stack:
        code = stack.pop()
        stack += [value for value in code.co_consts if isinstance(value, CodeType)]
        if _is_function(code):
            lines = {line for _, _, line in code.co_lines() if line}
            found |= lines - {code.co_firstlineno}
    return found


def _is_function(code: CodeType) -> bool:
    optimized = 1
    return bool(code.co_flags & optimized) and not code.co_name.startswith("<")


def _line(
    number: int, text: str, found: Iterable[Finding], tests: Mapping[int, int], unseen: bool
) -> Line:
    outcomes = [one.trial.outcome for one in found]
    noticed = sum(outcome in NOTICED for outcome in outcomes)
    survivors = tuple(_survivor(one, tests) for one in found if one.trial.outcome == "survived")
    state: State = "unseen" if unseen else ""
    if survivors:
        state = "survived"
    elif noticed:
        state = "killed"
    return Line(number, shown(text), state, noticed, noticed + len(survivors), survivors)


def shown(text: str) -> str:
    """A line that can be shown: nothing in it steers, and it has an end."""
    safe = plain(text).rstrip()
    if len(safe) <= _LONGEST:
        return safe
    return f"{safe[:_LONGEST]}… ({len(safe) - _LONGEST:,} more characters)"


def _survivor(one: Finding, tests: Mapping[int, int]) -> Survivor:
    mutant = one.mutant
    reached = ""
    if mutant.function is not None and tests:
        which = 0
        for line in range(mutant.line, mutant.end_line + 1):
            which |= tests.get(line, 0)
        number = which.bit_count()
        reached = f"{number} tests run it" if number else "no test was seen to run it"
        reached = "1 test runs it" if number == 1 else reached
    return Survivor(mutant.mutator, mutant.family, reached, diff(mutant.before, mutant.after))


def diff(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The lines of both texts, each with "-", "+" or " "."""
    old, new = _NEWLINE.split(before), _NEWLINE.split(after) if after else []
    found = list(difflib.unified_diff(old, new, n=max(len(old), len(new)), lineterm=""))
    return tuple((line[:1], shown(line[1:])) for line in found[3:])


def runs_of(lines: Iterable[Line]) -> tuple[Run, ...]:
    """The lines that have a state, neighbours of one state together."""
    found = []
    position = 0
    for state, group in groupby(line.state for line in lines):
        length = sum(1 for _ in group)
        if state:
            found.append(Run(position, length, state))
        position += length
    return tuple(found)
