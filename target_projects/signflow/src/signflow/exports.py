"""Files for others: lists of documents."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from .documents import Document
from .records import to_record

LIST_COLUMNS = ("id", "title", "owner", "state", "signed", "of", "sent", "deadline")
FORMATS = ("csv", "json")


def list_rows(documents: Iterable[Document]) -> list[dict[str, object]]:
    """A row a document, the latest first."""
    rows: list[dict[str, object]] = []
    for document in sorted(documents, key=lambda d: (d.created_at, d.id), reverse=True):
        record = to_record(document)
        rows.append({
            **{name: record[name] for name in ("id", "title", "owner", "state")},
            "signed": document.signed,
            "of": len(document.signatories),
            "sent": record["sent_at"] or "",
            "deadline": record["deadline"] or "",
        })  # fmt: skip
    return rows


def write_list(documents: Iterable[Document], root: Path, day: date, kind: str) -> Path:
    """Write the list of documents into the month's folder, over an earlier one of the day."""
    if kind not in FORMATS:
        raise ValueError(f"no such format: {kind}")
    rows = list_rows(documents)
    folder = root / f"{day.year:04d}" / f"{day.month:02d}"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"documents-{day.isoformat()}.{kind}"
    if kind == "csv":
        # The byte order mark is for spreadsheets, which take it for Latin-1 otherwise.
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, LIST_COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    else:
        text = json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
        target.write_text(text, encoding="utf-8", newline="\n")
    return target
