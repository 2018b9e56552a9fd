"""Moments, durations and settlement days. Stored moments are UTC; days are the desk's days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from .errors import MomentError

Clock = Callable[[], datetime]

UTC = timezone.utc
WIDEST_OFFSET = timedelta(hours=14)

_PART = re.compile(r"([0-9]+)\s*(ms|[smhd])", re.IGNORECASE)
_DURATION = re.compile(r"(?:[0-9]+\s*(?:ms|[smhd])\s*)+", re.IGNORECASE)
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-5][0-9])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def system_clock() -> datetime:
    return datetime.now(UTC)


class FixedClock:
    """Stands still until it is moved: `--at`, rehearsals and tests."""

    def __init__(self, start: str) -> None:
        self.now = from_text(start)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, duration: str) -> None:
        self.now += parse_duration(duration)


def parse_duration(text: str) -> timedelta:
    """Read `250ms`, `24h`, `1h 30m`: whole numbers, each with its unit."""
    cleaned = text.strip()
    if not _DURATION.fullmatch(cleaned):
        raise MomentError(f"not a duration: {text!r} (write 30s, 24h, 1h 30m ...)")
    parts = _PART.findall(cleaned)
    return sum((int(count) * _UNITS[unit.lower()] for count, unit in parts), timedelta())


def parse_offset(text: str) -> timezone:
    """Read a distance from UTC: `+01:00`, `-0330` or `Z`."""
    cleaned = text.strip().upper()
    if cleaned in ("Z", "UTC"):
        return UTC
    match = _OFFSET.fullmatch(cleaned)
    if match is None:
        raise MomentError(f"not an offset from UTC: {text!r}")
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    if distance > WIDEST_OFFSET:
        raise MomentError(f"no place on earth is at UTC{cleaned}")
    return timezone(-distance if match["sign"] == "-" else distance)


def parse_time(text: str) -> time:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise MomentError(f"not a time of the day: {text!r} (write 18:00)")
    return time(int(match[1]), int(match[2]))


def to_text(moment: datetime) -> str:
    """Text of fixed width, so that the database can compare moments as text."""
    if moment.tzinfo is None:
        raise MomentError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Read an ISO moment; one that names no zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(f"not a moment: {text!r}") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def settlement_day(moment: datetime, desk: timezone, cutoff: time) -> date:
    """The day that a moment counts for: from the cutoff on, that is the next one."""
    local = moment.astimezone(desk)
    if local.time() >= cutoff:
        return local.date() + timedelta(days=1)
    return local.date()


def day_limits(day: date, desk: timezone, cutoff: time) -> tuple[datetime, datetime]:
    """First moment of a settlement day and first moment after it."""
    end = datetime.combine(day, cutoff, tzinfo=desk)
    return end - timedelta(days=1), end
