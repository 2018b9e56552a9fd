"""Results as tables, and the report files: text, CSV or JSON in a folder a month."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from .boards import Verdict, points
from .grids import cell_name
from .search import Match
from .sessions import Standing


@dataclass(frozen=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def match_table(found: Mapping[str, Sequence[Match]]) -> Table:
    """A row for each match; a word without one has a row with blanks."""
    rows: list[tuple[Any, ...]] = []
    for word, matches in found.items():
        if not matches:
            rows.append((word, 0, ""))
        for number, match in enumerate(matches, 1):
            rows.append((word, number, trail(match)))
    return Table("Words in the grid", ("word", "match", "path"), rows)


def solution_table(found: Sequence[Match]) -> Table:
    rows = [(match.word, points(match.word), trail(match)) for match in found]
    return Table("Words on the board", ("word", "points", "path"), rows)


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    rows = [(verdict.word, verdict.points, verdict.reason.value) for verdict in verdicts]
    return Table("Game", ("word", "points", "verdict"), rows)


def standings_table(rows: Sequence[Standing], won: Mapping[str, Decimal], top: int) -> Table:
    """The first `top` ranks: where equals share the last of them, all of these are shown."""
    shown = [
        (row.rank, row.player, row.points, row.games, row.best, won.get(row.player, ""))
        for row in rows
        if row.rank <= top
    ]
    return Table("Leaderboard", ("rank", "player", "points", "games", "best", "prize"), shown)


def trail(match: Match) -> str:
    return "-".join(cell_name(cell) for cell in match.path)


def to_text(table: Table) -> str:
    """Columns side by side under the title, numbers to the right."""
    lines = [[str(value) for value in row] for row in (table.columns, *table.rows)]
    for i in range(len(table.columns)):
        width = max(len(line[i]) for line in lines)
        numbers = all(isinstance(row[i], int | Decimal) for row in table.rows)
        for line in lines:
            line[i] = line[i].rjust(width) if numbers else line[i].ljust(width)
    shown = ["  ".join(line).rstrip() for line in lines]
    return "\n".join([table.title, "=" * len(table.title), *shown]) + "\n"


def to_csv(table: Table) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([table.columns, *table.rows])
    return out.getvalue()


def to_json(table: Table) -> str:
    rows = [dict(zip(table.columns, row)) for row in table.rows]
    document = {"title": table.title, "count": len(rows), "rows": rows}
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


FORMATS: dict[str, Callable[[Table], str]] = {"text": to_text, "csv": to_csv, "json": to_json}


def write_report(table: Table, root: Path, day: date, name: str, kinds: Iterable[str]) -> list[str]:
    """One file a format in `<year>-<month>/`; an earlier report of the day is replaced."""
    folder = root / f"{day:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in kinds:
        target = folder / f"{name}-{day.isoformat()}.{'txt' if kind == 'text' else kind}"
        target.write_text(FORMATS[kind](table), encoding="utf-8", newline="")
        written.append(target.relative_to(root).as_posix())
    return written
