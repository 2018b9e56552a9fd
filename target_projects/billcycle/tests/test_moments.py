import time as time_module
from datetime import date, datetime, time, timedelta, timezone

import pytest

from billcycle.errors import SettingsError
from billcycle.moments import (
    UTC,
    FrozenClock,
    from_text,
    office_day,
    office_moment,
    parse_duration,
    parse_offset,
    system_clock,
    to_text,
    working_day,
)

KOLKATA = timezone(timedelta(hours=5, minutes=30))


def test_duration():
    texts = ["250ms", "30s", "5m", "2h", "1d"]
    seconds = [parse_duration(text).total_seconds() for text in texts]
    assert seconds == [0.25, 30, 300, 7200, 86400]

    assert parse_duration(" 10 M ") == timedelta(minutes=10)


def test_not_a_duration():
    for text in ["", "5", "m", "5 w", "1.5h", "-5m", "1h30m"]:
        with pytest.raises(SettingsError, match="not a duration"):
            parse_duration(text)


def test_offset():
    texts = ["+05:30", "-03:00", "+0100", "+14:00", "-09:45", "+00:59"]
    hours = [parse_offset(text).utcoffset(None) / timedelta(hours=1) for text in texts]
    assert hours == [5.5, -3, 1, 14, -9.75, 59 / 60]

    assert [parse_offset(text) for text in ("Z", "utc", " UTC ")] == [UTC, UTC, UTC]


def test_not_an_offset():
    for text in ["05:30", "+5:30", "+05:60", "+05", "CET", "+05:300", "x+05:30"]:
        with pytest.raises(SettingsError, match="not an offset"):
            parse_offset(text)

    with pytest.raises(SettingsError, match=r"UTC\+14:01"):
        parse_offset("+14:01")


@pytest.fixture
def odd_zone(monkeypatch):
    """A machine whose own time zone is none of those in the tests."""
    tzset = getattr(time_module, "tzset", lambda: None)  # not on Windows
    monkeypatch.setenv("TZ", "XST-9:37")
    tzset()
    yield
    monkeypatch.undo()
    tzset()


def test_stored_moments_are_utc(odd_zone):
    assert to_text(datetime(2024, 3, 1, 9, 0, tzinfo=KOLKATA)) == "2024-03-01T03:30:00.000000+00:00"

    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2024, 3, 1, 9, 0))


def test_moments_are_read_as_utc(odd_zone):
    texts = ["2024-03-01T09:00:00", "2024-03-01T09:00:00Z", "2024-03-01T14:30:00+05:30"]
    assert {from_text(text).isoformat() for text in texts} == {"2024-03-01T09:00:00+00:00"}


def test_office_time_becomes_utc(odd_zone):
    moment = office_moment(date(2024, 3, 2), time(4, 0), KOLKATA)
    assert moment.isoformat() == "2024-03-01T22:30:00+00:00"


def test_office_day_can_differ_from_the_utc_day(odd_zone):
    moment = datetime(2024, 3, 1, 18, 30, tzinfo=UTC)
    assert office_day(moment, KOLKATA) == date(2024, 3, 2)
    assert office_day(moment - timedelta(seconds=1), KOLKATA) == date(2024, 3, 1)


def test_weekends_give_way_to_monday():
    friday_to_monday = [working_day(date(2024, 3, day)).day for day in (15, 16, 17, 18)]
    assert friday_to_monday == [15, 18, 18, 18]


def test_frozen_clock_moves_only_when_told():
    clock = FrozenClock("2024-03-01T09:00:00Z")
    assert clock() == clock()
    clock.forward("90s")
    assert to_text(clock()) == "2024-03-01T09:01:30.000000+00:00"


def test_system_clock_knows_its_zone():
    assert system_clock().utcoffset() == timedelta(0)
