"""Payment events: read from the producers' records, and the body that merchants get."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hookrelay.catalogue import EventType, find_type
from hookrelay.errors import EventError, FormatError
from hookrelay.moments import parse_moment, to_text
from hookrelay.money import Amount, parse_amount

_ID = re.compile(r"evt_[A-Za-z0-9]{4,32}")
_MERCHANT = re.compile(r"[a-z][a-z0-9-]{1,29}")
_REQUIRED = ("id", "type", "merchant", "created")


@dataclass(frozen=True)
class Event:
    id: str
    merchant: str
    type: str
    created: datetime
    amount: Amount | None = None
    reference: str = ""


def parse_merchant(text: str) -> str:
    name = text.strip().lower()
    if _MERCHANT.fullmatch(name) is None:
        raise EventError(f"not a merchant: {text!r}")
    return name


def parse_event(
    record: dict[str, Any], now: datetime, future_tolerance: timedelta = timedelta(minutes=5)
) -> Event:
    """An event from a producer's record. Raises EventError naming what is wrong with it."""
    missing = [name for name in _REQUIRED if not record.get(name)]
    if missing:
        raise EventError(f"an event needs {', '.join(missing)}")
    event_id = str(record["id"]).strip()
    if _ID.fullmatch(event_id) is None:
        raise EventError(f"not an event id: {event_id!r}")
    kind = find_type(str(record["type"]))
    try:
        created = parse_moment(str(record["created"]))
        amount = _amount(record, kind)
    except FormatError as problem:
        raise EventError(f"{event_id}: {problem}") from problem
    if created - now > future_tolerance:
        raise EventError(f"{event_id}: created in the future")
    return Event(
        id=event_id,
        merchant=parse_merchant(str(record["merchant"])),
        type=kind.name,
        created=created,
        amount=amount,
        reference=" ".join(str(record.get("reference", "")).split()),
    )


def _amount(record: dict[str, Any], kind: EventType) -> Amount | None:
    value = record.get("amount")
    if value is None:
        if kind.amount == "required":
            raise FormatError(f"{kind.name} needs an amount")
        return None
    if kind.amount == "none":
        raise FormatError(f"{kind.name} has no amount")
    amount = parse_amount(value, str(record.get("currency", "")))
    if amount.minor < 0:
        raise FormatError("amounts are not negative; the type tells the direction")
    return amount


def encode_body(event: Event) -> bytes:
    """The JSON that is stored, signed and sent: the same bytes for the same event."""
    data: dict[str, Any] = {"reference": event.reference}
    if event.amount is not None:
        data["amount"] = event.amount.minor
        data["currency"] = event.amount.currency
    content = {
        "id": event.id,
        "type": event.type,
        "merchant": event.merchant,
        "created": to_text(event.created),
        "data": data,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def decode_body(body: bytes) -> Event:
    content = json.loads(body)
    data = content["data"]
    amount = None
    if "amount" in data:
        amount = Amount(data["currency"], data["amount"])
    return Event(
        content["id"],
        content["merchant"],
        content["type"],
        parse_moment(content["created"]),
        amount,
        data["reference"],
    )


def read_events(
    path: Path,
    now: datetime,
    future_tolerance: timedelta,
    on_error: Callable[[int, str], None],
) -> Iterator[Event]:
    """Events of a JSON-lines file; bad lines go to `on_error` with their number, from 1."""
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                on_error(number, "not JSON")
                continue
            if not isinstance(record, dict):
                on_error(number, "not an object")
                continue
            try:
                yield parse_event(record, now, future_tolerance)
            except EventError as problem:
                on_error(number, str(problem))
