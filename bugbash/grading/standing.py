"""How the failing tests of a scenario stand: those that the learner has, and the hidden ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bugbash.serving.scenario import Bug, Scenario

if TYPE_CHECKING:
    from bugbash.grading.verdict import Verdict

LEFT_OUT = "read the report again for a case that your fix leaves out, and write a test for it"
"""What to do where hidden tests alone fail."""


@dataclass(frozen=True)
class Standing:
    """How many of the failing tests pass now."""

    passed: int = 0
    total: int = 0
    """The failing tests that the workspace was served with."""
    hidden_passed: int = 0
    hidden: int = 0
    """Those that only `check` has."""
    only_hidden: bool = False
    """Whether all tests that the learner has pass, the failing ones among them, and hidden ones
    do not."""

    @property
    def told(self) -> str:
        """ "1 of 1 failing tests pass now, and 2 of 3 hidden ones"."""
        if not self.total:
            return f"{self.hidden_passed} of {self.hidden} hidden tests pass now"
        mine = f"{self.passed} of {self.total} failing tests pass now"
        if not self.hidden:
            return mine
        return f"{mine}, and {self.hidden_passed} of {self.hidden} hidden ones"

    @property
    def left(self) -> str:
        """What is said of the hidden tests where they alone fail."""
        failing = self.hidden - self.hidden_passed
        which = (
            "the hidden test, which tries other inputs of the same report, fails"
            if self.hidden == 1
            else f"{failing} of {self.hidden} hidden tests, which try other inputs of the same "
            f"report, {'fails' if failing == 1 else 'fail'}"
        )
        return f"{which}: the fix covers some cases only"

    def unfixed(self, nothing: str) -> str:
        """What is said of code in which no bug is fixed; `nothing` where no test passes either."""
        if self.passed < self.total and self.passed:
            return f"not fixed yet: {self.passed} of {self.total} failing tests pass"
        if self.hidden_passed < self.hidden and (self.passed or self.hidden_passed):
            return f"not fixed yet: {self.hidden_passed} of {self.hidden} hidden tests pass"
        if self.passed or self.hidden_passed:
            return "not fixed yet for other inputs than the tests'"
        return nothing


def standing_of(verdict: Verdict, scenario: Scenario) -> Standing:
    """Count what a verdict says, the tests that the workspace was served without apart."""
    hidden = frozenset(scenario.withheld)
    wanted, passed = set(scenario.fail_to_pass), set(verdict.fail_to_pass.passed)
    mine = wanted - hidden
    whole = not verdict.problem and verdict.pass_to_pass.whole
    return Standing(
        passed=len(passed & mine),
        total=len(mine),
        hidden_passed=len(passed & hidden),
        hidden=len(wanted & hidden),
        only_hidden=bool(mine) and whole and mine <= passed and not wanted <= passed,
    )


def shown_green(bug: Bug, verdict: Verdict, scenario: Scenario) -> bool:
    """Whether a bug has failing tests that the learner was given, and all of them pass."""
    mine = set(bug.fail_to_pass) - set(scenario.withheld)
    return bool(mine) and not verdict.problem and mine <= set(verdict.fail_to_pass.passed)
