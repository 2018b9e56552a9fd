"""Suites of the tiny project, run by the real engine in the shared BUGBASH_HOME."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bugbash.files import tree_digest
from bugbash.store import Store
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.spec import Target, TargetSpec
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import open_slot

Changes = Mapping[str, str | bytes | None]


@pytest.fixture
def target_of() -> Callable[..., Target]:
    """The target in a folder, as it stands; keyword arguments go into its spec."""

    def make(folder: Path, **spec: Any) -> Target:
        values = {"sources": ("tiny",), "tests": ("tests",), "test_limit_s": 5.0, **spec}
        return Target(
            TargetSpec("tiny", "1.0", **values), str(folder), "path", folder, tree_digest(folder)
        )

    return make


@pytest.fixture
def tiny_target(
    tiny_project: Callable[..., Path], target_of: Callable[..., Target]
) -> Callable[..., Target]:
    """The tiny project with some files changed, as a target."""

    def make(changes: Changes | None = None, **spec: Any) -> Target:
        return target_of(tiny_project(changes), **spec)

    return make


@pytest.fixture
def environment(tiny_target: Callable[..., Target]) -> Environment:
    return environment_of(tiny_target())


@pytest.fixture
def own_store(tmp_path: Path) -> Store:
    """A database of the test's own; the session's keeps the baselines."""
    return Store(tmp_path / "store.db")


@pytest.fixture
def try_suite(tiny_target: Callable[..., Target], environment: Environment) -> Callable[..., Trial]:
    """Runs the suite of the tiny project with these changes, in a slot of its own."""

    def run(
        changes: Changes | None = None,
        suite: Suite | None = None,
        condition: Condition = USUAL,
        **spec: Any,
    ) -> Trial:
        with open_slot(tiny_target(changes, **spec), environment, condition) as slot:
            slot.sync({})
            return run_suite(slot, suite or Suite(), condition)

    return run
