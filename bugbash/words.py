"""Numbers, times and names in words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

BY_HAND = "by hand"
"""The mutator of a bug that has none: somebody wrote it."""


def made_by(mutator: str) -> str:
    """The name of a mutator for people; of a bug without one, who made it."""
    return "written by a person" if mutator == BY_HAND else mutator


def counted(count: int, what: str) -> str:
    """`1 test`, `2 tests`, `1,200 tests`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def clock(seconds: float) -> str:
    """12:07, or 1:02:07."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def since_start(seconds: float) -> str:
    """Time since the start, as `+03:10` or `+1:03:10`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}:{minutes:02}:{rest:02}" if hours else f"+{minutes:02}:{rest:02}"


def ranges(numbers: Iterable[int]) -> tuple[str, ...]:
    """Numbers as ranges.

    >>> ranges([4, 1, 2, 3, 9, 9])
    ('1-4', '9')
    """
    ordered = sorted(set(numbers))
    if not ordered:
        return ()
    breaks = [i for i, (a, b) in enumerate(pairwise(ordered), 1) if b > a + 1]
    spans = pairwise([0, *breaks, len(ordered)])
    return tuple(_range(ordered[start], ordered[end - 1]) for start, end in spans)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
