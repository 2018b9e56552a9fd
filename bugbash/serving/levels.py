"""The three words for a measured difficulty."""

from __future__ import annotations

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
