"""Moments, days, periods and durations. Stored moments are UTC; days are the desk's days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from .errors import MomentError

Clock = Callable[[], datetime]

PERIODS = ("day", "week", "month", "all")

_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>0\d|1[0-4]):?(?P<minutes>[0-5]\d)")
_DURATION = re.compile(r"(?:(?P<h>\d+)h)?\s*(?:(?P<m>\d+)m)?\s*(?:(?P<s>\d+)s)?", re.IGNORECASE)


def system_clock() -> datetime:
    return datetime.now(UTC)


def from_text(text: str) -> datetime:
    """Read an ISO moment; one that names no zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise MomentError(f"not a moment: {text!r}") from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise MomentError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def parse_offset(text: str) -> timezone:
    """Read a distance from UTC: `+05:30` or `-0300`."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise MomentError(f"not an offset from UTC: {text!r}")
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    return timezone(-distance if match["sign"] == "-" else distance)


def parse_duration(text: str) -> timedelta:
    """Read hours, minutes and seconds: `90s`, `3m`, `1h 30m`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not match.group():
        raise MomentError(f"not a duration: {text!r} (write 90s, 3m, 1h 30m ...)")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def desk_day(moment: datetime, zone: timezone) -> date:
    return moment.astimezone(zone).date()


def period_bounds(day: date, period: str, week_start: int = 0) -> tuple[date, date]:
    """First and last day of the period that the day lies in; `week_start` 0 is Monday."""
    if period == "day":
        return day, day
    elif period == "week":
        first = day - timedelta(days=(day.weekday() - week_start) % 7)
        return first, first + timedelta(days=6)
    elif period == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return date.min, date.max
