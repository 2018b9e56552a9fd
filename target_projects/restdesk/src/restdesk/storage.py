"""SQLite: the file, the tables, customers and charges in them.

A deleted customer keeps its row, so that a cursor that names it still has its place in the list.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from .errors import Conflict, Invalid, NotFound
from .moments import from_text, to_text
from .paging import Page, Wanted, cut
from .records import Charge, ChargeStatus, Customer, CustomerStatus

SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS customers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    email TEXT NOT NULL, status TEXT NOT NULL, metadata TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, version INTEGER NOT NULL, deleted TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS live_emails
    ON customers (lower(email)) WHERE deleted IS NULL;
CREATE TABLE IF NOT EXISTS charges (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    customer TEXT NOT NULL REFERENCES customers (id), amount INTEGER NOT NULL,
    currency TEXT NOT NULL, reference TEXT NOT NULL, status TEXT NOT NULL,
    description TEXT NOT NULL, metadata TEXT NOT NULL, fee INTEGER NOT NULL,
    refunded INTEGER NOT NULL, code TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    version INTEGER NOT NULL, deleted TEXT
);
CREATE TABLE IF NOT EXISTS api_keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
    plan TEXT NOT NULL, created TEXT NOT NULL, expires TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS replays (
    owner TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, created TEXT NOT NULL,
    status INTEGER, headers TEXT, body TEXT, PRIMARY KEY (owner, key)
);
COMMIT;
"""

# Filters of the lists, and the condition that each of them is.
CONDITIONS = {
    "customer": "customer = ?",
    "currency": "currency = ?",
    "status": "status = ?",
    "email": "lower(email) = lower(?)",
    "created_gte": "created >= ?",
    "created_lt": "created < ?",
}


def connect(database: str) -> sqlite3.Connection:
    if database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(database, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.executescript(SCHEMA)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; inside another transaction it is part of that one."""
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


class Store:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add_customer(self, customer: Customer) -> None:
        try:
            self._insert("customers", _customer_row(customer))
        except sqlite3.IntegrityError:
            raise _email_taken(customer) from None

    def customer(self, customer_id: str) -> Customer:
        return _customer(self._live("customers", customer_id))

    def save_customer(self, customer: Customer) -> Customer:
        """Write a changed customer back, unless somebody else did so since it was read."""
        try:
            self._update("customers", _customer_row(customer))
        except sqlite3.IntegrityError:
            raise _email_taken(customer) from None
        return replace(customer, version=customer.version + 1)

    def delete_customer(self, customer: Customer, now: datetime) -> None:
        changed = self.db.execute(
            "UPDATE customers SET deleted = ? WHERE id = ? AND version = ? AND deleted IS NULL",
            (to_text(now), customer.id, customer.version),
        ).rowcount
        if changed == 0:
            raise _changed_meanwhile(customer.id)

    def customers(self, wanted: Wanted, filters: Mapping[str, Any]) -> Page:
        return self._page("customers", wanted, filters, _customer)

    def add_charge(self, charge: Charge) -> None:
        self._insert("charges", _charge_row(charge))

    def charge(self, charge_id: str) -> Charge:
        return _charge(self._live("charges", charge_id))

    def save_charge(self, charge: Charge) -> Charge:
        self._update("charges", _charge_row(charge))
        return replace(charge, version=charge.version + 1)

    def charges(self, wanted: Wanted, filters: Mapping[str, Any]) -> Page:
        return self._page("charges", wanted, filters, _charge)

    def charges_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Charges made from `start` on and before `end`, oldest first."""
        rows = self.db.execute(
            "SELECT * FROM charges WHERE created >= ? AND created < ? ORDER BY created, seq",
            (to_text(start), to_text(end)),
        )
        return [_charge(row) for row in rows]

    def pending(self, customer_id: str | None = None) -> list[Charge]:
        rows = self.db.execute(
            "SELECT * FROM charges WHERE status = 'pending' AND (? IS NULL OR customer = ?)"
            " ORDER BY seq",
            (customer_id, customer_id),
        )
        return [_charge(row) for row in rows]

    def _insert(self, table: str, values: Mapping[str, Any]) -> None:
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))

    def _update(self, table: str, values: Mapping[str, Any]) -> None:
        names = [name for name in values if name not in ("id", "version", "created")]
        changes = ", ".join(f"{name} = ?" for name in names)
        changed = self.db.execute(
            f"UPDATE {table} SET {changes}, version = version + 1"
            " WHERE id = ? AND version = ? AND deleted IS NULL",
            (*(values[name] for name in names), values["id"], values["version"]),
        ).rowcount
        if changed == 0:
            raise _changed_meanwhile(values["id"])

    def _live(self, table: str, row_id: str) -> sqlite3.Row:
        row = self.db.execute(
            f"SELECT * FROM {table} WHERE id = ? AND deleted IS NULL", (row_id,)
        ).fetchone()
        if row is None:
            raise NotFound(f"There is no {table.removesuffix('s')} {row_id}", "missing_resource")
        return row

    def _page(self, table: str, wanted: Wanted, filters: Mapping[str, Any], read: Any) -> Page:
        """One page of a list, newest first."""
        conditions = ["deleted IS NULL", *(CONDITIONS[name] for name in filters)]
        values = list(filters.values())
        where = " AND ".join(conditions)
        total = None
        if wanted.number is not None:
            count = f"SELECT count(*) FROM {table} WHERE {where}"
            total = self.db.execute(count, values).fetchone()[0]
        if wanted.starting_after is not None:
            where += " AND seq < ?"
            values.append(self._place(table, wanted.starting_after))
        rows = self.db.execute(
            f"SELECT * FROM {table} WHERE {where} ORDER BY seq DESC LIMIT ? OFFSET ?",
            (*values, wanted.limit + 1, wanted.offset),
        ).fetchall()
        page, has_more = cut(rows, wanted)
        return Page(tuple(read(row) for row in page), has_more, total)

    def _place(self, table: str, row_id: str) -> int:
        row = self.db.execute(f"SELECT seq FROM {table} WHERE id = ?", (row_id,)).fetchone()
        if row is None:
            raise Invalid(f"Nothing here is called {row_id}", "cursor_unknown", "starting_after")
        return int(row["seq"])


def _email_taken(customer: Customer) -> Conflict:
    return Conflict(f"{customer.email} belongs to another customer", "email_taken", "email")


def _changed_meanwhile(row_id: str) -> Conflict:
    return Conflict(f"{row_id} was changed by somebody else", "version_conflict")


def _customer_row(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "status": customer.status.value,
        "metadata": json.dumps(dict(customer.metadata), ensure_ascii=False),
        "created": to_text(customer.created),
        "updated": to_text(customer.updated),
        "version": customer.version,
    }


def _customer(row: sqlite3.Row) -> Customer:
    return Customer(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        status=CustomerStatus(row["status"]),
        metadata=json.loads(row["metadata"]),
        created=from_text(row["created"]),
        updated=from_text(row["updated"]),
        version=row["version"],
    )


def _charge_row(charge: Charge) -> dict[str, Any]:
    row = dict(vars(charge))
    row["status"] = charge.status.value
    row["metadata"] = json.dumps(dict(charge.metadata), ensure_ascii=False)
    row["created"] = to_text(charge.created)
    row["updated"] = to_text(charge.updated)
    return row


def _charge(row: sqlite3.Row) -> Charge:
    values = {name: row[name] for name in row.keys() if name not in ("seq", "deleted")}
    values["status"] = ChargeStatus(values["status"])
    values["metadata"] = json.loads(values["metadata"])
    values["created"] = from_text(values["created"])
    values["updated"] = from_text(values["updated"])
    return Charge(**values)
