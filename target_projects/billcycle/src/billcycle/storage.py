"""The SQLite database, and the invoices in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InvoiceError
from .invoices import Invoice, InvoiceState, parse_number
from .records import from_record, to_record

SCHEMA = """
CREATE TABLE IF NOT EXISTS invoices (
    number   TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    due      TEXT NOT NULL,
    state    TEXT NOT NULL,
    record   TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS jobs (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    number      TEXT NOT NULL REFERENCES invoices (number),
    step        INTEGER NOT NULL DEFAULT 0,
    run_at      TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting',
    attempts    INTEGER NOT NULL DEFAULT 0,
    worker      TEXT,
    lease_until TEXT,
    note        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS jobs_by_time ON jobs (state, run_at);
CREATE TABLE IF NOT EXISTS outbox (
    key     TEXT PRIMARY KEY,
    message TEXT NOT NULL,
    sent_at TEXT
);
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the database, made on first use; `:memory:` is one that nobody else sees."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
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


class InvoiceBook:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add(self, invoice: Invoice) -> None:
        try:
            self.db.execute(
                "INSERT INTO invoices (number, customer, due, state, record)"
                " VALUES (?, ?, ?, ?, ?)",
                (invoice.number, *_columns(invoice)),
            )
        except sqlite3.IntegrityError:
            raise InvoiceError(f"{invoice.number} exists already") from None

    def save(self, invoice: Invoice) -> None:
        self.db.execute(
            "UPDATE invoices SET customer = ?, due = ?, state = ?, record = ? WHERE number = ?",
            (*_columns(invoice), invoice.number),
        )

    def get(self, number: str) -> Invoice:
        row = self.db.execute("SELECT record FROM invoices WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise InvoiceError(f"there is no invoice {number}")
        return from_record(json.loads(row["record"]))

    def find(self, state: InvoiceState | None = None, customer: str = "") -> list[Invoice]:
        """Invoices by due date, then number; only those of a state or customer when given."""
        query = "SELECT record FROM invoices WHERE 1 = 1"
        values: list[str] = []
        if state is not None:
            query += " AND state = ?"
            values.append(state.value)
        if customer:
            query += " AND customer = ?"
            values.append(customer)
        rows = self.db.execute(query + " ORDER BY due, number", values)
        return [from_record(json.loads(row["record"])) for row in rows]

    def last_number(self) -> str | None:
        """The newest number, by year and sequence (as text, 9999 would come after 10000)."""
        rows = self.db.execute("SELECT number FROM invoices")
        return max((row["number"] for row in rows), key=parse_number, default=None)


def _columns(invoice: Invoice) -> tuple[str, str, str, str]:
    record = json.dumps(to_record(invoice))
    return invoice.customer, invoice.due.isoformat(), invoice.state.value, record
