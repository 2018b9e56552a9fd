"""Whether a fix can be replayed: its tests fail without it and pass with it, in every condition."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from bugbash.files import is_under, remove_tree
from bugbash.mining.bench import Bench
from bugbash.resources import home
from bugbash.syntax import parsed
from bugbash.targets.detection import pytest_config
from bugbash.targets.environment import Environment
from bugbash.targets.history.fixes import Fix
from bugbash.targets.spec import Target
from bugbash.trials.baseline import Baseline, LeftOut, first_line, first_look, last_line
from bugbash.trials.cold import Suite
from bugbash.trials.condition import CONDITIONS, Condition
from bugbash.trials.outcome import Trial
from bugbash.trials.scan import MOST_FAILING
from bugbash.trials.slot import Slot, open_slot

_ERROR = re.compile(r"(?:E\s+)?(?:[\w.]+\.)?\w*(?:Error|Exception|Warning|Interrupted|Exit)\b.*")
_FOLDERS = re.compile(r"(?:/[^\s/:'\"]+){2,}/")
_SKIPPED = re.compile(r"^=+ \d+ skipped in ", re.MULTILINE)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_MOST_OTHERS = 50
"""Many tests that fail besides, whatever the size of the suite: they are not for this tree."""


@dataclass(frozen=True)
class Subject:
    """A fix in one environment: the clean tree as a target, and the files as they were before."""

    fix: Fix
    target: Target
    environment: Environment
    broken: Mapping[str, bytes]
    changed: Callable[[], frozenset[str]] = frozenset
    """Tells the names of the test functions that the fix changes or adds; none: nobody knows."""


@dataclass(frozen=True)
class Cost:
    """Seconds of a validation."""

    needed: float = 0.0
    """Of the two runs that it can't do without, added up."""
    suite: float = 0.0
    """That the whole suite took on both trees, side by side where they can be."""


@dataclass(frozen=True)
class Valid:
    """A fix that can be replayed."""

    fail_to_pass: tuple[str, ...]
    tests: int
    """How many pass on the clean tree, those aside that are left out."""
    left_out: tuple[str, ...]
    ignored_files: tuple[str, ...]
    suite_seconds: float
    cost: Cost


@dataclass(frozen=True)
class Fault:
    """Why a fix can't be replayed in this environment."""

    why: str
    """A word: no-fail-to-pass, fix-fails ..."""
    told: str
    """One line for a person."""
    elsewhere: bool = False
    """Whether another environment may do better."""


class _Stopped(Exception):
    def __init__(self, why: str, told: str, elsewhere: bool = False) -> None:
        super().__init__(told)
        self.fault = Fault(why, told, elsewhere)


def validate(subject: Subject, bench: Bench, most: int = MOST_FAILING) -> Valid | Fault:
    """Whether the fix's tests fail without it and pass with it, three times.

    The changed test files run on the broken and on the clean tree; what fails there and passes
    here (FAIL_TO_PASS, as SWE-bench has it) runs again, alone; then the whole suite. The two trees
    run side by side, each time in other conditions, and each of them in all three.
    Raises HaltedRun when the bench is halted.
    """
    usual, second, third = CONDITIONS
    files = changed_test_files(subject.fix, subject.target)
    try:
        with ExitStack() as held:
            one, two = _place(subject, usual, held), _place(subject, second, held)
            first = _first(_Pair(subject, one, two, bench), files, most)
            three = _place(subject, third, held)
            alone = _confirmed(_Pair(subject, two, three, bench), first)
            return _whole(_Pair(subject, three, one, bench), alone)
    except _Stopped as stopped:
        return stopped.fault


def changed_tests(before: bytes, after: bytes) -> frozenset[str]:
    """The names of the test functions that a test file has anew, or otherwise than before."""
    old, new = _functions(before), _functions(after)
    return frozenset(name for _, name in set(new) - set(old))


def _functions(source: bytes) -> list[tuple[str, str]]:
    """(syntax tree, name) of each test function; none where the file does not parse here."""
    module = parsed(source)
    if module is None:
        return []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(module) if isinstance(node, kinds)]
    return [(ast.dump(node), node.name) for node in found if node.name.startswith("test")]


def changed_test_files(fix: Fix, target: Target) -> tuple[str, ...]:
    """The test files that a fix changes, as pytest collects them; empty: only what they use."""
    config = pytest_config.read(target.tree)
    return tuple(
        name
        for name in fix.tests
        if (config.is_test_file(PurePosixPath(name)) or name in target.spec.tests)
        and (target.tree / name).is_file()
        and is_under(name, target.spec.tests)
    )


@dataclass(frozen=True)
class _Place:
    """Where suites run, and under which circumstances."""

    slot: Slot
    condition: Condition


def _place(subject: Subject, condition: Condition, held: ExitStack) -> _Place:
    """A place to run in, removed afterwards: no other commit has the same tree."""
    slot = held.enter_context(open_slot(subject.target, subject.environment, condition))
    held.callback(remove_tree, slot.folder)
    return _Place(slot, condition)


@dataclass(frozen=True)
class _Pair:
    """The two places of the two trees."""

    subject: Subject
    broken: _Place
    clean: _Place
    bench: Bench

    def run(self, suite: Suite) -> tuple[Trial, Trial]:
        """A suite on the broken tree and on the clean one, side by side."""
        with ThreadPoolExecutor(1) as beside:
            other = beside.submit(self._run, self.broken, self.subject.broken, suite)
            clean = self._run(self.clean, {}, suite)
            return other.result(), clean

    def _run(self, place: _Place, changes: Mapping[str, bytes], suite: Suite) -> Trial:
        place.slot.sync(changes)
        return self.bench.run(place.slot, suite, place.condition)


@dataclass(frozen=True)
class _Found:
    """FAIL_TO_PASS as far as it is known, with the files it lies in and the other ids of these."""

    fail_to_pass: tuple[str, ...]
    files: tuple[str, ...]
    others: tuple[str, ...]
    unsteady: tuple[str, ...]
    cost: Cost


def _first(pair: _Pair, files: tuple[str, ...], most: int) -> _Found:
    """The changed test files on both trees."""
    broken, clean = pair.run(Suite(only=files, keep_going=True))
    if _says_nothing(broken):
        raise _Stopped("no-fail-to-pass", "all of its tests pass without it too")
    _check_clean(clean)
    _check_broken(broken)
    known = set(broken.collected) & set(clean.collected)
    local = {
        name for name in known if not (clean.tests[name].network or broken.tests[name].network)
    }
    found = tuple(name for name in broken.failing() if name in local & set(clean.passing()))
    _check_found(found, most)
    if not found:
        _say_why_none(pair.subject, broken, clean)
    return _Found(
        fail_to_pass=found,
        files=tuple(sorted({name.split("::")[0] for name in found})),
        others=tuple(sorted({*broken.collected, *clean.collected} - set(found))),
        unsteady=tuple(sorted(set(clean.collected) - known)),
        cost=Cost(needed=broken.seconds + clean.seconds),
    )


def _says_nothing(broken: Trial) -> bool:
    """Whether the broken tree shows no bug, without doubt: tests run, and none fails."""
    whole = broken.ending == "finished" and broken.complete and not broken.broken
    return whole and bool(broken.passing()) and not broken.failing()


def _check_clean(clean: Trial) -> None:
    """Raises where the environment, or the fix itself, does not let the tests pass."""
    if clean.broken:
        file, text = min(clean.broken.items())
        raise _Stopped("environment", f"{file}: {_said(text)}", elsewhere=True)
    if clean.ending == "timeout":
        raise _Stopped("hangs", "its tests do not end with it either", elsewhere=True)
    if not clean.tests and _SKIPPED.search(clean.log):
        raise _Stopped("skipped", "its test files are skipped here", elsewhere=True)
    if clean.ending != "finished" or not clean.tests:
        raise _Stopped("environment", f"pytest: {_said(clean.log)}", elsewhere=True)
    if not clean.passing():
        failing = clean.failing()
        if not failing:
            raise _Stopped("skipped", "all of its tests are skipped here", elsewhere=True)
        raise _Stopped("fix-fails", _failure(clean, failing[0]), elsewhere=True)


def _check_broken(broken: Trial) -> None:
    """Raises where more than tests that fail tells the broken tree from the clean one."""
    if broken.broken:
        file, text = min(broken.broken.items())
        raise _Stopped("breaks-collection", f"{file}: {_said(text)}")
    if broken.ending == "timeout" or (_hanging(broken) and not broken.complete):
        raise _Stopped("hangs", "the suite does not end without it")
    if broken.ending != "finished":
        word = "breaks-collection" if broken.ending == "invalid" else "dies"
        raise _Stopped(word, f"pytest without it: {_said(broken.log)}")


def _check_found(found: tuple[str, ...], most: int) -> None:
    """Raises where FAIL_TO_PASS is too large, or of tests that have no name to keep."""
    if len(found) > most:
        raise _Stopped("too-many-failing", f"{len(found)} tests fail without it, over {most}")
    nameless = [name for name in found if _has_passing_name(name)]
    if nameless:
        raise _Stopped("unstable-ids", f"an id that changes from run to run: {nameless[0]}")


def _say_why_none(subject: Subject, broken: Trial, clean: Trial) -> None:
    """Raises what it is that FAIL_TO_PASS is empty for."""
    changed = subject.changed()
    own = [name for name in broken.failing() if _is_of(name, changed)]
    elsewhere = [name for name in own if name in clean.tests]
    if any(_leaves(name, broken, clean) for name in elsewhere):
        raise _Stopped("network", "its tests need the network")
    if elsewhere:
        raise _Stopped("fix-fails", _failure(clean, elsewhere[0]), elsewhere=True)
    if own:
        raise _Stopped("unstable-ids", f"an id that only one run has: {own[0]}")
    raise _Stopped("no-fail-to-pass", "all of its tests pass without it too")


def _is_of(name: str, functions: frozenset[str]) -> bool:
    """Whether a test is one of these functions, whatever its parameters; of none: it may be."""
    return not functions or name.split("[")[0].rsplit("::", 1)[-1] in functions


def _leaves(name: str, *trials: Trial) -> bool:
    """Whether a test tries to leave the machine."""
    return any(name in trial.tests and trial.tests[name].network for trial in trials)


def _has_passing_name(name: str) -> bool:
    """Whether a test is called after an address, or after today."""
    return bool(_ADDRESS.search(name)) or datetime.now(UTC).date().isoformat() in name


def _confirmed(pair: _Pair, first: _Found) -> _Found:
    """FAIL_TO_PASS again on both trees, without the other tests: what does so again."""
    suite = Suite(only=first.files, left_out=first.others, keep_going=True)
    broken, clean = pair.run(suite)
    return _without_unsteady(first, broken, clean, "the second time")


def _without_unsteady(found: _Found, broken: Trial, clean: Trial, where: str) -> _Found:
    """What of FAIL_TO_PASS does so in these runs too. Raises where that is nothing."""
    steady = tuple(name for name in found.fail_to_pass if _does_so(name, broken, clean))
    if not steady:
        raise _Stopped("flaky", f"it does otherwise {where}: {found.fail_to_pass[0]}")
    dropped = set(found.fail_to_pass) - set(steady)
    unsteady = tuple(sorted({*found.unsteady, *dropped}))
    return replace(found, fail_to_pass=steady, unsteady=unsteady)


def _does_so(name: str, broken: Trial, clean: Trial) -> bool:
    """Whether a test fails on the broken tree and passes on the clean one."""
    if name not in broken.tests or name not in clean.tests:
        return False
    return broken.tests[name].outcome == "failed" and clean.tests[name].outcome == "passed"


def _whole(pair: _Pair, found: _Found) -> Valid:
    """The whole suite, once on each tree: what is left out, and what else the bug breaks."""
    start = time.monotonic()
    broken, clean = pair.run(Suite(keep_going=True))
    seconds = time.monotonic() - start
    _check_whole(clean, broken)
    look = first_look(clean)
    _check_fair(look)
    found = _without_unsteady(found, broken, clean, "within the whole suite")
    known = {test.id for test in look.left_out}
    others = set(broken.failing()) - set(found.fail_to_pass) - known
    if len(others) > max(_MOST_OTHERS, len(look.passing) // 4):
        raise _Stopped("too-many-failing", f"{len(others)} tests of the whole suite fail besides")
    renamed = set(clean.collected) - set(broken.collected)
    left_out = (known | others | renamed | set(found.unsteady)) & set(clean.collected)
    # An id with the path of this run in it is another one everywhere else, and no fact of the fix.
    left_out = {test for test in left_out if str(home()) not in test}
    return Valid(
        fail_to_pass=found.fail_to_pass,
        tests=len(set(look.passing) - left_out),
        left_out=tuple(sorted(left_out)),
        ignored_files=tuple(file.id for file in look.ignored_files),
        suite_seconds=clean.seconds,
        cost=replace(found.cost, suite=seconds),
    )


def _check_whole(clean: Trial, broken: Trial) -> None:
    """Raises where the whole suite can't be run."""
    if clean.ending != "finished" or not clean.complete:
        told = "the whole suite does not end" if _hanging(clean) else _said(clean.log)
        raise _Stopped("suite", f"on the clean tree: {told}", elsewhere=True)
    more = sorted(set(broken.broken) - set(clean.broken))
    if more:
        raise _Stopped("breaks-collection", f"{more[0]}: {_said(broken.broken[more[0]])}")
    if broken.ending != "finished" or not broken.complete:
        raise _Stopped("hangs", "the whole suite does not end without it")


def _check_fair(look: Baseline) -> None:
    """Raises where under half of the suite passes on the clean tree, as a baseline does."""
    counted = look.collected - look.skipped
    if len(look.passing) * 2 >= counted and len(look.ignored_files) <= len(look.passing):
        return
    left_out: list[LeftOut] = [*look.ignored_files, *look.left_out]
    told = f"only {len(look.passing)} of {counted} tests pass with it"
    raise _Stopped("suite", f"{told}; {left_out[0].id}: {left_out[0].why}", elsewhere=True)


def _hanging(trial: Trial) -> bool:
    return trial.ending == "timeout" or any(test.timed_out for test in trial.tests.values())


def _said(text: str) -> str:
    """What an output says went wrong, without the folders of this machine."""
    lines = [line.strip() for line in text.splitlines()]
    errors = [line for line in lines if _ERROR.fullmatch(line)]
    told = errors[-1].removeprefix("E ").strip() if errors else last_line(text)
    return _FOLDERS.sub(".../", told)


def _failure(trial: Trial, name: str) -> str:
    return f"{name}: {first_line(trial.tests[name].message)}"
