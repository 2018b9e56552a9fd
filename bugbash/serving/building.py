"""Building and proving the catalogue of a vendored target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bugbash.files import Edit
from bugbash.mutation.data_files import mutable_files
from bugbash.mutation.load import load
from bugbash.mutation.mutator import Mutator
from bugbash.mutation.sites import Mutant, mutants_in_tree
from bugbash.serving.catalogue import Catalogue, Entry, here
from bugbash.serving.choosing import rank
from bugbash.serving.difficulty import Signals, signals
from bugbash.serving.journeys import observer_of
from bugbash.serving.levels import level
from bugbash.serving.proving import Proof, Rejection, prove
from bugbash.serving.reporting import report
from bugbash.serving.scenario import Bug
from bugbash.serving.survey import Finding, findings_of
from bugbash.trials.condition import CONDITIONS
from bugbash.trials.scan import MOST_FAILING, Engine, changed_files
from bugbash.trials.workers import workers

Step = Callable[[int, int], None]
"""Told after each mutant: how many are done, of how many."""


def bug_of(
    mutant: Mutant, mutator: Mutator, fail_to_pass: tuple[str, ...], measured: Signals
) -> Bug:
    """The bug that a proved mutant is."""
    return Bug(
        id=mutant.id,
        mutator=mutant.mutator,
        family=mutant.family,
        edit=mutant.edit,
        line=mutant.line,
        function=mutant.function,
        before=mutant.before,
        after=mutant.after,
        explanation=mutator.explanation,
        fail_to_pass=fail_to_pass,
        trait=mutator.trait,
        difficulty=measured.difficulty,
        at_once=measured.at_once,
    )


def signals_of(engine: Engine, edits: Iterable[Edit], proof: Proof) -> Signals:
    """How hard a proved bug is to find."""
    traces = {name: test.trace for name, test in proof.failures.items()}
    return signals(engine.target.tree, engine.reach, edits, traces)


@dataclass(frozen=True)
class Tried:
    """What became of one mutant: an entry, or why there is none."""

    mutant: Mutant
    entry: Entry | None
    why: str


class Builder:
    """Tries mutants of one vendored target and writes their tickets."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.observer = observer_of(engine)
        self.mutators = {mutator.name: mutator for mutator in load()}

    def mutants(self) -> list[Mutant]:
        """Every mutant of the target, in source order."""
        files = mutable_files(self.engine.target)
        return list(mutants_in_tree(self.engine.target.tree, files, self.mutators.values()))

    def _try_one(self, mutant: Mutant) -> Tried:
        """Prove one mutant and write its ticket."""
        changes = changed_files(self.engine.target, (mutant.edit,))
        proof = prove(self.engine, changes)
        if isinstance(proof, Rejection):
            return Tried(mutant, None, proof.why)
        measured = signals_of(self.engine, (mutant.edit,), proof)
        bug = bug_of(mutant, self.mutators[mutant.mutator], proof.fail_to_pass, measured)
        ticket = report(self.engine, self.observer, (bug,), changes, proof)
        if ticket is None:
            return Tried(mutant, None, "no report hides the cause")
        return Tried(mutant, Entry(bug, ticket), ticket.source)

    def try_all(self, mutants: list[Mutant], jobs: int, step: Step) -> Iterator[Tried]:
        """Try them side by side; results come in the mutants' order."""
        with workers(jobs, self.engine.halt) as at_work:
            for number, tried in enumerate(at_work.pool.map(self._try_one, mutants), 1):
                step(number, len(mutants))
                yield tried


def build(
    engine: Engine, jobs: int, watch: Callable[[str], Step], each: int | None = None
) -> tuple[Catalogue, list[Tried]]:
    """The catalogue of the engine's target as proved on this system and Python.

    Every mutant is tried once; those that may be served are proved, all of them or `each` of
    every mutator at most, in seeded order.
    """
    builder = Builder(engine)
    mutants = builder.mutants()
    step = watch("trying every mutant")
    found: list[Finding] = []

    def note(finding: Finding) -> None:
        found.append(finding)
        step(len(found), len(mutants))

    findings_of(engine, mutants, jobs, MOST_FAILING + 1, note)
    hopeful = [one.mutant for one in found if one.servable]
    tried = list(builder.try_all(sampled(hopeful, each), jobs, watch("proving")))
    target = engine.target
    catalogue = Catalogue(
        target=target.argument,
        version=target.spec.version,
        digest=target.digest,
        tests=engine.baseline.passing,
        proved_on=(here(engine.environment.interpreter),),
        tried=_tally((one.mutant.mutator, one.why) for one in tried),
        survey=_survey(found),
        levels=_levels(found),
        suite_seconds=engine.baseline.seconds,
        entries=distinct(one.entry for one in tried if one.entry is not None),
    )
    return catalogue, tried


def distinct(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries without those whose report is that of an earlier one: none is to be guessed."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.ticket.render(), entry)
    return tuple(first.values())


def _survey(found: list[Finding]) -> dict[str, dict[str, int]]:
    return _tally(
        (one.mutant.mutator, word)
        for one in found
        for word in ("mutants", one.trial.outcome, *(("servable",) if one.servable else ()))
    )


def _levels(found: list[Finding]) -> dict[str, dict[str, int]]:
    measured = ((one.mutant.family, one.signals) for one in found)
    return _tally((family, level(each.difficulty)) for family, each in measured if each)


def _tally(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Name, then word: how many pairs there are of them, in name order."""
    counts: dict[str, Counter[str]] = {}
    for name, word in pairs:
        counts.setdefault(name, Counter())[word] += 1
    return {name: dict(sorted(count.items())) for name, count in sorted(counts.items())}


def sampled(mutants: list[Mutant], each: int | None) -> list[Mutant]:
    """At most `each` mutants of every mutator, in source order; all where it is None."""
    chosen: set[str] = set()
    for name in {mutant.mutator for mutant in mutants}:
        of_name = [mutant.id for mutant in mutants if mutant.mutator == name]
        chosen.update(sorted(of_name, key=lambda identity: rank(0, identity))[:each])
    return [mutant for mutant in mutants if mutant.id in chosen]


def prove_again(
    engine: Engine, catalogue: Catalogue, sample: int | None, seed: int, jobs: int, step: Step,
    once: bool = False,
) -> list[tuple[Entry, str]]:  # fmt: skip
    """Prove entries again on this system and Python; returns those that fail, and why.

    `sample` entries in seeded order, or all; with `once`, each in the second circumstance alone.
    """
    entries = sorted(catalogue.entries, key=lambda entry: rank(seed, entry.bug.id))[:sample]

    def fault_of(entry: Entry) -> str:
        changes = changed_files(engine.target, (entry.bug.edit,))
        if once:
            failing = engine.run(changes, CONDITIONS[1]).failing()
            return "" if failing == entry.bug.fail_to_pass else f"breaks {', '.join(failing)}"
        proof = prove(engine, changes)
        if isinstance(proof, Rejection):
            return proof.why
        if proof.fail_to_pass != entry.bug.fail_to_pass:
            return f"breaks {', '.join(proof.fail_to_pass)}"
        return ""

    failed = []
    with workers(jobs, engine.halt) as at_work:
        faults = at_work.pool.map(fault_of, entries)
        for number, (entry, why) in enumerate(zip(entries, faults, strict=True), 1):
            step(number, len(entries))
            if why:
                failed.append((entry, why))
    return failed


def proved_here(catalogue: Catalogue, failed: list[tuple[Entry, str]]) -> Catalogue:
    """The catalogue with this system and Python added, without the entries that failed here."""
    gone = {entry.bug.id for entry, _ in failed}
    return replace(
        catalogue,
        proved_on=tuple(sorted({*catalogue.proved_on, here()})),
        entries=tuple(entry for entry in catalogue.entries if entry.bug.id not in gone),
    )
