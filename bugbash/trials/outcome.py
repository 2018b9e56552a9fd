"""What a run of a suite showed: every test's result, and the outcome of a mutant."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["killed", "survived", "timeout", "died", "invalid", "error"]
OUTCOMES: tuple[Outcome, ...] = ("killed", "survived", "timeout", "died", "invalid", "error")
Ending = Literal["finished", "timeout", "died", "invalid", "error"]


@dataclass(frozen=True)
class TestResult:
    """What one test did: `passed`, `failed` (set-up and tear-down included), `skipped`, ..."""

    outcome: str
    seconds: float = 0.0
    message: str = ""
    """The first failure's message, at most 2,000 characters."""
    where: str = ""
    """FILE:LINE of the first failure, relative to the tree."""
    trace: tuple[str, ...] = ()
    """FILE:LINE of every entry of its traceback, the test first."""
    timed_out: bool = False
    network: bool = False
    """Whether it tried to leave the machine."""


@dataclass(frozen=True)
class Trial:
    """One run of a suite. `complete` is false where it was stopped after enough failures."""

    ending: Ending
    tests: dict[str, TestResult] = field(default_factory=dict)
    collected: tuple[str, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)
    """Test files that could not be collected, with the last of what they said."""
    covered: dict[str, dict[int, int]] = field(default_factory=dict)
    """File, then line, then the tests that ran it, as bits by their position in `collected`; empty
    where it was not asked for."""
    seconds: float = 0.0
    complete: bool = True
    left_behind: tuple[str, ...] = ()
    """Files that the run wrote into the tree."""
    fixed_port: bool = False
    """Whether it listened on a port of its own choice: two such runs are in each other's way."""
    ports: tuple[tuple[str, int], ...] = ()
    """(test, port) for every fixed port; the test is empty where none was running."""
    writes: tuple[tuple[str, str], ...] = ()
    """(test, file of the tree) for everything written, where it was asked for."""
    log: str = ""
    """The end of what the process printed, for a run that ended oddly."""

    def failing(self) -> tuple[str, ...]:
        """Ids of the tests that failed, in name order."""
        return tuple(sorted(i for i, test in self.tests.items() if test.outcome == "failed"))

    def passing(self) -> tuple[str, ...]:
        return tuple(sorted(i for i, test in self.tests.items() if test.outcome == "passed"))


def result_from_json(value: dict[str, Any]) -> TestResult:
    """A result from what `dataclasses.asdict` made of it."""
    return TestResult(**{**value, "trace": tuple(value["trace"])})


def outcome_of(trial: Trial) -> Outcome:
    """The outcome of a mutant whose suite ended so; none is folded into another."""
    if trial.ending != "finished":
        return trial.ending
    return "killed" if trial.failing() else "survived"


def read_results(path: Path) -> list[dict[str, Any]]:
    """The facts of a results file; a last line cut in the middle by a kill is dropped."""
    facts = []
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return []
    for line in text.splitlines():
        try:
            fact = json.loads(line)
        except ValueError:
            continue
        if isinstance(fact, dict):
            facts.append(fact)
    return facts


def trial_of(facts: list[dict[str, Any]], ending: Ending, seconds: float, log: str) -> Trial:
    """Put the facts of one run together.

    `ending` is "finished" where the process ended by itself; whether it got as far as it should
    have is decided here.
    """
    tests = _tests(facts)
    broken = {f["broken"]: f["message"] for f in facts if "broken" in f}
    collected = next((tuple(f["collected"]) for f in facts if "collected" in f), ())
    code = next((f["exit"] for f in facts if "exit" in f), None)
    if ending == "finished":
        ending = _ending(code, tests, broken)
    return Trial(
        ending=ending,
        tests=tests,
        collected=collected,
        broken=broken,
        covered=_covered(facts),
        fixed_port=any("port" in fact for fact in facts),
        ports=tuple(sorted({(f.get("listens", ""), f["port"]) for f in facts if "port" in f})),
        writes=tuple(sorted({(f["writer"], f["in_tree"]) for f in facts if "in_tree" in f})),
        seconds=round(seconds, 3),
        complete=ending == "finished" and set(collected) <= set(tests),
        log=log,
    )


def _ending(code: int | None, tests: dict[str, TestResult], broken: dict[str, str]) -> Ending:
    if code is None:
        return "died"
    if broken and not tests:
        return "invalid"
    if code in (0, 1):
        return "finished"
    if code == 2 and tests and not broken:
        return "finished"  # stopped by maxfail
    return "invalid" if broken or not tests else "error"


def _covered(facts: list[dict[str, Any]]) -> dict[str, dict[int, int]]:
    sets = next(
        ([int(tests, 16) for tests in fact["sets"]] for fact in facts if "sets" in fact), []
    )
    return {
        fact["covered"]: {int(line): sets[number] for line, number in fact["lines"].items()}
        for fact in facts
        if "covered" in fact and sets
    }


def _tests(facts: list[dict[str, Any]]) -> dict[str, TestResult]:
    tests: dict[str, TestResult] = {}
    network = {fact["network"] for fact in facts if "network" in fact}
    started = ""
    for fact in facts:
        if "started" in fact:
            started = fact["started"]
        elif "finished" in fact:
            started = ""
        elif "test" in fact:
            name = fact["test"]
            tests[name] = _merged(tests.get(name), fact, name in network)
    if started:  # the process ended in the middle of it
        tests[started] = TestResult("failed", message="the process ended in this test")
    return tests


_TIMEOUT = re.compile(r"(Failed: )?Timeout \(?>[\d.]+s")
"""What pytest-timeout says, before 2.4 and since."""
_RANK = {"passed": 0, "xfailed": 1, "skipped": 2, "xpassed": 3, "failed": 4}


def _merged(known: TestResult | None, fact: dict[str, Any], network: bool) -> TestResult:
    """One result of set-up, call, tear-down and subtests, which share an id: the worst counts."""
    message = str(fact.get("message", ""))
    new = TestResult(
        outcome=fact["outcome"],
        seconds=fact["seconds"],
        message=message,
        where=fact.get("where", ""),
        trace=tuple(fact.get("trace", ())),
        timed_out=_TIMEOUT.match(message) is not None,
        network=network,
    )
    if known is None:
        return new
    worst = new if _RANK.get(new.outcome, 4) > _RANK.get(known.outcome, 4) else known
    seconds = round(known.seconds + new.seconds, 4)
    return replace(worst, seconds=seconds, network=network)
