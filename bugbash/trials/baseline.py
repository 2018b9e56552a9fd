"""The clean suite: which tests can be relied on, which are left out and why, what they execute."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from threading import Event
from typing import Any

from bugbash.errors import EnvironmentProblem
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials import reach
from bugbash.trials.cold import Suite, Watch, run_suite
from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.outcome import TestResult, Trial
from bugbash.trials.reach import Reach
from bugbash.trials.slot import open_slot
from bugbash.trials.workers import workers

_CONFIRMATIONS = 3
_FORMAT = "4"


class UnusableSuite(EnvironmentProblem):
    """A suite that no bug can be shown with: no tests, or hardly one that passes."""


@dataclass(frozen=True)
class LeftOut:
    """A test, or a whole test file, that is not used."""

    id: str
    why: str


@dataclass(frozen=True)
class Baseline:
    """What the clean tree's suite does in every condition."""

    passing: tuple[str, ...]
    """Ids that passed in every run: the tests that count."""
    collected: int
    skipped: int
    left_out: tuple[LeftOut, ...] = ()
    ignored_files: tuple[LeftOut, ...] = ()
    seconds: float = 0.0
    """Of one run in the usual condition."""
    left_behind: tuple[str, ...] = ()
    """Files that the clean suite writes into the tree."""
    alone: bool = False
    """Whether its runs take turns, since they listen on a fixed port."""
    reach: Reach = field(default_factory=lambda: Reach(()))
    """Which tests run which lines, as one run of the suite shows it."""

    def suite(self, *, maxfail: int = 0, coverage: bool = False) -> Suite:
        """How to run the tests that count."""
        return Suite(
            left_out=tuple(test.id for test in self.left_out),
            ignored_files=tuple(file.id for file in self.ignored_files),
            maxfail=maxfail,
            coverage=coverage,
            alone=self.alone,
        )


def baseline_of(
    target: Target,
    environment: Environment,
    store: Store,
    watch: Callable[[str], Watch] | None = None,
) -> Baseline:
    """The target's baseline, measured once per tree and environment and kept in the store.

    `watch` is given each run's title and returns what follows it. Raises UnusableSuite when the
    suite can't be used: no tests, none that pass, fewer than half of them usable.
    """
    key = f"{_FORMAT}-{suite_key(target, environment)}"
    known = store.fact("baseline", key)
    if known is not None:
        baseline = _from_json(known)
    else:
        baseline = measure(target, environment, watch)
        store.set_fact("baseline", key, _to_json(baseline))
    _refuse_unusable(target, baseline)
    return baseline


def measure(
    target: Target, environment: Environment, watch: Callable[[str], Watch] | None = None
) -> Baseline:
    """Run the clean suite in every condition, and again until what is left always passes."""

    halt = Event()

    def run(condition: Condition, suite: Suite, title: str) -> Trial:
        with open_slot(target, environment, condition) as slot:
            slot.sync({})
            trial = run_suite(slot, suite, condition, watch(title) if watch else None, halt)
            return replace(trial, left_behind=slot.left_behind({}))

    first = run(USUAL, Suite(keep_going=True, alone=True), "baseline 1 of 3")
    _refuse_hopeless(target, first)
    baseline = first_look(first)
    suite = baseline.suite()
    with workers(1, halt) as at_work:
        second = at_work.pool.submit(run, CONDITIONS[1], suite, "baseline 2 of 3")
        third = run(CONDITIONS[2], replace(suite, coverage=True), "baseline 3 of 3")
        trials = [first, second.result(), third]
    if _failing_now(third) - _failing_now(trials[1]):
        trials.append(run(CONDITIONS[2], suite, "baseline, without coverage"))
        trials.remove(third)
    for _ in range(_CONFIRMATIONS):
        dropped = _unreliable(baseline, trials)
        if not dropped:
            break
        baseline = _without(baseline, dropped)
        trials = [run(USUAL, baseline.suite(), "baseline, the tests that are left")]
    return replace(baseline, reach=Reach(third.collected, third.covered))


def _failing_now(trial: Trial) -> set[str]:
    return set(trial.failing())


def first_look(trial: Trial) -> Baseline:
    """What one run of the clean suite says of it, before others confirm it."""
    left_out = [
        LeftOut(name, why) for name, test in sorted(trial.tests.items()) if (why := _fault(test))
    ]
    ignored = [LeftOut(name, last_line(text)) for name, text in sorted(trial.broken.items())]
    unusable = {test.id for test in left_out}
    return Baseline(
        passing=tuple(name for name in trial.passing() if name not in unusable),
        collected=len(trial.collected),
        skipped=sum(test.outcome in ("skipped", "xfailed") for test in trial.tests.values()),
        left_out=tuple(left_out),
        ignored_files=tuple(ignored),
        seconds=trial.seconds,
        left_behind=trial.left_behind,
        alone=trial.fixed_port,
    )


def _fault(test: TestResult) -> str:
    """Why a test can't be relied on, or nothing."""
    if test.network:
        return "needs the network"
    if test.timed_out:
        return "took longer than the limit for one test"
    if test.outcome == "failed":
        return f"fails on the clean code: {first_line(test.message)}"
    if test.outcome == "xpassed":
        return "was expected to fail and passed"
    return ""


def _unreliable(baseline: Baseline, trials: list[Trial]) -> dict[str, str]:
    """Tests of the baseline that did not pass in all of these runs, and why."""
    dropped: dict[str, str] = {}
    for name in baseline.passing:
        for trial in trials:
            test = trial.tests.get(name)
            if test is None:
                dropped[name] = "has another id, or does not run, in another run"
            elif test.outcome != "passed" or test.network:
                dropped[name] = _fault(test) or f"{test.outcome} in another run"
    return dropped


def _without(baseline: Baseline, dropped: dict[str, str]) -> Baseline:
    reasons = {**{test.id: test.why for test in baseline.left_out}, **dropped}
    return replace(
        baseline,
        passing=tuple(name for name in baseline.passing if name not in dropped),
        left_out=tuple(LeftOut(name, why) for name, why in sorted(reasons.items())),
    )


def _refuse_hopeless(target: Target, trial: Trial) -> None:
    if trial.ending == "finished" and trial.tests:
        return
    name = target.argument
    if trial.broken:
        file, text = min(trial.broken.items())
        raise UnusableSuite(
            f"the suite of {name} can't be collected: {file}: {last_line(text)}. If a package is "
            "missing, add it with --with NAME."
        )
    if trial.ending == "timeout":
        raise UnusableSuite(
            f"the suite of {name} did not end within {target.spec.suite_limit_s:.0f} s: narrow it "
            "with --tests PATH."
        )
    if trial.ending == "finished" or "no tests ran" in trial.log or "collected 0" in trial.log:
        raise UnusableSuite(f"{name} has no tests that pytest finds: name them with --tests.")
    raise UnusableSuite(f"pytest could not run {name}: {last_line(trial.log)}")


def _refuse_unusable(target: Target, baseline: Baseline) -> None:
    counted = baseline.collected - baseline.skipped
    usable = len(baseline.passing)
    if usable and usable * 2 >= counted and len(baseline.ignored_files) <= usable:
        return
    left_out = [*baseline.ignored_files, *baseline.left_out]
    why = f" The first left out: {left_out[0].id}: {left_out[0].why}." if left_out else ""
    raise UnusableSuite(
        f"only {usable} of {counted} tests of {target.argument} pass on the clean code, under "
        f"half: it would not be a fair target.{why}"
    )


def first_line(text: str) -> str:
    """The first line that says something, cut to be shown in a line."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:160]


def last_line(text: str) -> str:
    """The line of an output that says what went wrong, as far as one can tell."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("E ")]
    told = telling or [line for line in lines if "error: " in line] or lines
    return (told or ["it printed nothing"])[-1].removeprefix("E ").strip()[:200]


def suite_key(target: Target, environment: Environment) -> str:
    """What results are kept by: the tree, the dependencies, and how the spec has the suite run."""
    digest = hashlib.sha256(how_it_runs(target).encode()).hexdigest()[:12]
    return f"{target.digest}-{environment.lock}-{digest}"


def how_it_runs(target: Target) -> str:
    """The parts of a spec on which results depend, as text."""
    spec = target.spec
    parts = (
        spec.source_roots,
        spec.sources,
        spec.deselect,
        spec.pytest_args,
        spec.environment,
        spec.test_limit_s,
    )
    return repr(parts)


def _to_json(baseline: Baseline) -> dict[str, Any]:
    value = asdict(replace(baseline, reach=Reach(())))
    return {**value, "reach": reach.to_json(baseline.reach)}


def _from_json(value: dict[str, Any]) -> Baseline:
    return Baseline(
        passing=tuple(value["passing"]),
        collected=value["collected"],
        skipped=value["skipped"],
        left_out=tuple(LeftOut(**item) for item in value["left_out"]),
        ignored_files=tuple(LeftOut(**item) for item in value["ignored_files"]),
        seconds=value["seconds"],
        left_behind=tuple(value["left_behind"]),
        alone=value["alone"],
        reach=reach.from_json(value["reach"]),
    )
