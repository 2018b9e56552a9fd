"""What happened in an attempt, in order, each entry with what changed before it."""

from __future__ import annotations

import heapq
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bugbash.pages.report_diff import NO_CHANGE, Change, change_between, shortened
from bugbash.recording.timeline import Check, Hypothesis, Mark, Run, Timeline
from bugbash.words import counted

MOST_FAILURES = 10
"""Failing tests of one run that are named."""
MOST_ENTRIES = 1500
_COMMAND = 160
_TEST = 200
_MESSAGE = 200
_WORDS = 2000
_VIAS = {"vscode": "VS Code", "pycharm": "PyCharm", "watch": "bugbash watch"}
_EXITS = {2: "stopped", 3: "internal error", 4: "usage error", 5: "no tests ran"}


@dataclass(frozen=True)
class Failure:
    """A failing test and the first line of its failure."""

    test: str
    message: str
    broke: bool
    """Whether it passed the last time it was run before."""


@dataclass(frozen=True)
class RunEntry:
    """A run of the tests; several in a row that say the same are one entry."""

    kind = "run"
    number: int
    last: int
    """The number of the last of them."""
    at: float
    until: float
    command: str
    via: str
    state: str
    """`green`, `red` or `none` (nothing was decided)."""
    passed: int
    failed: int
    words: str
    """The outcome in words: "2 failed, 5 passed"."""
    seconds: float
    debuggers: tuple[str, ...]
    tree: str
    failures: tuple[Failure, ...]
    more_failures: int
    same_failures: int | None
    """The number of an earlier run with the very same failures, which are then not repeated."""
    change: Change
    same_tree: int | None
    """The number of an earlier run of the very same files."""
    as_served: bool
    """Whether all files are as they were in the beginning."""

    @property
    def anchor(self) -> str:
        return f"run-{self.number}"


@dataclass(frozen=True)
class Said:
    """Anything that is not a run: an idea, a note, a hint, a check, a reset."""

    kind: str
    """`hypothesis`, `confirmed`, `refuted`, `note`, `hint`, `check`, `reset`, `reveal`."""
    at: float
    head: str
    text: str = ""
    good: bool | None = None
    change: Change = NO_CHANGE


Entry = RunEntry | Said


def entries_of(timeline: Timeline) -> tuple[tuple[Entry, ...], int]:
    """The entries in order, and how many in the middle were left out."""
    found = [*_with_changes(timeline), *_spoken(timeline)]
    found.sort(key=lambda entry: entry.at)
    joined = list(_joined(found))
    left_out = max(0, len(joined) - MOST_ENTRIES)
    if left_out:
        half = MOST_ENTRIES // 2
        joined = joined[:half] + joined[half + left_out :]
    return tuple(joined), left_out


def _with_changes(timeline: Timeline) -> Iterator[Entry]:
    """Runs, checks and resets, each against the tree of the one before."""
    numbers = {run.id: number for number, run in enumerate(timeline.runs, 1)}
    resets = (mark for mark in timeline.marks if mark.what in ("reset", "reveal"))
    looks: Iterable[Run | Check | Mark] = heapq.merge(
        timeline.runs, timeline.checks, resets, key=lambda look: look.at
    )
    before = timeline.start_tree
    seen_trees: dict[str, int] = {}
    seen_failures: dict[tuple[tuple[str, str], ...], int] = {}
    passing: set[str] = set()
    for look in looks:
        change = change_between(timeline.snapshots, before, look.tree)
        if isinstance(look, Run):
            number = numbers[look.id]
            entry = _run_entry(look, number, passing, change)
            told = tuple((one.test, one.message) for one in entry.failures)
            same = seen_failures.setdefault(told, number)
            if told and same != number and entry.failed == len(told):
                entry = replace(entry, same_failures=same, failures=())
            same = seen_trees.setdefault(look.tree, number) if look.tree else number
            passing = passing - look.failed | look.passed
            yield replace(
                entry,
                same_tree=same if same != number else None,
                as_served=look.tree == timeline.start_tree,
            )
        elif isinstance(look, Check):
            score = "" if look.score is None else f", {look.score} points"
            word = "solved" if look.solved else "not solved"
            yield Said("check", look.at, f"{word}{score}", good=look.solved, change=change)
        else:
            head = {"reset": "the workspace was reset", "reveal": "the answer was revealed"}
            yield Said(look.what, look.at, head[look.what], change=change)
        before = look.tree or before


def _run_entry(run: Run, number: int, passing: set[str], change: Change) -> RunEntry:
    names = [test for test in run.outcomes if test in run.failed]
    failures = tuple(
        Failure(
            shortened(name, _TEST),
            shortened(run.messages.get(name, ""), _MESSAGE),
            name in passing,
        )
        for name in names[:MOST_FAILURES]
    )
    state = "red" if run.failed else "green" if run.passed and run.exit == 0 else "none"
    return RunEntry(
        number=number,
        last=number,
        at=run.at,
        until=run.ended_at or run.at,
        command=command_of(run),
        via=_VIAS.get(run.via, ""),
        state=state,
        passed=len(run.passed),
        failed=len(run.failed),
        words=outcome_in_words(run),
        seconds=run.seconds,
        debuggers=tuple(shortened(how, 20) for how in run.debuggers[:3]),
        tree=run.tree,
        failures=failures,
        more_failures=len(names) - len(failures),
        same_failures=None,
        change=change,
        same_tree=None,
        as_served=False,
    )


def command_of(run: Run) -> str:
    """What was typed, as far as the recorder knows: `pytest -x tests/test_a.py`."""
    program = "bugbash test" if run.via == "test" else "pytest"
    where = "" if run.inside in (".", "") else f"  (in {run.inside})"
    return shortened(f"{program} {shlex.join(run.arguments)}".rstrip() + where, _COMMAND)


def outcome_in_words(run: Run) -> str:
    """`2 failed, 5 passed`, or why nothing is known."""
    counts: dict[str, int] = {}
    for outcome in run.outcomes.values():
        counts[outcome] = counts.get(outcome, 0) + 1
    order = ("failed", "error", "passed", "skipped", "xfailed", "xpassed")
    told = [
        counted(counts[name], "error") if name == "error" else f"{counts[name]:,} {name}"
        for name in order
        if counts.get(name)
    ]
    if run.ended_at is None:
        told.append("ended early")
    elif run.exit in _EXITS:
        told.append(_EXITS[run.exit])
    return ", ".join(told) or "nothing ran"


def _spoken(timeline: Timeline) -> Iterator[Entry]:
    for one in timeline.hypotheses:
        where = f" at {shortened(one.place, 200)}" if one.place else ""
        yield Said("hypothesis", one.at, f"hypothesis {one.number}{where}", _cut(one.text))
        if one.closed_at is not None:
            yield _closed(one, one.closed_at)
    for note in timeline.notes:
        yield Said("note", note.at, "note", _cut(note.text))
    for hint in timeline.hints:
        head = f"hint {hint.level}, {hint.price} points"
        yield Said("hint", hint.at, head, _cut(hint.text))


def _closed(one: Hypothesis, at: float) -> Said:
    word = one.verdict if one.verdict in ("confirmed", "refuted") else "closed"
    return Said(word, at, f"hypothesis {one.number} {word}", _cut(one.saw))


def _cut(text: str) -> str:
    return shortened(text, _WORDS)


def _joined(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Runs in a row of the same command, files and outcome become one."""
    before: Entry | None = None
    for entry in entries:
        if before is not None and _same(before, entry):
            assert isinstance(before, RunEntry) and isinstance(entry, RunEntry)
            before = replace(before, last=entry.number, until=entry.until)
            continue
        if before is not None:
            yield before
        before = entry
    if before is not None:
        yield before


def _same(one: Entry, other: Entry) -> bool:
    if not isinstance(one, RunEntry) or not isinstance(other, RunEntry):
        return False
    alike = (one.command, one.via, one.words, one.debuggers, one.state) == (
        other.command,
        other.via,
        other.words,
        other.debuggers,
        other.state,
    )
    same_files = other.same_tree is not None and not other.change and one.tree == other.tree
    broke = any(failure.broke for failure in other.failures)
    return alike and same_files and not broke
