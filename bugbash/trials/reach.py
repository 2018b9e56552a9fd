"""Which tests can notice a change: from one run of every test alone, in a fork of its own.

Alone, a test executes all that it depends on: the set-up of shared fixtures, what another test
would have left in a cache, the import of modules that nobody imported yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from bugbash.files import Edit
from bugbash.trials.affected import (
    affected_lines,
    changes_defaults,
    function_lines,
    traced_lines,
)


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
    shared: dict[str, dict[int, int]] = field(default_factory=dict)
    """Like `lines`: what a test executes only after others, for the sake of what they left."""
    readers: int = 0
    """Tests that read sources: they see that the lines of other functions have moved."""
    inspectors: int = 0
    """Tests that look at the defaults of functions."""
    leaves: dict[str, int] = field(default_factory=dict)
    """Slot of the process's state, then the tests that leave it changed."""

    def of_lines(self, file: str, lines: Iterable[int]) -> int:
        """The tests that execute one of these lines."""
        return _union(self.lines.get(file, {}), lines)

    def of_change(self, edit: Edit, source: bytes) -> int:
        """The tests that can notice an edit of a function's body, or of a default of it.

        Those that begin to execute a statement it changes, or the function where nobody does and
        nobody would be seen to: a tracer sees no line of `while True`.
        """
        change = (edit.start, edit.end, edit.replacement.encode())
        affected = affected_lines(source, *change)
        found = self.of_lines(edit.file, chain.from_iterable(affected))
        if changes_defaults(source, *change):
            return found | self.inspectors
        if found or all(lines.start in traced_lines(source) for lines in affected):
            return found
        return self.of_lines(edit.file, function_lines(source, edit.start, edit.end))

    def needs_all(self, edit: Edit, source: bytes, quiet: int = 0) -> bool:
        """Whether only the whole suite, in its order, can tell what an edit does.

        A test, none of those that can't notice it (`quiet`), comes to a changed statement only
        after others; or one reads a source whose lines the edit moves.
        """
        if self.readers and source[edit.start : edit.end].count(b"\n") != edit.replacement.count(
            "\n"
        ):
            return True
        change = (edit.start, edit.end, edit.replacement.encode())
        lines = chain.from_iterable(affected_lines(source, *change))
        return _union(self.shared.get(edit.file, {}), lines) & ~quiet != 0

    def expects(self, slots: Iterable[str], tests: int) -> bool:
        """Whether these tests leave all these slots of the state changed on the clean code too."""
        return all(self.leaves.get(slot, 0) & tests for slot in slots)

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

    def effort(self) -> list[int]:
        """The rank of each test in the order to ask: the quick ones first, to a factor of two, and
        among these the most particular."""
        weight = self.weight()
        known = self.seconds or (0.0,) * len(weight)
        effort = [(int(known[at] * 1000).bit_length(), weight[at], at) for at in range(len(weight))]
        ranks = {at: rank for rank, (_, _, at) in enumerate(sorted(effort))}
        return [ranks[at] for at in range(len(weight))]

    def varied(self, indices: Iterable[int], weight: Sequence[int]) -> list[int]:
        """Tests by weight or effort, the first parameter set of each function before any second."""
        turns: Counter[str] = Counter()
        ordered = []
        for index in sorted(indices, key=lambda index: (weight[index], index)):
            function = self.tests[index].partition("[")[0]
            ordered.append((turns[function], weight[index], index))
            turns[function] += 1
        return [index for _, _, index in sorted(ordered)]


def closed(tests: int, groups: Sequence[int]) -> int:
    """A set of tests and all those of each group of which it has one, until nothing is added."""
    while True:
        more = tests
        for group in groups:
            more |= group if group & more else 0
        if more == tests:
            return tests
        tests = more


def _union(known: dict[int, int], lines: Iterable[int]) -> int:
    found = 0
    for line in lines:
        found |= known.get(line, 0)
    return found


class ReachBuilder:
    """Puts a `Reach` together, test by test."""

    def __init__(self, tests: tuple[str, ...], usable: Collection[str]) -> None:
        self._tests = tests
        self._usable = usable
        self._lines: dict[str, dict[int, int]] = {}
        self._shared: dict[str, dict[int, int]] = {}
        self._leaves: dict[str, int] = {}
        self._everywhere = self._company = self._readers = self._inspectors = 0
        self._seconds = [0.0] * len(tests)

    def add(self, index: int, told: dict[str, Any]) -> None:
        """Add what one test did alone; `told` is what the process that ran it said."""
        bit = 1 << index
        self._seconds[index] = round(float(told.get("seconds", 0.0)), 4)
        if told.get("outcome") != "passed" and self._tests[index] in self._usable:
            self._company |= bit
        if told.get("everywhere", True):
            self._everywhere |= bit
        if told.get("reads", True):
            self._readers |= bit
        if told.get("inspects", True):
            self._inspectors |= bit
        for slot in told.get("leaves", ()):
            self._leaves[slot] = self._leaves.get(slot, 0) | bit
        _add(self._lines, told.get("lines", {}), bit)

    def add_company(self, told: Mapping[str, Any]) -> None:
        """Add what a test did in a run of the whole suite, when all were added alone."""
        index, lines = told["test"], told["lines"]
        bit = 1 << index
        if told["inspects"]:
            self._inspectors |= bit
        if told["lost"]:
            self._everywhere |= bit
        new = {
            file: [line for line in of_file if not self._lines.get(file, {}).get(line, 0) & bit]
            for file, of_file in lines.items()
        }
        _add(self._shared, {file: of_file for file, of_file in new.items() if of_file}, bit)

    def reach(self) -> Reach:
        return Reach(
            tests=self._tests,
            lines=self._lines,
            everywhere=self._everywhere,
            company=self._company,
            seconds=tuple(self._seconds),
            shared=self._shared,
            readers=self._readers,
            inspectors=self._inspectors,
            leaves=self._leaves,
        )


def _add(to: dict[str, dict[int, int]], lines: Mapping[str, Iterable[int]], bit: int) -> None:
    for file, of_file in lines.items():
        known = to.setdefault(file, {})
        for line in of_file:
            known[line] = known.get(line, 0) | bit


def to_json(reach: Reach) -> dict[str, Any]:
    """A form for the store: each set of tests that occurs is written once."""
    sets: dict[int, int] = {}

    def numbered(lines: dict[str, dict[int, int]]) -> dict[str, dict[int, int]]:
        return {
            file: {
                line: sets.setdefault(tests, len(sets)) for line, tests in sorted(of_file.items())
            }
            for file, of_file in sorted(lines.items())
        }

    lines, shared = numbered(reach.lines), numbered(reach.shared)
    return {
        "tests": list(reach.tests),
        "sets": [f"{tests:x}" for tests in sets],
        "lines": lines,
        "everywhere": f"{reach.everywhere:x}",
        "company": f"{reach.company:x}",
        "seconds": list(reach.seconds),
        "shared": shared,
        "readers": f"{reach.readers:x}",
        "inspectors": f"{reach.inspectors:x}",
        "leaves": {slot: f"{tests:x}" for slot, tests in sorted(reach.leaves.items())},
    }


def from_json(value: dict[str, Any]) -> Reach:
    sets = [int(tests, 16) for tests in value["sets"]]

    def lines_of(numbered: dict[str, dict[str, int]]) -> dict[str, dict[int, int]]:
        return {
            file: {int(line): sets[number] for line, number in of_file.items()}
            for file, of_file in numbered.items()
        }

    return Reach(
        tests=tuple(value["tests"]),
        lines=lines_of(value["lines"]),
        everywhere=int(value["everywhere"], 16),
        company=int(value["company"], 16),
        seconds=tuple(value["seconds"]),
        shared=lines_of(value.get("shared", {})),
        readers=int(value.get("readers", "0"), 16),
        inspectors=int(value.get("inspectors", "0"), 16),
        leaves={slot: int(tests, 16) for slot, tests in value.get("leaves", {}).items()},
    )
