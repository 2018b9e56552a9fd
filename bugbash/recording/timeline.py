"""The timeline of an attempt: what happened when, read from what was written down.

Times are seconds since the attempt began, by a clock that nobody can set where there is one, so
that a calendar that jumps moves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bugbash.files import remove_tree
from bugbash.recording import journal
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
    """Id, then `passed`, `failed`, `error` (in set-up or tear-down), `skipped`, `xfailed`, ..."""
    messages: dict[str, str] = field(default_factory=dict)
    """Id of a failing test, then the first line of its failure."""
    seconds: float = 0.0
    debuggers: tuple[str, ...] = ()
    """How a debugger was entered: `pdb`, `attached`, `debugpy`, ..."""

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
    """FILE:LINE, or nothing."""
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

    @property
    def start_tree(self) -> str:
        """The tree as it was served."""
        return next((mark.tree for mark in self.marks if mark.what == "start"), "")

    @property
    def solved_at(self) -> float | None:
        """When a check first said that all is solved: the clock stops there."""
        return next((check.at for check in self.checks if check.solved), None)

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
    """The timeline that lies in a folder; an empty one where there is none."""
    events, altered, cut = _events(folder)
    timed = list(_timed(events))
    if workspace is not None:
        timed = [(at, event) for at, event in timed if not _is_elsewhere(event, workspace)]
    snapshots = Snapshots(folder)
    of = {kind: [(at, e) for at, e in timed if e["kind"] == kind] for kind in _KINDS}
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
        altered=altered,
        cut=cut,
        elapsed=timed[-1][0] if timed else 0.0,
    )


_RECORDED = "recorded"
_MARKS = ("start", "save", "reset", "reveal")
_KINDS = (*_MARKS, "run", "fail", "debug", "end", "hypothesis", "close", "note", "hint", "check")
_NEEDED = {
    "run": ("run", "root", "tree"),
    "fail": ("run", "test", "message"),
    "debug": ("run", "how"),
    "end": ("run", "exit", "tests", "outcomes", "seconds"),
    "hypothesis": ("number", "text"),
    "close": ("number", "verdict"),
    "note": ("text",),
    "hint": ("level", "text", "price"),
    "check": ("solved",),
}


def _events(folder: Path) -> tuple[list[dict[str, Any]], int, int]:
    """The whole events of a timeline, how many lines were altered, and how many are cut."""
    try:
        lines = (folder / journal.EVENTS).read_bytes().split(b"\n")
    except OSError:
        return [], 0, 0
    found, altered, cut = [], 0, 0
    for line in lines:
        if not line.strip(b"\0 \r"):  # a disk that filled up leaves zeros
            continue
        text, tab, checksum = line.decode("ascii", "replace").rpartition("\t")
        event = _event(text) if tab and len(checksum) == len(journal.checksum("")) else None
        if not tab or event is None:
            cut += 1
        elif checksum != journal.checksum(text):
            altered += 1
        else:
            found.append(event)
    return found, altered, cut


def _event(text: str) -> dict[str, Any] | None:
    try:
        event = json.loads(text)
    except ValueError:
        return None
    if not isinstance(event, dict) or event.get("kind") not in _KINDS:
        return None
    needed = ("wall", "clock", *_NEEDED.get(event["kind"], ()))
    return event if all(key in event for key in needed) else None


def _timed(events: list[dict[str, Any]]) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each event with its seconds since the first, which never go back."""
    at, before = 0.0, None
    for event in events:
        if before is not None:
            same_start = event["boot"] == before["boot"] and event["clock"] >= before["clock"]
            kind = "clock" if same_start else "wall"
            at += max(0.0, event[kind] - before[kind])
        before = event
        yield round(at, 3), event


def _is_elsewhere(event: dict[str, Any], workspace: Path) -> bool:
    """Whether a run was made in a copy of the workspace; where it lay before does not exist."""
    root = event.get("root")
    return root is not None and Path(root) != workspace and Path(root, ".bugbash").exists()


def _runs(timed: list[tuple[float, dict[str, Any]]], snapshots: Snapshots) -> Iterator[Run]:
    found: dict[str, Run] = {}
    for at, event in timed:
        run = found.get(event.get("run", ""))
        if event["kind"] == "run":
            found[event["run"]] = Run(
                id=event["run"],
                at=at,
                tree=event["tree"],
                arguments=tuple(event.get("arguments", ())),
                inside=event.get("inside", "."),
                via=event.get("via", "pytest"),
            )
        elif run is not None:
            found[run.id] = _went_on(run, at, event, snapshots)
    return iter(sorted(found.values(), key=lambda run: run.at))


def _went_on(run: Run, at: float, event: dict[str, Any], snapshots: Snapshots) -> Run:
    if event["kind"] == "fail":
        name = event["test"]
        outcomes = {**run.outcomes, name: "failed"}
        messages = {**run.messages, name: event["message"]}
        return replace(run, outcomes=outcomes, messages=messages, tests=tuple(outcomes))
    if event["kind"] == "debug":
        return replace(run, debuggers=(*run.debuggers, event["how"]))
    tests = tuple(json.loads(snapshots.content(event["tests"]) or b"[]"))
    outcomes = {
        name: outcome
        for outcome, bits in sorted(event["outcomes"].items())
        for index, name in enumerate(tests)
        if int(bits, 16) >> index & 1
    }
    return replace(
        run,
        ended_at=at,
        exit=event["exit"],
        tests=tests or run.tests,
        outcomes=outcomes or run.outcomes,
        seconds=event["seconds"],
    )


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
