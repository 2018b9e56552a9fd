"""Whether a fix holds for other values than those of the failing tests.

A change that brings a value of a failing test into the code is asked for others: variants of the
test that fail on the broken code, and on the clean code do not, or by another assertion's values.
Where every variant in which a value is another fails as on the broken code, or gets something else
than it asks for, only that value was treated. One that the code answers as the clean code does
clears it, and so do errors that the code raises itself: a fix may be stricter than the clean code.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from threading import Event

from bugbash.grading.differential import Differential
from bugbash.grading.variants import (
    MARK,
    Literal,
    Variant,
    Variants,
    literals_in,
    literals_of,
    variants_of,
)
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

_FORMAT = "2"
_LIMIT_S = 15.0
_TEST_LIMIT_S = 2.0
_OF_TEST = 16
"""Variants of each test that the learner's code is tried with."""
_LEAST = 2
"""So many variants of a value must agree."""
_FILES = 2
"""Files of failing tests of which there are variants."""
Changes = Mapping[str, Content | None]
Answer = list[str]
"""`passed`, or `failed` with message and the last file of the tree; empty where neither, or where
it says nothing."""
Answers = dict[str, Answer]


class _Written:
    """The files that hold the variants of a scenario's failing tests."""

    def __init__(self, scenario: Scenario, target: Target) -> None:
        self.files: dict[str, bytes] = {}
        self.of: dict[str, Variant] = {}
        self.literals: list[Literal] = []
        """Those of the failing tests."""
        tests = {test.partition("[")[0] for test in scenario.fail_to_pass}
        for file in sorted({test.partition("::")[0] for test in tests})[:_FILES]:
            path = target.tree / file
            if not file.endswith(".py") or not path.is_file() or path.is_symlink():
                continue
            source = path.read_bytes()
            inside = sorted(test for test in tests if test.startswith(f"{file}::"))
            for test in inside:
                self.literals += literals_of(source, test)
            for number, made in enumerate(variants_of(source, inside)):
                self._add(target, PurePosixPath(file), number, made)

    def _add(self, target: Target, file: PurePosixPath, number: int, made: Variants) -> None:
        name = str(file.with_name(f"{file.stem}_other{number}.py"))
        if (target.tree / name).exists():
            return
        self.files[name] = made.source
        for inside, variant in made.of.items():
            self.of[f"{name}::{inside}"] = variant


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
    ) -> Answers:
        """What the variants in these files do, or some of them; nothing where the run has no end.

        A variant with parameters fails with the first of them that does. `only`: ids that are
        there.
        """
        suite = Suite(only=tuple(only) or tuple(files), keep_going=True, alone=True)
        with open_slot(self._target, self._environment, condition) as slot:
            slot.sync({**changes, **files})
            trial = run_suite(slot, suite, condition, halt=self._halt)
        found: Answers = {}
        for test, result in trial.tests.items() if trial.ending == "finished" else ():
            name, answer = test.partition("[")[0], _answer(result)
            if found.get(name, ["passed"]) == ["passed"]:
                found[name] = answer
        return found


def _answer(result: TestResult) -> Answer:
    if result.timed_out or result.network:
        return []
    if result.outcome == "passed":
        return ["passed"]
    if result.outcome != "failed":
        return []
    places = [entry.rpartition(":")[0] for entry in result.trace]
    inside = [place for place in places if not place.startswith(("/", ".")) and ":" not in place]
    return ["failed", result.message, inside[-1] if inside else ""]


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

    Nothing is tried where the change brings none of the tests' values into the code. Raises
    HaltedRun when `halt` is set meanwhile.
    """
    added = _added(target, broken, submission)
    if not added:
        return Differential()
    written = _Written(scenario, target)
    if not any(_is_of(value, other) for value in added for other in written.literals):
        return Differential()
    runs = _Runs(target, environment, halt)
    telling = _telling(written, runs, broken, store, suite_key(target, environment))
    tried = {name: one for name, one in telling.items() if name in _chosen(written, telling)}
    own = runs.over(submission.changes, written.files, tried) if tried else {}
    wrong = [name for name, one in tried.items() if one.is_shown_by(own.get(name, []), name)]
    right = {name for name, one in tried.items() if own.get(name) == one.clean}
    treated = _treated(written, tried, wrong, right)
    still = _confirmed(treated, written, runs, broken, submission.changes)
    if len({name for names in treated.values() for name in names} - set(still)):
        still = []
    tests = {written.of[name].test for name in still}
    told = dict.fromkeys(_told(scenario, written.of[name]) for name in still)
    return Differential(len(own), tuple(told), _at_fault(scenario, tests), asked=True)


def _added(target: Target, broken: Mapping[str, bytes], submission: Submission) -> list[Literal]:
    """The literals that the learner's code has and the broken code has not, or not so often."""
    found: list[Literal] = []
    for name, path in submission.changes.items():
        if path is None or not name.endswith(".py") or not path.is_file():
            continue
        clean = target.tree / name
        served = broken.get(name, clean.read_bytes() if clean.is_file() else b"")
        more = Counter(literals_in(path.read_bytes())) - Counter(literals_in(served))
        found += [value for _, value in more]
    return found


def _is_of(value: Literal, other: Literal) -> bool:
    """Whether a value in the code may be one of a test: equal, or a part of it."""
    if isinstance(value, int | float) or isinstance(other, int | float):
        return value == other and value not in (0, 1)
    one, two = (v.decode("latin-1") if isinstance(v, bytes) else v for v in (value, other))
    return bool(one) and bool(two) and (one in two or two in one)


@dataclass(frozen=True)
class _Telling:
    """A variant that shows the symptom."""

    clean: Answer
    broken: Answer

    @property
    def passes(self) -> bool:
        """Whether the clean code passes it."""
        return self.clean == ["passed"]

    def is_shown_by(self, answer: Answer, name: str) -> bool:
        """Whether code that answers so has the symptom."""
        return answer == self.broken or (self.passes and _is_wrong(answer, name))


def _telling(
    written: _Written, runs: _Runs, broken: Mapping[str, bytes], store: Store, suite: str
) -> dict[str, _Telling]:
    """The variants that show the symptom, from the store where they are there."""
    parts = {**{f"broken {name}": content for name, content in broken.items()}, **written.files}
    digest = hashlib.sha256(b"\0".join(b"%s\0%s" % (n.encode(), c) for n, c in parts.items()))
    key = f"{_FORMAT}-{suite}-{digest.hexdigest()[:16]}"
    kept = store.fact("variants", key)
    if kept is None:
        clean = runs.over({}, written.files)
        asked = [name for name, answer in clean.items() if answer and name in written.of]
        before = runs.over(broken, written.files, asked) if asked else {}
        kept = [
            [name, clean[name], before[name]]
            for name in asked
            if _tells(clean[name], before.get(name, []), name)
        ]
        store.set_fact("variants", key, kept)
    return {name: _Telling(right, wrong) for name, right, wrong in kept}


def _tells(right: Answer, wrong: Answer, name: str) -> bool:
    """Whether a variant shows the symptom: a value that a test compares may be wrong in both."""
    if wrong[:1] != ["failed"]:
        return False
    return right == ["passed"] or (_is_wrong(right, name) and right != wrong)


def _is_wrong(answer: Answer, name: str) -> bool:
    """Whether an assertion of the test itself fails."""
    return answer[:1] == ["failed"] and answer[2] == name.partition("::")[0]


def _chosen(written: _Written, telling: Mapping[str, _Telling]) -> set[str]:
    """Some variants of each test, those that the clean code passes first."""
    found: dict[str, list[str]] = {}
    for name in sorted(telling, key=lambda name: not telling[name].passes):
        found.setdefault(written.of[name].test, []).append(name)
    return {name for names in found.values() for name in names[:_OF_TEST]}


def _treated(
    written: _Written, tried: Mapping[str, _Telling], wrong: list[str], right: set[str]
) -> dict[tuple[str, str], list[str]]:
    """The values (test, literal) that alone were treated, with the variants that say so: those
    that the clean code passes, where they are enough, else all. One that is answered rightly
    clears a value."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in tried:
        for literal in sorted(written.of[name].old):
            found.setdefault((written.of[name].test, literal), []).append(name)
    treated = {}
    for value, names in found.items():
        passed = [name for name in names if tried[name].passes]
        telling = passed if len(passed) >= _LEAST else names
        if len(telling) >= _LEAST and set(telling) <= set(wrong) and not right & set(names):
            treated[value] = telling
    return treated


def _confirmed(
    treated: Mapping[tuple[str, str], list[str]], written: _Written, runs: _Runs,
    broken: Changes, own: Changes,
) -> list[str]:  # fmt: skip
    """The variants that come out the same once more, in other circumstances."""
    doubtful = list(dict.fromkeys(name for names in treated.values() for name in names))
    if not doubtful:
        return []
    clean, before, mine = (
        runs.over(changes, written.files, doubtful, CONDITIONS[1]) for changes in ({}, broken, own)
    )
    found = []
    for name in doubtful:
        right, wrong = clean.get(name, []), before.get(name, [])
        again = _Telling(right, wrong)
        if _tells(right, wrong, name) and again.is_shown_by(mine.get(name, []), name):
            found.append(name)
    return found


def _told(scenario: Scenario, variant: Variant) -> str:
    """Which case still fails; nothing is named that the learner may not know."""
    shown = {test.partition("[")[0] for test in scenario.shown_tests}
    if variant.test not in shown or scenario.details != "full":
        return "a failing test with other values in it"
    return f"{variant.test} with {variant.words}"


def _at_fault(scenario: Scenario, tests: set[str]) -> frozenset[int]:
    """Numbers of the bugs that break one of these tests."""
    return frozenset(
        number
        for number, bug in enumerate(scenario.bugs, 1)
        if tests & {test.partition("[")[0] for test in bug.fail_to_pass}
    )
