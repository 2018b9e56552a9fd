"""The tests of a real bug that its clean code does not pass here: they say nothing of a fix.

An index says which they were where the bug was validated; another machine skips others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from bugbash.grading.verdict import FEW, Tally, Verdict
from bugbash.serving.scenario import Scenario
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.baseline import suite_key
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import open_slot

Watch = Callable[[int, int], None]
_TIMES = 3
"""That tests are run again over the clean code before their failing is held against a fix."""


def held_against_clean(
    verdict: Verdict,
    scenario: Scenario,
    target: Target,
    environment: Environment,
    store: Store,
    watch: Watch | None = None,
    halt: Event | None = None,
) -> Verdict:
    """The verdict without the PASS_TO_PASS tests that do not pass on the clean code either.

    The clean suite is run where such a test is in the way of a verdict, once on a machine; then,
    each time, what still is in the way: tests that a busy machine fails, it fails on clean code
    too. Nothing is said of a run that did not come to its end.
    """
    held = verdict.pass_to_pass
    if scenario.origin is None or held.whole or verdict.problem:
        return verdict
    known = _passing(scenario, target, environment, store, watch, halt)
    if known is None:
        return verdict
    failed = tuple(test for test in held.failed if test in known)
    if verdict.fail_to_pass.whole:
        shaky = _failing_now(failed, scenario, target, environment, halt)
        failed = tuple(test for test in failed if test not in shaky)
    tally = Tally(held.passed, failed, tuple(test for test in held.missing if test in known))
    return replace(
        verdict,
        solved=verdict.fail_to_pass.whole and tally.whole,
        pass_to_pass=tally,
        failures={
            name: result
            for name, result in verdict.failures.items()
            if name in tally.failed or name in verdict.fail_to_pass.failed
        },
    )


def _passing(
    scenario: Scenario,
    target: Target,
    environment: Environment,
    store: Store,
    watch: Watch | None,
    halt: Event | None,
) -> frozenset[str] | None:
    """The tests that pass on the clean code in one of two runs; None where a run was cut short."""
    key = suite_key(target, environment)
    kept = store.fact("real-suite", key)
    if kept is not None:
        return frozenset(kept)
    suite = Suite(scenario.left_out, scenario.ignored_files, alone=True)
    with open_slot(target, environment) as slot:
        slot.sync({})
        first = run_suite(slot, suite, watch=watch, halt=halt)
        if not _is_whole(first):
            return None
        passing = set(first.passing())
        if first.failing():
            second = run_suite(slot, replace(suite, only=first.failing()), watch=watch, halt=halt)
            if not _is_whole(second):
                return None
            passing |= set(second.passing())
    store.set_fact("real-suite", key, sorted(passing))
    return frozenset(passing)


def _failing_now(
    tests: tuple[str, ...],
    scenario: Scenario,
    target: Target,
    environment: Environment,
    halt: Event | None,
) -> frozenset[str]:
    """Those of a few tests that fail in one of several runs over the clean code, at this moment."""
    if not 0 < len(tests) <= FEW:
        return frozenset()
    suite = Suite(scenario.left_out, scenario.ignored_files, only=tests, alone=True)
    failing: set[str] = set()
    with open_slot(target, environment) as slot:
        for _ in range(_TIMES):
            slot.sync({})
            failing |= {*run_suite(slot, suite, halt=halt).failing()}
            if failing >= {*tests}:
                break
    return frozenset(failing & {*tests})


def _is_whole(trial: Trial) -> bool:
    return trial.ending == "finished" and not trial.broken
