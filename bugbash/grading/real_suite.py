"""The tests of a real bug that its clean code does not pass here: they say nothing of a fix.

An index says which they were where the bug was validated; another machine skips others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Event

from bugbash.grading.verdict import Tally, Verdict, are_few, functions_of
from bugbash.serving.scenario import Scenario
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.baseline import suite_key
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import Content, open_slot

Watch = Callable[[int, int], None]
_TIMES = 3
"""That tests are run again over the clean code before their failing is held against a fix."""


def held_against_clean(
    verdict: Verdict,
    scenario: Scenario,
    target: Target,
    environment: Environment,
    changes: Mapping[str, Content | None],
    store: Store,
    watch: Watch | None = None,
    halt: Event | None = None,
) -> Verdict:
    """The verdict without the PASS_TO_PASS tests that do not pass on the clean code either.

    The clean suite is run where such a test is in the way of a verdict, once on a machine; then,
    each time, what still is in the way: tests that a busy machine fails, it fails on clean code
    too. `changes` are those of the code that is judged. Nothing is said of a run that did not come
    to its end.
    """
    held = verdict.pass_to_pass
    if scenario.origin is None or held.whole or verdict.problem:
        return verdict
    known = _passing(scenario, target, environment, store, watch, halt)
    if known is None:
        return verdict
    failed = tuple(test for test in held.failed if test in known)
    if verdict.fail_to_pass.whole:
        shaky = _shaky(failed, changes, scenario, target, environment, halt)
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


def _shaky(
    tests: tuple[str, ...],
    changes: Mapping[str, Content | None],
    scenario: Scenario,
    target: Target,
    environment: Environment,
    halt: Event | None,
) -> frozenset[str]:
    """Those of a few tests that clean code fails too at this moment, in one of several runs.

    A test that fails by itself over the code with `changes` is run by itself over the clean code;
    one that fails among the others alone, among the others. What one parameter set of a function
    shows, it shows of all.
    """
    if not tests or not are_few(tests):
        return frozenset()
    suite = Suite(scenario.left_out, scenario.ignored_files, alone=True)
    with open_slot(target, environment) as slot:

        def failing(files: Mapping[str, Content | None], only: tuple[str, ...]) -> set[str]:
            slot.sync(files)
            return functions_of(run_suite(slot, replace(suite, only=only), halt=halt).failing())

        asked = functions_of(tests)
        by_itself = failing(changes, tests) & asked
        found: set[str] = set()
        for wanted, only in ((by_itself, tests), (asked - by_itself, ())):
            for _ in range(_TIMES):
                if not wanted <= found:
                    found |= failing({}, only) & wanted
    return frozenset(test for test in tests if functions_of([test]) <= found)


def _is_whole(trial: Trial) -> bool:
    return trial.ending == "finished" and not trial.broken
