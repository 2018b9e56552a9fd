"""How hard a bug is to find, measured: what the learner's own tools show of it."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bugbash.files import Edit
from bugbash.syntax import parsed
from bugbash.trials.affected import affected_lines, function_lines
from bugbash.trials.reach import Reach

_WEIGHTS = (0.40, 0.35, 0.25)
"""Of the trace, the rank and the files."""
_ASSERTED = (0.20, 0.47, 0.33)
"""The same where a test compares what came back: that no trace leads there says little then."""
_FAR = 5
"""Frames between crash and cause from which on the trace is little help."""
_MANY_LINES = 300
_MANY_FILES = 12


@dataclass(frozen=True)
class Signals:
    """What speaks for and against finding a bug quickly, best case over its failing tests."""

    in_trace: bool
    """Whether a failing test's traceback passes through the changed function."""
    frames: int | None
    """How many frames of the target lie between the changed function and the end of the trace."""
    files: int
    """How many source files the failing test with the fewest executes."""
    rank: float
    """Of the changed line among all lines, by Ochiai's suspiciousness; ties share a rank."""
    lines: int
    """Lines that some failing test executes."""
    at_once: bool
    """Whether every failing test crashes within two lines behind the change."""
    asserted: bool = False
    """Whether a failing test ends in an assertion of its own, not in a crash of the target."""
    direct: bool = False
    """Whether a failing test names the changed function."""

    @property
    def difficulty(self) -> float:
        """From 0 (the traceback ends in it) to 1 (nothing points there)."""
        away = 1 if self.frames is None and self.asserted and self.direct else self.frames
        trace = 1.0 if away is None else 0.7 * min(away, _FAR) / _FAR
        rank = min(1.0, math.log(max(self.rank, 1.0)) / math.log(_MANY_LINES))
        files = min(1.0, max(0, self.files - 1) / (_MANY_FILES - 1))
        weights = _ASSERTED if self.frames is None and self.asserted else _WEIGHTS
        parts = zip(weights, (trace, rank, files), strict=True)
        return round(sum(weight * part for weight, part in parts), 3)


def signals(
    tree: Path, reach: Reach, edits: Iterable[Edit], traces: Mapping[str, Iterable[str]]
) -> Signals:
    """Measure a bug: `traces` are FILE:LINE entries of each failing test's traceback.

    The rank is that of Ochiai spectrum-based fault localisation (Abreu, Zoeteweij and van Gemund,
    2006): failing tests that execute a line, over the root of all failing times all that execute
    it. Of several edits the hardest counts.
    """
    found = [_of_edit(tree, reach, edit, traces) for edit in edits]
    return max(found, key=lambda one: one.difficulty)


def _of_edit(tree: Path, reach: Reach, edit: Edit, traces: Mapping[str, Iterable[str]]) -> Signals:
    source = (tree / edit.file).read_bytes()
    changed: set[int] = set()
    around = range(0)
    name = ""
    if edit.file.endswith(".py"):
        change = (edit.start, edit.end, edit.replacement.encode())
        changed.update(*affected_lines(source, *change))
        around = function_lines(source, edit.start, edit.end)
        if around.stop <= source.count(b"\n") + 1 or around.start > 1:
            name = _function_at(source, around.start, around.stop - 1)
    frames = [_frames(trace, edit.file, around) for trace in traces.values()]
    seen = [count for count in frames if count is not None]
    failing = reach.set_of(traces)
    last = max(changed, default=0)
    rank, lines = _rank(reach, failing, edit.file, changed)
    return Signals(
        in_trace=bool(seen),
        frames=min(seen, default=None),
        files=_files(reach, failing),
        rank=rank,
        lines=lines,
        at_once=bool(traces) and all(_ends_at(t, edit.file, last) for t in traces.values()),
        asserted=any(_ends_in_test(test, trace) for test, trace in traces.items()),
        direct=bool(name) and any(_names(tree, test, name) for test in traces),
    )


def _ends_in_test(test: str, trace: Iterable[str]) -> bool:
    """Whether a traceback ends in the file of its test."""
    path = next(iter(reversed(list(trace))), "").rpartition(":")[0]
    return path == test.partition("::")[0]


def _names(tree: Path, test: str, name: str) -> bool:
    """Whether the function of a test calls something of that name, or reads such an attribute."""
    file, _, inside = test.partition("::")
    try:
        source = (tree / file).read_bytes()
    except OSError:
        return False
    return name in _names_in(source).get(inside.partition("[")[0].rsplit("::", 1)[-1], ())


@lru_cache(maxsize=256)
def _names_in(source: bytes) -> dict[str, frozenset[str]]:
    """Test function, then all that it calls or reads from an object, by the last name."""
    tree = parsed(source)
    if tree is None:
        return {}
    return {
        function.name: frozenset(_used(function))
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _used(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _function_at(source: bytes, first: int, last: int) -> str:
    """The name of the function on these lines; that of the class for its `__init__`."""
    inside = (name for start, end, name in _functions_in(source) if first <= start and end <= last)
    return next(inside, "")


@lru_cache(maxsize=256)
def _functions_in(source: bytes) -> tuple[tuple[int, int, str], ...]:
    """First line, last line and name of each function, the outer ones first."""
    tree = parsed(source)
    if tree is None:
        return ()
    owners: dict[ast.AST, str] = {
        inner: node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for inner in node.body
    }
    return tuple(
        (
            node.lineno,
            node.end_lineno or 0,
            owners.get(node, "") if node.name == "__init__" else node.name,
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _ends_at(trace: Iterable[str], file: str, line: int) -> bool:
    """Whether a traceback ends in the line, or in one of the two behind it."""
    path, _, number = next(iter(reversed(list(trace))), "").rpartition(":")
    return path == file and number.isdecimal() and line <= int(number) <= line + 2


def _frames(trace: Iterable[str], file: str, around: range) -> int | None:
    places = [entry.rpartition(":") for entry in trace]
    for distance, (path, _, line) in enumerate(reversed(places)):
        if path == file and line.isdecimal() and int(line) in around:
            return distance
    return None


def _files(reach: Reach, failing: int) -> int:
    counts = [
        sum(any(tests >> index & 1 for tests in lines.values()) for lines in reach.lines.values())
        for index in reach.indices(failing)
    ]
    return min(counts, default=len(reach.lines))


def _rank(reach: Reach, failing: int, file: str, changed: set[int]) -> tuple[float, int]:
    """The best rank of the changed lines, and how many lines failing tests execute."""
    scores: dict[tuple[str, int], float] = {}
    for name, lines in reach.lines.items():
        for line, tests in lines.items():
            hits = (tests & failing).bit_count()
            if hits:
                total = failing.bit_count() * tests.bit_count()
                scores[name, line] = hits / math.sqrt(total)
    own = max((scores.get((file, line), 0.0) for line in changed), default=0.0)
    if own == 0.0:  # a constant or a data file: nobody is seen to execute it
        return float(len(scores) or 1), len(scores)
    above = sum(score > own for score in scores.values())
    ties = sum(score == own for score in scores.values())
    return above + (ties + 1) / 2, len(scores)
