"""The three words for a measured difficulty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Level = Literal["easy", "medium", "hard"]
LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")

EASY_BELOW, HARD_FROM = 0.11, 0.27
"""Each level holds about a third of the bugs of the nine target projects."""


def level(difficulty: float) -> Level:
    """The word for a difficulty from 0 to 1."""
    if difficulty < EASY_BELOW:
        return "easy"
    return "medium" if difficulty < HARD_FROM else "hard"


def hardest(difficulties: Iterable[float | None]) -> Level | None:
    """The word for the hardest of some bugs; None where there is none or one was not measured."""
    known = list(difficulties)
    measured = [value for value in known if value is not None]
    return level(max(measured)) if measured and len(measured) == len(known) else None
