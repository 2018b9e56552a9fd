"""What the method of an attempt is judged by: its history, its verdict, and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bugbash.grading.edits import History, Look
from bugbash.grading.regression import RegressionProof
from bugbash.grading.standing import Standing, standing_of
from bugbash.grading.verdict import Verdict
from bugbash.recording.timeline import Run, Timeline
from bugbash.serving.scenario import Scenario
from bugbash.words import since_start


@dataclass(frozen=True)
class Seen:
    """All that the steps are judged by."""

    scenario: Scenario
    timeline: Timeline
    history: History
    verdict: Verdict
    path: frozenset[str]
    """Files that the failing tests may run."""
    proof: RegressionProof = field(default_factory=RegressionProof)

    @property
    def fixed(self) -> int:
        return sum(bug.solved for bug in self.verdict.bugs)

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.verdict, self.scenario)

    @property
    def share(self) -> float:
        """The part of the bugs that is fixed; all of them while none is."""
        return self.fixed / len(self.verdict.bugs) if self.fixed else 1.0

    @property
    def targets(self) -> frozenset[str]:
        """The tests that show the bugs: those of the scenario, and proved ones of the learner's."""
        return frozenset((*self.scenario.fail_to_pass, *self.proof.reproducing))

    @cached_property
    def greens(self) -> tuple[Look | None, ...]:
        """For each bug the first run that saw its tests pass, over code that was edited."""
        return tuple(
            next((look for look in self.history.runs if self._green(look, bug.fail_to_pass)), None)
            for bug in self.scenario.bugs
        )

    @property
    def green_at(self) -> float | None:
        """When the last of the bugs turned green; None where one did not."""
        at = [look.at for look in self.greens if look is not None]
        return max(at) if len(at) == len(self.greens) else None

    def _green(self, look: Look, tests: tuple[str, ...]) -> bool:
        run = look.run
        assert run is not None
        # Of several bugs nobody knows which one a test of the learner's own is about.
        several = len(self.scenario.bugs) > 1 and not self.scenario.blind
        own = () if several else self.proof.reproducing
        held = {*tests, *own} & run.outcomes.keys()
        held = {test for test in held if look.state.says(test)}
        return bool(held) and held <= run.passed and look.state.edited

    def failing_before(self, at: float | None) -> Iterator[Look]:
        """Runs that saw a failing test fail, up to a time."""
        for look in self.history.runs:
            in_time = at is None or look.at < at
            if in_time and look.run is not None and look.run.failed & self.targets:
                yield look

    @cached_property
    def untouched(self) -> list[Look]:
        """Runs that saw a failing test fail before the first edit."""
        first = self.history.first_edit
        return [
            look
            for look in self.failing_before(None)
            if not look.state.edited and (first is None or look.at <= first)
        ]


def numbered(seen: Seen, run: Run) -> str:
    runs = seen.timeline.runs
    count = 1 + seen.timeline.runs_before + [one.id for one in runs].index(run.id)
    return f"run {count} at {since_start(run.at)}"
