"""The verdict: pristine tests over the learner's code, every known test accounted for."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event

from bugbash.grading.workspace_files import Submission
from bugbash.serving.scenario import Scenario
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import TestResult, Trial
from bugbash.trials.slot import open_slot

_SHORTEST_LIMIT_S = 20.0
_UNMEASURED_LIMIT_S = 120.0
_LIMIT_FACTOR = 20
_FEW = 3
_MOST_RUNS = 3
_ENDED = "the process ended in this test"
_PLACE = re.compile(r'File "([^"]+)", line (\d+)')


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
    def known(self) -> tuple[str, ...]:
        return (*self.passed, *self.failed, *self.missing)

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
    hung: str = ""
    """The test that was running when the time was over; tests after it are missing, not broken."""
    seconds: float = 0.0
    unsteady: tuple[str, ...] = ()
    """Tests that failed in one of two or three runs of the same code, and passed in another."""


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
    fewer, parameters aside, the suite runs again, up to twice, and what fails in two runs counts.
    """
    limit = _limit(scenario, target)
    test_limit = min(target.spec.test_limit_s, limit / 2)  # so that a hang tells where it is
    spec = replace(target.spec, suite_limit_s=limit, test_limit_s=test_limit)
    target = replace(target, spec=spec)
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
        runs = [verdict]
        while _is_undecided(runs):
            slot.sync(submission.changes)  # without what the last run wrote into the tree
            trial = run_suite(slot, suite, watch=watch, halt=halt)
            runs.append(verdict_of(scenario, trial, control))
    return of_runs(runs)


def _is_undecided(runs: Sequence[Verdict]) -> bool:
    """Whether another run is to tell: after one that failed, and after two that failed otherwise.

    Code that fails other tests in every run is told by the third from a suite that shakes.
    """
    if len(runs) == 1:
        return True
    return len(runs) < _MOST_RUNS and bool(runs[-1].pass_to_pass.failed) and of_runs(runs).solved


def of_runs(runs: Sequence[Verdict]) -> Verdict:
    """The verdict over a fix from two or three runs of the suite over the same code.

    A PASS_TO_PASS test that failed in one of them is not broken but unsteady; one that failed in
    two is broken. The first verdict where a later run is no better.
    """
    first, *others = runs
    if not all(_is_close(run) for run in others):
        return first
    failures = Counter(test for run in runs for test in run.pass_to_pass.failed)
    broken = tuple(test for test in first.pass_to_pass.known if failures[test] > 1)
    passed = tuple(test for test in first.pass_to_pass.known if test not in broken)
    told = {name: test for run in runs for name, test in run.failures.items()}
    return replace(
        runs[-1],
        solved=not broken,
        pass_to_pass=Tally(passed, broken, ()),
        failures={test: told[test] for test in broken},
        unsteady=tuple(sorted(failures.keys() - {*broken})),
    )


def functions_of(tests: Iterable[str]) -> set[str]:
    """The test functions, whatever their parameters: those of one mostly fail together."""
    return {test.partition("[")[0] for test in tests}


def are_few(tests: Iterable[str]) -> bool:
    """Whether a busy machine may fail so many tests beside a fix: one to three functions."""
    return len(functions_of(tests)) <= _FEW


def _is_close(run: Verdict) -> bool:
    """Whether a run shows the bug fixed and hardly another test failing."""
    held = run.pass_to_pass
    return run.fail_to_pass.whole and not (run.problem or held.missing) and are_few(held.failed)


def _may_be_timing(verdict: Verdict) -> bool:
    """Whether only a few tests stand between a fix and its verdict.

    Real suites hold tests that a busy machine can fail. The whole suite runs once more then, in
    the same order: what the fix broke fails again.
    """
    return bool(verdict.pass_to_pass.failed) and _is_close(verdict)


def _limit(scenario: Scenario, target: Target) -> float:
    usual = scenario.suite_seconds
    wanted = _UNMEASURED_LIMIT_S if usual is None else usual * _LIMIT_FACTOR
    return min(target.spec.suite_limit_s, max(_SHORTEST_LIMIT_S, wanted))


def verdict_of(scenario: Scenario, trial: Trial, control: str) -> Verdict:
    """What one run says. `control` is the name of the planted test."""
    hung = _hung(trial)
    problem = _hang(trial, hung) if hung else _problem(trial, control)
    if hung and trial.tests[hung].message == _ENDED:  # nobody knows whether it would have passed
        others = {name: test for name, test in trial.tests.items() if name != hung}
        trial = replace(trial, tests=others)
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
        hung=hung,
        seconds=trial.seconds,
    )


def _hung(trial: Trial) -> str:
    """The test that did not end, where that kept others from running."""
    if trial.ending != "timeout" and trial.complete:
        return ""
    stuck = [name for name, test in trial.tests.items() if test.timed_out]
    running = [name for name, test in trial.tests.items() if test.message == _ENDED]
    return next(iter([*stuck, *(running if trial.ending == "timeout" else [])]), "")


def _hang(trial: Trial, hung: str) -> str:
    where = trial.tests[hung].where
    place = f" at {where}" if where else ""
    left = len(set(trial.collected) - set(trial.tests))
    rest = f" {left} tests after it were not run." if left > 1 else ""
    return f"{hung} did not end{place}: is there an endless loop?{rest}"


def _tally(names: tuple[str, ...], trial: Trial) -> Tally:
    results = trial.tests
    return Tally(
        passed=tuple(n for n in names if n in results and results[n].outcome == "passed"),
        failed=tuple(n for n in names if n in results and results[n].outcome != "passed"),
        missing=tuple(n for n in names if n not in results),
    )


def _problem(trial: Trial, control: str) -> str:
    if trial.ending == "timeout":
        began = "after its last test" if trial.tests else "before its first test"
        return f"the suite did not end within its time limit, {began}: is there an endless loop?"
    if trial.ending == "died":
        return "the suite's process ended before its time"
    if trial.broken:
        file, message = min(trial.broken.items())
        return f"{file or 'the suite'} can't be collected: {_place(message)}{_reason(message)}"
    if trial.ending != "finished":
        return f"pytest could not run: {_reason(trial.log)}"
    planted = [test for name, test in trial.tests.items() if name.endswith(control)]
    if not planted or any(test.outcome != "failed" for test in planted):
        return "a test that must fail did not: the results can't be trusted"
    return ""


def _place(message: str) -> str:
    """`pkg/a.py:12: ` for code that does not parse, or nothing."""
    found = _PLACE.findall(message)
    if not found or not re.search(r"(?:Syntax|Indentation|Tab)Error", message):
        return ""
    file, line = found[-1]
    inside = file.replace("\\", "/").rpartition("/tree/")[2]
    return f"{inside}:{line}: "


def _reason(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    telling = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return (telling or lines or ["it said nothing"])[-1][:200]
