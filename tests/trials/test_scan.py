"""Trying mutants: results in a fixed order, kept, and honest about what else a mutant changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bugbash.files import Edit
from bugbash.mutation.sites import Mutant
from bugbash.targets.spec import Target
from bugbash.trials.outcome import Trial
from bugbash.trials.scan import Engine, MutantTrial, changed_files, try_mutants

PRICES = "tiny/prices.py"


class CountingEngine(Engine):
    """Counts its runs; everything else is the engine's own."""

    runs = 0

    def run(self, *args: Any, **kwargs: Any) -> Trial:
        self.runs += 1
        return super().run(*args, **kwargs)


EngineOf = Callable[..., Engine]


@pytest.fixture
def counting(engine_of: EngineOf) -> Callable[..., CountingEngine]:
    def make(**spec: Any) -> CountingEngine:
        engine = engine_of(kind=CountingEngine, **spec)
        assert isinstance(engine, CountingEngine)
        return engine

    return make


def mutant(target: Target, clean: str, broken: str, file: str = PRICES) -> Mutant:
    """A mutant that replaces the one place where `clean` stands."""
    source = (target.tree / file).read_bytes()
    assert source.count(clean.encode()) == 1
    start = source.index(clean.encode())
    edit = Edit(file, start, start + len(clean), broken)
    line = source[:start].count(b"\n") + 1
    return Mutant(f"{clean}-{broken}", "m", "logic", edit, line, line, None, clean, broken)


REPLACEMENTS = {
    "killed": ("return sum(prices)", "return sum(prices) + 1"),
    "killed, two tests": ("price * percent // 100", "price * percent // 7 + 1"),
    "survived": ("percent < 0", "percent < -0"),
    "invalid": ("def is_free", "def  (is_free"),
    "died": ("return price >= limit", "import os; os._exit(0)"),
    "timeout": ("raise ValueError", "import time; time.sleep(60); raise ValueError"),
}


@pytest.mark.slow
def test_each_mutant_has_its_outcome(engine_of: EngineOf) -> None:
    engine = engine_of(suite_limit_s=6.0, test_limit_s=50.0)
    mutants = [mutant(engine.target, *texts) for texts in REPLACEMENTS.values()]
    results = dict(zip(REPLACEMENTS, try_mutants(engine, mutants), strict=True))
    found = {name: trial.outcome for name, (_, trial) in results.items()}
    assert found == {name: name.split(",")[0] for name in REPLACEMENTS}
    assert results["killed"][1].fail_to_pass == ("tests/test_prices.py::test_total",)


@pytest.mark.slow
def test_the_order_and_the_results_do_not_depend_on_the_number_of_jobs(
    engine_of: EngineOf,
) -> None:
    engine = engine_of()
    texts = [*list(REPLACEMENTS.values())[:4], ("price >= limit", "price > limit")]
    mutants = [mutant(engine.target, *pair) for pair in texts]

    def results(jobs: int) -> list[tuple[str, MutantTrial]]:
        engine.store = None
        trials = try_mutants(engine, mutants, jobs)
        return [(one.id, replace(trial, seconds=0)) for one, trial in trials]

    alone = results(1)
    assert [name for name, _ in alone] == [one.id for one in mutants]
    assert results(3) == alone


def test_results_are_kept_and_used_again(counting: Callable[..., CountingEngine]) -> None:
    engine = counting()
    mutants = [mutant(engine.target, *texts) for texts in list(REPLACEMENTS.values())[:5]]
    first = list(try_mutants(engine, mutants))
    assert engine.runs == 5
    assert list(try_mutants(engine, mutants, jobs=2)) == first
    assert engine.runs == 5


def test_a_scan_that_was_given_up_goes_on_where_it_stopped(
    counting: Callable[..., CountingEngine],
) -> None:
    engine = counting()
    mutants = [mutant(engine.target, *texts) for texts in list(REPLACEMENTS.values())[:4]]
    trials = try_mutants(engine, mutants)
    assert isinstance(trials, Iterator)
    next(trials)
    next(trials)
    trials.close()  # type: ignore[attr-defined]
    before = engine.runs
    assert len(list(try_mutants(engine, mutants))) == 4
    # The third ran ahead: it was ended, or had come to its end and is kept.
    assert engine.runs in (before + 1, before + 2)


def test_a_run_that_stopped_early_is_not_taken_for_a_longer_one(
    counting: Callable[..., CountingEngine],
) -> None:
    engine = counting()
    one = mutant(engine.target, *REPLACEMENTS["killed, two tests"])

    def tried(maxfail: int) -> tuple[int, bool]:
        ((_, trial),) = try_mutants(engine, [one], maxfail=maxfail)
        return len(trial.fail_to_pass), trial.complete

    assert tried(1) == (1, False)
    assert tried(1) == (1, False)
    assert engine.runs == 1
    assert tried(11) == (2, True)
    assert tried(0) == (2, True)
    assert tried(1) == (2, True)
    assert engine.runs == 2


@pytest.mark.slow
def test_another_suite_over_the_same_tree_has_results_of_its_own(
    engine_of: EngineOf,
) -> None:
    total = "tests/test_prices.py::test_total"
    found = []
    for spec in ({}, {"pytest_args": ("--deselect", total)}, {"deselect": (total,)}):
        engine = engine_of(**spec)
        one = mutant(engine.target, *REPLACEMENTS["killed"])
        found.append(engine_result(engine, one))
    assert found == ["killed", "survived", "survived"]


def engine_result(engine: Engine, one: Mutant) -> str:
    ((_, trial),) = try_mutants(engine, [one])
    return trial.outcome


PARAMETRISED = """\
import pytest
from tiny.prices import total

@pytest.mark.parametrize("value", [total([1])])
def test_total_of_one(value): assert value
"""
EXTRAS = {
    "only its tests fail": ("return sum(prices)", "return sum(prices) + 1", True),
    "a test hangs": ("return sum(prices)", "while True: pass", False),
    "it looks up a name": (
        "return sum(prices)",
        "__import__('socket').getaddrinfo('example.com', 80)",
        False,
    ),
    "a skipped test now fails": ("return sum(prices)", "return 7", False),
    "a test has another id": ("return sum(prices)", "return sum(prices) * 3 - 12", False),
}


@pytest.mark.parametrize("case", EXTRAS)
def test_what_changes_more_than_results_is_not_servable(case: str, engine_of: EngineOf) -> None:
    clean, broken, servable = EXTRAS[case]
    files = {}
    if case == "a test has another id":
        files = {"tests/test_ids.py": PARAMETRISED}
    if case == "a skipped test now fails":
        body = "import pytest\nfrom tiny.prices import total\n"
        body += "def test_skip():\n    if total([1]) == 1: pytest.skip('fine')\n    assert False\n"
        files = {"tests/test_skip.py": body}
    engine = engine_of(files, test_limit_s=2.0)
    one = mutant(engine.target, clean, broken)
    assert engine.try_mutant(one).servable is servable


def test_edits_of_one_file_go_together(engine_of: EngineOf) -> None:
    target = engine_of().target
    first, second = (mutant(target, *REPLACEMENTS[name]) for name in ("killed", "survived"))
    changed = changed_files(target, (second.edit, first.edit))
    assert list(changed) == [PRICES]
    assert b"sum(prices) + 1" in changed[PRICES]
    assert b"percent < -0" in changed[PRICES]


@pytest.mark.slow
def test_the_command_gives_the_same_lines_in_the_same_order_whatever_the_jobs(
    run: Callable[..., Any], tiny_project: Callable[..., Path]
) -> None:
    folder = tiny_project()

    def scan(jobs: int) -> list[dict[str, Any]]:
        done = run("scan", folder, "--jobs", str(jobs), "--fresh", "--json", code=0)
        return [{**json.loads(line), "seconds": 0} for line in done.stdout.splitlines()]

    once = scan(1)
    assert once == scan(2)
    assert {line["schema"] for line in once} == {"bugbash/trial/v1"}
    assert "killed" in {line["outcome"] for line in once}


def jobs_text(jobs: int) -> str:
    return str(jobs)
