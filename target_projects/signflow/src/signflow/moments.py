"""Moments and spans of time. Stored moments are UTC, to the second."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from .errors import SettingsError

Clock = Callable[[], datetime]

DAY = timedelta(days=1)
WIDEST_OFFSET = timedelta(hours=14)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SPAN_PART = re.compile(r"\s*(\d+)\s*([wdhms])\s*", re.IGNORECASE)
_SPAN_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_OFFSET = re.compile(r"([+-])(\d{1,2}):?([0-5]\d)")


def system_clock() -> datetime:
    return datetime.now(UTC)


class FrozenClock:
    """Stands still until it is moved on; behind `--at`."""

    def __init__(self, start: str) -> None:
        self.now = parse_moment(start)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, span: str) -> None:
        self.now += parse_span(span)


def parse_moment(text: str) -> datetime:
    """Read an ISO moment as UTC; one without an offset is UTC already."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def parse_span(text: str) -> timedelta:
    """Read `36h`, `2w` or several parts, `1d 12h`."""
    rest, total = text, timedelta()
    if not text or text.isspace():
        raise SettingsError("an empty span of time")
    while rest:
        match = _SPAN_PART.match(rest)
        if match is None:
            raise SettingsError(f"not a span of time: {text!r} (write 36h, 2w, 1d 12h ...)")
        total += timedelta(**{_SPAN_UNITS[match[2].lower()]: int(match[1])})
        rest = rest[match.end() :]
    return total


def parse_offset(text: str) -> timezone:
    """Read a distance from UTC: `+05:30`, `-3:00`, `+0100`, `Z` or `UTC`."""
    text = text.strip()
    if text.upper() in {"Z", "UTC"}:
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise SettingsError(f"not an offset from UTC: {text!r}")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset > WIDEST_OFFSET:
        raise SettingsError(f"offset out of range: {text!r}")
    return timezone(offset if match[1] == "+" else -offset)


def office_day(moment: datetime, office: timezone) -> date:
    return moment.astimezone(office).date()


def shown(moment: datetime, office: timezone) -> str:
    """For people: `1 Mar 2024, 09:00`, in office time and whatever the locale."""
    local = moment.astimezone(office)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def days_left(now: datetime, deadline: datetime) -> int:
    """Days until the deadline, a begun day counts in full; 0 when it has passed."""
    return max(0, math.ceil((deadline - now) / DAY))
