"""What the learner changed when: the looks at the tree, and the edits between them.

Two trees are compared by what they say: the syntax trees without comments, and without the prints,
logging and breakpoints that came to them. So looking at the code is not editing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath

from bugbash.files import is_under
from bugbash.grading.leftovers import Module, looking, module_of
from bugbash.grading.weakening import Weakening, weakenings
from bugbash.grading.workspace_files import NEVER_SCRATCH, is_protected
from bugbash.recording.timeline import Run, Timeline
from bugbash.targets.spec import Target
from bugbash.workspace.attempt import MARKER
from bugbash.workspace.make import REPORT

_PROSE = frozenset({".md", ".rst"})
_AT_ONCE_S = 10.0
"""Saves that `watch` sees closer together than this are one edit."""
Lines = Counter[tuple[str, str]]


@dataclass(frozen=True)
class State:
    """What the code of one tree says, against the code as it was served."""

    plus: Lines = field(default_factory=Counter)
    """(file, statement) that the served code does not have."""
    minus: Lines = field(default_factory=Counter)
    """(file, statement) of the served code that is gone."""
    looked_at: frozenset[str] = frozenset()
    """Files with prints, logging or breakpoints that came to them."""
    weakened: tuple[Weakening, ...] = ()
    """What was done to tests and pytest's settings as they were served."""
    whole: frozenset[tuple[str, str]] = frozenset()
    """(file, what it says) of changed code, prints included."""
    unreadable: bool = False
    """Whether a file does not parse: somebody is in the middle of typing."""

    @cached_property
    def key(self) -> tuple[frozenset[object], frozenset[object]]:
        return frozenset(self.plus.items()), frozenset(self.minus.items())

    @property
    def edited(self) -> bool:
        return bool(self.plus or self.minus)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(sorted({file for file, _ in (*self.plus, *self.minus)}))

    def says(self, test: str) -> bool:
        """Whether a run of a test says something: it is as it was served, or new."""
        if not self.weakened:
            return True
        if test not in self._said:
            self._said[test] = not any(one.spoils(test) for one in self.weakened)
        return self._said[test]

    @cached_property
    def _said(self) -> dict[str, bool]:
        return {}

    def holds(self, other: State) -> bool:
        """Whether everything that is changed in `other` is changed here too."""
        return other.plus <= self.plus and other.minus <= self.minus


@dataclass(frozen=True)
class Look:
    """The tree at one moment."""

    at: float
    tree: str
    state: State
    run: Run | None = None
    tried: bool = False
    """Whether tests were run over it."""


@dataclass(frozen=True)
class Change:
    """One real edit: what was different when tests next ran, and never before."""

    at: float
    """When it was first seen."""
    files: tuple[str, ...]
    kept: bool
    """Whether something of it is still there; what was undone or replaced was a try."""
    state: State
    trees: tuple[str, str] = ("", "")
    """The tree before it and with it."""


@dataclass(frozen=True)
class History:
    """The looks at the tree in order, the last one now, and the edits between them."""

    looks: tuple[Look, ...]
    changes: tuple[Change, ...]

    @property
    def now(self) -> State:
        return self.looks[-1].state

    @cached_property
    def runs(self) -> tuple[Look, ...]:
        return tuple(look for look in self.looks if look.run is not None)

    @cached_property
    def first_edit(self) -> float | None:
        """When the code was first seen to differ from what was served."""
        return next((look.at for look in self.looks if look.state.edited), None)

    @property
    def tries(self) -> tuple[Change, ...]:
        """Edits of which nothing is left."""
        return tuple(change for change in self.changes if not change.kept)

    def state_at(self, tree: str) -> State | None:
        return next((look.state for look in self.looks if look.tree == tree), None)


def history_of(
    timeline: Timeline, target: Target, broken: Mapping[str, bytes], now: tuple[float, str]
) -> History:
    """Read the edits out of a timeline. `now`: seconds, and the tree as it is now.

    A tree whose listing is lost is passed over.
    """
    reader = _Reader(timeline, target, broken)
    looks = [
        Look(at, tree, reader.state(tree), run, tried)
        for at, tree, run, tried in sorted(_looks(timeline), key=lambda look: look[0])
        if reader.known(tree)
    ]
    looks.append(Look(now[0], now[1], reader.state(now[1])))
    return History(tuple(looks), tuple(_changes(looks)))


def _looks(timeline: Timeline) -> Iterator[tuple[float, str, Run | None, bool]]:
    """Seconds, tree, run, and whether tests ran, of every look at the tree."""
    yield from ((mark.at, mark.tree, None, False) for mark in timeline.marks)
    yield from ((one.at, one.tree, None, False) for one in timeline.hypotheses)
    yield from ((run.at, run.tree, run, True) for run in timeline.runs)
    closed = ((one.closed_at, one.closed_tree) for one in timeline.hypotheses)
    yield from ((at, tree, None, False) for at, tree in closed if at is not None)
    yield from ((check.at, check.tree, None, True) for check in timeline.checks)


class _Reader:
    """Turns trees into states; each content is parsed once."""

    def __init__(self, timeline: Timeline, target: Target, broken: Mapping[str, bytes]) -> None:
        self._snapshots = timeline.snapshots
        self._start_tree = timeline.start_tree
        self._start = timeline.snapshots.tree(timeline.start_tree)
        self._target = target
        self._broken = broken
        self._states: dict[str, State] = {}
        self._modules: dict[tuple[str, str], Module | None] = {}
        self._parts: dict[str, dict[object, Module]] = {}
        self._owned: dict[str, frozenset[str]] = {}
        self._weakened: dict[tuple[str, str | None], tuple[Weakening, ...]] = {}

    def known(self, tree: str) -> bool:
        return bool(self._snapshots.tree(tree))

    def state(self, tree: str) -> State:
        if tree not in self._states:
            self._states[tree] = self._read(tree)
        return self._states[tree]

    def _read(self, name_of_tree: str) -> State:
        tree = self._snapshots.tree(name_of_tree)
        plus: Lines = Counter()
        minus: Lines = Counter()
        looked_at, whole = set(), set()
        weakened: list[Weakening] = []
        unreadable = False
        for name in self._snapshots.changed(self._start_tree, name_of_tree):
            old, new = self._start.get(name), tree.get(name)
            sort = self._sort(name)
            if sort == "test":
                weakened += self._weakenings(name, old, new)
            if sort != "code":
                continue
            before, after = self._lines(name, old), self._lines(name, new)
            plus.update((name, line) for line in (after - before).elements())
            minus.update((name, line) for line in (before - after).elements())
            module = self._module(name, new)
            whole.add((name, module.whole if module else new or ""))
            if module and module.extra:
                looked_at.add(name)
            unreadable = unreadable or (name.endswith(".py") and bool(new) and module is None)
        return State(
            plus, minus, frozenset(looked_at), tuple(weakened), frozenset(whole), unreadable
        )

    def _weakenings(self, name: str, old: str | None, new: str | None) -> tuple[Weakening, ...]:
        key = (name, new)
        if key not in self._weakened:
            before, after = (self._snapshots.content(one) if one else None for one in (old, new))
            if old and (before is None or (new and after is None)):  # too large to be kept
                found = [Weakening(name, "", "was changed")]
            else:
                found = list(weakenings(name, before, after))
            self._weakened[key] = tuple(found)
        return self._weakened[key]

    def _sort(self, name: str) -> str:
        """`code` (source and settings of the target), `test`, or `other`."""
        path = PurePosixPath(name)
        if name in self._broken:
            return "code"
        if name in (REPORT, MARKER) or NEVER_SCRATCH & set(path.parts):
            return "other"
        if is_protected(name, self._target):
            return "test"
        if path.suffix == ".py":
            inside = is_under(name, self._target.spec.sources)
            return "code" if inside or name in self._start else "other"
        return "code" if name in self._start and path.suffix not in _PROSE else "other"

    def _lines(self, name: str, content: str | None) -> Counter[str]:
        if content is None:
            return Counter()
        module = self._module(name, content)
        if module is not None:
            return _placed(module.bare.splitlines())
        data = self._snapshots.content(content)
        if data is None:  # too large, or lost
            return Counter([content])
        return _placed([line.strip() for line in data.decode("utf-8", "replace").splitlines()])

    def _module(self, name: str, content: str | None) -> Module | None:
        if not content or not name.endswith(".py"):
            return None
        key = (name, content)
        if key not in self._modules:
            data = self._snapshots.content(content)
            parts = self._parts.setdefault(name, {})
            self._modules[key] = (
                module_of(data, self._own(name), parts) if data is not None else None
            )
        return self._modules[key]

    def _own(self, name: str) -> frozenset[str]:
        """What prints or logs in the program itself, as it was served and as it was before."""
        if name not in self._owned:
            served = self._snapshots.content(self._start.get(name, "")) or b""
            clean = self._target.tree / name
            before = clean.read_bytes() if clean.is_file() else b""
            self._owned[name] = looking(served) | looking(before)
        return self._owned[name]


def _placed(lines: list[str]) -> Counter[str]:
    """Each line with the one before it: lines in another order are other lines."""
    return Counter(map("\n".join, pairwise(["", *lines])))


def _changes(looks: list[Look]) -> Iterator[Change]:
    final = looks[-1].state if looks else State()
    first_seen: dict[object, float] = {}
    for look in looks:
        first_seen.setdefault(look.state.key, look.at)
    seen = {State().key}
    before, tree = State(), looks[0].tree if looks else ""
    for look in _tried(looks):
        state = look.state
        if state.key in seen:  # stashed, reset, checked out, or taken back
            before, tree = state, look.tree
            continue
        seen.add(state.key)
        if not before.holds(state):  # else it only takes back a part
            plus, minus = state.plus - before.plus, state.minus - before.minus
            kept = bool(plus & final.plus) if plus else bool(minus & final.minus)
            files = tuple(sorted({file for file, _ in (*plus, *minus)}))
            yield Change(first_seen[state.key], files, kept, state, (tree, look.tree))
        before, tree = state, look.tree


def _tried(looks: list[Look]) -> list[Look]:
    """The looks at code that was tried, the last one included; half-typed code is not."""
    tried = [look for look in looks[:-1] if look.tried and not look.state.unreadable]
    kept = [look for look, following in pairwise(tried) if not _typing(look, following)]
    return [*kept, *tried[-1:], *looks[-1:]]


def _typing(look: Look, following: Look) -> bool:
    """Whether `watch` ran the tests while somebody was still at it."""
    watched = look.run is not None and look.run.via == "watch"
    return watched and following.at - look.at < _AT_ONCE_S and look.state.key != following.state.key
