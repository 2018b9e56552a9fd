"""Whether a real bug shows on this machine: its tests are run before it is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from threading import Event

from bugbash.resources import home
from bugbash.serving.real_bug import NotHere
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.history.index import Entry
from bugbash.targets.spec import Target
from bugbash.trials.baseline import suite_key
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import TestResult, Trial
from bugbash.trials.slot import open_slot
from bugbash.trials.workers import HaltedRun


@dataclass(frozen=True)
class Seen:
    """What the failing tests did on the broken code, and which tests there are."""

    failures: dict[str, TestResult]
    collected: tuple[str, ...]
    """Ids of the suite, without those that the entry leaves out."""


def look(
    target: Target,
    environment: Environment,
    entry: Entry,
    changes: Mapping[str, bytes],
    store: Store,
    trusted: bool,
) -> Seen:
    """Run FAIL_TO_PASS over the broken code: all of it must fail.

    Unless `trusted`, it must pass on the clean code, too. The ids of the suite are kept in the
    store: the next time the files of the failing tests alone are collected.
    Raises NotHere where the bug does not show as the index says.
    """
    key = suite_key(target, environment)
    known = store.fact("real-collected", key)
    files = _files(entry.fail_to_pass) if known is not None else ()
    trial = _run(target, environment, entry, changes, files, len(entry.fail_to_pass))
    _refuse_other(trial, entry)
    if known is None:
        here = str(home())  # an id with the path of this run in it is another one everywhere else
        known = [test for test in trial.collected if here not in test]
        store.set_fact("real-collected", key, known)
    if not trusted and store.fact("real-clean", f"{key}-{entry.fix_commit}") is None:
        clean = _run(target, environment, entry, {}, _files(entry.fail_to_pass), 1)
        if not set(entry.fail_to_pass) <= set(clean.passing()):
            raise NotHere("its fix does not make its tests pass here")
        store.set_fact("real-clean", f"{key}-{entry.fix_commit}", asdict(entry))
    failures = {test: trial.tests[test] for test in entry.fail_to_pass}
    return Seen(failures, tuple(known))


def _files(tests: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({test.partition("::")[0] for test in tests}))


def _run(
    target: Target,
    environment: Environment,
    entry: Entry,
    changes: Mapping[str, bytes],
    files: tuple[str, ...],
    most: int,
) -> Trial:
    """One run that comes to FAIL_TO_PASS first and ends behind it, or after `most` failures."""
    enough = Event()
    count = len(entry.fail_to_pass)

    def watch(done: int, _: int) -> None:
        if done > count:  # one of them passed
            enough.set()

    suite = Suite(
        left_out=entry.left_out,
        ignored_files=entry.ignored_files,
        only=files,
        first=entry.fail_to_pass,
        maxfail=most,
    )
    with open_slot(target, environment) as slot:
        slot.sync(changes)
        if not changes:  # nothing fails there: let it run its few tests alone
            suite = Suite(entry.left_out, entry.ignored_files, only=entry.fail_to_pass)
            return run_suite(slot, suite)
        try:
            return run_suite(slot, suite, watch=watch, halt=enough)
        except HaltedRun:
            raise NotHere("it does not show here: its tests pass") from None


def _refuse_other(trial: Trial, entry: Entry) -> None:
    """Raises NotHere where something else fails than the index says."""
    wanted = set(entry.fail_to_pass)
    if trial.broken:
        file, message = min(trial.broken.items())
        lines = [line for line in message.splitlines() if line.startswith("E ")] or [message]
        raise NotHere(f"{file} can't be collected here ({lines[-1].removeprefix('E').strip()})")
    if not wanted <= set(trial.collected):
        raise NotHere("its tests have other names here")
    endless = [
        test for test in sorted(wanted) if test in trial.tests and trial.tests[test].timed_out
    ]
    if endless:  # nothing but an engine's limit for one test shows it
        raise NotHere(f"{endless[0]} does not end, and pytest has no limit for a test")
    failing = set(trial.failing())
    if not wanted & failing:
        raise NotHere("it does not show here: its tests pass")
    if failing != wanted:
        raise NotHere("other tests fail here than where it was validated")
