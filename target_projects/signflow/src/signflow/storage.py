"""The SQLite database: documents, and the mails that wait."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .documents import Document, DocumentState
from .errors import DocumentError
from .records import from_record, to_record

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    serial INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    state  TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    serial       INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    notice       TEXT NOT NULL,
    delivered_at TEXT
);
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the database; it and its folder are made on first use."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.executescript(SCHEMA)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


class DocumentStore:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add(self, document: Document) -> None:
        try:
            self.db.execute(
                "INSERT INTO documents (id, state, record) VALUES (?, ?, ?)",
                (document.id, document.state.value, _dump(document)),
            )
        except sqlite3.IntegrityError:
            raise DocumentError(f"{document.id} exists already") from None

    def save(self, document: Document) -> None:
        changed = self.db.execute(
            "UPDATE documents SET state = ?, record = ? WHERE id = ?",
            (document.state.value, _dump(document), document.id),
        ).rowcount
        if changed == 0:
            raise DocumentError(f"there is no document {document.id}")

    def get(self, id: str) -> Document:
        wanted = id.strip().upper()
        row = self.db.execute("SELECT record FROM documents WHERE id = ?", (wanted,)).fetchone()
        if row is None:
            raise DocumentError(f"there is no document {wanted}")
        return from_record(json.loads(row["record"]))

    def ids(self) -> list[str]:
        return [row["id"] for row in self.db.execute("SELECT id FROM documents ORDER BY serial")]

    def find(self, *states: DocumentState) -> list[Document]:
        """Documents in the order they were drafted; of any state when none is named."""
        query = "SELECT record FROM documents"
        if states:
            query += f" WHERE state IN ({', '.join('?' * len(states))})"
        values = [state.value for state in states]
        rows = self.db.execute(query + " ORDER BY serial", values)
        return [from_record(json.loads(row["record"])) for row in rows]

    def page(self, after: int = 0, limit: int = 20) -> tuple[list[Document], int | None]:
        """Up to `limit` documents after a cursor, and the cursor of the next page if any."""
        if limit < 1:
            raise DocumentError("a page holds at least one document")
        rows = self.db.execute(
            "SELECT serial, record FROM documents WHERE serial > ? ORDER BY serial LIMIT ?",
            (after, limit + 1),
        ).fetchall()
        documents = [from_record(json.loads(row["record"])) for row in rows[:limit]]
        more = len(rows) > limit
        return documents, rows[limit - 1]["serial"] if more else None


def _dump(document: Document) -> str:
    return json.dumps(to_record(document), ensure_ascii=False)
