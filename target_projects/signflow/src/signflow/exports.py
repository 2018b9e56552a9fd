"""Files for others: lists of documents, audit trails, the certificate of a completed document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, timezone
from pathlib import Path

from .audit import Entry, select
from .blocks import Block
from .documents import Document
from .moments import shown
from .people import mask_email
from .records import to_record

LIST_COLUMNS = ("id", "title", "owner", "state", "signed", "of", "sent", "deadline")
AUDIT_COLUMNS = ("number", "at", "event", "actor", "address", "detail")
FORMATS = ("csv", "json")


def month_folder(root: Path, day: date) -> Path:
    return root / f"{day.year:04d}" / f"{day.month:02d}"


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


def to_csv(rows: Iterable[dict[str, object]], columns: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_list(documents: Iterable[Document], root: Path, day: date, kind: str) -> Path:
    """Write the list of documents into the month's folder, over an earlier one of the day."""
    if kind not in FORMATS:
        raise ValueError(f"no such format: {kind}")
    rows = list_rows(documents)
    folder = month_folder(root, day)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"documents-{day.isoformat()}.{kind}"
    if kind == "csv":
        # The byte order mark is for spreadsheets, which take it for Latin-1 otherwise.
        target.write_text(to_csv(rows, LIST_COLUMNS), encoding="utf-8-sig", newline="")
    else:
        text = json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
        target.write_text(text, encoding="utf-8", newline="\n")
    return target


def write_audit(entries: Sequence[Entry], root: Path, document: str) -> Path:
    """Write a trail as CSV, with neither hashes nor the document's id in every row."""
    folder = root / "audit"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{document}.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(AUDIT_COLUMNS)
        for entry in entries:
            writer.writerow([getattr(entry, column) for column in AUDIT_COLUMNS])
    return target


def list_exports(root: Path) -> list[str]:
    """Lists written so far, the oldest first."""
    found = root.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/documents-*")
    return [path.relative_to(root).as_posix() for path in sorted(found)]


def certificate(
    document: Document, blocks: Sequence[Block], entries: Sequence[Entry], office: timezone
) -> str:
    """Who signed what and when, in words; addresses of others than signatories are masked."""
    text = [f"CERTIFICATE OF {document.id}", "", document.title]
    text.append(f"Sent by {mask_email(document.owner)}, {document.state.value.replace('_', ' ')}.")
    for block in sorted(blocks, key=lambda b: b.position):
        text.append(
            f"{block.position:>3}. {block.name} <{block.email}> from {block.address} "
            f"on {shown(block.signed_at, office)}"
        )
    if blocks:
        text.append(f"Text (SHA-256): {blocks[0].sha256}")
    events = select(entries, events={"viewed", "signed", "declined", "completed"})
    text.append(f"Events on record: {len(events)} of {len(entries)}")
    if events:
        text.append(f"Last event: {shown(events[-1].moment, office)}")
    return "\n".join(text) + "\n"
