"""Letter boards: solved against the word lists, played for points."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

from .errors import WordError
from .grids import Cell, Grid
from .search import Match, SearchRules, Trail, find_first
from .words import WordRules, longest_first

Said = Iterable[tuple[datetime, str]]


class Reason(Enum):
    SCORED = "scored"
    LATE = "out of time"
    TWICE = "said before"
    NO_WORD = "not a word"
    UNLISTED = "not in the lists"
    ABSENT = "not on the board"


@dataclass(frozen=True)
class BoardRules:
    words: WordRules
    search: SearchRules
    time_limit: timedelta
    grace: timedelta


@dataclass(frozen=True)
class Verdict:
    word: str
    reason: Reason
    points: int = 0


@dataclass
class Trie:
    """Words by their letters, so that a walk stops where no word goes on."""

    branches: dict[str, Trie] = field(default_factory=dict)
    ends: bool = False

    @classmethod
    def of(cls, words: Iterable[str]) -> Trie:
        root = cls()
        for word in words:
            node = root
            for letter in word:
                node = node.branches.setdefault(letter, cls())
            node.ends = True
        return root

    def follow(self, letters: str) -> Trie | None:
        node = self
        for letter in letters:
            if letter not in node.branches:
                return None
            node = node.branches[letter]
        return node

    def __contains__(self, word: str) -> bool:
        node = self.follow(word)
        return node is not None and node.ends


@cache
def tile_data() -> Mapping[str, Any]:
    """Points and letter weights of the house."""
    file = resources.files(__package__).joinpath("tiles.json")
    return dict(json.loads(file.read_bytes()))


def points(word: str) -> int:
    """By the number of letters; longer words than the table knows count as its longest."""
    table = sorted((int(length), value) for length, value in tile_data()["points"].items())
    place = bisect_right(table, len(word), key=lambda entry: entry[0])
    return table[place - 1][1] if place > 0 else 0


def solve(grid: Grid, words: Trie, rules: BoardRules) -> list[Match]:
    """Every word on the board with its first path: the longest first, then by letters."""
    found: dict[str, Trail] = {}

    def explore(cell: Cell, node: Trie, word: str, path: list[Cell]) -> None:
        longer = node.follow(grid.at(cell))
        if longer is None or cell in path:
            return
        word += grid.at(cell)
        path.append(cell)
        if longer.ends and len(word) >= rules.words.min_length:
            found.setdefault(word, tuple(path))
        for beside in grid.neighbours(cell, rules.search.neighbours):
            explore(beside, longer, word, path)
        path.pop()

    for cell in grid.cells():
        explore(cell, words, "", [])
    return [Match(word, found[word]) for word in longest_first(found)]


def judge(
    grid: Grid, said: Said, started: datetime, words: Trie, rules: BoardRules
) -> list[Verdict]:
    """What each word that a player said is worth; a moment of grace comes on top of the time."""
    last = started + rules.time_limit + rules.grace
    verdicts: list[Verdict] = []
    for moment, text in said:
        try:
            word = rules.words.clean(text)
        except WordError:
            verdicts.append(Verdict(text.strip(), Reason.NO_WORD))
            continue
        counted = {verdict.word for verdict in verdicts if verdict.reason is Reason.SCORED}
        reason = Reason.LATE if moment > last else _reason(grid, word, counted, words, rules)
        verdicts.append(Verdict(word, reason, points(word) if reason is Reason.SCORED else 0))
    return verdicts


def _reason(grid: Grid, word: str, counted: set[str], words: Trie, rules: BoardRules) -> Reason:
    if word in counted:
        return Reason.TWICE
    if word not in words:
        return Reason.UNLISTED
    if find_first(grid, word, rules.search) is None:
        return Reason.ABSENT
    return Reason.SCORED
