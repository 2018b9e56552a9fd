"""Quotes that were given, in SQLite: open until they are accepted or too old."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from parcelrate.errors import QuoteError
from parcelrate.money import Money
from parcelrate.quotes import Line, Offer

_SCHEMA = """
CREATE TABLE IF NOT EXISTS quotes (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL, coupon TEXT,
    offer TEXT NOT NULL, valid_until TEXT NOT NULL, accepted_at TEXT)
"""


@dataclass(frozen=True)
class Quote:
    id: str
    offer: Offer
    valid_until: datetime
    accepted: bool

    def state(self, now: datetime) -> str:
        if self.accepted:
            return "accepted"
        return "open" if now < self.valid_until else "expired"


def connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path)
    db.execute(_SCHEMA)
    return db


class QuoteBook:
    def __init__(self, db: sqlite3.Connection, valid_for: timedelta, zone: tzinfo) -> None:
        self._db = db
        self._db.row_factory = sqlite3.Row
        self._valid_for = valid_for
        self._zone = zone

    def add(self, offer: Offer, now: datetime) -> Quote:
        """A new quote, numbered by the desk's day: Q20240305-0001."""
        day = now.astimezone(self._zone).strftime("Q%Y%m%d-")
        until = _to_text(now + self._valid_for)
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            query = "SELECT count(*) FROM quotes WHERE id LIKE ?"
            (given,) = self._db.execute(query, (day + "%",)).fetchone()
            quote_id = f"{day}{given + 1:04d}"
            self._db.execute(
                "INSERT INTO quotes (id, order_id, coupon, offer, valid_until)"
                " VALUES (?, ?, ?, ?, ?)",
                (quote_id, offer.order_id, offer.coupon, json.dumps(asdict(offer)), until),
            )
        return self.get(quote_id)

    def get(self, quote_id: str) -> Quote:
        wanted = quote_id.strip().upper()
        row = self._db.execute("SELECT * FROM quotes WHERE id = ?", (wanted,)).fetchone()
        if row is None:
            raise QuoteError(f"no quote {wanted}")
        return _from_row(row)

    def accept(self, quote_id: str, now: datetime) -> Quote:
        """Raises QuoteError unless the quote is open and its order has no accepted one."""
        quote = self.get(quote_id)
        state = quote.state(now)
        if state != "open":
            raise QuoteError(f"{quote.id} is {state}")
        query = "SELECT id FROM quotes WHERE order_id = ? AND accepted_at IS NOT NULL"
        other = self._db.execute(query, (quote.offer.order_id,)).fetchone()
        if other is not None:
            raise QuoteError(f"{quote.offer.order_id} has {other['id']} already")
        with self._db:
            update = "UPDATE quotes SET accepted_at = ? WHERE id = ?"
            self._db.execute(update, (_to_text(now), quote.id))
        return self.get(quote.id)

    def page(self, limit: int, after: str | None = None) -> tuple[list[Quote], bool]:
        """Quotes as they were given, beginning behind `after`; and whether there are more."""
        query, values = "SELECT * FROM quotes", []
        if after is not None:
            query += " WHERE seq > (SELECT seq FROM quotes WHERE id = ?)"
            values.append(self.get(after).id)
        rows = self._db.execute(f"{query} ORDER BY seq LIMIT ?", (*values, limit + 1)).fetchall()
        return [_from_row(row) for row in rows[:limit]], len(rows) > limit

    def coupon_uses(self, now: datetime) -> dict[str, set[str]]:
        """For each coupon the orders with a quote that is accepted or may yet be."""
        uses: dict[str, set[str]] = {}
        for coupon, order_id in self._db.execute(
            "SELECT coupon, order_id FROM quotes WHERE coupon IS NOT NULL"
            " AND (accepted_at IS NOT NULL OR valid_until > ?)",
            (_to_text(now),),
        ):
            uses.setdefault(coupon, set()).add(order_id)
        return uses


def _to_text(moment: datetime) -> str:
    """In UTC, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _from_row(row: sqlite3.Row) -> Quote:
    record = json.loads(row["offer"])
    record["total"] = Money(**record["total"])
    lines = [Line(line["label"], Money(**line["amount"])) for line in record["lines"]]
    offer = Offer(**{**record, "lines": tuple(lines)})
    until = datetime.fromisoformat(row["valid_until"])
    return Quote(row["id"], offer, until, row["accepted_at"] is not None)
