"""SQLite: the file, the tables (`schema.sql`), customers and charges in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from .errors import Conflict, Invalid, NotFound
from .moments import from_text, to_text
from .paging import Page, Wanted, cut
from .records import Charge, ChargeStatus, Customer, CustomerStatus
from .shipped import shipped_text

# Filters of the lists, and the condition that each of them is.
CONDITIONS = {
    "customer": "customer = ?",
    "currency": "currency = ?",
    "status": "status = ?",
    "email": "lower(email) = lower(?)",
}


def connect(database: str) -> sqlite3.Connection:
    Path(database).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(database, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.executescript(shipped_text("schema.sql"))
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


class Store:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add_customer(self, customer: Customer) -> None:
        try:
            self._insert("customers", _row(customer))
        except sqlite3.IntegrityError:
            raise _email_taken(customer) from None

    def customer(self, customer_id: str) -> Customer:
        return _customer(self._live("customers", customer_id))

    def save_customer(self, customer: Customer) -> Customer:
        """Write a changed customer back, unless somebody else did so since it was read."""
        changed = replace(customer, version=customer.version + 1)
        try:
            self._update("customers", _row(changed))
        except sqlite3.IntegrityError:
            raise _email_taken(customer) from None
        return changed

    def delete_customer(self, customer: Customer, now: datetime) -> None:
        changed = self.db.execute(
            "UPDATE customers SET deleted = ? WHERE id = ? AND version = ? AND deleted IS NULL",
            (to_text(now), customer.id, customer.version),
        )
        _check_changed(changed, customer.id)

    def customers(self, wanted: Wanted, filters: Mapping[str, Any]) -> Page:
        return self._page("customers", wanted, filters, _customer)

    def add_charge(self, charge: Charge) -> None:
        try:
            self._insert("charges", _row(charge))
        except sqlite3.IntegrityError:
            raise Conflict("The same charge is being worked on", "key_in_use") from None

    def charge(self, charge_id: str) -> Charge:
        return _charge(self._live("charges", charge_id))

    def charge_with(self, reference: str | None) -> Charge | None:
        """The charge of a reference, but for those that have failed."""
        row = self.db.execute(
            "SELECT * FROM charges WHERE reference = ? AND status <> 'failed'", (reference,)
        ).fetchone()
        return None if row is None else _charge(row)

    def save_charge(self, charge: Charge) -> Charge:
        changed = replace(charge, version=charge.version + 1)
        self._update("charges", _row(changed))
        return changed

    def charges(self, wanted: Wanted, filters: Mapping[str, Any]) -> Page:
        return self._page("charges", wanted, filters, _charge)

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
        changes = ", ".join(f"{name} = ?" for name in values)
        changed = self.db.execute(
            f"UPDATE {table} SET {changes} WHERE id = ? AND version = ? AND deleted IS NULL",
            (*values.values(), values["id"], values["version"] - 1),
        )
        _check_changed(changed, values["id"])

    def _live(self, table: str, row_id: str) -> sqlite3.Row:
        row = self.db.execute(
            f"SELECT * FROM {table} WHERE id = ? AND deleted IS NULL", (row_id,)
        ).fetchone()
        if row is None:
            raise NotFound(f"There is no {table.removesuffix('s')} {row_id}", "missing_resource")
        return row

    def _page(
        self,
        table: str,
        wanted: Wanted,
        filters: Mapping[str, Any],
        read: Callable[[sqlite3.Row], Any],
    ) -> Page:
        """One page of a list, newest first."""
        where = " AND ".join(["deleted IS NULL", *(CONDITIONS[name] for name in filters)])
        values = list(filters.values())
        total = None
        if wanted.number > 0:
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
        place: int = row["seq"]
        return place


def _email_taken(customer: Customer) -> Conflict:
    return Conflict(f"{customer.email} belongs to another customer", "email_taken", "email")


def _check_changed(cursor: sqlite3.Cursor, row_id: str) -> None:
    if cursor.rowcount == 0:
        raise Conflict(f"{row_id} was changed by somebody else", "version_conflict")


def _row(record: Customer | Charge) -> dict[str, Any]:
    return {
        **vars(record),
        "status": record.status.value,
        "created": to_text(record.created),
        "updated": to_text(record.updated),
    }


def _values(row: sqlite3.Row) -> dict[str, Any]:
    values = {name: row[name] for name in row.keys() if name not in ("seq", "deleted")}
    values["created"] = from_text(values["created"])
    values["updated"] = from_text(values["updated"])
    return values


def _customer(row: sqlite3.Row) -> Customer:
    return Customer(**{**_values(row), "status": CustomerStatus(row["status"])})


def _charge(row: sqlite3.Row) -> Charge:
    return Charge(**{**_values(row), "status": ChargeStatus(row["status"])})
