"""Moments, days and durations. Stored moments are UTC; days are the office's days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from .errors import SettingsError

Clock = Callable[[], datetime]

UTC = timezone.utc
WIDEST_OFFSET = timedelta(hours=14)
SATURDAY, SUNDAY = 5, 6

_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)")
_DURATION = re.compile(r"(?P<count>\d+)\s*(?P<unit>ms|[smhd])", re.IGNORECASE)
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def system_clock() -> datetime:
    return datetime.now(UTC)


class FrozenClock:
    """A clock that stands still until it is moved: rehearsals, `--at` and tests."""

    def __init__(self, start: str) -> None:
        self.moment = from_text(start)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, duration: str) -> None:
        self.moment += parse_duration(duration)


def parse_offset(text: str) -> timezone:
    """Read a distance from UTC: `+05:30`, `-0300`, `Z` or `UTC`."""
    text = text.strip()
    if text.upper() in ("Z", "UTC"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise SettingsError(f"not an offset from UTC: {text!r}")
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    if distance > WIDEST_OFFSET:
        raise SettingsError(f"no place on earth is at UTC{text}")
    return timezone(-distance if match["sign"] == "-" else distance)


def parse_duration(text: str) -> timedelta:
    """Read a whole number with a unit: `250ms`, `30s`, `5m`, `2h` or `1d`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise SettingsError(f"not a duration: {text!r} (write 30s, 5m, 2h ...)")
    return int(match["count"]) * _UNITS[match["unit"].lower()]


def to_text(moment: datetime) -> str:
    """Text of fixed width, so that the database can compare moments as text."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Read an ISO moment; one that names no zone is taken as UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def office_moment(day: date, at: time, office: timezone) -> datetime:
    return datetime.combine(day, at, tzinfo=office).astimezone(UTC)


def office_day(moment: datetime, office: timezone) -> date:
    return moment.astimezone(office).date()


def working_day(day: date) -> date:
    """The day itself, or the Monday after it when it lies on a weekend."""
    if day.weekday() == SATURDAY:
        return day + timedelta(days=2)
    elif day.weekday() == SUNDAY:
        return day + timedelta(days=1)
    return day
