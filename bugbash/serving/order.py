"""What a user asks of `new` about the bug, and what is found for it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bugbash.serving.choosing import Wanted
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Ticket
from bugbash.targets.overrides import NOTHING, Overrides

Watch = Callable[[int, int], None]
"""Told how much is done, and of how much (0 where that is not known)."""


def _silent(_: str) -> Watch:
    return lambda done, total: None


@dataclass(frozen=True)
class Voice:
    """How long work is told about: a line, or a bar that is given what is done and of how much."""

    note: Callable[[str], None] = lambda _: None
    watch: Callable[[str], Watch] = _silent


@dataclass(frozen=True)
class Order:
    """Everything that a user asks of `new` about the bug."""

    target: str
    wanted: Wanted
    overrides: Overrides = NOTHING
    mutator_folders: tuple[Path, ...] = ()
    options: tuple[str, ...] = ()
    """The options as typed, for the line that gives somebody else the same bug."""
    blind: bool = False
    """Whether the failing tests are to be withheld."""
    mode: str = ""
    """`interview`, `stripe`, or nothing."""

    @property
    def again(self) -> str:
        words = ["bugbash", "new", self.target, "--seed", str(self.wanted.seed), *self.options]
        return shlex.join(words)


@dataclass(frozen=True)
class Plan:
    """Proved bugs with their ticket, and the suite that judges them."""

    bugs: tuple[Bug, ...]
    ticket: Ticket
    tests: tuple[str, ...]
    """Ids of the clean suite that count."""
    left_out: tuple[str, ...] = ()
    ignored_files: tuple[str, ...] = ()
    suite_seconds: float | None = None
    """Of the clean suite on this machine; None where it was not measured."""
    withheld: tuple[str, ...] = ()
    """Ids of the tests that the workspace is served without."""
