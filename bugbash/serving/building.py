"""Building and proving the catalogue of a vendored target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bugbash.files import walk
from bugbash.mutation.load import load
from bugbash.mutation.mutator import Mutator
from bugbash.mutation.sites import Mutant, mutants_in_tree
from bugbash.resources import shipped
from bugbash.serving.catalogue import Catalogue, Entry, here
from bugbash.serving.choosing import rank
from bugbash.serving.journeys import Observer
from bugbash.serving.proving import Rejection, prove
from bugbash.serving.reporting import report
from bugbash.serving.scenario import Bug
from bugbash.targets.spec import Target
from bugbash.trials.scan import Engine, changed_files
from bugbash.trials.workers import workers

Step = Callable[[int, int], None]
"""Told after each mutant: how many are done, of how many."""


def python_files(target: Target) -> list[str]:
    """The Python files of the target that may be mutated, in name order."""
    sources = tuple(target.spec.sources)
    tests = tuple(target.spec.tests)
    names = (path.as_posix() for path in walk(target.tree))
    return [
        name
        for name in names
        if name.endswith(".py")
        and name not in target.overlay
        and any(_within(name, source) for source in sources)
        and not any(_within(name, test) for test in tests)
    ]


def _within(name: str, folder: str) -> bool:
    return folder == "." or name == folder or name.startswith(f"{folder}/")


def bug_of(mutant: Mutant, mutator: Mutator, fail_to_pass: tuple[str, ...]) -> Bug:
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
    )


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
        folder = shipped("target_projects") / engine.target.argument / "journeys"
        self.observer = Observer(engine, folder) if folder.is_dir() else None
        self.mutators = {mutator.name: mutator for mutator in load()}

    def mutants(self) -> list[Mutant]:
        """Every mutant of the target, in source order."""
        files = python_files(self.engine.target)
        return list(mutants_in_tree(self.engine.target.tree, files, self.mutators.values()))

    def _try_one(self, mutant: Mutant) -> Tried:
        """Prove one mutant and write its ticket."""
        changes = changed_files(self.engine.target, (mutant.edit,))
        proof = prove(self.engine, changes)
        if isinstance(proof, Rejection):
            return Tried(mutant, None, proof.why)
        bug = bug_of(mutant, self.mutators[mutant.mutator], proof.fail_to_pass)
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
    engine: Engine, jobs: int, step: Step, each: int | None = None
) -> tuple[Catalogue, list[Tried]]:
    """The catalogue of the engine's target as proved on this system and Python.

    Tries every mutant, or `each` of every mutator at most, in seeded order.
    """
    builder = Builder(engine)
    tried = list(builder.try_all(sampled(builder.mutants(), each), jobs, step))
    target = engine.target
    catalogue = Catalogue(
        target=target.argument,
        version=target.spec.version,
        digest=target.digest,
        tests=engine.baseline.passing,
        proved_on=(here(),),
        tried=_counts(tried),
        entries=tuple(one.entry for one in tried if one.entry is not None),
    )
    return catalogue, tried


def sampled(mutants: list[Mutant], each: int | None) -> list[Mutant]:
    """At most `each` mutants of every mutator, in source order; all where it is None."""
    chosen: set[str] = set()
    for name in {mutant.mutator for mutant in mutants}:
        of_name = [mutant.id for mutant in mutants if mutant.mutator == name]
        chosen.update(sorted(of_name, key=lambda identity: rank(0, identity))[:each])
    return [mutant for mutant in mutants if mutant.id in chosen]


def _counts(tried: list[Tried]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for one in tried:
        counts.setdefault(one.mutant.mutator, Counter())[one.why] += 1
    return {name: dict(sorted(count.items())) for name, count in sorted(counts.items())}


def prove_again(
    engine: Engine, catalogue: Catalogue, sample: int | None, seed: int, jobs: int, step: Step
) -> list[tuple[Entry, str]]:
    """Prove entries again on this system and Python; returns those that fail, and why.

    `sample` entries in seeded order, or all.
    """
    entries = sorted(catalogue.entries, key=lambda entry: rank(seed, entry.bug.id))[:sample]

    def fault_of(entry: Entry) -> str:
        changes = changed_files(engine.target, (entry.bug.edit,))
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
