import time as system
from datetime import date, datetime, time, timedelta, timezone

import pytest

from paylane.errors import MomentError
from paylane.moments import (
    UTC,
    FixedClock,
    day_limits,
    from_text,
    parse_duration,
    parse_offset,
    parse_time,
    settlement_day,
    system_clock,
    to_text,
)

PARIS = timezone(timedelta(hours=1))
SIX = time(18, 0)


def test_durations():
    for text, seconds in [
        ("250ms", 0.25),
        ("30s", 30),
        ("5m", 300),
        ("24h", 86400),
        ("2d", 172800),
        ("1h 30m", 5400),
        ("1h30m5s", 5405),
        (" 10 S ", 10),
        ("0s", 0),
    ]:
        assert parse_duration(text) == timedelta(seconds=seconds)

    for text in ["", "30", "s", "1.5h", "-5m", "5w", "5m later", "in 5m"]:
        with pytest.raises(MomentError, match="not a duration"):
            parse_duration(text)


def test_offsets():
    assert parse_offset("+01:00") == PARIS
    assert parse_offset(" -0330 ") == timezone(-timedelta(hours=3, minutes=30))
    assert parse_offset("+14:00").utcoffset(None) == timedelta(hours=14)
    assert parse_offset("z") is UTC
    assert parse_offset("utc") is UTC

    for text in ["", "1:00", "+1:00", "+01:60", "+01:00x", "Paris"]:
        with pytest.raises(MomentError, match="not an offset"):
            parse_offset(text)

    with pytest.raises(MomentError, match=r"no place on earth is at UTC\+14:01"):
        parse_offset("+14:01")


def test_times_of_the_day():
    assert parse_time("0:00") == time(0, 0)
    assert parse_time(" 09:05 ") == time(9, 5)
    assert parse_time("19:30") == time(19, 30)
    assert parse_time("23:59") == time(23, 59)

    for text in ["", "9", "24:00", "12:60", "12:5", "12:05:00", "29:00"]:
        with pytest.raises(MomentError, match="not a time of the day"):
            parse_time(text)


def test_moments_as_text():
    moment = datetime(2024, 3, 5, 9, 30, 0, 120000, tzinfo=PARIS)
    assert to_text(moment) == "2024-03-05T08:30:00.120000+00:00"
    assert from_text("2024-03-05T08:30:00.120000+00:00") == moment
    assert to_text(datetime(2024, 3, 5, tzinfo=UTC)) == "2024-03-05T00:00:00.000000+00:00"

    with pytest.raises(MomentError, match="needs a time zone"):
        to_text(datetime(2024, 3, 5))

    with pytest.raises(MomentError, match="^not a moment: 'yesterday'$"):
        from_text("yesterday")


@pytest.mark.skipif(not hasattr(system, "tzset"), reason="no tzset on this system")
def test_zone_of_the_machine_does_not_matter(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    system.tzset()
    try:
        assert from_text("2024-03-05T08:00:00").isoformat() == "2024-03-05T08:00:00+00:00"
        assert from_text("2024-03-05T08:00:00+02:00").isoformat() == "2024-03-05T06:00:00+00:00"
        assert settlement_day(datetime(2024, 3, 5, 17, 30, tzinfo=UTC), PARIS, SIX).day == 6
        noon = datetime(2024, 3, 5, 12, tzinfo=PARIS)
        assert to_text(noon) == "2024-03-05T11:00:00.000000+00:00"
        assert system_clock().utcoffset() == timedelta(0)
    finally:
        monkeypatch.undo()
        system.tzset()


def test_fixed_clock():
    clock = FixedClock("2024-03-05T08:00Z")
    assert clock() == clock() == datetime(2024, 3, 5, 8, tzinfo=UTC)
    clock.forward("90s")
    assert clock() == datetime(2024, 3, 5, 8, 1, 30, tzinfo=UTC)


def test_settlement_day():
    for moment, day in [
        ("2024-03-05T16:59:59.999999Z", "2024-03-05"),
        ("2024-03-05T17:00:00Z", "2024-03-06"),
        ("2024-03-04T23:30:00Z", "2024-03-05"),
        ("2024-02-29T17:00:00Z", "2024-03-01"),
    ]:
        assert settlement_day(from_text(moment), PARIS, SIX) == date.fromisoformat(day)
    after_midnight = from_text("2024-03-05T23:30:00Z")
    assert settlement_day(after_midnight, PARIS, time(0, 15)) == date(2024, 3, 7)


def test_limits_of_a_settlement_day():
    start, end = day_limits(date(2024, 3, 5), PARIS, SIX)
    assert to_text(start) == "2024-03-04T17:00:00.000000+00:00"
    assert to_text(end) == "2024-03-05T17:00:00.000000+00:00"
    assert settlement_day(start, PARIS, SIX) == date(2024, 3, 5)
