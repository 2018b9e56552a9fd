"""The log of attempts, and the questions that the dashboard asks about it."""

from __future__ import annotations

import base64
import binascii
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timezone
from typing import Any

from hookrelay.errors import BadQuery, FormatError
from hookrelay.moments import from_text, parse_moment, to_text

_STATUS = re.compile(r"[1-5]\d\d|[1-5]xx")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
OUTCOMES = {
    "success": "status BETWEEN 200 AND 299",
    "failure": "(status IS NULL OR status NOT BETWEEN 200 AND 299)",
    "no_answer": "status IS NULL",
}
FILTERS = {"outcome", "status", "event", "endpoint", "since", "until", "limit", "cursor"}


@dataclass(frozen=True)
class Attempt:
    delivery_id: int
    event_id: str
    endpoint_id: str
    merchant: str
    number: int
    at: datetime
    status: int | None
    error: str
    excerpt: str
    latency_ms: int
    id: int = 0

    @property
    def success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Page:
    items: list[Attempt]
    next_cursor: str | None


@dataclass(frozen=True)
class Query:
    """A merchant's question; `before` is the id of the last attempt of the page before."""

    limit: int
    before: int | None = None
    conditions: tuple[tuple[str, tuple[Any, ...]], ...] = ()


def excerpt(body: bytes, limit: int) -> str:
    """The beginning of an answer in one line of at most `limit` characters."""
    text = _CONTROL.sub(" ", body.decode("utf-8", errors="replace")).strip()
    if len(text) <= limit:
        return text
    return text[: limit - 1] + "…" if limit else ""


def encode_cursor(last_id: int) -> str:
    content = json.dumps({"before": last_id}).encode("ascii")
    return base64.urlsafe_b64encode(content).decode("ascii").replace("=", "")


def decode_cursor(text: str) -> int:
    padded = text + "=" * (-len(text) % 4)
    try:
        before = json.loads(base64.urlsafe_b64decode(padded))["before"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise BadQuery("not a cursor of ours") from None
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadQuery("not a cursor of ours")
    return before


def parse_query(given: Mapping[str, str], page: int, page_max: int, zone: timezone = UTC) -> Query:
    """Filters as they come from the dashboard. A limit above the maximum is cut to it.

    `since` is inclusive, `until` exclusive; days begin at midnight in `zone`.
    """
    unknown = sorted(set(given) - FILTERS)
    if unknown:
        raise BadQuery(f"unknown filter: {', '.join(unknown)}")
    limit = _limit(given["limit"], page_max) if "limit" in given else page
    before = decode_cursor(given["cursor"]) if given.get("cursor") else None
    conditions: list[tuple[str, tuple[Any, ...]]] = []
    if given.get("outcome"):
        conditions.append((_outcome(given["outcome"]), ()))
    if given.get("status"):
        conditions.append(("status BETWEEN ? AND ?", _statuses(given["status"])))
    if given.get("event"):
        conditions.append(("event_id = ?", (given["event"].strip(),)))
    if given.get("endpoint"):
        conditions.append(("endpoint_id = ?", (given["endpoint"].strip().lower(),)))
    if given.get("since"):
        conditions.append(("at >= ?", (_moment("since", given["since"], zone),)))
    if given.get("until"):
        conditions.append(("at < ?", (_moment("until", given["until"], zone),)))
    return Query(limit, before, tuple(conditions))


def _outcome(text: str) -> str:
    wanted = text.strip().lower()
    if wanted not in OUTCOMES:
        raise BadQuery(f"outcome must be one of {', '.join(OUTCOMES)}")
    return OUTCOMES[wanted]


def _statuses(text: str) -> tuple[int, int]:
    """First and last status of `404` or `4xx`."""
    wanted = text.strip().lower()
    if _STATUS.fullmatch(wanted) is None:
        raise BadQuery(f"status must look like 404 or 4xx, got {text!r}")
    return int(wanted.replace("x", "0")), int(wanted.replace("x", "9"))


def _moment(name: str, text: str, zone: timezone) -> str:
    try:
        return to_text(parse_moment(text, zone))
    except FormatError as problem:
        raise BadQuery(f"{name}: {problem}") from None


def _limit(text: str, most: int) -> int:
    try:
        value = int(text)
    except ValueError:
        raise BadQuery(f"limit must be a whole number, got {text!r}") from None
    if value < 1:
        raise BadQuery("limit must be at least 1")
    return min(value, most)


class AttemptLog:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def count(self, delivery_id: int) -> int:
        count: int = self.db.execute(
            "SELECT count(*) FROM attempts WHERE delivery_id = ?", (delivery_id,)
        ).fetchone()[0]
        return count

    def add(self, attempt: Attempt) -> None:
        values = {**asdict(attempt), "at": to_text(attempt.at)}
        del values["id"]
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        self.db.execute(
            f"INSERT INTO attempts ({columns}) VALUES ({marks})", tuple(values.values())
        )

    def history(self, merchant: str, query: Query) -> Page:
        """A page of the merchant's attempts, newest first."""
        sql = "SELECT * FROM attempts WHERE merchant = ?"
        values: list[Any] = [merchant]
        for condition, parameters in query.conditions:
            sql += f" AND {condition}"
            values.extend(parameters)
        if query.before is not None:
            sql += " AND id < ?"
            values.append(query.before)
        rows = self.db.execute(sql + " ORDER BY id DESC LIMIT ?", [*values, query.limit + 1])
        found = [_attempt(row) for row in rows]
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, encode_cursor(items[-1].id) if more else None)

    def of_delivery(self, delivery_id: int) -> list[Attempt]:
        rows = self.db.execute(
            "SELECT * FROM attempts WHERE delivery_id = ? ORDER BY number", (delivery_id,)
        )
        return [_attempt(row) for row in rows]

    def between(self, start: datetime, end: datetime) -> list[Attempt]:
        """Attempts of all merchants from `start` up to, not including, `end`; oldest first."""
        rows = self.db.execute(
            "SELECT * FROM attempts WHERE at >= ? AND at < ? ORDER BY at, id",
            (to_text(start), to_text(end)),
        )
        return [_attempt(row) for row in rows]


def show_attempt(attempt: Attempt) -> dict[str, Any]:
    """An attempt as the dashboard shows it."""
    shown = {**asdict(attempt), "at": to_text(attempt.at), "success": attempt.success}
    del shown["merchant"]
    return shown


def _attempt(row: sqlite3.Row) -> Attempt:
    values = dict(row)
    values["at"] = from_text(values["at"])
    return Attempt(**values)
