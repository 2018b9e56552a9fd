"""Trying mutants: one cold trial each, side by side, in a fixed order, kept in the store."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from threading import Event
from typing import Any

from bugbash.files import Edit, edited, walk
from bugbash.mutation.data_files import mutable_files
from bugbash.mutation.sites import Mutant
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.baseline import Baseline, how_it_runs, suite_key
from bugbash.trials.cold import run_suite
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.outcome import Outcome, Trial, outcome_of
from bugbash.trials.slot import open_slot
from bugbash.trials.workers import workers

_FORM = "2"
MOST_FAILING = 10
"""Tests that a bug worth serving breaks at most; more tracebacks are not kept."""


@dataclass(frozen=True)
class MutantTrial:
    """What a mutant does to the suite, as one cold run showed it."""

    mutant: str
    outcome: Outcome
    fail_to_pass: tuple[str, ...]
    """Tests of the baseline that fail."""
    complete: bool
    """False where the run was stopped after enough failures."""
    seconds: float
    servable: bool
    """Whether nothing else changed: the same tests ran, none hung, left the machine or wrote
    files into the project."""
    engine: str = "cold"
    """`swap`, `reimport` or `cold`: the way by which it was tried."""
    traces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """FILE:LINE of every entry of the failing tests' tracebacks, where few tests fail."""

    def by(self, engine: str, seconds: float) -> MutantTrial:
        """The same, as found by another engine."""
        return replace(self, engine=engine, seconds=round(seconds, 3))


def changed_files(target: Target, edits: Iterable[Edit]) -> dict[str, bytes]:
    """The contents of the files that the edits change."""
    return edited(target.tree, edits)


class Engine:
    """The cold engine over one target: gives every question about a broken tree its answer."""

    def __init__(
        self, target: Target, environment: Environment, baseline: Baseline, store: Store | None
    ) -> None:
        self.target = target
        self.environment = environment
        self.baseline = baseline
        self.store = store
        self.suite_key = suite_key(target, environment)
        self.reach = baseline.reach
        """Which tests run which lines, as far as is known."""
        self._keys = TrialKeys(target, environment)
        self.halt = Event()
        """Set to end every run that is under way and was given no event of its own."""
        self._usable = frozenset(baseline.passing)

    def run(
        self,
        changes: Mapping[str, bytes],
        condition: Condition = USUAL,
        maxfail: int = 0,
        halt: Event | None = None,
    ) -> Trial:
        """Run the tests that count over the clean tree with these files changed."""
        with open_slot(self.target, self.environment, condition) as slot:
            slot.sync(changes)
            suite = self.baseline.suite(maxfail=maxfail)
            trial = run_suite(slot, suite, condition, halt=halt or self.halt)
            return replace(trial, left_behind=slot.left_behind(changes))

    def judge(self, name: str, trial: Trial) -> MutantTrial:
        """What a trial of a mutant says about it."""
        failing = set(trial.failing())
        broken = failing & self._usable
        hung = any(trial.tests[test].timed_out for test in failing)
        outside = any(test.network for test in trial.tests.values())
        same_tests = self._usable <= set(trial.collected)
        litters = not set(trial.left_behind) <= set(self.baseline.left_behind)
        return MutantTrial(
            mutant=name,
            outcome=outcome_of(trial),
            fail_to_pass=tuple(sorted(broken)),
            complete=trial.complete,
            seconds=trial.seconds,
            servable=failing == broken and same_tests and not (hung or outside or litters),
            traces={name: trial.tests[name].trace for name in sorted(broken)[:MOST_FAILING]},
        )

    def try_mutant(
        self, mutant: Mutant, maxfail: int = 0, halt: Event | None = None
    ) -> MutantTrial:
        """One cold trial of a mutant, or what an earlier one found."""
        known = self.known(mutant, maxfail)
        if known is not None:
            return known
        changes = changed_files(self.target, (mutant.edit,))
        return self.judge(mutant.id, self.run(changes, maxfail=maxfail, halt=halt))

    def known(self, mutant: Mutant, maxfail: int) -> MutantTrial | None:
        """An earlier trial that says as much as one with this limit would."""
        return self._known("trial-cold", mutant, maxfail)

    def _known(self, kind: str, mutant: Mutant, maxfail: int) -> MutantTrial | None:
        if self.store is None:
            return None
        value = self.store.fact(kind, self._keys.of(mutant))
        if value is None:
            return None
        trial = trial_from_json(value)
        stopped_early = trial.outcome == "killed" and not trial.complete
        enough = 0 < maxfail <= len(trial.fail_to_pass)
        return None if stopped_early and not enough else trial

    def keep(self, mutant: Mutant, trial: MutantTrial) -> None:
        if self.store is not None:
            kind = "trial-cold" if trial.engine == "cold" else "trial"
            self.store.set_fact(kind, self._keys.of(mutant), asdict(trial))


def trial_from_json(value: dict[str, Any]) -> MutantTrial:
    """A trial from what `dataclasses.asdict` made of it."""
    traces = {test: tuple(trace) for test, trace in value["traces"].items()}
    return MutantTrial(**{**value, "fail_to_pass": tuple(value["fail_to_pass"]), "traces": traces})


class TrialKeys:
    """What trials are kept by: the mutant, its file, the tests and the environment.

    Not the other source files: when one of them changes, its own mutants are tried again and no
    others. Whatever is served is proved anew against the whole tree.
    """

    def __init__(self, target: Target, environment: Environment) -> None:
        self._target = target
        self._environment = environment
        self._files: dict[str, str] = {}

    @cached_property
    def _around(self) -> str:
        sources = set(mutable_files(self._target))
        names = [name for name in walk(self._target.tree) if name.as_posix() not in sources]
        digest = hashlib.sha256(how_it_runs(self._target).encode())
        for name in names:
            content = hashlib.sha256((self._target.tree / name).read_bytes()).digest()
            digest.update(name.as_posix().encode("utf-8", "surrogateescape") + b"\0" + content)
        return f"{digest.hexdigest()[:16]}-{self._environment.lock}"

    def of(self, mutant: Mutant) -> str:
        file = mutant.edit.file
        if file not in self._files:
            content = (self._target.tree / file).read_bytes()
            self._files[file] = hashlib.sha256(content).hexdigest()[:12]
        return f"{_FORM}-{self._around}-{self._files[file]}-{mutant.id}"


def try_mutants(
    engine: Engine, mutants: Iterable[Mutant], jobs: int = 1, maxfail: int = 0, ahead: int = 2
) -> Iterator[tuple[Mutant, MutantTrial]]:
    """Try each mutant, `jobs` at a time; results come in the mutants' order.

    Each is kept as soon as it is known. While one takes its time, at most `ahead` others for each
    job are tried.
    """

    def tried(mutant: Mutant, halt: Event) -> MutantTrial:
        trial = engine.try_mutant(mutant, maxfail, halt)
        engine.keep(mutant, trial)
        return trial

    waiting: deque[tuple[Mutant, Future[MutantTrial]]] = deque()
    with workers(jobs) as at_work:
        for mutant in mutants:
            known = engine.known(mutant, maxfail)
            waiting.append((mutant, _done(known) if known else at_work.pool.submit(
                tried, mutant, at_work.halt)))  # fmt: skip
            if len(waiting) >= ahead * jobs:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _done(trial: MutantTrial) -> Future[MutantTrial]:
    future: Future[MutantTrial] = Future()
    future.set_result(trial)
    return future


def _result(mutant: Mutant, future: Future[MutantTrial]) -> tuple[Mutant, MutantTrial]:
    return mutant, future.result()
