"""Narrower versions of a regular expression: each rejects something that the pattern accepts.

A scanner of its own rather than the standard library's parser, whose module and results differ
between Pythons and which does not say where things stand. What it proposes is compiled, and a
narrowed character class is compared with the old one character by character.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

ESCAPE = re.compile(r"\\(?:x..|u....|U.{8}|N\{[^}]*\}|[0-7]{3}|.)", re.DOTALL)
COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")
GROUP = re.compile(r"\(\?(?:P<\w+>|P=\w+\)|:|>|=|!|<=|<!|#[^)]*\)|\([^)]*\)|[a-zA-Z-]+[:)])")
SAMPLE = [chr(code) for code in range(256)] + ["ſ", "K", "ж", "中", "٣"]
KEPT = frozenset({"a-z", r"\w", r"\S", r"\D"})
"""Members without which a class would accept next to nothing."""
FEW = 6


class Narrowing(NamedTuple):
    """Characters `start` to `end` of a pattern become `text`."""

    start: int
    end: int
    text: str

    def apply(self, pattern: str) -> str:
        return pattern[: self.start] + self.text + pattern[self.end :]


def narrowings(pattern: str, flags: int = 0) -> Iterator[Narrowing]:
    """Each way to narrow `pattern` by one small change, from left to right.

    Left alone: negated classes and negative lookarounds, inside which less is more.
    """
    scanner = Scanner(pattern, flags)
    for proposal in scanner.proposals():
        if _compiles(proposal.apply(pattern), flags):
            yield proposal


class Scanner:
    """Goes through a pattern once and proposes what could be narrowed at every token."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags | (re.IGNORECASE if pattern.startswith("(?i)") else 0)
        self.at = 0
        self.groups: list[bool] = []
        """For every open group, whether it stands in a negative lookaround."""

    def proposals(self) -> Iterator[Narrowing]:
        while self.at < len(self.pattern):
            found = list(self._token())
            if not any(self.groups):
                yield from found

    def _token(self) -> Iterator[Narrowing]:
        char = self.pattern[self.at]
        if char == "[":
            yield from self._class()
        elif char == "(":
            yield from self._open()
        elif char == ")":
            if self.groups:
                self.groups.pop()
            self.at += 1
        elif char == "\\":
            self.at = _escape_end(self.pattern, self.at)
        elif char in "*+?{" and self.at:
            yield from self._quantifier(char)
        elif char == "#" and self.flags & re.VERBOSE:
            self.at = (self.pattern + "\n").index("\n", self.at) + 1
        else:
            self.at += 1

    def _class(self) -> Iterator[Narrowing]:
        start = self.at
        members, self.at = class_members(self.pattern, start)
        if self.pattern[start + 1 : start + 2] == "^" or len(members) < 2:
            return
        yield from _without_member(self.pattern, start, self.at, members, self.flags)

    def _open(self) -> Iterator[Narrowing]:
        match = GROUP.match(self.pattern, self.at)
        start, self.at = self.at, match.end() if match else self.at + 1
        text = match[0] if match else "("
        if text.endswith(")") and not text.startswith("(?("):
            if text == "(?i)":
                yield Narrowing(start, self.at, "")
            return
        self.groups.append(text in ("(?!", "(?<!"))

    def _quantifier(self, char: str) -> Iterator[Narrowing]:
        count = COUNT.match(self.pattern, self.at) if char == "{" else None
        if char == "{" and not count:
            self.at += 1
            return
        start, end = self.at, count.end() if count else self.at + 1
        self.at = end
        lazy = self.pattern[end : end + 1] in ("?", "+")
        self.at += lazy
        if char == "*":
            yield Narrowing(start, end, "+")
        elif char == "?":
            yield Narrowing(start, end + lazy, "")
        elif count:
            yield from _narrower_count(start, end, count)


def class_members(pattern: str, start: int) -> tuple[list[tuple[int, int]], int]:
    """The spans of the members (`+`, `0-9`, `\\d`) of the class at `start`, and where it ends."""
    at = start + 1 + (pattern[start + 1 : start + 2] == "^")
    members: list[tuple[int, int]] = []
    while at < len(pattern) and (pattern[at] != "]" or not members):
        end = _member_end(pattern, at)
        after = pattern[end + 1 : end + 2]
        if pattern[end : end + 1] == "-" and after not in ("]", ""):
            end = _member_end(pattern, end + 1)
        members.append((at, end))
        at = end
    return members, at + 1


def _member_end(pattern: str, at: int) -> int:
    return _escape_end(pattern, at) if pattern[at] == "\\" else at + 1


def _escape_end(pattern: str, at: int) -> int:
    match = ESCAPE.match(pattern, at)
    return match.end() if match else at + 1


def _without_member(
    pattern: str, start: int, end: int, members: list[tuple[int, int]], flags: int
) -> Iterator[Narrowing]:
    whole = accepted(pattern[start:end], flags)
    for first, last in members:
        if not _worth_dropping(pattern[first:last], len(members)):
            continue
        rest = accepted(pattern[start:first] + pattern[last:end], flags)
        if not whole or not rest or not rest < whole:
            continue
        if len(members) > 2:
            yield Narrowing(first, last, "")
            continue
        other, beyond = next(span for span in members if span != (first, last))
        bare = _bare(pattern[other:beyond], flags)
        if bare:
            yield Narrowing(start, end, bare)


def _bare(member: str, flags: int) -> str:
    """What one writes for a class of one member: `\\s` for `[\\s]`; "" where there is no such."""
    if len(member) > 2:
        return f"[{member}]" if "-" in member[1:] else ""
    if len(member) == 2:
        return "" if member[1] == "b" or member[1].isdigit() else member
    if not member.isprintable() or member in "\"'" or member.isdigit():
        return ""
    if flags & re.VERBOSE and member in " #":
        return ""
    return member if member not in ".^$*+?{}[]|()" else f"\\{member}"


def _worth_dropping(member: str, members: int) -> bool:
    return member not in KEPT and (members <= FEW or not member.isalnum())


@lru_cache(maxsize=1024)
def accepted(char_class: str, flags: int) -> frozenset[str]:
    """The characters of a sample that a class accepts; none where it does not compile."""
    if not _compiles(char_class, flags):
        return frozenset()
    compiled = re.compile(char_class, flags)
    return frozenset(char for char in SAMPLE if compiled.fullmatch(char))


def _narrower_count(start: int, end: int, count: re.Match[str]) -> Iterator[Narrowing]:
    low, comma, high = count.groups()
    if comma and high and int(high) - 1 > int(low or 0):
        yield Narrowing(start, end, f"{{{low},{int(high) - 1}}}")
    if comma and low and (not high or int(low) + 1 <= int(high)):
        yield Narrowing(start, end, f"{{{int(low) + 1},{high}}}")


def _compiles(pattern: str, flags: int) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError, ValueError):
        return False
    return True
