"""The engine that scans use: each mutant by the fastest way that is sure, cold where none is."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from itertools import chain
from threading import Event
from typing import Any

from bugbash.mutation.sites import Mutant
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials import reach as reaches
from bugbash.trials.affected import affected_lines
from bugbash.trials.baseline import Baseline
from bugbash.trials.cold import turn
from bugbash.trials.limits import Limits
from bugbash.trials.line import Unfit, can_fork
from bugbash.trials.quiet import QuietBuilder, Seen, worth_watching
from bugbash.trials.reach import Reach, ReachBuilder
from bugbash.trials.scan import Engine, MutantTrial, changed_files
from bugbash.trials.warm import Answer, WarmWorker
from bugbash.trials.workers import workers

Step = Callable[[int, int], None]
_FORM = "6"
_MANY = 4
"""So many mutants are worth a collection that is watched."""
_CONTROLS = 12
"""Functions that are asked to raise until one is found that can be swapped."""


@contextmanager
def engine_of(
    kind: str, target: Target, environment: Environment, baseline: Baseline, store: Store | None,
    jobs: int, step: Step = lambda done, of: None, exact: bool = True,
    mutants: Sequence[Mutant] = (),
) -> Iterator[Engine]:  # fmt: skip
    """The engine called `auto` or `cold`, ready to try mutants, `jobs` at a time.

    `mutants`: those to come, where they are known: it looks first which tests can notice each.
    """
    if kind == "cold":
        yield Engine(target, environment, baseline, store)
        return
    engine = AutoEngine(target, environment, baseline, store)
    try:
        engine.prepare(jobs, step, exact, mutants)
        yield engine
    finally:
        engine.close()


class AutoEngine(Engine):
    """Tries mutants by swapping code, else in a fresh import, else cold.

    `prepare` before the first mutant; `close` at the end. What the two fast ways report as odd,
    and every mutant on a system without them, gets a cold run.
    """

    def __init__(
        self, target: Target, environment: Environment, baseline: Baseline, store: Store | None
    ) -> None:
        super().__init__(target, environment, baseline, store)
        self.why_cold = "" if can_fork() else "this system has no fork that serves"
        if not environment.interpreter.can_be_warm:
            self.why_cold = f"Python {environment.interpreter.minor} is too old for it"
        self.fresh_only = ""
        """Why code is not swapped on this target, or nothing."""
        self._idle: queue.SimpleQueue[WarmWorker] = queue.SimpleQueue()
        self._all: list[WarmWorker] = []
        self._sources: dict[str, bytes] = {}
        self._effort: list[int] = []
        self._seen = Seen(None, "")
        self._exact = False
        self._reorders = False
        """Whether the clean suite passes in the order of effort too."""

    def prepare(
        self, jobs: int, step: Step = lambda done, of: None, exact: bool = True,
        mutants: Sequence[Mutant] = (),
    ) -> None:  # fmt: skip
        """Start the workers and see whether they can be believed.

        With `exact`, every test is run alone to learn what it executes (kept in the store), and
        whether that could notice each of `mutants`; without, the baseline's coverage serves, and
        a test may be missed.
        """
        if self.why_cold:
            return
        try:
            self._start(1 if self.baseline.alone else jobs)
            if exact:
                self._open_gates()
            self._learn(step, exact, mutants)
            self._control(exact)
        except Unfit as problem:
            self.halt.clear()  # what went on beside it has been ended
            self.why_cold = str(problem)
        if self.why_cold:
            self.close()

    def _start(self, jobs: int) -> None:
        """Start the workers side by side; those that come up are kept to be closed."""
        parts = (self.target, self.environment, self.baseline, self.halt)
        with workers(jobs, self.halt) as at_work:
            coming = [at_work.pool.submit(WarmWorker, *parts) for _ in range(jobs)]
            wait(coming)
        self._all = [each.result() for each in coming if each.exception() is None]
        for worker in self._all:
            self._idle.put(worker)
        for each in coming:
            each.result()

    def _open_gates(self) -> None:
        """Have runs from the first import on start right before it, where the suite bears it."""
        self._at_once(lambda worker: worker.open_gate(self.halt))
        if self.has_gate and not self._imports_well(self._all[0]):
            for worker in self._all:
                worker.close_gate()

    @property
    def has_gate(self) -> bool:
        """Whether runs from the first import on start right before it."""
        return bool(self._all) and all(worker.has_gate for worker in self._all)

    def close(self) -> None:
        """End the workers' processes."""
        while self._all:
            self._all.pop().close()

    def _learn(self, step: Step, exact: bool, mutants: Sequence[Mutant]) -> None:
        first = self._all[0]
        self.fresh_only = next((each.why_not for each in self._all if each.why_not), "")
        if not all(each.collects(first.tests) for each in self._all):
            self.fresh_only = "its tests are collected in another way each time"
        if self.fresh_only:
            return
        if exact:
            self._look_closely(step, mutants)
        if not first.collects(self.reach.tests):
            self.fresh_only = "its tests are collected in another way each time"
        if self.fresh_only:
            return
        self._exact = exact
        limits = [self._limits.of_test(index) for index in range(len(self.reach.tests))]
        for worker in self._all:
            worker.set_limits(limits, self.halt)
        self._effort = self.reach.effort()

    def _look_closely(self, step: Step, mutants: Sequence[Mutant]) -> None:
        """Learn what each test executes, and which mutants it can't notice for all that."""
        key = f"{_FORM}-{self.suite_key}"
        known = self.store.fact("reach", key) if self.store else None
        self._seen = Seen(self.store, key)
        changed = [mutant for mutant in mutants if mutant.edit.file.endswith(".py")]
        self._look_early([mutant for mutant in changed if mutant.id not in self._seen.calm])
        watched = [mutant for mutant in changed if mutant.id not in self._seen.quiet]
        wanted: Sequence[int] = range(len(self._all[0].tests))
        if known:
            self.reach = reaches.from_json(known)
            wanted = worth_watching(self.reach, map(self._alone, watched), self.baseline.seconds)
            watched = watched if wanted else []
        self._watch(watched)
        builder = QuietBuilder([mutant.id for mutant in watched])
        if not known or wanted:
            found = self._trace(step, builder, wanted)
            self.reach = self.reach if known else found
        self._seen.quiet |= builder.quiet(self._alone(mutant) for mutant in watched)
        if self.store and not self.fresh_only:
            if not known:
                self.store.set_fact("reach", key, reaches.to_json(self.reach))
            self._seen.keep()

    def _look_early(self, mutants: Sequence[Mutant]) -> None:
        """Learn which mutants nobody can notice before the first test."""
        if len(mutants) >= _MANY and self.has_gate:
            calm = self._all[0].calm([mutant.edit for mutant in mutants], self.halt)
            self._seen.calm |= {mutant.id: at in calm for at, mutant in enumerate(mutants)}

    def _watch(self, mutants: Sequence[Mutant]) -> None:
        """Have the workers watch for these mutants, as far as they can be watched."""
        if not mutants:
            return
        edits = [(mutant.edit, self._noticed_before(mutant)) for mutant in mutants]
        self._at_once(lambda worker: worker.watch(edits, self.halt))

    def _at_once(self, work: Callable[[WarmWorker], object]) -> None:
        """Have every worker do something, side by side."""
        with workers(len(self._all), self.halt) as at_work:
            list(at_work.pool.map(work, self._all))

    def _noticed_before(self, mutant: Mutant) -> tuple[range, ...]:
        """The lines by which a mutant could be noticed before the first test, where they run."""
        return () if self._seen.calm.get(mutant.id) else self._affected(mutant)

    def _alone(self, mutant: Mutant) -> int:
        """The tests that reach what a mutant changes when they run alone."""
        return self.reach.of_lines(mutant.edit.file, chain.from_iterable(self._affected(mutant)))

    def _trace(self, step: Step, watch: QuietBuilder, wanted: Sequence[int]) -> Reach:
        tests = self._all[0].tests
        builder = ReachBuilder(tests, self._usable)

        def one(index: int) -> dict[str, Any]:
            with self._worker() as worker:
                return worker.trace(index, self.halt)

        with workers(len(self._all), self.halt) as at_work:
            answers = zip(wanted, at_work.pool.map(one, wanted), strict=True)
            for done, (index, told) in enumerate(answers, 1):
                builder.add(index, told)
                watch.add(index, told)
                step(done, len(wanted))
        together = self._all[0].company(10 * self._limits.of_suite(), self.halt)
        if not together:
            self.fresh_only = "its suite can't be run whole in a fork"
        for told in together:
            builder.add_company(told)
            watch.add_company(told)
        return builder.reach()

    @property
    def _limits(self) -> Limits:
        return Limits(self.target.spec, self.baseline.seconds, self.reach.seconds)

    def _control(self, exact: bool) -> None:
        """No result is believed before a change of nothing passed and a sure break failed."""
        worker = self._all[0]
        if exact and not self.fresh_only:
            every = self.reach.indices(self.reach.all)
            clean = self._passes(worker, every)
            if clean:
                self._at_once(lambda each: each.prime(clean.patterns, self.halt))
            else:
                self.fresh_only = "its clean suite fails in a session that was collected before"
            needy = self.reach.indices(self.reach.with_company(self.reach.company))
            if not self.fresh_only and needy and not self._passes(worker, needy):
                self.fresh_only = "its tests need those of other files before them"
            every = self.reach.varied(every, self._effort)
            self._reorders = not (self.fresh_only or needy or not self._passes(worker, every))
        if not self.fresh_only and not self._breaks(worker):
            self.fresh_only = "a function that raises is not noticed"
        if self.fresh_only or exact:
            if not self._imports_well(worker, from_start=True):
                self.why_cold = "its clean suite fails in a fork"
                return
            file = max(self.reach.lines, key=lambda name: len(self.reach.lines[name]), default="")
            broken = {file: b"raise AssertionError('control')\n"}
            if file and worker.fresh(broken, 1, 1.0, self._limits.of_suite(), self.halt).survived:
                self.why_cold = "a module that raises is not noticed"

    def _passes(self, worker: WarmWorker, tests: list[int]) -> Answer | None:
        """What a run of these tests on the clean code, in this order, in the collected session
        says, where they pass."""
        answer = worker.clean(tests, self._limits.of_tests(tests), self.halt)
        if answer.trial is None or not answer.trial.complete:
            return None
        return None if set(answer.trial.failing()) & self._usable else answer

    def _imports_well(self, worker: WarmWorker, from_start: bool = False) -> bool:
        """Whether the clean suite passes in a fork that imports it."""
        limits = (self.target.spec.test_limit_s, self._limits.of_suite())
        answer = worker.fresh({}, 0, *limits, self.halt, from_start=from_start)
        return answer.trial is not None and set(answer.trial.passing()) >= self._usable

    def _breaks(self, worker: WarmWorker) -> bool:
        """Whether a test notices that a function it runs raises; a function is found first."""
        asked = 0
        for file, lines in sorted(self.reach.lines.items()):
            for line, tests in sorted(lines.items()):
                if tests.bit_count() < 1 or line % 3 or asked >= _CONTROLS:
                    continue
                asked += 1
                index = self.reach.indices(tests)[0]
                noticed = worker.control(file, line, index, self.halt)
                if noticed is not None:
                    return noticed
        return True

    @contextmanager
    def _worker(self) -> Iterator[WarmWorker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def known(self, mutant: Mutant, maxfail: int) -> MutantTrial | None:
        cold = super().known(mutant, maxfail)
        return cold or self._known("trial", mutant, maxfail)

    def try_mutant(
        self, mutant: Mutant, maxfail: int = 0, halt: Event | None = None
    ) -> MutantTrial:
        known = self.known(mutant, maxfail)
        if known is not None:
            return known
        trial = None if self.why_cold else self._try_warm(mutant, maxfail, halt or self.halt)
        return trial or super().try_mutant(mutant, maxfail, halt)

    def _try_warm(self, mutant: Mutant, maxfail: int, halt: Event) -> MutantTrial | None:
        with self._worker() as worker:
            try:
                if not self.baseline.alone:
                    return self._ask(worker, mutant, maxfail, halt)
                with turn():
                    return self._ask(worker, mutant, maxfail, halt)
            except Unfit:
                try:
                    worker.restart(halt)
                except Unfit as problem:
                    self.why_cold = str(problem)
                return None

    def _ask(
        self, worker: WarmWorker, mutant: Mutant, maxfail: int, halt: Event
    ) -> MutantTrial | None:
        changes = changed_files(self.target, (mutant.edit,))
        answer = None
        way = "swap"
        if not self.fresh_only and not self._needs_all(mutant):
            tests = self._tests(mutant, maxfail)
            edit = mutant.edit
            affected = self._noticed_before(mutant)
            changed = changes[edit.file]
            deadline = self._limits.of_tests(tests)
            answer = worker.swap(edit, changed, affected, tests, maxfail, deadline, halt)
            if answer is not None and self._spreads(answer, tests):
                answer = None
        if answer is None:
            way = "reimport"
            limits = self._limits.of_any(), self._limits.of_suite()
            first = self._likely(mutant) if maxfail == 1 and self._reorders else ()
            answer = worker.fresh(changes, maxfail, *limits, halt, first)
        if answer.trial is None or answer.trial.ending not in ("finished", "invalid"):
            return None
        judged = self.judge(mutant.id, answer.trial)
        return judged.by(way, answer.seconds)

    def quiet(self, mutant: Mutant) -> int:
        """The tests that can't notice a mutant although they execute what it changes."""
        return self._seen.quiet.get(mutant.id, 0)

    def _needs_all(self, mutant: Mutant) -> bool:
        source = self._source(mutant)
        return self._exact and self.reach.needs_all(mutant.edit, source, self.quiet(mutant))

    def _spreads(self, answer: Answer, tests: list[int]) -> bool:
        """Whether a mutant leaves to other tests what the clean code does not."""
        if not self._exact or answer.trial is None or not answer.trial.complete:
            return False
        asked = sum(1 << index for index in tests)
        litter = set(answer.trial.left_behind) - set(self.baseline.left_behind)
        return bool(litter) or not self.reach.expects(answer.changed, asked)

    def _affected(self, mutant: Mutant) -> tuple[range, ...]:
        edit = mutant.edit
        change = (edit.start, edit.end, edit.replacement.encode())
        return affected_lines(self._source(mutant), *change)

    def _source(self, mutant: Mutant) -> bytes:
        file = mutant.edit.file
        if file not in self._sources:
            self._sources[file] = (self.target.tree / file).read_bytes()
        return self._sources[file]

    def _tests(self, mutant: Mutant, maxfail: int) -> list[int]:
        """The tests that may notice a change of a function's body, in the order to run them."""
        reached = self.reach.of_change(mutant.edit, self._source(mutant))
        reached &= ~self.quiet(mutant)
        reached = self.reach.with_company(reached | self.reach.everywhere | self.reach.company)
        reached = reaches.closed(reached, self._all[0].shares)
        indices = self.reach.indices(reached)
        if maxfail == 1 and self._reorders:
            # The first failure is all that is asked for: quick and particular tests come first,
            # and one parameter set of each, since those of one function mostly fail together.
            return self.reach.varied(indices, self._effort)
        return indices

    def _likely(self, mutant: Mutant) -> list[int]:
        """The tests that execute what a mutant changes, the quick and particular ones first."""
        reached = self.reach.indices(self._alone(mutant))
        return self.reach.varied(reached, self._effort)
