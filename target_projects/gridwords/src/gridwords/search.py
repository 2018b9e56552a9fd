"""Where words stand in a grid: every way to walk them, no cell used twice in one walk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from .grids import Cell, Direction, Grid, directions

Trail = tuple[Cell, ...]


@dataclass(frozen=True)
class SearchRules:
    """`straight` words keep their direction, others may bend at every letter."""

    neighbours: int = 8
    straight: bool = False
    max_matches: int = 1000


@dataclass(frozen=True)
class Match:
    word: str
    path: Trail


def find_all(grid: Grid, word: str, rules: SearchRules) -> list[Match]:
    """All walks, in the order of their first cells, row by row; at most `max_matches`."""
    return list(islice(_walks(grid, word, rules), rules.max_matches))


def find_first(grid: Grid, word: str, rules: SearchRules) -> Match | None:
    return next(_walks(grid, word, rules), None)


def distinct(found: Iterable[Match]) -> list[Match]:
    """One match for each set of cells: LEVEL reads the same from both of its ends."""
    first: dict[frozenset[Cell], Match] = {}
    for match in found:
        first.setdefault(frozenset(match.path), match)
    return list(first.values())


def locate(grid: Grid, words: Iterable[str], rules: SearchRules) -> dict[str, list[Match]]:
    """The distinct matches of each word, an empty list where it is not in the grid."""
    return {word: distinct(find_all(grid, word, rules)) for word in words}


def _walks(grid: Grid, word: str, rules: SearchRules) -> Iterator[Match]:
    for cell in grid.cells():
        tile = grid.at(cell)
        if not word.startswith(tile):
            continue
        if tile == word:
            yield Match(word, (cell,))
        elif rules.straight:
            for way in directions(rules.neighbours):
                line = _line(grid, word, cell, way)
                if line is not None:
                    yield Match(word, line)
        else:
            yield from _bends(grid, word, [cell], rules)


def _line(grid: Grid, word: str, start: Cell, way: Direction) -> Trail | None:
    path = [start]
    done = len(grid.at(start))
    while done < len(word):
        cell = grid.step(path[-1], way)
        if cell is None or cell in path or not word.startswith(grid.at(cell), done):
            return None
        path.append(cell)
        done += len(grid.at(cell))
    return tuple(path)


def _bends(grid: Grid, word: str, path: list[Cell], rules: SearchRules) -> Iterator[Match]:
    done = sum(len(grid.at(cell)) for cell in path)
    if done == len(word):
        yield Match(word, tuple(path))
        return
    for cell in grid.neighbours(path[-1], rules.neighbours):
        tile = grid.at(cell)
        if cell in path or not word.startswith(tile, done):
            continue
        path.append(cell)
        yield from _bends(grid, word, path, rules)
        path.pop()
