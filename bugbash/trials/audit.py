"""Trying a sample of a scan's mutants again cold: how far the faster engines can be believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bugbash.mutation.sites import Mutant
from bugbash.trials.scan import Engine, MutantTrial, try_mutants

Tried = tuple[Mutant, MutantTrial]
Step = Callable[[int, int], None]
_LEAST, _MOST, _SHARE = 3, 20, 25


@dataclass(frozen=True)
class Disagreement:
    """A mutant of which the cold engine says something else; its answer is the one that counts."""

    mutant: Mutant
    said: MutantTrial
    cold: MutantTrial


@dataclass(frozen=True)
class Audit:
    """What came of the sample."""

    asked: int
    differ: tuple[Disagreement, ...]


def audit(
    engine: Engine, tried: Sequence[Tried], seed: int, jobs: int, maxfail: int, step: Step
) -> Audit:
    """Try a seeded sample of the mutants that were not tried cold again, and keep the answers.

    One mutant in 25, three at least and twenty at most. What a run that was stopped early or that
    hung did not come to is not compared.
    """
    warm = [one for one in tried if one[1].engine != "cold"]
    count = min(len(warm), max(_LEAST, min(_MOST, len(warm) // _SHARE)))
    warm.sort(key=lambda one: _rank(seed, one[0].id))
    chosen = warm[:count]
    reference = Engine(engine.target, engine.environment, engine.baseline, engine.store)
    reference.halt = engine.halt
    differ = []
    answers = try_mutants(reference, [mutant for mutant, _ in chosen], jobs, maxfail)
    for number, ((mutant, said), (_, cold)) in enumerate(zip(chosen, answers, strict=True), 1):
        step(number, count)
        if not agree(said, cold):
            differ.append(Disagreement(mutant, said, cold))
    found = Audit(count, tuple(differ))
    if engine.store is not None:
        value = {"asked": count, "differ": [one.mutant.id for one in differ]}
        engine.store.set_fact("audit", engine.suite_key, value)
    return found


def agree(said: MutantTrial, cold: MutantTrial) -> bool:
    """Whether two trials of a mutant say the same as far as both went."""
    if said.outcome != cold.outcome:
        return False
    if said.complete and cold.complete:
        return said.fail_to_pass == cold.fail_to_pass
    return True


def _rank(seed: int, identity: str) -> str:
    return hashlib.sha256(f"audit:{seed}:{identity}".encode()).hexdigest()
