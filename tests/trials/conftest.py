"""Suites of the tiny project, run by the real engine in the shared BUGBASH_HOME."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import open_slot

Changes = Mapping[str, str | bytes | None]


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
