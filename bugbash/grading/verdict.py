"""The verdict: pristine tests over the learner's code, every known test accounted for."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event

from bugbash.grading.workspace_files import Submission
from bugbash.serving.scenario import Scenario
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import TestResult, Trial
from bugbash.trials.slot import open_slot

_SHORTEST_LIMIT_S = 120.0
_LIMIT_FACTOR = 10
_FEW = 3


@dataclass(frozen=True)
class BugVerdict:
    """Whether one bug of the scenario is fixed."""

    number: int
    solved: bool


@dataclass(frozen=True)
class Tally:
    """What became of the tests that were expected to pass."""

    passed: tuple[str, ...]
    failed: tuple[str, ...]
    missing: tuple[str, ...]
    """Known ids that did not report."""

    @property
    def whole(self) -> bool:
        return not self.failed and not self.missing


@dataclass(frozen=True)
class Verdict:
    """Whether the bugs are fixed and nothing else broke."""

    solved: bool
    bugs: tuple[BugVerdict, ...]
    fail_to_pass: Tally
    pass_to_pass: Tally
    failures: dict[str, TestResult]
    problem: str = ""
    """What kept the suite from running as a whole, in a sentence."""
    seconds: float = 0.0
    unsteady: tuple[str, ...] = ()
    """Tests that failed in a first run and passed in a second, with the same code."""


def judge(
    scenario: Scenario,
    target: Target,
    environment: Environment,
    submission: Submission,
    watch: Callable[[int, int], None] | None = None,
    halt: Event | None = None,
) -> Verdict:
    """Run the pristine suite over the submitted code, with a planted test that must fail.

    Solved means: the run came to its end, every FAIL_TO_PASS and every PASS_TO_PASS test
    reported and passed, and the planted test failed. Where a fix breaks three other tests or
    fewer, the suite runs again and the second run decides.
    """
    target = replace(target, spec=replace(target.spec, suite_limit_s=_limit(scenario, target)))
    control = f"bugbash_control_{secrets.token_hex(8)}"
    suite = Suite(
        left_out=scenario.left_out,
        ignored_files=scenario.ignored_files,
        control=control,
        alone=True,
    )
    with open_slot(target, environment) as slot:
        slot.sync(submission.changes)
        verdict = verdict_of(scenario, run_suite(slot, suite, watch=watch, halt=halt), control)
        if not _may_be_timing(verdict):
            return verdict
        slot.sync(submission.changes)  # without what the first run wrote into the tree
        again = verdict_of(scenario, run_suite(slot, suite, watch=watch, halt=halt), control)
    return replace(again, unsteady=verdict.pass_to_pass.failed) if again.solved else verdict


def _may_be_timing(verdict: Verdict) -> bool:
    """Whether only a few tests stand between a fix and its verdict.

    Real suites hold tests that a busy machine can fail. The whole suite runs once more then, in
    the same order: what the fix broke fails again.
    """
    held = verdict.pass_to_pass
    fixed = not verdict.problem and verdict.fail_to_pass.whole
    return fixed and not held.missing and 0 < len(held.failed) <= _FEW


def _limit(scenario: Scenario, target: Target) -> float:
    usual = scenario.suite_seconds or 0.0
    return min(target.spec.suite_limit_s, max(_SHORTEST_LIMIT_S, usual * _LIMIT_FACTOR))


def verdict_of(scenario: Scenario, trial: Trial, control: str) -> Verdict:
    """What one run says. `control` is the name of the planted test."""
    problem = _problem(trial, control)
    fail_to_pass = _tally(scenario.fail_to_pass, trial)
    pass_to_pass = _tally(scenario.pass_to_pass, trial)
    passed = set(fail_to_pass.passed)
    trusted = not problem
    bugs = tuple(
        BugVerdict(number, trusted and set(bug.fail_to_pass) <= passed)
        for number, bug in enumerate(scenario.bugs, 1)
    )
    failed = (*fail_to_pass.failed, *pass_to_pass.failed)
    return Verdict(
        solved=trusted and fail_to_pass.whole and pass_to_pass.whole,
        bugs=bugs,
        fail_to_pass=fail_to_pass,
        pass_to_pass=pass_to_pass,
        failures={name: trial.tests[name] for name in failed},
        problem=problem,
        seconds=trial.seconds,
    )


def _tally(names: tuple[str, ...], trial: Trial) -> Tally:
    results = trial.tests
    return Tally(
        passed=tuple(n for n in names if n in results and results[n].outcome == "passed"),
        failed=tuple(n for n in names if n in results and results[n].outcome != "passed"),
        missing=tuple(n for n in names if n not in results),
    )


def _problem(trial: Trial, control: str) -> str:
    if trial.ending == "timeout":
        return "the suite did not end within its time limit"
    if trial.ending == "died":
        return "the suite's process ended before its time"
    if trial.broken:
        file, message = min(trial.broken.items())
        return f"{file or 'the suite'} can't be collected: {_reason(message)}"
    if trial.ending != "finished":
        return f"pytest could not run: {_reason(trial.log)}"
    planted = [test for name, test in trial.tests.items() if name.endswith(control)]
    if not planted or any(test.outcome != "failed" for test in planted):
        return "a test that must fail did not: the results can't be trusted"
    return ""


def _reason(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    telling = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return (telling or lines or ["it said nothing"])[-1][:200]
