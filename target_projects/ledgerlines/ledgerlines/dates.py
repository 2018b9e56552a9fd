"""Days, ranges of days, reporting periods and time stamps."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ledgerlines.errors import DateError

Clock = Callable[[], datetime]

# The banks send 2024-03-01, 2024/3/1, 2024.03.01, and time stamps of which we keep the day.
_NUMERIC = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[ -]([a-z]{3})[a-z]*\.?[ -]([0-9]{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_YEAR = re.compile(r"[0-9]{4}")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-?q([1-4])", re.IGNORECASE)


def parse_day(text: str) -> date:
    """The calendar day that `text` names. Raises DateError."""
    cleaned = text.strip()
    try:
        if found := _NUMERIC.fullmatch(cleaned):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := _COMPACT.fullmatch(cleaned):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NAMED.fullmatch(cleaned):
            return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        raise DateError(f"no such day: {text!r}") from None
    raise DateError(f"not a date: {text!r}")


@dataclass(frozen=True)
class DateRange:
    """Both ends belong to the range; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise DateError(f"range ends before it begins: {self.first} to {self.last}")

    def __contains__(self, day: date) -> bool:
        if self.first is not None and day < self.first:
            return False
        return self.last is None or day <= self.last

    def __str__(self) -> str:
        return f"{self.first or ''}..{self.last or ''}"


def parse_range(text: str) -> DateRange:
    """ "2024-03-01..2024-03-31", either end open, or "2024", "2024-03", "2024-Q1", one day."""
    cleaned = text.strip()
    first, dots, last = cleaned.partition("..")
    if dots:
        return DateRange(parse_day(first) if first else None, parse_day(last) if last else None)
    if _YEAR.fullmatch(cleaned):
        return DateRange(parse_day(f"{cleaned}-01-01"), parse_day(f"{cleaned}-12-31"))
    if found := _MONTH.fullmatch(cleaned):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _QUARTER.fullmatch(cleaned):
        return _months(int(found[1]), int(found[2]) * 3 - 2, 3)
    day = parse_day(cleaned)
    return DateRange(day, day)


def _months(year: int, month: int, count: int) -> DateRange:
    end = month + count
    try:
        first = date(year, month, 1)
        after = date(year + 1, 1, 1) if end > 12 else date(year, end, 1)
    except ValueError:
        raise DateError(f"no such month: {year}-{month:02d}") from None
    return DateRange(first, after - timedelta(days=1))


def bucket(day: date, period: str) -> str:
    """The label of the reporting period that `day` falls into."""
    match period:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "year":
            return str(day.year)
        case _:
            raise DateError(f"unknown period: {period!r}")


def utc_now() -> datetime:
    return datetime.now(tz=UTC)


def stamp(moment: datetime) -> str:
    """ "2024-03-01T09:30:00Z", whatever the zone of `moment` is; it must have one."""
    if moment.tzinfo is None:
        raise DateError("a time stamp needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
