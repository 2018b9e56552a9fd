"""For every construct that could fool a warm engine, its verdict is that of a fresh pytest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bugbash.files import Edit, tree_digest
from bugbash.mutation.sites import Mutant
from bugbash.store import Store
from bugbash.targets.environment import environment_of
from bugbash.targets.spec import Target, TargetSpec
from bugbash.trials.auto import AutoEngine
from bugbash.trials.baseline import baseline_of
from bugbash.trials.line import can_fork
from bugbash.trials.scan import Engine, MutantTrial
from tests.trials.torture_calm import CASES as CALM
from tests.trials.torture_calm import UNTAKEN
from tests.trials.torture_files import PACKAGE
from tests.trials.torture_mutants import CASES, HANGS, SLOW, Case
from tests.trials.torture_suite import SUITE
from tests.trials.torture_watched import CASES as WATCHED

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")


@dataclass(frozen=True)
class Engines:
    """Both engines over the torture package."""

    cold: Engine
    auto: AutoEngine

    def mutant(self, case: Case) -> Mutant:
        file = f"knots/{case.file}.py"
        source = (self.cold.target.tree / file).read_bytes()
        assert source.count(case.clean.encode()) == 1, f"{case.clean!r} in {file}"
        start = source.index(case.clean.encode())
        edit = Edit(file, start, start + len(case.clean), case.broken)
        line = source[:start].count(b"\n") + 1
        name = f"{case.file}:{case.clean}:{case.broken}"
        return Mutant(name, "m", "logic", edit, line, line, None, case.clean, case.broken)


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, bugbash_home: Path, store: Store
) -> Iterator[Engines]:
    folder = tmp_path_factory.mktemp("torture")
    for name, content in {**PACKAGE, **SUITE}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    spec = TargetSpec(
        "knots", "1.0", sources=("knots",), tests=("tests",), test_limit_s=4.0, suite_limit_s=15.0
    )
    target = Target(spec, str(folder), "path", folder, tree_digest(folder))
    environment = environment_of(target)
    parts = (target, environment, baseline_of(target, environment, store), None)
    auto = AutoEngine(*parts)
    try:
        both = Engines(Engine(*parts), auto)
        cases = [*CASES.values(), *CALM.values(), *map(watched, WATCHED)]
        auto.prepare(2, mutants=[both.mutant(case) for case in cases])
        yield both
    finally:
        auto.close()


def watched(name: str) -> Case:
    return Case("watched", WATCHED[name].clean, WATCHED[name].broken, "")


def verdict(trial: MutantTrial) -> tuple[object, ...]:
    return trial.outcome, trial.fail_to_pass, trial.complete, trial.servable


def compared(engines: Engines, case: Case) -> None:
    mutant = engines.mutant(case)
    auto = engines.auto.try_mutant(mutant)
    assert verdict(auto) == verdict(engines.cold.try_mutant(mutant)), auto.engine
    if case.way:
        assert auto.engine == case.way


def test_the_whole_suite_counts_and_both_fast_ways_are_open(engines: Engines) -> None:
    assert (engines.auto.why_cold, engines.auto.fresh_only) == ("", "")
    assert engines.auto.has_gate
    assert engines.auto.baseline.left_out == ()


def marked(name: str) -> object:
    """A case; those that wait for a limit or have a twin among the others are slow."""
    return pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name


@pytest.mark.parametrize("name", [marked(name) for name in CASES])
def test_a_construct_has_the_verdict_of_a_fresh_run(name: str, engines: Engines) -> None:
    compared(engines, CASES[name])


@pytest.mark.parametrize("name", WATCHED)
def test_what_a_watched_run_sees_leads_to_the_verdict_of_a_fresh_run(
    name: str, engines: Engines
) -> None:
    compared(engines, watched(name))
    quiet = engines.auto.reach.set_of(f"tests/test_watched.py::{q}" for q in WATCHED[name].quiet)
    assert not quiet & ~engines.auto.quiet(engines.mutant(watched(name)))


@pytest.mark.parametrize("name", CALM)
def test_what_runs_before_the_first_test_has_the_verdict_of_a_fresh_run(
    name: str, engines: Engines
) -> None:
    compared(engines, CALM[name])


@pytest.mark.parametrize("name", UNTAKEN)
def test_those_who_give_every_argument_need_not_be_run_for_another_default(
    name: str, engines: Engines
) -> None:
    given, taken = (
        engines.auto.reach.set_of(f"tests/test_calm.py::test_{test}" for test in tests)
        for tests in UNTAKEN[name]
    )
    quiet = engines.auto.quiet(engines.mutant(CALM[name]))
    assert quiet & given == given
    assert not quiet & taken


def test_only_who_looks_at_a_default_is_said_to(engines: Engines) -> None:
    lookers = ("asked", "asked_for", "asked_by_a_copy")
    expected = engines.auto.reach.set_of(f"tests/test_calm.py::test_{name}" for name in lookers)
    assert engines.auto.reach.inspectors == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", HANGS)
def test_a_hang_has_the_verdict_of_a_fresh_run(name: str, engines: Engines) -> None:
    compared(engines, HANGS[name])


@pytest.mark.parametrize(
    "name",
    [
        "branch not taken at import",
        "branch taken at import",
        "cache warm at import",
        "enum member",
        "its start",
        "line run in company",
        "named like a test module",
    ],
)
def test_up_to_the_first_failure_a_construct_has_the_outcome_of_a_fresh_run(
    name: str, engines: Engines
) -> None:
    mutant = engines.mutant(CASES[name])
    auto = engines.auto.try_mutant(mutant, maxfail=1)
    assert auto.outcome == engines.cold.try_mutant(mutant, maxfail=1).outcome, auto.engine
