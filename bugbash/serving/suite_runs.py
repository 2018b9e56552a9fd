"""What a clean suite does when it is run again, in other orders, circumstances and times."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bugbash.serving.choosing import rank
from bugbash.serving.order import Watch
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import open_slot
from bugbash.trials.workers import workers

AHEAD_DAYS = 400
"""How far the date is put on: into another year, month and weekday."""
_EQUAL_RUNS = 3
_SLOWEST = 5
_WORDS: dict[str, Callable[[Condition], str]] = {
    "hash_seed": lambda other: f"PYTHONHASHSEED={other.hash_seed}",
    "time_zone": lambda other: f"TZ={other.time_zone}",
    "locale": lambda other: f"LC_ALL={other.locale}",
    "reverse_listing": lambda other: "directory listings in another order",
    "folder": lambda other: "another folder",
}


@dataclass(frozen=True)
class Noted:
    """A test, and what was seen of it."""

    test: str
    what: str


@dataclass(frozen=True)
class SuiteFacts:
    """What all runs together showed. A test stands in one of the lists of unsteady ones at most."""

    tests: int
    skipped: int
    seconds: float
    """Of one run: the median of equal ones."""
    slowest: tuple[tuple[str, float], ...]
    failing: tuple[Noted, ...] = ()
    """Tests that fail in every equal run."""
    flaky: tuple[Noted, ...] = ()
    by_order: tuple[Noted, ...] = ()
    by_circumstances: tuple[Noted, ...] = ()
    by_date: tuple[Noted, ...] = ()
    network: tuple[str, ...] = ()
    ports: tuple[tuple[str, int], ...] = ()
    """(test, port); the test is empty where none was running."""
    writes: tuple[tuple[str, str], ...] = ()
    """(test, file of the tree); the test is empty where it is not known."""
    cut_short: tuple[str, ...] = ()
    """Runs that did not come to their end, in words."""


def look_at(
    target: Target, environment: Environment, seed: int, jobs: int, watch: Watch
) -> SuiteFacts:
    """Run the clean suite in every way, each suspicion a second time, and say what came of it."""
    return _Runs(target, environment, jobs, watch).facts(seed)


@dataclass(frozen=True)
class _Way:
    """One way to run the whole suite."""

    name: str
    condition: Condition = USUAL
    order: tuple[str, ...] = ()


class _Runs:
    def __init__(self, target: Target, environment: Environment, jobs: int, watch: Watch) -> None:
        self._target = target
        self._environment = environment
        self._jobs = jobs
        self._watch = watch
        self._done = self._planned = 0
        self._alone = True
        self._flaky: dict[str, str] = {}
        self._cut_short: list[str] = []

    def facts(self, seed: int) -> SuiteFacts:
        first = self._run(_Way("once"), watch_writes=True)
        self._alone = first.fixed_port
        again = [_Way("again") for _ in range(_EQUAL_RUNS - 1)]
        orders = _orders(first.collected, seed)
        places = [_Way(f"in condition {one.name}", one) for one in CONDITIONS[1:]]
        dates = [_Way(f"with the date {days} days on", _dated(days)) for days in (0, AHEAD_DAYS)]
        trials = self._all([*again, *orders, *places, *dates])
        equal = [first, *(trials.pop(0) for _ in again)]
        steady = self._steady(equal)
        of_order = [self._by_order(way, trials.pop(0), steady) for way in orders]
        of_place = [self._by_place(way, trials.pop(0), steady) for way in places]
        control, shifted = trials
        of_date = self._by_date(dates[1], control, shifted, steady)
        return SuiteFacts(
            tests=len(first.collected),
            skipped=sum(one.outcome in ("skipped", "xfailed") for one in first.tests.values()),
            seconds=round(statistics.median(trial.seconds for trial in equal), 3),
            slowest=_slowest(first),
            failing=_failing(equal),
            flaky=_noted(self._flaky.items()),
            by_order=self._without_flaky(of_order),
            by_circumstances=self._without_flaky(of_place),
            by_date=self._without_flaky([of_date]),
            network=tuple(sorted(name for name, one in first.tests.items() if one.network)),
            ports=first.ports,
            writes=_writes(first),
            cut_short=tuple(self._cut_short),
        )

    def _all(self, ways: list[_Way]) -> list[Trial]:
        """Run them side by side; results in their order."""
        self._planned += len(ways)
        with workers(self._jobs) as at_work:
            return list(at_work.pool.map(self._run, ways))

    def _run(self, way: _Way, only: tuple[str, ...] = (), watch_writes: bool = False) -> Trial:
        suite = Suite(
            keep_going=True, alone=self._alone, first=way.order, only=only,
            watch_writes=watch_writes,
        )  # fmt: skip
        with open_slot(self._target, self._environment, way.condition) as slot:
            slot.sync({})
            trial = run_suite(slot, suite, way.condition)
            trial = replace(trial, left_behind=slot.left_behind({}))
        self._done += 1
        self._watch(self._done, max(self._planned, self._done))
        return trial

    def _steady(self, equal: list[Trial]) -> set[str]:
        """The tests that pass in every equal run; those that differ are flaky."""
        steady = set()
        for name in dict.fromkeys(name for trial in equal for name in trial.collected):
            outcomes = [_outcome(trial, name) for trial in equal]
            if len(set(outcomes)) > 1:
                self._flaky[name] = f"in equal runs: {', '.join(outcomes)}"
            elif outcomes[0] == "passed":
                steady.add(name)
        return steady

    def _suspects(self, way: _Way, trial: Trial, steady: set[str]) -> list[str]:
        """The steady tests that don't pass this way; none of a run that was cut short."""
        if trial.ending != "finished":
            self._cut_short.append(f"run {way.name}, it {_ENDINGS[trial.ending]}")
            return []
        return sorted(name for name in steady if _outcome(trial, name) != "passed")

    def _by_order(self, way: _Way, trial: Trial, steady: set[str]) -> dict[str, str]:
        suspects = self._suspects(way, trial, steady)
        if not suspects:
            return {}
        return self._confirmed(suspects, trial, self._run(way), f"run {way.name}")

    def _confirmed(
        self, suspects: Iterable[str], trial: Trial, again: Trial, how: str
    ) -> dict[str, str]:
        """Those that do the same once more, and what that is; the others are flaky."""
        found = {}
        for name in suspects:
            outcome = _outcome(trial, name)
            if _outcome(again, name) == "passed":
                self._flaky[name] = f"{outcome} once, {how}, and passed the next time"
            else:
                found[name] = f"{outcome} {how}"
        return found

    def _by_place(self, way: _Way, trial: Trial, steady: set[str]) -> dict[str, str]:
        """The tests that differ in a condition, with the circumstance that makes the difference."""
        suspects = self._suspects(way, trial, steady)
        if not suspects:
            return {}
        files = tuple(sorted({name.partition("::")[0] for name in suspects}))
        found: dict[str, str] = {}
        for name, condition in _one_by_one(way.condition):
            alone = self._run(_Way(name, condition), files)
            for test in suspects:
                if test not in found and _outcome(alone, test) != "passed":
                    found[test] = f"{_outcome(alone, test)} with {name}"
        rest = [test for test in suspects if test not in found]
        if rest:
            together = "with several circumstances changed at once"
            found |= self._confirmed(rest, trial, self._run(way), together)
        return found

    def _by_date(
        self, way: _Way, control: Trial, shifted: Trial, steady: set[str]
    ) -> dict[str, str]:
        """The tests that pass today and not at a later date, told by the same means."""
        today = {name for name in steady if _outcome(control, name) == "passed"}
        suspects = self._suspects(way, shifted, today) if control.ending == "finished" else []
        if not suspects:
            return {}
        return self._confirmed(suspects, shifted, self._run(way), way.name)

    def _without_flaky(self, found: list[dict[str, str]]) -> tuple[Noted, ...]:
        """What the ways found, each test once."""
        merged: dict[str, str] = {}
        for one in found:
            for name, what in one.items():
                if name not in self._flaky:
                    merged.setdefault(name, what)
        return _noted(merged.items())


_ENDINGS = {
    "timeout": "did not end in time",
    "died": "ended early",
    "invalid": "could not be collected",
    "error": "ended with an error of pytest",
}


def _outcome(trial: Trial, name: str) -> str:
    known = trial.tests.get(name)
    return known.outcome if known is not None else "not run"


def _orders(collected: tuple[str, ...], seed: int) -> list[_Way]:
    """From the last test to the first; and shuffled: files, classes and tests in seeded order."""

    def place(name: str) -> tuple[str, str, str]:
        file, group = name.partition("::")[0], name.rpartition("::")[0]
        return rank(seed, file), rank(seed, group), rank(seed, name)

    return [
        _Way("in reversed order", order=tuple(reversed(collected))),
        _Way(f"in shuffled order (seed {seed})", order=tuple(sorted(collected, key=place))),
    ]


def _dated(days: int) -> Condition:
    return replace(USUAL, clock_ahead_s=days * 86_400.0)


def _one_by_one(other: Condition) -> Iterator[tuple[str, Condition]]:
    """The usual condition with one thing after the other as in the other one, each named.

    A slot is known by its condition's name and folder, which therefore change together.
    """
    for field, word in _WORDS.items():
        value = getattr(other, field)
        if value == getattr(USUAL, field):
            continue
        changed: dict[str, Any] = {field: value}
        if field == "folder":
            changed["name"] = other.name
        yield word(other), replace(USUAL, **changed)


def _slowest(trial: Trial) -> tuple[tuple[str, float], ...]:
    ordered = sorted(trial.tests.items(), key=lambda pair: (-pair[1].seconds, pair[0]))
    return tuple((name, round(one.seconds, 3)) for name, one in ordered[:_SLOWEST])


def _failing(equal: list[Trial]) -> tuple[Noted, ...]:
    always = set.intersection(*(set(trial.failing()) for trial in equal))
    messages = {name: equal[0].tests[name].message.strip() for name in always}
    return _noted((name, (text.splitlines() or [""])[0][:160]) for name, text in messages.items())


def _writes(trial: Trial) -> tuple[tuple[str, str], ...]:
    """Who wrote what, and the files that are there afterwards though nobody was seen to."""
    seen = {name for _, name in trial.writes}
    unseen = [("", name) for name in trial.left_behind if name not in seen]
    return tuple(sorted([*trial.writes, *unseen], key=lambda pair: (pair[1], pair[0])))


def _noted(pairs: Iterable[tuple[str, str]]) -> tuple[Noted, ...]:
    return tuple(Noted(test, what) for test, what in sorted(pairs))
