"""The persisted queue: one delivery for every event and endpoint.

An event and its deliveries are stored together, before the producer gets its answer. A worker
claims a delivery for the time of a lease; when it dies, another one takes the delivery over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from hookrelay.endpoints import Endpoint
from hookrelay.errors import Conflict, EventError, LeaseLost, NotFound
from hookrelay.events import Event, encode_body
from hookrelay.moments import from_text, to_text
from hookrelay.storage import transaction


class DeliveryState(Enum):
    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Delivery:
    id: int
    event_id: str
    endpoint_id: str
    merchant: str
    state: DeliveryState
    due: datetime
    deadline: datetime
    failures: int
    worker: str | None
    lease_until: datetime | None
    note: str


_READY = (
    "(d.state = 'pending' AND d.due <= :now OR d.state = 'sending' AND d.lease_until <= :now)"
    " AND e.state = 'active'"
)
_JOINED = "FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id"


class DeliveryQueue:
    def __init__(self, db: sqlite3.Connection, give_up: timedelta, lease: timedelta) -> None:
        self.db = db
        self.give_up = give_up
        self.lease = lease

    def accept(self, event: Event, endpoints: Iterable[Endpoint], now: datetime) -> int:
        """Store an event and what is to be delivered; how many deliveries are new.

        The producers send an event again when they had no answer: that changes nothing.
        """
        body = encode_body(event)
        with transaction(self.db):
            known = self.db.execute("SELECT body FROM events WHERE id = ?", (event.id,)).fetchone()
            if known is not None:
                if known["body"] != body:
                    raise EventError(f"{event.id} was stored with another content")
                return 0
            self.db.execute(
                "INSERT INTO events (id, merchant, type, created, body) VALUES (?, ?, ?, ?, ?)",
                (event.id, event.merchant, event.type, to_text(event.created), body),
            )
            due, deadline = to_text(now), to_text(now + self.give_up)
            rows = [
                (event.id, endpoint.id, event.merchant, due, deadline) for endpoint in endpoints
            ]
            self.db.executemany(
                "INSERT INTO deliveries (event_id, endpoint_id, merchant, due, deadline)"
                " VALUES (?, ?, ?, ?, ?)",
                rows,
            )
        return len(rows)

    def body(self, event_id: str) -> bytes:
        row = self.db.execute("SELECT body FROM events WHERE id = ?", (event_id,)).fetchone()
        if row is None:
            raise NotFound(f"there is no event {event_id}")
        return bytes(row["body"])

    def get(self, delivery_id: int) -> Delivery:
        row = self.db.execute("SELECT * FROM deliveries WHERE id = ?", (delivery_id,)).fetchone()
        if row is None:
            raise NotFound(f"there is no delivery {delivery_id}")
        return _delivery(row)

    def ready_merchants(self, now: datetime) -> list[str]:
        rows = self.db.execute(
            f"SELECT DISTINCT d.merchant {_JOINED} WHERE {_READY}", {"now": to_text(now)}
        )
        return [row["merchant"] for row in rows]

    def claim(self, merchant: str, worker: str, now: datetime) -> Delivery | None:
        """Take the merchant's delivery that has been due for longest; None when there is none."""
        with transaction(self.db):
            row = self.db.execute(
                f"SELECT d.id {_JOINED} WHERE d.merchant = :merchant AND {_READY}"
                " ORDER BY d.due, d.id LIMIT 1",
                {"merchant": merchant, "now": to_text(now)},
            ).fetchone()
            if row is None:
                return None
            self.db.execute(
                "UPDATE deliveries SET state = 'sending', worker = ?, lease_until = ? WHERE id = ?",
                (worker, to_text(now + self.lease), row["id"]),
            )
            return self.get(row["id"])

    def postpone(self, merchant: str, until: datetime) -> int:
        """Nothing for the merchant before `until`; how many deliveries that delays."""
        moment = to_text(until)
        return self.db.execute(
            "UPDATE deliveries SET due = ? WHERE merchant = ? AND state = 'pending' AND due < ?",
            (moment, merchant, moment),
        ).rowcount

    def succeed(self, delivery: Delivery) -> None:
        self._settle(delivery, DeliveryState.DELIVERED, delivery.due, delivery.failures, "")

    def reschedule(self, delivery: Delivery, due: datetime, note: str) -> None:
        self._settle(delivery, DeliveryState.PENDING, due, delivery.failures + 1, note)

    def fail(self, delivery: Delivery, note: str) -> None:
        failures = delivery.failures + 1
        self._settle(delivery, DeliveryState.FAILED, delivery.due, failures, note)

    def _settle(
        self, delivery: Delivery, state: DeliveryState, due: datetime, failures: int, note: str
    ) -> None:
        lease = to_text(delivery.lease_until) if delivery.lease_until else None
        changed = self.db.execute(
            "UPDATE deliveries SET state = ?, due = ?, failures = ?, note = ?,"
            " worker = NULL, lease_until = NULL"
            " WHERE id = ? AND state = 'sending' AND worker = ? AND lease_until = ?",
            (state.value, to_text(due), failures, note, delivery.id, delivery.worker, lease),
        ).rowcount
        if changed == 0:
            raise LeaseLost(f"delivery {delivery.id} is no longer held by {delivery.worker}")

    def cancel_waiting(self, endpoint_id: str, note: str) -> int:
        return self.db.execute(
            "UPDATE deliveries SET state = 'cancelled', note = ?"
            " WHERE endpoint_id = ? AND state = 'pending'",
            (note, endpoint_id),
        ).rowcount

    def retry(self, delivery_id: int, now: datetime) -> Delivery:
        """Start a failed or cancelled delivery anew, with the full time before giving up."""
        delivery = self.get(delivery_id)
        if delivery.state not in (DeliveryState.FAILED, DeliveryState.CANCELLED):
            raise Conflict(f"delivery {delivery_id} is {delivery.state.value}")
        self.db.execute(
            "UPDATE deliveries SET state = 'pending', due = ?, deadline = ?, failures = 0,"
            " note = 'started anew' WHERE id = ?",
            (to_text(now), to_text(now + self.give_up), delivery_id),
        )
        return self.get(delivery_id)


def _delivery(row: sqlite3.Row) -> Delivery:
    values = dict(row)
    values["state"] = DeliveryState(values["state"])
    for name in ("due", "deadline", "lease_until"):
        if row[name] is not None:
            values[name] = from_text(row[name])
    return Delivery(**values)
