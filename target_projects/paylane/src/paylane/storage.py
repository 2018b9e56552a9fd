"""The SQLite database, and the payments in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from .codecs import from_json, to_json
from .errors import NotFound, PaylaneError
from .moments import to_text
from .payments import Payment

BUSY_S = 5.0

SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS payments (
    id         TEXT PRIMARY KEY,
    merchant   TEXT NOT NULL,
    created_at TEXT NOT NULL,
    record     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS payments_by_time ON payments (merchant, created_at, id);
CREATE TABLE IF NOT EXISTS keys (
    merchant     TEXT NOT NULL,
    key          TEXT NOT NULL,
    fingerprint  TEXT NOT NULL,
    reference    TEXT NOT NULL,
    attempt      INTEGER NOT NULL DEFAULT 1,
    locked_until TEXT NOT NULL,
    expires_at   TEXT,
    response     TEXT,
    UNIQUE (merchant, key)
);
COMMIT;
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the database, made on first use; `:memory:` is one that nobody else sees."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.executescript(SCHEMA)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; a transaction inside another one belongs to the outer one."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


class PaymentBook:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add(self, payment: Payment) -> None:
        try:
            self.db.execute(
                "INSERT INTO payments (id, merchant, created_at, record) VALUES (?, ?, ?, ?)",
                (payment.id, payment.merchant, to_text(payment.created_at), to_json(payment)),
            )
        except sqlite3.IntegrityError:
            raise PaylaneError(f"{payment.id} exists already") from None

    def save(self, payment: Payment) -> None:
        changed = self.db.execute(
            "UPDATE payments SET record = ? WHERE id = ?", (to_json(payment), payment.id)
        ).rowcount
        if changed == 0:
            raise NotFound(f"no payment {payment.id}")

    def get(self, payment_id: str) -> Payment:
        row = self.db.execute(
            "SELECT record FROM payments WHERE id = ?", (payment_id.strip(),)
        ).fetchone()
        if row is None:
            raise NotFound(f"no payment {payment_id}")
        return from_json(Payment, row["record"])

    def before(self, merchant: str, end: datetime) -> list[Payment]:
        """The payments of a merchant that were made before a moment, the oldest first."""
        rows = self.db.execute(
            "SELECT record FROM payments WHERE merchant = ? AND created_at < ?"
            " ORDER BY created_at, id",
            (merchant, to_text(end)),
        )
        return [from_json(Payment, row["record"]) for row in rows]
