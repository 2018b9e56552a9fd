"""The two pattern languages of the word lists.

Braces make words: `{un,}lock{s,ed}`, `{a..e}`, `grid{01..12}`, nested, with `\\` before a character
that is to stand for itself. Globs choose words: `?` one letter, `*` any number, `[a-e]`, `[!xyz]`,
`@` a vowel, `#` a consonant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .errors import PatternError

WILDCARDS = {"?": ".", "*": ".*", "@": "[AEIOU]", "#": r"[^\W\d_AEIOU]"}

_RANGE = re.compile(r"\{(-?\d{1,9}|[a-zA-Z])\.\.(-?\d{1,9}|[a-zA-Z])(?:\.\.(\d{1,9}))?\}")
_PADDED = re.compile(r"-?0\d+")
_SET = re.compile(r"\[(?P<not>!?)(?P<members>(?:[^\W\d_](?:-[^\W\d_])?)+)\]")


def expand(pattern: str, limit: int = 10_000) -> list[str]:
    """All that a brace pattern stands for, each once, sorted.

    Raises PatternError with the column of what is wrong, or when it would be more than `limit`.
    """
    if pattern.count("{") > 50:
        raise PatternError("more than 50 braces", pattern.rindex("{"))
    reader = _BraceReader(pattern, limit)
    found = reader.alternatives()
    if reader.position < len(pattern):
        raise PatternError("'}' without '{'", reader.position)
    return sorted(found)


@dataclass
class _BraceReader:
    text: str
    limit: int
    position: int = 0

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
        ends = first, last = match[1], match[2]
        if first.isalpha() != last.isalpha() or first.isupper() != last.isupper():
            raise PatternError(f"{first} and {last} do not make a range", match.start())
        start, stop = map(ord if first.isalpha() else int, ends)
        step = int(match[3] or 1)
        if step == 0:
            raise PatternError("a step of 0", match.start())
        way = 1 if start <= stop else -1
        numbers = range(start, stop + way, step * way)
        self._check_size(len(numbers))
        if first.isalpha():
            return {chr(number) for number in numbers}
        width = max(map(len, ends)) if any(map(_PADDED.fullmatch, ends)) else 1
        return {f"{number:0{width}d}" for number in numbers}

    def _check_size(self, size: int) -> None:
        if size > self.limit:
            raise PatternError(f"more than {self.limit} words", self.position - 1)


def select(words: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Words that one of the patterns chooses and none that begins with `-` takes out, sorted.

    Where all patterns take out, they take from all the words.
    """
    wanted = [_compiled(pattern) for pattern in patterns if not pattern.startswith("-")]
    unwanted = [_compiled(pattern[1:]) for pattern in patterns if pattern.startswith("-")]
    return sorted(
        word
        for word in set(words)
        if (not wanted or any(regex.fullmatch(word) for regex in wanted))
        and not any(regex.fullmatch(word) for regex in unwanted)
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.upper()
    regex = ""
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character != "[":
            regex += WILDCARDS.get(character) or re.escape(character)
            position += 1
            continue
        match = _SET.match(pattern, position)
        if match is None:
            raise PatternError("not a set of letters and ranges", position)
        regex += f"[{'^' if match['not'] else ''}{match['members']}]"
        position = match.end()
    try:
        return re.compile(regex)
    except re.error as problem:
        raise PatternError(problem.msg, 0) from None
