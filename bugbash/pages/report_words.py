"""Times and numbers in words, as the report writes them."""

from __future__ import annotations

from itertools import pairwise

_COARSE = 10
"""From so many of a unit on, the smaller one is not told."""


def length(seconds: float) -> str:
    """How long something took.

    >>> length(41), length(130), length(1041), length(7800), length(93600)
    ('41 s', '2 min 10 s', '17 min', '2 h 10 min', '1 d 2 h')
    """
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    rest = int(seconds)
    for (name, size), (below, smaller) in pairwise(units):
        if rest >= size:
            whole, left = divmod(rest, size)
            part = left // smaller
            fine = part and whole < _COARSE
            return f"{whole} {name} {part} {below}" if fine else f"{whole} {name}"
    return f"{rest} s"
