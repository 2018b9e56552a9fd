"""Runs that show a bug, and those that look at it alone."""

from __future__ import annotations

from collections.abc import Set

from bugbash.recording.timeline import Run
from bugbash.serving.scenario import Scenario

_FEW, _ONE_IN = 5, 10


def showing(run: Run, scenario: Scenario, tests: Set[str]) -> frozenset[str]:
    """The tests of a run that show a bug: those of `tests` that failed, else the learner's own."""
    own = run.failed.difference(scenario.pass_to_pass, scenario.fail_to_pass)
    return run.failed & tests or own


def narrowed(run: Run, scenario: Scenario, tests: Set[str]) -> bool:
    """Whether a run was of five tests, or a tenth of the suite, and showed the bug of `tests`."""
    suite = len(scenario.fail_to_pass) + len(scenario.pass_to_pass)
    few = 0 < len(run.tests) <= max(_FEW, suite // _ONE_IN) and len(run.tests) < suite
    return run.ended_at is not None and few and bool(showing(run, scenario, tests))
