"""Mining a history: candidates in windows, the best first, each validated and kept in the store."""

from __future__ import annotations

import sys
import sysconfig
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from bugbash.errors import BugbashError
from bugbash.files import remove_tree
from bugbash.mining.bench import Bench
from bugbash.mining.candidates import Candidate, FellOut, Limits, judge, judged
from bugbash.mining.kinds import kind_of
from bugbash.mining.ladder import Ladder, NotBuilt, Rung, environment_for
from bugbash.mining.validating import Fault, Subject, Valid, changed_tests, validate
from bugbash.store import Store
from bugbash.targets import real_source, results
from bugbash.targets.environment import Environment
from bugbash.targets.history.changes import change_of, changes, read_blobs
from bugbash.targets.history.fixes import Fix, broken_files
from bugbash.targets.history.index import Entry
from bugbash.targets.history.repository import History
from bugbash.targets.interpreters import own
from bugbash.targets.overrides import NOTHING, Note, Overrides, quiet
from bugbash.targets.spec import Target
from bugbash.trials.workers import workers

VALID = "valid"
_FORM = "1"
_WINDOW = 40
"""Candidates that are read before the best of them are tried."""
_STRETCH = 500
"""Commits after which a window ends that has any candidate: the first come soon."""
_LONGEST_S = 300.0
"""For one run of a suite: a longer one is no exercise."""
_PROGRESS = ("environment", "suite", "skipped", "hangs", "fix-fails")
"""Words of what can be better in another environment: the later, the further it got."""


@dataclass(frozen=True)
class Asked:
    """What to mine, and how."""

    limits: Limits = field(default_factory=Limits)
    overrides: Overrides = NOTHING
    python: str | None = None
    """The only Python to use ("3.12"); None: bugbash's, and older ones for older commits."""
    only: tuple[str, ...] = ()
    jobs: int = 1
    fresh: bool = False
    """Try again what was tried before."""


@dataclass(frozen=True)
class Mined:
    """One candidate that was tried."""

    fix_commit: str
    base_commit: str
    files: tuple[str, ...]
    added: int
    removed: int
    status: str
    """`valid`, or a word for why not."""
    why: str | None
    """One line; None where it is valid."""
    entry: Entry | None = None
    """Its place in an index, `lock` still empty; None where it is not valid."""
    pins: tuple[str, ...] = ()
    """The requirements that it was validated with."""
    rung: str = ""
    """The environment that served."""
    seconds: float = 0.0
    """All that it took."""
    needed_s: float = 0.0
    """Of the two runs that a validation can't do without."""
    suite_s: float = 0.0
    """That the whole suite took, on both trees."""
    passing: bool = False
    """Whether trying it again may come out otherwise: the network was away."""


@dataclass
class Tally:
    """How far it is."""

    commits: int = 0
    candidates: int = 0
    valid: int = 0
    stored: int = 0
    """Of those that were tried: known from an earlier time."""
    tried: int = 0
    seconds: float = 0.0
    """That the candidates took which were tried now."""
    fell_out: Counter[str] = field(default_factory=Counter)
    """Why commits are no candidates, by word."""
    refused: Counter[str] = field(default_factory=Counter)
    """Why candidates are not valid, by word."""

    def add(self, mined: Mined, stored: bool) -> None:
        self.tried += 1
        self.stored += stored
        self.seconds += 0 if stored else mined.seconds
        if mined.status == VALID:
            self.valid += 1
        else:
            self.refused[mined.status] += 1


def mine(
    history: History, asked: Asked, store: Store, tally: Tally, note: Note = quiet
) -> Generator[Mined]:
    """Validate the candidates of a history and keep what comes out; those kept before come at once.

    Candidates are read in windows of commits, the newest first, and tried by score within one.
    Closing the generator, or Ctrl-C, ends every process. Raises UsageProblem for a commit in
    `asked.only` that is not there.
    """
    sysconfig.get_config_vars()  # two threads that ask first can be told half of them
    miner = _Miner(history, asked, store, note)
    waiting: deque[tuple[Future[Mined], bool]] = deque()
    found = _found(history, asked, tally)
    with workers(asked.jobs, miner.bench.halt) as at_work, closing(found):
        for one in found:
            known = miner.known(one)
            if known is not None:
                future: Future[Mined] = Future()
                future.set_result(known)
                waiting.append((future, True))
            else:
                waiting.append((at_work.pool.submit(miner.mined, one), False))
            if len(waiting) > asked.jobs:
                yield _told(waiting, tally)
        while waiting:
            yield _told(waiting, tally)


def _told(waiting: deque[tuple[Future[Mined], bool]], tally: Tally) -> Mined:
    future, stored = waiting.popleft()
    mined = future.result()
    tally.add(mined, stored)
    return mined


def listed(history: History, asked: Asked, tally: Tally) -> Generator[Candidate]:
    """The candidates alone, in the order in which they would be tried. Nothing of theirs runs."""
    with closing(_found(history, asked, tally)) as found:
        for one in found:
            if isinstance(one, Candidate):
                yield one


def _found(history: History, asked: Asked, tally: Tally) -> Generator[Candidate | FellOut]:
    """The candidates; with `only`, these commits, be they candidates or not."""
    if asked.only:
        for commit in [change_of(history, commit) for commit in asked.only]:
            tally.commits += 1
            judgement = judge(commit, history, asked.limits)
            tally.candidates += isinstance(judgement, Candidate)
            yield judgement
        return
    with closing(changes(history)) as read:
        for window in _windows(judged(read, history, asked.limits), tally):
            yield from sorted(window, key=lambda one: (-one.score, -one.fix.when, one.fix.commit))


def _windows(judgements: Iterable[Candidate | FellOut], tally: Tally) -> Iterator[list[Candidate]]:
    window: list[Candidate] = []
    since = 0
    for judgement in judgements:
        tally.commits += 1
        since += 1
        if isinstance(judgement, FellOut):
            tally.fell_out[judgement.why] += 1
        else:
            tally.candidates += 1
            window.append(judgement)
        if window and (len(window) >= _WINDOW or since >= _STRETCH):
            yield window
            window, since = [], 0
    if window:
        yield window


class _Miner:
    """Tries one candidate after another, in whatever thread it is called."""

    def __init__(self, history: History, asked: Asked, store: Store, note: Note) -> None:
        self._history = history
        self._asked = asked
        self._store = store
        self._note = note
        self._ladder = Ladder(asked.overrides, asked.python)
        self.bench = Bench(at_once=max(2, asked.jobs))

    def known(self, one: Candidate | FellOut) -> Mined | None:
        """What came out an earlier time."""
        if isinstance(one, FellOut):
            return _not_tried(one)
        value = None if self._asked.fresh else self._store.fact("real", self._key(one.fix))
        mined = mined_from_json(value) if value is not None else None
        if mined is not None and mined.rung:
            self._ladder.worked(mined.rung, one.fix.when)
        return mined

    def mined(self, one: Candidate | FellOut) -> Mined:
        """Try a candidate; what comes out is kept, unless the network was away."""
        assert isinstance(one, Candidate)
        start = time.monotonic()
        mined = self._mined(one)
        mined = replace(mined, seconds=round(time.monotonic() - start, 3))
        if not mined.passing:
            self._store.set_fact("real", self._key(one.fix), asdict(mined))
        return mined

    def _key(self, fix: Fix) -> str:
        python = self._asked.python or own().minor
        parts = (_FORM, self._history.name, fix.commit, self._asked.overrides.key(), python)
        return "-".join(parts)

    def _mined(self, candidate: Candidate) -> Mined:
        fix, overrides = candidate.fix, self._asked.overrides
        try:
            target = clean_target(self._history, fix, overrides, self._note)
            broken = broken_files(self._history, fix)
        except BugbashError as error:
            return _refused(fix, Fault("environment", str(error)))
        mined = None
        try:
            missing = [name for name in broken if not (target.tree / name).is_file()]
            if missing:
                told = f"{missing[0]} is no file of the project as it is run"
                return _refused(fix, Fault("no-source", told))
            mined = self._climbed(candidate, _in_time(target), broken)
            return mined
        finally:
            if mined is not None and mined.status == VALID:
                results.save(target, overrides)  # `bugbash new --real` finds it ready
            else:
                remove_tree(target.tree)

    def _climbed(self, candidate: Candidate, target: Target, broken: dict[str, bytes]) -> Mined:
        fix = candidate.fix
        changed = partial(_changed_tests, self._history, fix)
        faults: list[Fault] = []
        passing = False
        locks: set[str] = set()
        for rung in self._ladder.rungs(target, fix.when):
            try:
                environment = environment_for(rung, self._note)
                if environment.lock in locks:
                    continue
                locks.add(environment.lock)
                subject = Subject(fix, rung.target, environment, broken, changed)
                found = validate(subject, self.bench)
            except NotBuilt as error:
                found, passing = Fault("environment", str(error), elsewhere=True), error.passing
            except BugbashError as error:
                found = Fault("environment", str(error), elsewhere=True)
            if isinstance(found, Valid):
                self._ladder.worked(rung.name, fix.when)
                return _valid(candidate, found, rung, environment, subject)
            if not found.elsewhere:
                self._ladder.worked(rung.name, fix.when)
                return _refused(fix, found)
            faults.append(replace(found, told=f"{rung.name}: {found.told}"))
        furthest = max(faults, key=_progress)
        return replace(_refused(fix, furthest), passing=passing)


def _progress(fault: Fault) -> int:
    return _PROGRESS.index(fault.why) if fault.why in _PROGRESS else len(_PROGRESS)


def clean_target(history: History, fix: Fix, overrides: Overrides, note: Note) -> Target:
    """The tree of the fix's parent with the fix and its tests, as a target.

    Raises UsageProblem for a tree that is no project with tests, EnvironmentProblem where its own
    build fails.
    """
    argument = f"real:{history.name}@{fix.commit}"
    return real_source.clean_target(history, fix, argument, note, overrides)


def _changed_tests(history: History, fix: Fix) -> frozenset[str]:
    """The test functions that the fix changes, in all of its test files."""
    files = [file for file in change_of(history, fix.commit).files if file.path in fix.tests]
    blobs = read_blobs(history, (i for f in files for i in (f.before, f.after) if i.strip("0")))
    pairs = [(blobs.get(f.before, b""), blobs.get(f.after, b"")) for f in files]
    return frozenset(name for before, after in pairs for name in changed_tests(before, after))


def _in_time(target: Target) -> Target:
    """The target, with less patience for a suite than an exercise has."""
    spec = target.spec
    return replace(target, spec=replace(spec, suite_limit_s=min(spec.suite_limit_s, _LONGEST_S)))


def _refused(fix: Fix, fault: Fault) -> Mined:
    return replace(_blank(fix), status=fault.why, why=_one_line(fault.told))


def _not_tried(fell_out: FellOut) -> Mined:
    return Mined(fell_out.commit, "", (), 0, 0, fell_out.why, _one_line(fell_out.told))


def _blank(fix: Fix) -> Mined:
    return Mined(fix.commit, fix.base, fix.sources, fix.added, fix.removed, "", None)


def _valid(
    candidate: Candidate,
    found: Valid,
    rung: Rung,
    environment: Environment,
    subject: Subject,
) -> Mined:
    fix = candidate.fix
    clean = {name: (subject.target.tree / name).read_bytes() for name in subject.broken}
    trait, family = kind_of(dict(subject.broken), clean)
    python = environment.interpreter.minor
    entry = Entry(
        fix_commit=fix.commit,
        base_commit=fix.base,
        when=fix.when,
        files=fix.sources,
        added=fix.added,
        removed=fix.removed,
        trait=trait,
        family=family,
        fail_to_pass=found.fail_to_pass,
        tests=found.tests,
        left_out=found.left_out,
        ignored_files=found.ignored_files,
        python=python,
        lock="",
        issues=candidate.issues,
        proved_on=(f"{sys.platform}-{python}",),
        suite_seconds=round(found.suite_seconds, 1),
    )
    return replace(
        _blank(fix),
        status=VALID,
        entry=entry,
        pins=pins_of(environment),
        rung=rung.name,
        needed_s=round(found.cost.needed, 3),
        suite_s=round(found.cost.suite, 3),
    )


def pins_of(environment: Environment) -> tuple[str, ...]:
    """The pinned requirements of an environment, without options and places of a registry."""
    lines = environment.lock_file.read_text("utf-8").splitlines()
    pins = (line.split("#")[0].strip() for line in lines)
    return tuple(pin for pin in pins if pin and not pin.startswith("-"))


def mined_from_json(value: dict[str, Any]) -> Mined:
    """What `dataclasses.asdict` made of it, back."""
    entry = value["entry"]
    lists = {key: tuple(value[key]) for key in ("files", "pins")}
    return Mined(**{**value, **lists, "entry": entry_from_json(entry) if entry else None})


def entry_from_json(value: dict[str, Any]) -> Entry:
    """An entry from what `dataclasses.asdict` made of it."""
    kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in value.items()}
    return Entry(**kept)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
