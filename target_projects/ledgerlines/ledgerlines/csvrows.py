"""Rows of a CSV export with the line numbers at which they begin."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ledgerlines.errors import HeaderError, LineError

# Column names that the banks use for ours.
_COLUMNS = {
    "booked": "date",
    "ccy": "currency",
    "day": "date",
    "qty": "quantity",
    "reference": "id",
    "type": "transaction_type",
    "value": "amount",
}


@dataclass(frozen=True)
class Row:
    """`values` by column; cells are stripped, absent ones are empty."""

    line: int
    values: dict[str, str]

    def get(self, column: str, default: str = "") -> str:
        return self.values.get(column) or default


def column_name(title: str) -> str:
    """ "Unit price (USD)" is unit_price, "Ccy" is currency."""
    plain = re.sub(r"\s*\([^)]*\)$", "", title.strip())
    name = re.sub(r"[\s-]+", "_", plain).lower()
    return _COLUMNS.get(name, name)


def guess_delimiter(header: str) -> str:
    if ";" in header and "," not in header:
        return ";"
    elif "\t" in header:
        return "\t"
    elif "|" in header:
        return "|"
    else:
        return ","


def read_rows(path: Path, required: Collection[str]) -> Iterator[Row]:
    """Rows in file order; rows without any text are passed over.

    Raises HeaderError for a header without the `required` columns or with one of them twice, and
    LineError for a row with more cells than the header.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header = lines.readline()
        delimiter = guess_delimiter(header)
        titles = next(csv.reader([header], delimiter=delimiter))
        names = [column_name(title) for title in titles]
        _check_header(names, required)
        reader = csv.reader(lines, delimiter=delimiter)
        begins = 2
        for cells in reader:
            line, begins = begins, reader.line_num + 2
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                raise LineError(line, f"{len(cells)} cells under {len(names)} columns")
            yield Row(line, {name: cell.strip() for name, cell in zip(names, cells)})


def _check_header(names: list[str], required: Collection[str]) -> None:
    missing = [name for name in required if name not in names]
    if missing:
        raise HeaderError(f"missing columns: {', '.join(missing)}")
    for name in names:
        if names.count(name) > 1:
            raise HeaderError(f"column twice: {name}")
