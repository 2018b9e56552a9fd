"""How hard a bug is to find, measured: what the learner's own tools show of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bugbash.files import Edit
from bugbash.trials.affected import affected_lines, function_lines
from bugbash.trials.reach import Reach

_TRACE, _RANK, _FILES = 0.40, 0.35, 0.25
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

    @property
    def difficulty(self) -> float:
        """From 0 (the traceback ends in it) to 1 (nothing points there)."""
        trace = 1.0 if self.frames is None else 0.7 * min(self.frames, _FAR) / _FAR
        rank = min(1.0, math.log(max(self.rank, 1.0)) / math.log(_MANY_LINES))
        files = min(1.0, max(0, self.files - 1) / (_MANY_FILES - 1))
        return round(_TRACE * trace + _RANK * rank + _FILES * files, 3)


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
    if edit.file.endswith(".py"):
        change = (edit.start, edit.end, edit.replacement.encode())
        changed.update(*affected_lines(source, *change))
        around = function_lines(source, edit.start, edit.end)
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
