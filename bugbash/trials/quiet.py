"""Which mutants can't be noticed although what they change is executed: by some tests (quiet), or
by anybody before the first test (calm).

A clean run that is watched tells of each mutant in which tests its statement did something else
than the clean one, or a call took the default that it changes. Every test is watched twice, alone
and in company: alone it brings the statement to all the states that its own result depends on, in
company to those that it meets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bugbash.store import Store
from bugbash.trials.reach import Reach

_FORK_S = 0.02
_SPARED = 0.25
"""The share of the tests of all mutants that watched runs are expected to spare."""
_QUIET_FORM, _CALM_FORM = "5", "1"
"""Others forget what was seen."""


class QuietBuilder:
    """Puts together, from what watched runs tell, the tests that can't notice each mutant."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        """The ids of the mutants, in the order in which the runs number them."""
        self._alone = [0] * len(names)
        self._together = [0] * len(names)
        self._noticed = [0] * len(names)

    def add(self, index: int, told: Mapping[str, Any]) -> None:
        """Add a test that ran alone."""
        if told.get("outcome") != "failed" and not told.get("everywhere", True):
            self._add(self._alone, index, told)

    def add_company(self, told: Mapping[str, Any]) -> None:
        """Add a test of the run of all tests."""
        self._add(self._together, told["test"], told)

    def _add(self, reached: list[int], index: int, told: Mapping[str, Any]) -> None:
        bit = 1 << index
        for number in told.get("asked", ()):
            reached[number] |= bit
        for number in told.get("noticed", ()):
            self._noticed[number] |= bit

    def quiet(self, alone: Iterable[int]) -> dict[str, int]:
        """The tests that can't notice each mutant, as bits.

        `alone`: the tests that reach what each mutant changes when they run alone.
        """
        every = zip(
            self._names, alone, self._alone, self._together, self._noticed, strict=True
        )  # fmt: skip
        return {
            name: (watched | together & ~reached) & ~noticed
            for name, reached, watched, together, noticed in every
        }


def worth_watching(reach: Reach, of_mutants: Iterable[int], suite_s: float) -> list[int]:
    """The positions of the tests to watch for mutants that these tests reach, as bits; none where
    watching would take longer than running them for the mutants."""
    every, spared = 0, 0.0
    for tests in of_mutants:
        every |= tests
        spared += sum(reach.seconds[index] for index in reach.indices(tests))
    wanted = reach.indices(every)
    cost = suite_s + sum(reach.seconds[index] + _FORK_S for index in wanted)
    return wanted if spared * _SPARED > cost else []


class Seen:
    """What watched runs of one suite have told of mutants, by their ids; kept in a store."""

    def __init__(self, store: Store | None, suite: str) -> None:
        self._store = store
        self._keys = {"quiet": f"{_QUIET_FORM}-{suite}", "calm": f"{_CALM_FORM}-{suite}"}
        known = self._known("quiet")
        self.quiet = {name: int(tests, 16) for name, tests in known.items()}
        """The tests that can't notice a mutant, as bits."""
        self.calm: dict[str, bool] = self._known("calm")
        """Whether a mutant can't be noticed before the first test."""

    def _known(self, kind: str) -> dict[str, Any]:
        return (self._store.fact(kind, self._keys[kind]) if self._store else None) or {}

    def keep(self) -> None:
        """Put all into the store."""
        if self._store is not None:
            quiet = {name: f"{tests:x}" for name, tests in self.quiet.items()}
            self._store.set_fact("quiet", self._keys["quiet"], quiet)
            self._store.set_fact("calm", self._keys["calm"], self.calm)
