"""Moments, days and durations. Moments are UTC; the API shows them as Unix seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

Clock = Callable[[], datetime]

UTC = timezone.utc
WIDEST_OFFSET = timedelta(hours=14)

_DURATION = re.compile(r"(?P<count>\d{1,9})\s*(?P<unit>ms|[smhd])", re.IGNORECASE)
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)")


def system_clock() -> datetime:
    return datetime.now(UTC)


def parse_duration(text: str) -> timedelta:
    """Read a whole number with a unit: `250ms`, `30s`, `5m`, `2h` or `1d`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a duration: {text!r} (write 30s, 5m, 2h ...)")
    return int(match["count"]) * _UNITS[match["unit"].lower()]


def parse_offset(text: str) -> timezone:
    """Read a distance from UTC: `+05:30`, `-0300`, `Z` or `UTC`."""
    text = text.strip()
    if text.upper() in ("Z", "UTC"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"not an offset from UTC: {text!r}")
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    if distance > WIDEST_OFFSET:
        raise ValueError(f"no place on earth is at UTC{text}")
    return timezone(-distance if match["sign"] == "-" else distance)


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


def from_unix(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def office_day(moment: datetime, office: timezone) -> date:
    return moment.astimezone(office).date()


def day_bounds(day: date, office: timezone) -> tuple[datetime, datetime]:
    """The first moment of an office day, and the first of the day after it."""
    start = datetime.combine(day, time(), tzinfo=office).astimezone(UTC)
    return start, start + timedelta(days=1)
