"""Two texts as one diff, for people: what is moved or replaced as a whole stays together."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff


def line_diff(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """All lines of both texts, each behind "- ", "+ " or two spaces."""
    if list(old) == list(new):
        return [f"  {line}" for line in old]
    every = max(len(old), len(new))
    found = list(unified_diff(old, new, n=every, lineterm=""))[3:]
    return [f"{line[:1]} {line[1:]}" for line in found]
