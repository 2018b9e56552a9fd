"""Long lists of words, written as one would read them."""

from __future__ import annotations


def vocabulary(words: str) -> frozenset[str]:
    """The words of a text, which stand apart by spaces."""
    return frozenset(words.split())
