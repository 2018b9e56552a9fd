"""The timeline of an attempt: what happened when, read from what was written down.

Times are seconds since the attempt began, by a clock that nobody can set where there is one, so
that a calendar that jumps moves nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from bugbash.files import remove_tree
from bugbash.recording import journal
from bugbash.recording.events import KINDS, hexadecimal, read_events, times_of, unpacked_numbers
from bugbash.recording.snapshots import Snapshots
from bugbash.resources import home


@dataclass(frozen=True)
class Run:
    """One run of pytest in the workspace."""

    id: str
    at: float
    tree: str
    """The tree as it was when the run began."""
    arguments: tuple[str, ...] = ()
    inside: str = "."
    """The folder where it was started, relative to the workspace."""
    via: str = "pytest"
    """`pytest`, `test` (`bugbash test`), `watch`, `vscode`, `pycharm`."""
    ended_at: float | None = None
    """None for a run that was killed."""
    exit: int | None = None
    tests: tuple[str, ...] = ()
    """Ids of what was collected, in order; of a killed run only those that are known to fail."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """Id, then `passed`, `failed`, `error` (in set-up or tear-down), `skipped`, `xfailed`, ...

    A test that was interrupted has none; a file that can't be imported has `error` under its path.
    """
    messages: dict[str, str] = field(default_factory=dict)
    """Id of a failing test, then the first line of its failure."""
    durations: dict[str, float] = field(default_factory=dict)
    """Id, then the seconds of its set-up, call and tear-down."""
    seconds: float = 0.0
    debuggers: tuple[str, ...] = ()
    """How a debugger was entered: `pdb`, `attached` (by an editor), `ipdb`, ..."""

    @cached_property
    def failed(self) -> frozenset[str]:
        return frozenset(t for t, what in self.outcomes.items() if what in ("failed", "error"))

    @cached_property
    def passed(self) -> frozenset[str]:
        return frozenset(test for test, what in self.outcomes.items() if what == "passed")


@dataclass(frozen=True)
class Hypothesis:
    """A statement of what may be wrong, and what became of it."""

    number: int
    at: float
    text: str
    place: str = ""
    """FILE:LINE, FILE, or nothing."""
    closed_at: float | None = None
    verdict: str = ""
    """`confirmed`, `refuted`, or nothing while it is open."""
    saw: str = ""
    """What refuted it, in the learner's words."""
    tree: str = ""
    closed_tree: str = ""


@dataclass(frozen=True)
class Note:
    at: float
    text: str


@dataclass(frozen=True)
class Hint:
    """A hint that was taken."""

    at: float
    level: int
    """1 area, 2 file, 3 function, 4 line."""
    text: str
    price: int


@dataclass(frozen=True)
class Check:
    """One `bugbash check`."""

    at: float
    tree: str
    solved: bool
    score: int | None


@dataclass(frozen=True)
class Mark:
    """Something else: `start`, `save` (seen by `watch`), `reset`, `reveal`."""

    at: float
    what: str
    tree: str = ""


@dataclass(frozen=True)
class Timeline:
    """All that is known of one attempt, each part in the order in which it happened."""

    folder: Path
    recorded: bool
    """False where recording was turned off with `--no-record`."""
    runs: tuple[Run, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    notes: tuple[Note, ...] = ()
    hints: tuple[Hint, ...] = ()
    checks: tuple[Check, ...] = ()
    marks: tuple[Mark, ...] = ()
    altered: int = 0
    """Lines that were not written by bugbash."""
    cut: int = 0
    """Lines that end in their middle: somebody was killed while writing."""
    elapsed: float = 0.0
    """Of the last event."""
    runs_before: int = 0
    """How many runs came before these, where some are left out."""

    @property
    def start_tree(self) -> str:
        """The tree as it was served."""
        return next((mark.tree for mark in self.marks if mark.what == "start"), "")

    @property
    def solved_at(self) -> float | None:
        """When a check first said solved, since the last reset: there the clock stops."""
        begun = max((mark.at for mark in self.marks if mark.what == "reset"), default=0.0)
        return next((check.at for check in self.checks if check.solved and check.at >= begun), None)

    def this_go(self) -> Timeline:
        """What happened since the last reset that came after a solved check; all where none did.

        Who starts a solved attempt again plays it from the beginning. Hints stay: they are known.
        """
        solved = next((check.at for check in self.checks if check.solved), None)
        resets = [mark.at for mark in self.marks if mark.what == "reset"]
        begun = max((at for at in resets if solved is not None and at >= solved), default=None)
        if begun is None:
            return self
        return replace(
            self,
            runs=tuple(run for run in self.runs if run.at >= begun),
            hypotheses=tuple(one for one in self.hypotheses if one.at >= begun),
            checks=tuple(check for check in self.checks if check.at >= begun),
            marks=tuple(mark for mark in self.marks if mark.what == "start" or mark.at >= begun),
            runs_before=sum(run.at < begun for run in self.runs),
        )

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.folder)

    @cached_property
    def trees(self) -> tuple[tuple[float, str], ...]:
        """(seconds, tree) of every look at the tree, in order; the same tree twice is kept."""
        parts: list[Iterable[tuple[float, str]]] = [
            ((run.at, run.tree) for run in self.runs),
            ((check.at, check.tree) for check in self.checks),
            ((mark.at, mark.tree) for mark in self.marks),
            ((one.at, one.tree) for one in self.hypotheses),
            ((one.closed_at or 0.0, one.closed_tree) for one in self.hypotheses),
        ]
        return tuple(sorted((at, tree) for part in parts for at, tree in part if tree))


def folder_of(attempt: str) -> Path:
    """Where the timeline of an attempt is kept."""
    return home() / "timelines" / attempt


def begin(attempt: str, recorded: bool) -> None:
    """Make the folder of an attempt's timeline, with a word on whether runs are recorded."""
    folder = folder_of(attempt)
    folder.mkdir(parents=True, exist_ok=True)
    if recorded:
        (folder / _RECORDED).touch()


def start(attempt: str, workspace: Path) -> None:
    """The first event: the tree as it is served."""
    tell(attempt, "start", workspace, recorded=is_recorded(attempt))


def is_recorded(attempt: str) -> bool:
    """Whether the runs of an attempt are written down."""
    return (folder_of(attempt) / _RECORDED).exists()


def forget(attempt: str) -> None:
    """Remove the timeline of an attempt."""
    remove_tree(folder_of(attempt))


def tell(attempt: str, kind: str, workspace: Path | None = None, **fact: Any) -> None:
    """Add an event; with a workspace, its tree as it is now too, where the attempt is recorded.

    Raises OSError where the timeline can't be written.
    """
    folder = folder_of(attempt)
    folder.mkdir(parents=True, exist_ok=True)
    if workspace is not None and is_recorded(attempt):
        fact["tree"] = journal.snapshot(str(folder), str(workspace))
    journal.append(str(folder), kind, **fact)


def timeline_of(attempt: str, workspace: Path | None = None) -> Timeline:
    """What is known of an attempt. `workspace`: runs in copies of it elsewhere are left out."""
    return read(folder_of(attempt), workspace)


def read(folder: Path, workspace: Path | None = None) -> Timeline:
    """The timeline that lies in a folder named after its attempt; empty where there is none."""
    lines = read_events(folder / journal.EVENTS)
    timed = list(times_of(lines.events))
    if workspace is not None:
        away = {e["run"] for _, e in timed if _is_elsewhere(e, folder.name, workspace)}
        timed = [(at, event) for at, event in timed if event.get("run") not in away]
    snapshots = Snapshots(folder)
    of = {kind: [(at, e) for at, e in timed if e["kind"] == kind] for kind in KINDS}
    marks = [Mark(at, e["kind"], e.get("tree", "")) for at, e in timed if e["kind"] in _MARKS]
    return Timeline(
        folder=folder,
        recorded=any(event.get("recorded") for _, event in of["start"]),
        runs=tuple(_runs(timed, snapshots)),
        hypotheses=tuple(_hypotheses(timed)),
        notes=tuple(Note(at, e["text"]) for at, e in of["note"]),
        hints=tuple(Hint(at, e["level"], e["text"], e["price"]) for at, e in of["hint"]),
        checks=tuple(
            Check(at, e.get("tree", ""), e["solved"], e.get("score")) for at, e in of["check"]
        ),
        marks=tuple(marks),
        altered=lines.altered,
        cut=lines.cut,
        elapsed=timed[-1][0] if timed else 0.0,
    )


_RECORDED = "recorded"
_MARKS = ("start", "save", "reset", "reveal")


def _is_elsewhere(event: dict[str, Any], attempt: str, workspace: Path) -> bool:
    """Whether a run was made in a copy of the workspace, which is still there.

    Where the workspace lay before it was moved there is nothing now, or another attempt's.
    """
    root = event.get("root")
    if root is None or root == os.path.realpath(workspace):
        return False
    try:
        return (Path(root) / ".bugbash").read_text("utf-8").strip() == attempt
    except (OSError, ValueError):
        return False


def _runs(timed: list[tuple[float, dict[str, Any]]], snapshots: Snapshots) -> Iterator[Run]:
    found: dict[str, Run] = {}
    tests = cache(partial(_tests, snapshots))
    for at, event in timed:
        run = found.get(event.get("run", ""))
        if event["kind"] == "run":
            found[event["run"]] = Run(
                id=event["run"],
                at=at,
                tree=event["tree"],
                arguments=tuple(map(str, event.get("arguments", ()))),
                inside=event.get("inside", "."),
                via=event.get("via", "pytest"),
            )
        elif run is not None and event["kind"] == "fail":
            found[run.id] = _with_failure(run, event["test"], event["message"])
        elif run is not None and event["kind"] == "debug":
            found[run.id] = replace(run, debuggers=(*run.debuggers, event["how"]))
        elif run is not None and event["kind"] == "end":
            found[run.id] = _ended(run, at, event, tests(event["tests"]))
    return iter(sorted(found.values(), key=lambda run: run.at))


def _with_failure(run: Run, test: str, message: str) -> Run:
    outcomes = {**run.outcomes, test: "failed"}
    messages = {**run.messages, test: run.messages.get(test, message)}
    return replace(run, outcomes=outcomes, messages=messages, tests=tuple(outcomes))


def _tests(snapshots: Snapshots, name: str) -> tuple[str, ...]:
    """A list of test ids that a run stored; empty where it is lost."""
    try:
        found = json.loads(snapshots.content(name) or b"[]")
    except ValueError:
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _ended(run: Run, at: float, event: dict[str, Any], tests: tuple[str, ...]) -> Run:
    return replace(
        run,
        ended_at=at,
        exit=event["exit"],
        tests=tests or run.tests,
        outcomes=_outcomes(event["outcomes"], tests) or run.outcomes,
        durations=_durations(event.get("ms", ""), tests),
        seconds=event["seconds"],
    )


def _outcomes(bits: dict[str, str], tests: tuple[str, ...]) -> dict[str, str]:
    found: dict[int, str] = {}
    for outcome, number in bits.items():
        ones = enumerate(reversed(f"{hexadecimal(number):b}"))
        found.update((index, outcome) for index, one in ones if one == "1")
    return {test: found[index] for index, test in enumerate(tests) if index in found}


def _durations(packed: str, tests: tuple[str, ...]) -> dict[str, float]:
    return {
        test: ms / 1000
        for test, ms in zip(tests, unpacked_numbers(packed), strict=False)
        if ms >= 0
    }


def _hypotheses(timed: list[tuple[float, dict[str, Any]]]) -> Iterator[Hypothesis]:
    found: dict[int, Hypothesis] = {}
    for at, event in timed:
        if event["kind"] == "hypothesis":
            found[event["number"]] = Hypothesis(
                event["number"], at, event["text"], event.get("place", ""),
                tree=event.get("tree", ""),
            )  # fmt: skip
        elif event["kind"] == "close" and event["number"] in found:
            found[event["number"]] = replace(
                found[event["number"]],
                closed_at=at,
                verdict=event["verdict"],
                saw=event.get("saw", ""),
                closed_tree=event.get("tree", ""),
            )
    return iter(found.values())
