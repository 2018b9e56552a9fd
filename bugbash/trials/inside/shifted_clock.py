"""A date and time that lie ahead: what a suite shows in some months, today.

Only what Python code asks for is shifted: the times of files, other programs and the clocks that
measure how long something took stay as they are. A shift of 0 puts the same classes in place and
is the control: what fails then fails for them and not for the date.
"""

from __future__ import annotations

import datetime
import time
from typing import Any

RealDate = datetime.date
RealDateTime = datetime.datetime


class _Like(type):
    """Makes real dates instances of the classes that stand in for theirs, not of subclasses."""

    def __instancecheck__(cls, instance: Any) -> bool:
        stands_in = vars(cls).get("real")
        return isinstance(instance, stands_in) if stands_in else super().__instancecheck__(instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        stands_in = vars(cls).get("real")
        return issubclass(subclass, stands_in) if stands_in else super().__subclasscheck__(subclass)


def shift(ahead_s: float) -> None:
    """Let `time` and `datetime` tell a time that lies this many seconds ahead."""
    _shift_time(ahead_s)
    _shift_datetime(datetime.timedelta(seconds=ahead_s))


def _shift_time(ahead_s: float) -> None:
    real, real_ns = time.time, time.time_ns

    def now() -> float:
        return real() + ahead_s

    time.time = now
    time.time_ns = lambda: real_ns() + int(ahead_s * 1_000_000_000)
    for name in ("gmtime", "localtime", "ctime"):
        setattr(time, name, _of_now(getattr(time, name), now))
    formatted, as_text = time.strftime, time.asctime
    time.strftime = lambda form, *at: formatted(form, *(at or (time.localtime(),)))
    time.asctime = lambda *at: as_text(*(at or (time.localtime(),)))


def _of_now(function: Any, now: Any) -> Any:
    """A function of the `time` module that tells of now where it is given no seconds."""

    def of_now(seconds: float | None = None) -> Any:
        return function(now() if seconds is None else seconds)

    return of_now


def _shift_datetime(ahead: datetime.timedelta) -> None:
    class Date(RealDate, metaclass=_Like):
        real = RealDate

        @classmethod
        def today(cls) -> Any:
            day = RealDateTime.now() + ahead
            return cls(day.year, day.month, day.day)

    class DateTime(RealDateTime, metaclass=_Like):
        real = RealDateTime

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            moment = RealDateTime.now(datetime.timezone.utc) + ahead  # noqa: UP017
            here = moment.astimezone(tz)
            return _as(cls, here if tz is not None else here.replace(tzinfo=None))

        @classmethod
        def utcnow(cls) -> Any:
            moment = RealDateTime.now(datetime.timezone.utc) + ahead  # noqa: UP017
            return _as(cls, moment.replace(tzinfo=None))

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    for stand_in, name in ((Date, "date"), (DateTime, "datetime")):
        stand_in.__name__ = stand_in.__qualname__ = name
        stand_in.__module__ = "datetime"
        stand_in.__repr__ = _repr  # type: ignore[method-assign]
        setattr(datetime, name, stand_in)


def _as(cls: Any, moment: datetime.datetime) -> Any:
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return cls(*parts, moment.microsecond, moment.tzinfo, fold=moment.fold)


def _repr(self: Any) -> str:
    real = RealDateTime if isinstance(self, RealDateTime) else RealDate
    text = real.__repr__(self)
    return text if text.startswith("datetime.") else f"datetime.{text}"
