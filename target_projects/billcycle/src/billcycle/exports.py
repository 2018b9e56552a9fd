"""Exports for the accountants: a folder a day, CSV and JSON files in it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from .invoices import Invoice
from .records import to_record

COLUMNS = ("number", "customer", "email", "issued", "due", "state", "currency", "total", "balance")

_DAY_FOLDER = re.compile(r"(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})")


def day_folder(root: Path, day: date) -> Path:
    return root / f"{day.year:04d}" / f"{day.month:02d}" / f"{day.day:02d}"


def to_csv(invoices: Sequence[Invoice]) -> str:
    """One row an invoice; amounts without currency or thousands, lines end as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for invoice in invoices:
        record = to_record(invoice)
        record.update(total=invoice.total.plain(), balance=invoice.balance.plain())
        writer.writerow([record[column] for column in COLUMNS])
    return out.getvalue()


def to_json(invoices: Sequence[Invoice]) -> str:
    records = [to_record(invoice) for invoice in invoices]
    return json.dumps({"count": len(records), "invoices": records}, indent=2, ensure_ascii=False)


WRITERS: dict[str, Callable[[Sequence[Invoice]], str]] = {"csv": to_csv, "json": to_json}


def write_export(
    invoices: Sequence[Invoice], root: Path, day: date, kind: str = "csv"
) -> list[Path]:
    """Write the invoices into the day's folder; earlier exports of the day are kept."""
    folder = day_folder(root, day)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for suffix in WRITERS if kind == "both" else (kind,):
        target = _free_name(folder, suffix)
        target.write_text(WRITERS[suffix](invoices), encoding="utf-8", newline="")
        written.append(target)
    return written


def list_days(root: Path) -> list[date]:
    """The days that have a folder, oldest first; anything else in there is left out."""
    days = []
    for folder in root.glob("*/*/*"):
        match = _DAY_FOLDER.fullmatch(folder.relative_to(root).as_posix())
        if match is None or not folder.is_dir():
            continue
        try:
            days.append(date(int(match["year"]), int(match["month"]), int(match["day"])))
        except ValueError:
            continue
    return sorted(days)


def prune(root: Path, today: date, keep_days: int) -> list[date]:
    """Remove the folders of days that lie more than `keep_days` back, and name those days."""
    oldest = today - timedelta(days=keep_days)
    removed = [day for day in list_days(root) if day < oldest]
    for day in removed:
        shutil.rmtree(day_folder(root, day))
    return removed


def _free_name(folder: Path, suffix: str) -> Path:
    target = folder / f"invoices.{suffix}"
    copy = 2
    while target.exists():
        target = folder / f"invoices-{copy}.{suffix}"
        copy += 1
    return target
