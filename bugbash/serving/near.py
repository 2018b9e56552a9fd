"""Finding lines again that were changed since, and carrying another change over to them."""

from __future__ import annotations

import difflib
import re
import textwrap

_CLOSE = 0.7
_CLEARLY = 0.1
_SPARE = 2
"""How many lines may have come or gone."""
_TOKEN = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")


def near_text(wanted: str, text: str) -> str | None:
    """The lines of a text that are most like those wanted, dedented; None where none are clearly.

    Compared by words and signs: the same letters in another order are no likeness.

    >>> near_text("total = price + fee", "def f():\\n    total = price + tax\\n    return total")
    'total = price + tax'
    """
    bare = textwrap.dedent(wanted).strip("\n")
    lines = text.replace("\r\n", "\n").split("\n")
    length = len(bare.split("\n"))
    found = []
    matcher: difflib.SequenceMatcher[str] = difflib.SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(_TOKEN.findall(bare))
    for count in range(max(1, length - _SPARE), length + _SPARE + 1):
        for start in range(len(lines) - count + 1):
            part = lines[start : start + count]
            if not part[0].strip() or not part[-1].strip():
                continue
            one = textwrap.dedent("\n".join(part))
            matcher.set_seq1(_TOKEN.findall(one))
            if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE:
                found.append((matcher.ratio(), start, start + count, one))
    if not found:
        return None
    best = max(found, key=lambda one: one[0])
    others = [one[0] for one in found if one[1] >= best[2] or one[2] <= best[1]]
    clear = best[0] >= max(others, default=0.0) + _CLEARLY
    return best[3] if best[0] >= _CLOSE and clear else None


def merged(base: str, ours: str, theirs: str) -> str | None:
    """`base` with two changes of it; None where both change the same words.

    >>> merged("a = b + c", "a = b - c", "total = b + c")
    'total = b - c'
    """
    words = _TOKEN.findall(base)
    mine, other = _changes(words, ours), _changes(words, theirs)
    for start, end, _ in mine:
        for first, last, _ in other:
            if (start < last and first < end) or start == first:
                return None
    for start, end, new in sorted([*mine, *other], reverse=True):
        words[start:end] = new
    return "".join(words)


def _changes(words: list[str], text: str) -> list[tuple[int, int, list[str]]]:
    new = _TOKEN.findall(text)
    codes = difflib.SequenceMatcher(None, words, new, autojunk=False).get_opcodes()
    return [(a, b, new[c:d]) for tag, a, b, c, d in codes if tag != "equal"]
