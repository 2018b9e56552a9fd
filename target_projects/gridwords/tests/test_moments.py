import time
from datetime import date, datetime, timedelta, timezone

import pytest
from gridwords.errors import MomentError
from gridwords.moments import (
    UTC,
    desk_day,
    from_text,
    parse_duration,
    parse_offset,
    period_bounds,
    system_clock,
    to_text,
)


@pytest.fixture
def indian_machine(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def test_moments_without_a_zone_are_utc(indian_machine):
    assert from_text("2024-03-01T12:00") == datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_reading_moments(indian_machine):
    moment = from_text(" 2024-03-01T12:00:00+05:30\n")
    assert (moment.hour, moment.minute, moment.utcoffset()) == (6, 30, timedelta(0))

    for text in ("", "noon", "2024-13-01", "2024-03-01T25:00"):
        with pytest.raises(MomentError, match="not a moment"):
            from_text(text)


def test_text_of_a_moment(indian_machine):
    moment = datetime(2024, 3, 1, 12, 0, 7, 900, tzinfo=timezone(timedelta(hours=1)))
    assert to_text(moment) == "2024-03-01T11:00:07Z"

    with pytest.raises(MomentError, match="needs a time zone"):
        to_text(datetime(2024, 3, 1))


def test_system_clock_knows_its_zone():
    assert system_clock().utcoffset() == timedelta(0)


def test_offsets():
    assert parse_offset("+05:30").utcoffset(None) == timedelta(hours=5, minutes=30)
    assert parse_offset(" -0345 ").utcoffset(None) == -timedelta(hours=3, minutes=45)
    assert parse_offset("+14:59").utcoffset(None) == timedelta(hours=14, minutes=59)

    for text in ["", "05:30", "+5:30", "+15:00", "+24:00", "+01:60", "+01:00x"]:
        with pytest.raises(MomentError, match="not an offset"):
            parse_offset(text)


def test_durations():
    assert parse_duration("90s") == timedelta(seconds=90)
    assert parse_duration("3M") == timedelta(minutes=3)
    assert parse_duration(" 90s\n") == timedelta(seconds=90)
    assert parse_duration(" 1h 30m ") == timedelta(minutes=90)
    assert parse_duration("2h1m5s") == timedelta(seconds=7265)
    assert parse_duration("0s") == timedelta(0)

    for text in ["", " ", "90", "1d", "5s 1m", "3 m", "-1s"]:
        with pytest.raises(MomentError, match="not a duration"):
            parse_duration(text)


def test_day_of_the_desk():
    late = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    assert desk_day(late, timezone(timedelta(hours=1))) == date(2024, 3, 1)
    assert desk_day(late, UTC) == date(2024, 2, 29)


def test_weeks():
    friday = date(2024, 3, 1)
    assert period_bounds(friday, "week") == (date(2024, 2, 26), date(2024, 3, 3))
    assert period_bounds(friday, "week", 6) == (date(2024, 2, 25), date(2024, 3, 2))
    assert period_bounds(friday, "week", 4) == (friday, date(2024, 3, 7))
    assert period_bounds(friday, "week", 5) == (date(2024, 2, 24), friday)


def test_days_months_and_all():
    day = date(2024, 2, 10)
    assert period_bounds(day, "day") == (day, day)
    assert period_bounds(day, "month") == (date(2024, 2, 1), date(2024, 2, 29))
    assert period_bounds(day, "all") == (date.min, date.max)
