"""What a case of a journey prints on the clean and on the broken tree, and which case to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bugbash.serving.journey_files import Journey

MANY = 3
"""A fault shows in many cases of a journey where one of so many differs."""


@dataclass(frozen=True)
class Output:
    """What a case printed, and the error that ended it."""

    printed: str
    error: str = ""
    """The error's type; empty where none escaped."""
    message: str = ""

    @property
    def fails(self) -> bool:
        """Whether it ends in an error; a program that exits by itself does not."""
        return self.error not in ("", "SystemExit")

    @property
    def error_line(self) -> str:
        """The last line of the error, as Python shows it without its module; or the exit code."""
        if self.error == "SystemExit":
            if self.message in ("", "None") or self.message.isdecimal():
                return f"(exit code {self.message if self.message.isdecimal() else 0})"
            return self.message
        return f"{self.error}: {self.message}" if self.message else self.error

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(part for part in (self.printed, self.error_line) if part)


@dataclass(frozen=True)
class Difference:
    """A case that prints something else on the broken tree."""

    journey: Journey
    case: str
    expected: Output
    actual: Output
    differing: int = 0
    """Cases of the journey that print something else; 0 where that is not known."""
    tried: int = 0
    """Cases of the journey that were compared."""

    @property
    def steps(self) -> str:
        return self.journey.steps(self.case)

    @property
    def in_many(self) -> bool:
        """Whether so many cases differ that the case says little about the fault."""
        return self.differing > 1 and self.differing * MANY >= self.tried

    @property
    def length(self) -> int:
        """How much there is to read."""
        return len(self.expected.text) + len(self.actual.text) + len(self.steps)

    @property
    def usual(self) -> bool:
        """Whether it is the journey's first case, of which most differ."""
        return self.case == self.journey.cases[0][0] and 2 * self.differing > self.tried


def most_telling(
    found: Iterable[Difference], functions: Iterable[str], most: int
) -> list[Difference]:
    """The differences that are worth telling, the best first; one of each journey at least.

    Before others come those that should not end in an error, those whose steps do not call the
    changed functions, the usual case of a journey of which most differ, and what is short.
    """
    calls = _calls(functions)

    def class_of(one: Difference) -> tuple[bool, bool]:
        return one.expected.fails, calls(one.steps)

    ordered = sorted(found, key=lambda one: (*class_of(one), not one.usual, one.length))
    best: dict[str, Difference] = {}
    for one in ordered:
        best.setdefault(one.journey.name, one)
    others = [one for one in ordered if one is not best[one.journey.name]]
    chosen = [*best.values(), *others[: max(0, most - len(best))]]
    return sorted(
        chosen, key=lambda one: (*class_of(one), one is not best[one.journey.name], one.length)
    )


def _calls(functions: Iterable[str]) -> Callable[[str], bool]:
    """Tells whether some code calls one of the functions; a class is called for its __init__."""
    names = []
    for function in functions:
        *owners, name = function.split(".")
        if name in ("__init__", "__new__", "__post_init__") and owners:
            name = owners[-1]
        names.append(re.escape(name))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(names)})\(") if names else None
    return lambda code: pattern is not None and pattern.search(code) is not None
