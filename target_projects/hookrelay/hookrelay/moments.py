"""Moments and durations. Stored moments are UTC text of fixed width: SQL compares them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

from hookrelay.errors import FormatError

Clock = Callable[[], datetime]

_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|[smhd])\s*", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def system_clock() -> datetime:
    return datetime.now(tz=UTC)


def parse_duration(text: str) -> timedelta:
    """Read `250ms`, `90s`, `1.5h` or several parts in a row: `1h 30m`."""
    total, position = timedelta(), 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            raise FormatError(f"not a duration: {text!r} (at {text[position:]!r})")
        total += float(part[1]) * _UNITS[part[2].lower()]
        position = part.end()
    if position == 0:
        raise FormatError("a duration is missing")
    return total


def parse_moment(text: str, zone: timezone = UTC) -> datetime:
    """Read an ISO moment, or a day, which begins at midnight in `zone`; the result is UTC."""
    cleaned = text.strip()
    try:
        if _DAY.fullmatch(cleaned):
            moment = datetime.combine(date.fromisoformat(cleaned), time(), tzinfo=zone)
        else:
            moment = datetime.fromisoformat(cleaned)
    except ValueError:
        raise FormatError(f"not a moment: {text!r}") from None
    if moment.tzinfo is None:
        raise FormatError(f"a moment needs a time zone: {text!r}")
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def offset_zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
