"""Settlement reports: a folder a day, a file a merchant, and an index of everything written."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from .codecs import to_json
from .moments import to_text
from .settlement import Statement

COLUMNS = ("day", "merchant", "at", "kind", "id", "currency", "gross", "fee", "net")
INDEX = "index.csv"
INDEX_COLUMNS = ("day", "merchant", "payout", "currency", "payout_on", "file")

_DAY_FOLDER = re.compile(r"(\d{4})/(\d{2})/(\d{2})")


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


def _to_json(statement: Statement) -> str:
    return to_json(statement, indent=2) + "\n"


WRITERS: dict[str, Callable[[Statement], str]] = {"csv": to_csv, "json": _to_json}


def write_statement(statement: Statement, root: Path, kind: str = "csv") -> list[Path]:
    """Write the day's files of a merchant and note them in the index.

    Earlier files of the day are kept: a corrected statement is `acme.2.csv`.
    """
    folder = day_folder(root, statement.day)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for suffix in WRITERS if kind == "both" else (kind,):
        target = _free_name(folder, statement.merchant, suffix)
        target.write_text(WRITERS[suffix](statement), encoding="utf-8", newline="")
        written.append(target)
    _note(statement, root, written)
    return written


def list_days(root: Path) -> list[date]:
    """The days that have a folder, the oldest first; whatever else is in there is left alone."""
    days = []
    for folder in root.glob("*/*/*"):
        match = _DAY_FOLDER.fullmatch(folder.relative_to(root).as_posix())
        if match is None or not folder.is_dir():
            continue
        try:
            days.append(date(*map(int, match.groups())))
        except ValueError:
            continue
    return sorted(days)


def prune(root: Path, today: date, keep_days: int) -> list[date]:
    """Remove the folders of days more than `keep_days` back, and name those days."""
    oldest = today - timedelta(days=keep_days)
    removed = []
    for day in list_days(root):
        if day >= oldest:
            break
        shutil.rmtree(day_folder(root, day))
        removed.append(day)
    return removed


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    target = folder / f"{stem}.{suffix}"
    edition = 2
    while target.exists():
        target = folder / f"{stem}.{edition}.{suffix}"
        edition += 1
    return target


def _note(statement: Statement, root: Path, files: list[Path]) -> None:
    index = root / INDEX
    new = not index.exists()
    payout = statement.payout
    with index.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(INDEX_COLUMNS)
        for written in files:
            name = written.relative_to(root).as_posix()
            row = [statement.day, statement.merchant, payout.plain(), payout.currency]
            writer.writerow([*row, statement.payout_on, name])
