"""Finding bugs in a target without a catalogue: candidates in seeded order until one is proved."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from bugbash.mutation.data_files import mutable_files
from bugbash.mutation.load import load, mutator_folders, select
from bugbash.mutation.mutator import Mutator
from bugbash.mutation.sites import Mutant, mutants_in_tree
from bugbash.serving.blind import Withheld, withheld_if
from bugbash.serving.blind_report import told
from bugbash.serving.building import bug_of
from bugbash.serving.choosing import Place, Wanted, independent, not_enough, seed_of, weighted
from bugbash.serving.journeys import Observer, observer_of
from bugbash.serving.order import Order, Plan, Voice
from bugbash.serving.proving import Proof, prove
from bugbash.serving.reporting import report
from bugbash.serving.scenario import Bug
from bugbash.serving.survey import finding_of
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.auto import engine_of
from bugbash.trials.baseline import Baseline, baseline_of
from bugbash.trials.scan import MOST_FAILING, Engine, changed_files, try_mutants

_JOBS = 2


def search(
    order: Order, target: Target, environment: Environment, store: Store, voice: Voice
) -> Plan:
    """Prove as many independent bugs as ordered, and write their ticket.

    Every trial is kept in the store: the next search goes on from there. Raises EnvironmentProblem
    when the candidates run out.
    """
    wanted = order.wanted
    folders = mutator_folders(target, order.mutator_folders, voice.note)
    chosen = select(load(folders), wanted.mutators, wanted.families)
    mutators = {mutator.name: mutator for mutator in chosen}
    baseline = baseline_of(target, environment, store, voice.watch)
    voice.note(f"{len(baseline.passing)} tests pass on the clean code; looking for a bug ...")
    parts = (target, environment, baseline, store)
    with ThreadPoolExecutor(1) as meanwhile:
        mutants = meanwhile.submit(covered_mutants, target, baseline, mutators, order.wanted)
        with engine_of("auto", *parts, _JOBS, exact=False) as engine:
            return _Search(engine, mutators, order, voice).plan(mutants.result())


def covered_mutants(
    target: Target, baseline: Baseline, mutators: dict[str, Mutator], wanted: Wanted
) -> list[Mutant]:
    """Mutants on lines that some test runs, and those of data files, in seeded order."""
    files = [
        file
        for file in mutable_files(target)
        if file in baseline.reach.lines or not file.endswith(".py")
    ]
    reached = (
        mutant
        for mutant in mutants_in_tree(target.tree, files, mutators.values())
        if _reached(baseline.reach.lines.get(mutant.edit.file), mutant)
    )
    by_id = {mutant.id: mutant for mutant in reached}
    places = [Place(one.id, mutators[one.mutator].trait) for one in by_id.values()]
    seed = seed_of(target.spec.name, wanted.seed)
    return [by_id[place.id] for place in weighted(seed, places)]


def _reached(lines: dict[int, int] | None, mutant: Mutant) -> bool:
    """Whether a test runs a line of the mutant; nobody knows who reads a data file."""
    if lines is None:
        return True
    return any(line in lines for line in range(mutant.line, mutant.end_line + 1))


class _Search:
    def __init__(
        self, engine: Engine, mutators: dict[str, Mutator], order: Order, voice: Voice
    ) -> None:
        self._engine = engine
        self._mutators = mutators
        self._order = order
        self._wanted = order.wanted
        self._voice = voice

    @cached_property
    def _observer(self) -> Observer | None:
        """What tells the bugs by the target's journeys; made when the first bug is proved."""
        return observer_of(self._engine)

    def plan(self, mutants: list[Mutant]) -> Plan:
        chosen: list[Bug] = []
        for bug in self._proved(mutants):
            if not independent(chosen, bug):
                continue
            together = (*chosen, bug)
            proof = self._prove(together)
            if proof is None:
                continue
            changes = changed_files(self._engine.target, [one.edit for one in together])
            ticket = report(self._engine, self._observer, together, changes, proof)
            withheld = self._withheld(together, changes)
            if ticket is None or withheld is None:
                continue
            chosen.append(bug)
            if len(chosen) == self._wanted.bugs:
                baseline = self._engine.baseline
                return Plan(
                    bugs=together,
                    ticket=told(ticket, self._order, proof.fail_to_pass),
                    tests=baseline.passing,
                    left_out=tuple(test.id for test in baseline.left_out),
                    ignored_files=tuple(file.id for file in baseline.ignored_files),
                    suite_seconds=baseline.seconds,
                    withheld=withheld.tests,
                )
        raise not_enough(self._engine.target.argument, self._wanted, len(chosen))

    def _withheld(self, bugs: tuple[Bug, ...], changes: dict[str, bytes]) -> Withheld | None:
        """What a blind attempt goes without; None where the rest would not be green."""
        tests = self._engine.baseline.passing
        tree = self._engine.target.tree
        found = withheld_if(self._order.blind, tree, bugs, tests)
        if found is None or not found.files:
            return found
        if changes.keys() & found.files.keys():
            return None
        trial = self._engine.run({**changes, **found.files})
        stays = set(tests) - set(found.tests)
        return found if not trial.failing() and stays <= set(trial.collected) else None

    def _proved(self, mutants: list[Mutant]) -> Iterator[Bug]:
        """Bugs that a first trial lets hope for, in seeded order."""
        watch = self._voice.watch("looking for a bug")
        trials = try_mutants(self._engine, mutants, _JOBS, maxfail=MOST_FAILING + 1)
        for number, (mutant, trial) in enumerate(trials, 1):
            watch(number, 0)
            measured = finding_of(self._engine, mutant, trial).signals
            if measured and self._wanted.accepts_difficulty(measured.difficulty):
                mutator = self._mutators[mutant.mutator]
                yield bug_of(mutant, mutator, trial.fail_to_pass, measured)

    def _prove(self, bugs: tuple[Bug, ...]) -> Proof | None:
        """Prove the bugs together: exactly the tests of each fail."""
        changes = changed_files(self._engine.target, [bug.edit for bug in bugs])
        proof = prove(self._engine, changes, most=MOST_FAILING * len(bugs))
        expected = {test for bug in bugs for test in bug.fail_to_pass}
        if isinstance(proof, Proof) and set(proof.fail_to_pass) == expected:
            return proof
        return None
