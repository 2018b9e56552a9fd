"""Whether a fix holds for other values than those of the failing tests.

A variant of a failing test that fails on the broken code, and on the clean code does not, or by
another assertion's values, shows the symptom. Where it fails on the learner's code as it does on
the broken one, with the same message at the same place, only the tests' own values were treated;
so where at least half of a test's variants that the clean code passes get another value than they
ask for. An error that the learner's code raises itself for other values is no fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from threading import Event

from bugbash.grading.difference import means_clean
from bugbash.grading.differential import Differential
from bugbash.grading.variants import MARK, Variants, variants_of
from bugbash.grading.workspace_files import Submission
from bugbash.serving.scenario import Scenario
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.baseline import suite_key
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.outcome import TestResult
from bugbash.trials.slot import Content, open_slot

_FORMAT = "1"
_LIMIT_S = 30.0
_TEST_LIMIT_S = 5.0
_TELLING = 12
"""Variants that the learner's code is tried with."""
_FILES = 2
"""Files of failing tests of which there are variants."""
Changes = Mapping[str, Content | None]
Answer = list[str]
"""`passed`, or `failed` with message and file; empty where neither, or where it says nothing."""
Results = Mapping[str, TestResult]


@dataclass(frozen=True)
class _Variant:
    test: str
    """The test that it is made of, without parameters."""
    words: str
    """What is other in it."""


class _Written:
    """The files that hold the variants of a scenario's failing tests."""

    def __init__(self, scenario: Scenario, target: Target) -> None:
        self.files: dict[str, bytes] = {}
        self.of: dict[str, _Variant] = {}
        tests = {test.partition("[")[0] for test in scenario.fail_to_pass}
        for file in sorted({test.partition("::")[0] for test in tests})[:_FILES]:
            path = target.tree / file
            if not file.endswith(".py") or not path.is_file() or path.is_symlink():
                continue
            inside = [test for test in tests if test.startswith(f"{file}::")]
            for number, made in enumerate(variants_of(path.read_bytes(), inside)):
                self._add(target, PurePosixPath(file), number, made)

    def _add(self, target: Target, file: PurePosixPath, number: int, made: Variants) -> None:
        name = str(file.with_name(f"{file.stem}_other{number}.py"))
        if (target.tree / name).exists():
            return
        self.files[name] = made.source
        for inside, (test, words) in made.of.items():
            self.of[f"{name}::{inside}"] = _Variant(test, words)

    def of_result(self, test: str) -> _Variant | None:
        """What a test that ran is a variant of, whatever its parameters."""
        return self.of.get(test.partition("[")[0])


class _Runs:
    """Runs variants over one of the trees."""

    def __init__(self, target: Target, environment: Environment, halt: Event) -> None:
        spec = target.spec
        limited = replace(
            spec,
            suite_limit_s=min(spec.suite_limit_s, _LIMIT_S),
            test_limit_s=min(spec.test_limit_s, _TEST_LIMIT_S),
            pytest_args=(*spec.pytest_args, "-k", MARK),
        )
        self._target = replace(target, spec=limited)
        self._environment = environment
        self._halt = halt

    def over(
        self,
        changes: Changes,
        files: Mapping[str, bytes],
        only: Iterable[str] = (),
        condition: Condition = USUAL,
    ) -> dict[str, TestResult]:
        """What the variants in these files do, or some of them; nothing where the run has no end.

        `only`: ids of tests that are there.
        """
        suite = Suite(only=tuple(only) or tuple(files), keep_going=True, alone=True)
        with open_slot(self._target, self._environment, condition) as slot:
            slot.sync({**changes, **files})
            trial = run_suite(slot, suite, condition, halt=self._halt)
        return trial.tests if trial.ending == "finished" else {}


def varied_of(
    scenario: Scenario,
    target: Target,
    environment: Environment,
    submission: Submission,
    broken: Mapping[str, bytes],
    store: Store,
    halt: Event,
) -> Differential:
    """Try variants of the failing tests on code that passes them.

    Nothing is tried on code that means what the clean code does. Raises HaltedRun when `halt` is
    set meanwhile.
    """
    if means_clean(target, submission.changes):
        return Differential()
    written = _Written(scenario, target)
    if not written.of:
        return Differential()
    runs = _Runs(target, environment, halt)
    telling = _telling(written, runs, broken, store, suite_key(target, environment))
    tried = dict(list(telling.items())[:_TELLING])
    own = runs.over(submission.changes, written.files, tried) if tried else {}
    doubtful = [test for test in tried if _answer(own, test) == tried[test].broken]
    doubtful += [test for test in _mostly_wrong(written, tried, own) if test not in doubtful]
    still = _confirmed(doubtful, written, runs, broken, submission.changes)
    tests = {test: written.of_result(test) for test in still}
    made_of = {variant.test for variant in tests.values() if variant is not None}
    told = tuple(_told(scenario, variant) for variant in tests.values() if variant is not None)
    return Differential(len(own), tuple(dict.fromkeys(told)), _at_fault(scenario, made_of))


@dataclass(frozen=True)
class _Telling:
    """A variant that shows the symptom."""

    passes: bool
    """Whether the clean code passes it."""
    broken: Answer
    """That of the broken code."""


def _telling(
    written: _Written, runs: _Runs, broken: Mapping[str, bytes], store: Store, suite: str
) -> dict[str, _Telling]:
    """The variants that show the symptom, those that the clean code passes first; from the store
    where they are there."""
    parts = {**{f"broken {name}": content for name, content in broken.items()}, **written.files}
    digest = hashlib.sha256(b"\0".join(b"%s\0%s" % (n.encode(), c) for n, c in parts.items()))
    key = f"{_FORMAT}-{suite}-{digest.hexdigest()[:16]}"
    kept = store.fact("variants", key)
    if kept is None:
        clean = runs.over({}, written.files)
        asked = [test for test in clean if written.of_result(test) and _answer(clean, test)]
        before = runs.over(broken, written.files, asked) if asked else {}
        found = [test for test in asked if _tells(clean, before, test)]
        kept = [[test, _passes(clean, test), _answer(before, test)] for test in found]
        kept.sort(key=lambda row: not row[1])
        store.set_fact("variants", key, kept)
    return {test: _Telling(passes, answer) for test, passes, answer in kept}


def _mostly_wrong(written: _Written, tried: Mapping[str, _Telling], own: Results) -> list[str]:
    """The variants that get another value than they ask for, of tests of which half do."""
    passed: dict[str, list[str]] = {}
    for test, telling in tried.items():
        variant = written.of_result(test)
        if telling.passes and variant is not None:
            passed.setdefault(variant.test, []).append(test)
    wrong = {
        name: [test for test in tests if _is_wrong(own, test)] for name, tests in passed.items()
    }
    return [test for name, tests in wrong.items() if 2 * len(tests) >= len(passed[name])
            for test in tests]  # fmt: skip


def _passes(results: Results, test: str) -> bool:
    return test in results and results[test].outcome == "passed"


def _is_wrong(results: Results, test: str) -> bool:
    """Whether an assertion of the test itself fails."""
    answer = _answer(results, test)
    return answer[:1] == ["failed"] and answer[2] == test.partition("::")[0]


def _answer(results: Results, test: str) -> Answer:
    result = results.get(test)
    if result is None or result.timed_out or result.network:
        return []
    if result.outcome == "passed":
        return ["passed"]
    if result.outcome != "failed":
        return []
    return ["failed", result.message, result.where.rpartition(":")[0]]


def _tells(clean: Results, broken: Results, test: str) -> bool:
    """Whether a variant shows the symptom: a value that a test compares may be wrong in both."""
    right, wrong = _answer(clean, test), _answer(broken, test)
    if not right or wrong[:1] != ["failed"]:
        return False
    both = _is_wrong(clean, test) and _is_wrong(broken, test)
    return right == ["passed"] or (both and right != wrong)


def _confirmed(
    doubtful: list[str], written: _Written, runs: _Runs, broken: Changes, own: Changes
) -> list[str]:
    """Those that come out the same once more, in other circumstances."""
    if not doubtful:
        return []
    clean, before, mine = (
        runs.over(changes, written.files, doubtful, CONDITIONS[1]) for changes in ({}, broken, own)
    )
    return [
        test
        for test in doubtful
        if _tells(clean, before, test)
        and (
            _answer(before, test) == _answer(mine, test)
            or (_passes(clean, test) and _is_wrong(mine, test))
        )
    ]


def _told(scenario: Scenario, variant: _Variant) -> str:
    """Which case still fails; nothing is named that the learner may not know."""
    shown = {test.partition("[")[0] for test in scenario.shown_tests}
    if variant.test not in shown or scenario.details == "none":
        return "a failing test with other values in it"
    return f"{variant.test} with {variant.words}"


def _at_fault(scenario: Scenario, tests: set[str]) -> frozenset[int]:
    """Numbers of the bugs that break one of these tests."""
    return frozenset(
        number
        for number, bug in enumerate(scenario.bugs, 1)
        if tests & {test.partition("[")[0] for test in bug.fail_to_pass}
    )
