"""Moments are kept in UTC; a day is a day in the zone of the reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from .errors import MomentError

Clock = Callable[[], datetime]

UTC = timezone.utc
FARTHEST_ZONE = timedelta(hours=14)

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
_DURATION = re.compile(r"(?:\s*\d+\s*(?:ms|[smhd]))+\s*", re.IGNORECASE)
_PART = re.compile(r"(?P<count>\d+)\s*(?P<unit>ms|[smhd])", re.IGNORECASE)
_ZONE = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LOG_TIME = re.compile(
    r"(?P<day>\d{2})/(?P<month>[a-z]{3})/(?P<year>\d{4}):(?P<time>\d{2}:\d{2}:\d{2})"
    r" (?P<zone>[+-]\d{4})",
    re.IGNORECASE,
)


def system_clock() -> datetime:
    return datetime.now(UTC)


class ManualClock:
    """A clock that only moves when it is told to: rehearsals, `--at` and tests."""

    def __init__(self, start: str) -> None:
        self.now = parse_moment(start)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, duration: str) -> None:
        self.now += parse_duration(duration)


def parse_duration(text: str) -> timedelta:
    """Read `250ms`, `30s`, `5m`, `1h 30m` ... A bare number has no unit and is refused."""
    if not _DURATION.fullmatch(text):
        raise MomentError(f"not a duration: {text!r} (write 250ms, 30s, 5m, 1h30m ...)")
    total = timedelta()
    for part in _PART.finditer(text):
        total += int(part["count"]) * _UNITS[part["unit"].lower()]
    return total


def parse_zone(text: str) -> timezone:
    """Read a fixed distance from UTC: `+05:30`, `-0300`, `Z` or `utc`."""
    cleaned = text.strip().upper()
    if cleaned in ("Z", "UTC"):
        return UTC
    match = _ZONE.fullmatch(cleaned)
    if match is None:
        raise MomentError(f"not a distance from UTC: {text!r}")
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    if distance > FARTHEST_ZONE:
        raise MomentError(f"no zone is {cleaned} from UTC")
    return timezone(-distance if match["sign"] == "-" else distance)


def parse_moment(text: str) -> datetime:
    """Read an ISO moment; one without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise MomentError(f"not a moment: {text!r}") from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def show_moment(moment: datetime) -> str:
    """`2024-03-05T09:30:00.000Z`, whatever the zone of the moment."""
    if moment.tzinfo is None:
        raise MomentError("a moment needs a zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_log_time(text: str) -> datetime:
    """Read the time stamp of an access log: `05/Mar/2024:09:30:00 +0100`."""
    match = _LOG_TIME.fullmatch(text)
    if match is None or match["month"].lower() not in _MONTHS:
        raise MomentError(f"not a time stamp: {text!r}")
    month = _MONTHS.index(match["month"].lower()) + 1
    try:
        day = date(int(match["year"]), month, int(match["day"]))
        hour, minute, second = map(int, match["time"].split(":"))
        clock = time(hour, minute, second)
    except ValueError:
        raise MomentError(f"no such time: {text!r}") from None
    return datetime.combine(day, clock, parse_zone(match["zone"])).astimezone(UTC)


def local_day(moment: datetime, zone: timezone) -> date:
    return moment.astimezone(zone).date()


def next_midnight(moment: datetime, zone: timezone) -> datetime:
    """When the local day of a moment is over."""
    following = local_day(moment, zone) + timedelta(days=1)
    return datetime.combine(following, time(), zone).astimezone(UTC)
