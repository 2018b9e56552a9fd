"""Moments and durations. Moments are UTC; the API shows them as Unix seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], datetime]

UTC = timezone.utc

_DURATION = re.compile(r"(?P<count>\d{1,9})\s*(?P<unit>ms|[smhd])", re.IGNORECASE)
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def system_clock() -> datetime:
    return datetime.now(UTC)


def parse_duration(text: str) -> timedelta:
    """Read a whole number with a unit: `250ms`, `30s`, `5m`, `2h` or `1d`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a duration: {text!r} (write 30s, 5m, 2h ...)")
    return int(match["count"]) * _UNITS[match["unit"].lower()]


def to_text(moment: datetime) -> str:
    """Text of fixed width, so that the database can compare moments as text."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def from_text(text: str) -> datetime:
    """Read an ISO moment; one that names no zone is taken as UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def to_unix(moment: datetime) -> int:
    return int(moment.timestamp())
