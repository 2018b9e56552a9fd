"""The two pattern languages of the word lists.

Braces make words: `{un,}lock{s,ed}`, `{a..e}`, `grid{01..12}`, nested, with `\\` before a character
that is to stand for itself. Globs choose words: `?` one letter, `*` any number, `[a-e]`, `[!xyz]`,
`@` a vowel, `#` a consonant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .errors import PatternError

EXPANSION_LIMIT = 10_000
WILDCARDS = {"?": ".", "*": ".*", "@": "[AEIOU]", "#": r"[^\W\d_AEIOU]"}

_RANGE = re.compile(
    r"\{(?P<first>-?\d+|[a-zA-Z])\.\.(?P<last>-?\d+|[a-zA-Z])(?:\.\.(?P<step>\d+))?\}"
)
_PADDED = re.compile(r"-?0\d+")
_SET = re.compile(r"\[(?P<not>!?)(?P<members>(?:[^\W\d_](?:-[^\W\d_])?)+)\]")


def expand(pattern: str, limit: int = EXPANSION_LIMIT) -> list[str]:
    """All that a brace pattern stands for, each once, sorted.

    Raises PatternError with the column of what is wrong, or when it would be more than `limit`.
    """
    reader = _BraceReader(pattern, limit)
    found = reader.alternatives()
    if reader.position < len(pattern):
        raise PatternError("'}' without '{'", reader.position)
    return sorted(found)


class _BraceReader:
    def __init__(self, text: str, limit: int) -> None:
        self.text = text
        self.limit = limit
        self.position = 0

    def alternatives(self) -> set[str]:
        """Sequences between commas, up to a closing brace or the end."""
        found = self._sequence()
        while self.text.startswith(",", self.position):
            self.position += 1
            found |= self._sequence()
            self._check_size(len(found))
        return found

    def _sequence(self) -> set[str]:
        prefixes = {""}
        while self.position < len(self.text) and self.text[self.position] not in ",}":
            part = self._part()
            self._check_size(len(prefixes) * len(part))
            prefixes = {prefix + text for prefix in prefixes for text in part}
        return prefixes

    def _part(self) -> set[str]:
        start = self.position
        match = _RANGE.match(self.text, start)
        if match is not None:
            self.position = match.end()
            return self._range(match)
        self.position += 1
        if self.text[start] == "{":
            return self._braces(start)
        if self.text[start] != "\\":
            return {self.text[start]}
        if self.position == len(self.text):
            raise PatternError("nothing after '\\'", start)
        self.position += 1
        return {self.text[start + 1]}

    def _braces(self, start: int) -> set[str]:
        found = self.alternatives()
        if self.position == len(self.text):
            raise PatternError("'{' is never closed", start)
        if self.position == start + 1:
            raise PatternError("empty braces", start)
        self.position += 1
        return found

    def _range(self, match: re.Match[str]) -> set[str]:
        ends = first, last = match["first"], match["last"]
        if first.isalpha() != last.isalpha():
            raise PatternError(f"{first} and {last} do not make a range", match.start())
        low, high = sorted(map(ord, ends) if first.isalpha() else map(int, ends))
        step = int(match["step"] or 1)
        if step == 0:
            raise PatternError("a step of 0", match.start())
        numbers = range(low, high + 1, step)
        self._check_size(len(numbers))
        if first.isalpha():
            return {chr(number) for number in numbers}
        width = max(map(len, ends)) if any(map(_PADDED.fullmatch, ends)) else 1
        return {f"{number:0{width}d}" for number in numbers}

    def _check_size(self, size: int) -> None:
        if size > self.limit:
            raise PatternError(f"more than {self.limit} words", self.position - 1)


def matches(pattern: str, word: str) -> bool:
    return _compiled(pattern).fullmatch(word.upper()) is not None


def select(words: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """Words that one of the patterns chooses and none that begins with `-` takes out, sorted.

    Where all patterns take out, they take from all the words.
    """
    wanted, unwanted = [], []
    for pattern in patterns:
        if pattern.startswith("-"):
            unwanted.append(pattern[1:])
        else:
            wanted.append(pattern)
    return sorted(
        word
        for word in set(words)
        if (not wanted or any(matches(pattern, word) for pattern in wanted))
        and not any(matches(pattern, word) for pattern in unwanted)
    )


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.upper()
    parts = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if character != "[":
            parts.append(WILDCARDS.get(character) or re.escape(character))
            continue
        match = _SET.match(pattern, position - 1)
        if match is None:
            raise PatternError("not a set of letters and ranges", position - 1)
        parts.append(f"[{'^' if match['not'] else ''}{match['members']}]")
        position = match.end()
    try:
        return re.compile("".join(parts))
    except re.error as problem:
        raise PatternError(problem.msg, 0) from None
