"""The timeline as a picture: a lane for the runs, one for each file, ideas, notes, hints, checks.

Lengths along the time are in per cent and all others in pixels, so that the same drawing fits a
phone and a wide screen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bugbash.pages.report_diff import change_between, shortened
from bugbash.pages.report_log import Entry, RunEntry, Said
from bugbash.pages.report_scale import Scale, scale_of
from bugbash.recording.timeline import Hypothesis, Timeline
from bugbash.targets.suite_files import PYTEST_CONFIGURATION, is_test_name
from bugbash.words import counted, since_start

T = TypeVar("T")
MOST_FILES = 10
_MIDDLE = 44
_TALLEST = 26
_ROW = 20
_MOST_ROWS = 5
_STATES = ("confirmed", "refuted", "open")
_BADGE_SHARE = 6
"""Per cent that the number of a hypothesis takes at least."""
_MARKS = ((3, 6), (20, 9), (math.inf, 12))
"""Lines of an edit up to a number, and pixels of its mark."""
_LABEL_SHARES = ((5.5, "label"), (2.6, "label roomy"))
"""Per cent of room on both sides for numbers everywhere, and for those on wide screens alone."""
_THICK = ((60, 5), (150, 3), (math.inf, 2))
"""Runs up to a number, and pixels of a bar."""


@dataclass(frozen=True)
class Bar:
    """A run: tests that passed above the line, tests that failed below it."""

    at: float
    x: float
    up: float
    down: float
    state: str
    anchor: str
    told: str
    passed: str = ""
    failed: str = ""
    label: str = ""
    """A class: how much room the numbers have; nothing where they have none."""
    debugged: bool = False


@dataclass(frozen=True)
class Stretch:
    """Something that lasts: an idea until it is closed, the time in which an edit fell."""

    at: float
    x: float
    width: float
    y: int
    look: str
    told: str
    start: str = ""
    """A sign at its beginning, and one at its end."""
    end: str = ""
    size: int = 0
    """Pixels of the mark of an edit."""


@dataclass(frozen=True)
class Lane:
    """One row of the picture."""

    name: str
    told: str
    """The row in words."""
    height: int
    look: str
    bars: tuple[Bar, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    thick: int = 0
    """Pixels of a bar."""


@dataclass(frozen=True)
class Picture:
    """All rows over one time scale."""

    scale: Scale
    lanes: tuple[Lane, ...]
    solved: float | None
    """Where the clock stopped."""

    @property
    def rows(self) -> list[tuple[float, str, str]]:
        """Every mark in words: when, in which lane, what; in the order of time."""
        found: list[tuple[float, str, str]] = []
        for lane in self.lanes:
            found += [(bar.at, lane.name, bar.told) for bar in lane.bars]
            found += [(one.at, lane.name, one.told) for one in lane.stretches]
        return sorted(found)


def picture_of(timeline: Timeline, entries: Sequence[Entry], most_marks: int) -> Picture:
    """The picture of a timeline; `entries` are its log.

    Of more than `most_marks` in one lane, every second, third ... is drawn.
    """
    end = timeline.elapsed
    moments = [moment for entry in entries for moment in _moments(entry)]
    scale = scale_of([*moments, *(at for at, _ in timeline.trees), end])
    runs = [entry for entry in entries if isinstance(entry, RunEntry)]
    said = [entry for entry in entries if isinstance(entry, Said)]
    lanes = [
        _runs(runs, scale),
        *_hypotheses(timeline.hypotheses, end, scale),
        *_files(timeline, scale),
        *_signs("notes", "note", [s for s in said if s.kind == "note"], scale),
        *_signs("hints", "hint", [s for s in said if s.kind == "hint"], scale),
        *_signs("checks", "check", [s for s in said if s.kind == "check"], scale),
        *_signs("resets", "reset", [s for s in said if s.kind == "reset"], scale),
        *_signs("answer", "look at the answer", [s for s in said if s.kind == "reveal"], scale),
    ]
    solved = timeline.solved_at
    thin = tuple(
        replace(
            lane,
            bars=_thinned(lane.bars, most_marks),
            stretches=_thinned(lane.stretches, most_marks),
        )
        for lane in lanes
    )
    return Picture(scale, thin, None if solved is None else scale.x(solved))


def _thinned(marks: tuple[T, ...], most: int) -> tuple[T, ...]:
    return marks[:: math.ceil(len(marks) / most) or 1]


def _moments(entry: Entry) -> tuple[float, ...]:
    return (entry.at, entry.until) if isinstance(entry, RunEntry) else (entry.at,)


def _runs(runs: Sequence[RunEntry], scale: Scale) -> Lane:
    most = max((max(run.passed, run.failed) for run in runs), default=1)
    places = [-100.0, *(scale.x(run.at) for run in runs), 200.0]
    bars = tuple(
        _bar(run, x, most, _label(min(x - before, after - x)))
        for run, before, x, after in zip(runs, places, places[1:], places[2:], strict=False)
    )
    red = sum(run.state == "red" for run in runs)
    green = sum(run.state == "green" for run in runs)
    told = [counted(runs[-1].last if runs else 0, "run"), f"{red} red", f"{green} green"]
    rest = len(runs) - red - green
    told += [f"{rest} undecided"] if rest else []
    thick = next(pixels for count, pixels in _THICK if len(runs) <= count)
    return Lane("Test runs", ", ".join(told), 2 * _MIDDLE, "runs", bars=bars, thick=thick)


def _label(room: float) -> str:
    return next((look for share, look in _LABEL_SHARES if room >= share), "")


def _bar(run: RunEntry, x: float, most: int, label: str) -> Bar:
    return Bar(
        at=run.at,
        x=x,
        up=_height(run.passed, most),
        down=_height(run.failed, most),
        state=run.state,
        anchor=run.anchor,
        told=f"run {run.number}: {run.words}",
        passed=_short(run.passed),
        failed=_short(run.failed),
        label=label,
        debugged=bool(run.debuggers),
    )


def _height(count: int, most: int) -> float:
    """Pixels for a number of tests: one is seen beside thousands."""
    if not count:
        return 0.0
    return round(4 + (_TALLEST - 4) * math.log1p(count) / math.log1p(max(most, 2)), 1)


def _short(count: int) -> str:
    if count < 1000:
        return str(count) if count else ""
    return f"{count / 1000:.1f}k" if count < 10_000 else f"{count // 1000}k"


def _hypotheses(said: Sequence[Hypothesis], end: float, scale: Scale) -> Iterable[Lane]:
    """One lane, with as many rows as hypotheses were open at once."""
    if not said:
        return
    until: list[float] = []
    stretches = []
    for one in said:
        start, stop = scale.x(one.at), scale.x(end if one.closed_at is None else one.closed_at)
        free = (row for row, taken in enumerate(until) if taken <= start)
        row = min(next(free, len(until)), _MOST_ROWS - 1)
        until[row : row + 1] = [max(stop, start + _BADGE_SHARE)]
        sign = {"confirmed": "✓", "refuted": "✗"}.get(one.verdict, "?")
        width = round(max(stop - start, 0.4), 2)
        told = f"hypothesis {one.number}, {_state(one)}: {shortened(one.text, 120)}"
        stretches.append(
            Stretch(one.at, start, width, _ROW * row, _state(one), told, str(one.number), sign)
        )
    middle = _ROW * (len(until) - 1) // 2
    centred = tuple(replace(one, y=one.y - middle) for one in stretches)
    tally = Counter(_state(one) for one in said)
    told = ", ".join(f"{tally[state]} {state}" for state in _STATES if tally[state])
    yield Lane("Hypotheses", told, _ROW * len(until) + 6, "ideas", stretches=centred)


def _state(one: Hypothesis) -> str:
    return one.verdict if one.verdict in _STATES else "open"


@dataclass(frozen=True)
class _Edit:
    after: float
    """The last look at the tree before it."""
    at: float
    added: int
    removed: int


def _files(timeline: Timeline, scale: Scale) -> Iterable[Lane]:
    edits = _edits(timeline)
    names = sorted(edits, key=lambda name: (is_test_file(name), edits[name][0].at, name))
    if len(names) > MOST_FILES:
        often = sorted(names, key=lambda name: -len(edits[name]))[: MOST_FILES - 1]
        rest = [name for name in names if name not in often]
        together = sorted((e for name in rest for e in edits[name]), key=lambda e: e.at)
        yield from (_file(name, edits[name], scale) for name in names if name in often)
        yield _file(f"{len(rest)} more files", together, scale)
        return
    yield from (_file(name, edits[name], scale) for name in names)


def _edits(timeline: Timeline) -> dict[str, list[_Edit]]:
    """The edits of each file: one in each stretch between two looks at the tree."""
    found: dict[str, list[_Edit]] = {}
    before_at, before = 0.0, timeline.start_tree
    for at, tree in timeline.trees:
        if tree != before:
            change = change_between(timeline.snapshots, before, tree)
            for file in change.files:
                edit = _Edit(before_at, at, file.added, file.removed)
                found.setdefault(file.name, []).append(edit)
            for name in change.more:
                found.setdefault(name, []).append(_Edit(before_at, at, 0, 0))
        before_at, before = at, tree
    return found


def _file(name: str, edits: Sequence[_Edit], scale: Scale) -> Lane:
    tests = is_test_file(name)
    stretches = tuple(_stretch(edit, scale, "test" if tests else "code") for edit in edits)
    added = sum(edit.added for edit in edits)
    removed = sum(edit.removed for edit in edits)
    told = f"{counted(len(edits), 'edit')}, +{added} −{removed}"
    look = "file tests" if tests else "file"
    return Lane(shortened(name, 120), told, _ROW + 4, look, stretches=stretches)


def _stretch(edit: _Edit, scale: Scale, look: str) -> Stretch:
    x, end = scale.x(edit.after), scale.x(edit.at)
    lines = edit.added + edit.removed
    width = round(end - x, 2)
    told = f"+{edit.added} −{edit.removed}, made after {since_start(edit.after)}"
    mark = next(pixels for most, pixels in _MARKS if lines <= most)
    return Stretch(edit.at, x, width, 0, look, told, size=mark)


def is_test_file(name: str) -> bool:
    """Whether a file belongs to the tests, by its name alone."""
    *folders, last = name.split("/")
    in_tests = bool({"tests", "test"} & set(folders))
    return in_tests or is_test_name(last) or last in PYTEST_CONFIGURATION


def _signs(name: str, kind: str, said: Sequence[Said], scale: Scale) -> Iterable[Lane]:
    if not said:
        return
    stretches = tuple(
        Stretch(
            one.at, scale.x(one.at), 0, 0, f"{kind} {_verdict(one)}", _in_words(one), _sign(one)
        )
        for one in said
    )
    told = counted(len(said), kind)
    if kind == "check":
        solved = sum(bool(one.good) for one in said)
        told += f", {solved} solved" if solved else ", none solved"
    yield Lane(name.capitalize(), told, _ROW + 4, "signs", stretches=stretches)


def _in_words(one: Said) -> str:
    return f"{one.head}: {shortened(one.text, 120)}" if one.text else one.head


def _verdict(one: Said) -> str:
    return "" if one.good is None else "good" if one.good else "bad"


def _sign(one: Said) -> str:
    if one.kind == "check":
        return "✓" if one.good else "✗"
    if one.kind == "hint":
        return one.head.removeprefix("hint ").partition(",")[0][:2]
    return {"note": "¶", "reset": "↺", "reveal": "!"}.get(one.kind, "•")
