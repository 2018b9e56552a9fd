"""A scan of a target: what became of each of its mutants, and which are worth serving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bugbash.mutation.sites import Mutant
from bugbash.serving.difficulty import Signals, signals
from bugbash.targets.spec import Target
from bugbash.trials.audit import Audit, audit
from bugbash.trials.baseline import Baseline
from bugbash.trials.reach import Reach
from bugbash.trials.scan import MOST_FAILING, Engine, MutantTrial, try_mutants

_AHEAD = 32
"""Mutants for each job that are tried while the next in order takes its time."""
NOTICED = ("killed", "timeout", "died")
"""Outcomes by which a suite notices a mutant."""
COUNTED = (*NOTICED, "survived")
"""Outcomes that count in the killed share: the code ran, and the fault was not ours."""


@dataclass(frozen=True)
class Finding:
    """One mutant and what came of it."""

    mutant: Mutant
    trial: MutantTrial
    signals: Signals | None
    """Of a mutant that may be served; None for the others."""

    @property
    def servable(self) -> bool:
        """Whether one run lets hope for a bug: a few tests fail, and nothing else is changed."""
        return hopeful(self.trial)


def hopeful(trial: MutantTrial) -> bool:
    """Whether a trial was killed by a few tests and changed nothing else."""
    few = 1 <= len(trial.fail_to_pass) <= MOST_FAILING
    return trial.outcome == "killed" and trial.servable and trial.complete and few


@dataclass(frozen=True)
class Survey:
    """A whole scan."""

    target: Target
    baseline: Baseline
    reach: Reach
    findings: tuple[Finding, ...]
    audit: Audit | None
    """None where every mutant was tried cold."""
    seconds: float = 0.0

    @property
    def idle_tests(self) -> tuple[str, ...]:
        """Tests that failed for no mutant, in name order; meaningful for whole scans alone."""
        killers = {test for one in self.findings for test in one.trial.fail_to_pass}
        return tuple(sorted(set(self.baseline.passing) - killers))


def findings_of(
    engine: Engine, mutants: Sequence[Mutant], jobs: int, maxfail: int,
    each: Callable[[Finding], None],
) -> list[Finding]:  # fmt: skip
    """Try the mutants and hand over each finding as it comes, in the mutants' order."""
    found = []
    for mutant, trial in try_mutants(engine, mutants, jobs, maxfail, _AHEAD):
        finding = finding_of(engine, mutant, trial)
        each(finding)
        found.append(finding)
    return found


def finding_of(engine: Engine, mutant: Mutant, trial: MutantTrial) -> Finding:
    """A trial with its measured difficulty where it may be served."""
    if not hopeful(trial):
        return Finding(mutant, trial, None)
    measured = signals(engine.target.tree, engine.reach, (mutant.edit,), trial.traces)
    return Finding(mutant, trial, measured)


def audited(
    engine: Engine, findings: Iterable[Finding], seed: int, jobs: int, maxfail: int,
    step: Callable[[int, int], None],
) -> tuple[list[Finding], Audit]:  # fmt: skip
    """The findings with the cold engine's answer where it differs in the audited sample."""
    found = list(findings)
    made = audit(engine, [(one.mutant, one.trial) for one in found], seed, jobs, maxfail, step)
    right = {one.mutant.id: one.cold for one in made.differ}
    corrected = [
        finding_of(engine, one.mutant, right[one.mutant.id]) if one.mutant.id in right else one
        for one in found
    ]
    return corrected, made
