"""Settlement reports: a folder a day, a file a merchant."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from .codecs import write_json
from .moments import to_text
from .settlement import Statement

COLUMNS = ("day", "merchant", "at", "kind", "id", "currency", "gross", "fee", "net")


def day_folder(root: Path, day: date) -> Path:
    return root / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}"


def to_csv(statement: Statement) -> str:
    """One row a movement; lines end as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    day, merchant = statement.day.isoformat(), statement.merchant
    for entry in statement.movements:
        amounts = [entry.gross.plain(), entry.fee.plain(), entry.net.plain()]
        row = [day, merchant, to_text(entry.at), entry.kind.value, entry.id, entry.currency]
        writer.writerow(row + amounts)
    return out.getvalue()


def write_statement(statement: Statement, root: Path, kind: str = "csv") -> Path:
    """Write the day's file of a merchant.

    Earlier files of the day are kept: a corrected statement is `acme.2.csv`.
    """
    target = _free_name(day_folder(root, statement.day), statement.merchant, kind)
    if kind == "json":
        write_json(statement, target)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(to_csv(statement), encoding="utf-8", newline="")
    return target


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    target = folder / f"{stem}.{suffix}"
    edition = 2
    while target.exists():
        target = folder / f"{stem}.{edition}.{suffix}"
        edition += 1
    return target
