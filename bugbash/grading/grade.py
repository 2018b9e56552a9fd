"""The grade: the verdict and the score, each with its evidence."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bugbash.grading.cleanup import CleanUp, clean_up_of
from bugbash.grading.difference import Difference, difference_of
from bugbash.grading.verdict import Verdict, judge
from bugbash.grading.workspace_files import Submission, submission_of
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.workers import workers
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import broken_files

FIX_POINTS = 40
STEP_POINTS = 12
STEPS = ("reproduce", "isolate", "hypothesis", "verify")
_FAIL_SHARE, _HOLD_SHARE = 25, 15
"""20 and 12, and to each its part of the 8 points for hidden tests: there are none yet."""
_SPARE_LINES = 3


@dataclass(frozen=True)
class Dimension:
    """One row of the rubric."""

    name: str
    points: int
    max: int
    observed: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Grade:
    """Everything that `check` found out about one attempt."""

    attempt: str
    target: str
    elapsed_s: float
    verdict: Verdict
    difference: Difference
    clean_up: CleanUp
    dimensions: tuple[Dimension, ...]
    integrity: tuple[str, ...]
    revealed: bool
    """Whether the answer was shown before: then there is a verdict and no score."""

    @property
    def score(self) -> int | None:
        return None if self.revealed else sum(d.points for d in self.dimensions)

    @property
    def max_score(self) -> int:
        return sum(d.max for d in self.dimensions)

    @property
    def equivalent(self) -> str | None:
        if self.difference.same_tree:
            return "ast"
        return "tests" if self.verdict.solved else None

    @property
    def exit_code(self) -> int:
        """0 solved; 4 not solved and tests or the marker were tampered with; 1 not solved."""
        if self.verdict.solved:
            return 0
        return 4 if self.integrity else 1


def grade(
    attempt: Attempt,
    target: Target,
    environment: Environment,
    watch: Callable[[int, int], None] | None = None,
) -> Grade:
    """Judge the workspace as it stands and say how the fix was left. Reads only."""
    broken = broken_files(attempt.scenario, target)
    submission = submission_of(attempt.workspace, target, broken, environment)
    with workers(1) as at_work:
        given = (attempt.scenario, target, environment, submission, watch, at_work.halt)
        running = at_work.pool.submit(judge, *given)
        difference = difference_of(attempt.workspace, target, broken, submission)
        clean_up = clean_up_of(attempt.workspace, target, broken, submission, difference)
        verdict = running.result()
    return Grade(
        attempt=attempt.id,
        target=attempt.scenario.target,
        elapsed_s=round(max(0.0, time.time() - attempt.row.created), 1),
        verdict=verdict,
        difference=difference,
        clean_up=clean_up,
        dimensions=_dimensions(verdict, difference, clean_up),
        integrity=_integrity(attempt, submission, clean_up),
        revealed=attempt.row.state == "revealed",
    )


def _dimensions(
    verdict: Verdict, difference: Difference, clean_up: CleanUp
) -> tuple[Dimension, ...]:
    unseen = [Dimension(s, 0, STEP_POINTS, False, ("not observed",)) for s in STEPS]
    return (_fix(verdict), *unseen, _left_clean(verdict, difference, clean_up))


def _fix(verdict: Verdict) -> Dimension:
    fixed = sum(bug.solved for bug in verdict.bugs)
    points = _FAIL_SHARE * fixed // len(verdict.bugs)
    if fixed and not verdict.problem and verdict.pass_to_pass.whole:
        points += _HOLD_SHARE * fixed // len(verdict.bugs)
    wanted, held = verdict.fail_to_pass, verdict.pass_to_pass
    total = len(wanted.passed) + len(wanted.failed) + len(wanted.missing)
    broken = len(held.failed) + len(held.missing)
    evidence = [f"{len(wanted.passed)} of {total} failing tests pass now"]
    evidence.append(f"{broken} other tests broke" if broken else "no other test broke")
    evidence += [f"{name} failed once and passed on a second run" for name in verdict.unsteady]
    return Dimension("fix", points, FIX_POINTS, True, tuple(evidence))


def _left_clean(verdict: Verdict, difference: Difference, clean_up: CleanUp) -> Dimension:
    """Three points each for no leftovers, tests as they were, a small diff, a commit.

    Only a change that fixes something can be cleaned up after.
    """
    if not any(bug.solved for bug in verdict.bugs):
        return Dimension("clean up", 0, STEP_POINTS, True, ("nothing is fixed yet",))
    findings = [*clean_up.leftovers, *(f"scratch file {name}" for name in clean_up.scratch)]
    size = difference.added + difference.removed
    reference = difference.reference_added + difference.reference_removed
    small = size <= 2 * reference + _SPARE_LINES
    parts = [
        (not findings, "no leftovers", f"left behind: {'; '.join(findings[:3])}"),
        (not clean_up.weakened, "tests as they were", f"tests: {'; '.join(clean_up.weakened[:3])}"),
        (small, "the diff is small", f"{size} lines changed, the reference changes {reference}"),
        (clean_up.committed, "committed with a message", "not committed"),
    ]
    points = sum(STEP_POINTS // len(parts) for good, _, _ in parts if good)
    evidence = tuple(yes if good else no for good, yes, no in parts)
    return Dimension("clean up", points, STEP_POINTS, True, evidence)


def _integrity(attempt: Attempt, submission: Submission, clean_up: CleanUp) -> tuple[str, ...]:
    found = list(clean_up.weakened)
    found += [
        f"{name} hides a module that is not yours; it was not run" for name in submission.shadowing
    ]
    if not attempt.marker_intact:
        found.append("the marker .bugbash was removed or altered")
    return tuple(found)
