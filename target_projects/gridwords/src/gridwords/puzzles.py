"""Word searches: hides a list of words in a grid and fills the rest with letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import ceil
from random import Random

from .errors import PuzzleError
from .grids import Cell, Direction, Grid, directions
from .search import Match, SearchRules, Trail, locate
from .words import longest_first

Weights = Mapping[str, int]

WAYS = {
    "easy": (Direction.EAST, Direction.SOUTH),
    "medium": (Direction.NORTH_EAST, Direction.EAST, Direction.SOUTH_EAST, Direction.SOUTH),
    "hard": directions(8),
}


@dataclass(frozen=True)
class PuzzleRules:
    """`fullness` is the percentage of cells that words may take, each letter counted."""

    width: int = 12
    height: int = 12
    difficulty: str = "medium"
    fullness: int = 60
    attempts: int = 20


@dataclass(frozen=True)
class Puzzle:
    grid: Grid
    placed: tuple[Match, ...]
    left_out: tuple[str, ...]


def generate(words: Iterable[str], rules: PuzzleRules, weights: Weights, rng: Random) -> Puzzle:
    """Hide the words, each to be found exactly once.

    Words within longer ones, and those for which there is no room, are left out. Raises PuzzleError
    when no word fits, or when the filling keeps making words a second time.
    """
    canvas: dict[Cell, str] = {}
    placed: list[Match] = []
    left_out: list[str] = []
    room = ceil(rules.width * rules.height * rules.fullness / 100)
    for word in longest_first(words):
        inside = any(word in match.word or word[::-1] in match.word for match in placed)
        spots = [] if inside or len(word) > room else _best_spots(canvas, word, rules)
        if not spots:
            left_out.append(word)
            continue
        path = rng.choice(spots)
        canvas.update(zip(path, word))
        room -= len(word)
        placed.append(Match(word, path))
    if not placed:
        raise PuzzleError("none of the words fits")
    hidden = tuple(sorted(match.word for match in placed))
    for _ in range(rules.attempts):
        letters = rng.choices(*zip(*weights.items()), k=rules.width * rules.height)
        cells = product(range(rules.height), range(rules.width))
        filled = [canvas.get(cell, letter) for cell, letter in zip(cells, letters)]
        starts = range(0, len(filled), rules.width)
        rows = tuple(tuple(filled[start : start + rules.width]) for start in starts)
        grid = Grid(rows, words=hidden)
        # Readers look in all directions, whatever the difficulty.
        found = locate(grid, hidden, SearchRules(neighbours=8, straight=True))
        if all(len(matches) == 1 for matches in found.values()):
            return Puzzle(grid, tuple(placed), tuple(left_out))
    raise PuzzleError(f"words turn up twice after {rules.attempts} attempts")


def _best_spots(canvas: Mapping[Cell, str], word: str, rules: PuzzleRules) -> list[Trail]:
    """Paths on which the word fits and shares as many letters with others as it can."""
    best: list[Trail] = []
    most = 0
    for row, column in product(range(rules.height), range(rules.width)):
        for way in WAYS[rules.difficulty]:
            down, right = way.value
            path = tuple((row + down * i, column + right * i) for i in range(len(word)))
            if not (0 <= path[-1][0] < rules.height and 0 <= path[-1][1] < rules.width):
                continue
            if any(canvas.get(path[i], letter) != letter for i, letter in enumerate(word)):
                continue
            shared = sum(cell in canvas for cell in path)
            if shared > most:
                best, most = [], shared
            if shared == most:
                best.append(path)
    return best
