"""Which tests can notice a change: from one run of every test alone, in a fork of its own.

Alone, a test executes all that it depends on: the set-up of shared fixtures, what another test
would have left in a cache, the import of modules that nobody imported yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from bugbash.files import Edit
from bugbash.trials.affected import affected_lines, function_lines


@dataclass(frozen=True)
class Reach:
    """What the tests of a suite execute. Sets of tests are the bits of an int, by position."""

    tests: tuple[str, ...]
    """Every test that is collected, in the suite's order."""
    lines: dict[str, dict[int, int]] = field(default_factory=dict)
    """File, then line, then the tests that execute it."""
    everywhere: int = 0
    """Tests that start processes or read sources: what they reach can't be seen."""
    company: int = 0
    """Tests that don't pass alone: they need others before them."""
    seconds: tuple[float, ...] = ()
    """Of each test alone."""

    def of_lines(self, file: str, lines: Iterable[int]) -> int:
        """The tests that execute one of these lines."""
        known = self.lines.get(file, {})
        found = 0
        for line in lines:
            found |= known.get(line, 0)
        return found

    def of_change(self, edit: Edit, source: bytes) -> int:
        """The tests that can notice an edit of a function's body.

        Those that begin to execute a statement it changes, or the function where nobody does: a
        tracer sees no line of `while True`.
        """
        change = (edit.start, edit.end, edit.replacement.encode())
        lines = chain.from_iterable(affected_lines(source, *change))
        around = function_lines(source, edit.start, edit.end)
        return self.of_lines(edit.file, lines) or self.of_lines(edit.file, around)

    @property
    def all(self) -> int:
        return (1 << len(self.tests)) - 1

    def indices(self, tests: int) -> list[int]:
        """The positions of a set's tests, in the suite's order."""
        return [index for index in range(len(self.tests)) if tests >> index & 1]

    def set_of(self, names: Iterable[str]) -> int:
        """The set of the tests with these ids; others are ignored."""
        wanted = set(names)
        return sum(1 << index for index, name in enumerate(self.tests) if name in wanted)

    def with_company(self, tests: int) -> int:
        """A set of tests and those of their files, for the tests that don't pass alone."""
        needy = tests & self.company
        if not needy:
            return tests
        files = {self.tests[index].partition("::")[0] for index in self.indices(needy)}
        for index, name in enumerate(self.tests):
            if name.partition("::")[0] in files:
                tests |= 1 << index
        return tests

    def weight(self) -> list[int]:
        """How many lines each test executes: the most particular tests have few."""
        counts = [0] * len(self.tests)
        for lines in self.lines.values():
            for tests in lines.values():
                for index in self.indices(tests) if tests else ():
                    counts[index] += 1
        return counts


class ReachBuilder:
    """Puts a `Reach` together, test by test."""

    def __init__(self, tests: tuple[str, ...], usable: Collection[str]) -> None:
        self._tests = tests
        self._usable = usable
        self._lines: dict[str, dict[int, int]] = {}
        self._everywhere = self._company = 0
        self._seconds = [0.0] * len(tests)

    def add(self, index: int, told: dict[str, Any]) -> None:
        """Add what one test did alone; `told` is what the process that ran it said."""
        bit = 1 << index
        self._seconds[index] = round(float(told.get("seconds", 0.0)), 4)
        if told.get("outcome") != "passed" and self._tests[index] in self._usable:
            self._company |= bit
        if told.get("everywhere", True):
            self._everywhere |= bit
        for file, lines in told.get("lines", {}).items():
            of_file = self._lines.setdefault(file, {})
            for line in lines:
                of_file[line] = of_file.get(line, 0) | bit

    def reach(self) -> Reach:
        return Reach(
            tests=self._tests,
            lines=self._lines,
            everywhere=self._everywhere,
            company=self._company,
            seconds=tuple(self._seconds),
        )


def to_json(reach: Reach) -> dict[str, Any]:
    """A form for the store: each set of tests that occurs is written once."""
    sets: dict[int, int] = {}
    lines = {
        file: {line: sets.setdefault(tests, len(sets)) for line, tests in sorted(of_file.items())}
        for file, of_file in sorted(reach.lines.items())
    }
    return {
        "tests": list(reach.tests),
        "sets": [f"{tests:x}" for tests in sets],
        "lines": lines,
        "everywhere": f"{reach.everywhere:x}",
        "company": f"{reach.company:x}",
        "seconds": list(reach.seconds),
    }


def from_json(value: dict[str, Any]) -> Reach:
    sets = [int(tests, 16) for tests in value["sets"]]
    return Reach(
        tests=tuple(value["tests"]),
        lines={
            file: {int(line): sets[number] for line, number in of_file.items()}
            for file, of_file in value["lines"].items()
        },
        everywhere=int(value["everywhere"], 16),
        company=int(value["company"], 16),
        seconds=tuple(value["seconds"]),
    )
