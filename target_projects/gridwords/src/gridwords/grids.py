"""Grids of letters and the files they are kept in.

    # a comment
    wrap: yes
    words: cat, dog

    C A T Qu
    DOGS

A row is written with blanks between its tiles or without; `Qu` is one tile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product
from pathlib import Path

from .errors import GridError

Cell = tuple[int, int]

MAX_SIDE = 50
SWITCHES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}

_TILE = re.compile(r"Qu|[^\W\d_ß]")


class Direction(Enum):
    """Rows down, columns to the right."""

    NORTH = (-1, 0)
    NORTH_EAST = (-1, 1)
    EAST = (0, 1)
    SOUTH_EAST = (1, 1)
    SOUTH = (1, 0)
    SOUTH_WEST = (1, -1)
    WEST = (0, -1)
    NORTH_WEST = (-1, -1)


def directions(count: int) -> tuple[Direction, ...]:
    """The four along rows and columns, or all eight, clockwise."""
    return tuple(way for way in Direction if count == 8 or 0 in way.value)


@dataclass(frozen=True)
class Grid:
    rows: tuple[tuple[str, ...], ...]
    wrap: bool = False
    words: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def at(self, cell: Cell) -> str:
        return self.rows[cell[0]][cell[1]]

    def cells(self) -> Iterator[Cell]:
        return product(range(self.height), range(self.width))

    def step(self, cell: Cell, way: Direction) -> Cell | None:
        """The next cell that way; beyond the edge None, or the other side when the grid wraps."""
        row, column = cell[0] + way.value[0], cell[1] + way.value[1]
        if self.wrap:
            return row % self.height, column % self.width
        if 0 <= row < self.height and 0 <= column < self.width:
            return row, column
        return None

    def neighbours(self, cell: Cell, count: int = 8) -> list[Cell]:
        """Cells around a cell, clockwise from the north, each once."""
        # On a narrow grid that wraps, several ways lead to one cell.
        around = dict.fromkeys(self.step(cell, way) for way in directions(count))
        return [beside for beside in around if beside is not None]


def cell_name(cell: Cell) -> str:
    """As in a spreadsheet: B3 is the second column, third row; after Z comes AA."""
    row, column = cell
    high, low = divmod(column, 26)
    first = chr(ord("A") + high - 1) if high > 0 else ""
    return f"{first}{chr(ord('A') + low)}{row + 1}"


def split_tiles(text: str) -> tuple[str, ...]:
    """The tiles of a row. Raises GridError for anything else than letters."""
    packed = "".join(text.split())
    tiles = _TILE.findall(packed)
    if "".join(tiles) != packed:
        raise GridError(f"{text!r} has something else than letters")
    return tuple(tile.upper() for tile in tiles)


def parse_grid(text: str, wrap: bool = False) -> Grid:
    """Read the text of a grid file; `wrap` holds where the text does not say.

    Raises GridError with the line that is wrong.
    """
    headers: dict[str, str] = {}
    rows: list[tuple[str, ...]] = []
    for number, raw in enumerate(unicodedata.normalize("NFC", text).splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            if ":" in line and not rows:
                _read_header(line, headers)
                continue
            rows.append(split_tiles(line))
        except GridError as problem:
            raise GridError(problem.args[0], number) from None
        if len(rows[-1]) != len(rows[0]):
            raise GridError(f"{len(rows[-1])} tiles, the first row has {len(rows[0])}", number)
    if not rows:
        raise GridError("no rows")
    if len(rows) > MAX_SIDE or len(rows[0]) > MAX_SIDE:
        raise GridError(f"more than {MAX_SIDE} rows or columns")
    words = (word.strip() for word in headers.get("words", "").split(","))
    return Grid(
        rows=tuple(rows),
        wrap=SWITCHES[headers["wrap"].lower()] if "wrap" in headers else wrap,
        words=tuple(word for word in words if word),
    )


def format_grid(grid: Grid) -> str:
    """The text of a grid file; `parse_grid` makes the same grid of it."""
    lines = [f"wrap: {'yes' if grid.wrap else 'no'}"]
    if grid.words:
        lines.append(f"words: {', '.join(grid.words)}")
    lines.append("")
    width = max(len(tile) for row in grid.rows for tile in row)
    for row in grid.rows:
        lines.append(" ".join(tile.capitalize().ljust(width) for tile in row).rstrip())
    return "\n".join(lines) + "\n"


def read_grid(file: Path, wrap: bool = False) -> Grid:
    try:
        return parse_grid(file.read_text(encoding="utf-8-sig"), wrap)
    except (FileNotFoundError, IsADirectoryError):
        raise GridError(f"no grid file {file.name}") from None
    except UnicodeDecodeError:
        raise GridError(f"{file.name} is not UTF-8") from None


def write_grid(file: Path, grid: Grid) -> None:
    """Write a new file, in a folder that need not be there. A grid is never overwritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(format_grid(grid))
    except FileExistsError:
        raise GridError(f"{file.name} is there already") from None


def _read_header(line: str, headers: dict[str, str]) -> None:
    name, _, value = line.partition(":")
    key = name.rstrip().lower()
    if key not in ("wrap", "words"):
        raise GridError(f"unknown header {key!r}")
    if key in headers:
        raise GridError(f"{key} is there twice")
    headers[key] = value.strip()
    if headers.get("wrap", "no").lower() not in SWITCHES:
        raise GridError(f"wrap is yes or no, not {headers['wrap']!r}")
