import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from builders import at

from signflow import moments
from signflow.errors import SettingsError
from signflow.moments import (
    FrozenClock,
    days_left,
    office_day,
    parse_moment,
    parse_offset,
    parse_span,
    shown,
    to_text,
)

INDIA = timezone(timedelta(hours=5, minutes=30))
CHILE = timezone(timedelta(hours=-3))


def test_span():
    for text, expected in [
        ("45s", timedelta(seconds=45)),
        ("15m", timedelta(minutes=15)),
        ("36 h", timedelta(hours=36)),
        (" 7D ", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("0s", timedelta(0)),
    ]:
        assert parse_span(text) == expected

    assert parse_span("1d 12h") == timedelta(hours=36)
    assert parse_span("1h30m") == timedelta(minutes=90)


def test_not_a_span():
    for text in ["7", "d", "1d and 2h", "-1d", "1.5h"]:
        with pytest.raises(SettingsError, match="not a span of time"):
            parse_span(text)

    for text in ("", "  "):
        with pytest.raises(SettingsError, match="empty"):
            parse_span(text)


@pytest.fixture
def machine_in_india(monkeypatch):
    tzset = getattr(time, "tzset", lambda: None)  # not on Windows
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Kolkata")
        tzset()
        yield
    tzset()


def test_zone_of_the_machine_does_not_matter(machine_in_india):
    assert parse_moment("2024-03-05T09:00:00") == datetime(2024, 3, 5, 9, tzinfo=UTC)
    assert to_text(at("5 20:00")) == "2024-03-05T20:00:00+00:00"
    assert shown(at("5 20:00"), CHILE) == "5 Mar 2024, 17:00"


def test_moment_is_utc_whatever_it_was_written_in():
    expected = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
    assert parse_moment("2024-03-05T14:30:00+05:30") == expected
    assert parse_moment("2024-03-05T14:30:00+05:30").tzinfo is UTC
    assert parse_moment(" 2024-03-05 09:00 ") == expected


def test_moment_as_text():
    assert to_text(datetime(2024, 3, 5, 2, 0, 7, 999, tzinfo=INDIA)) == "2024-03-04T20:30:07+00:00"

    with pytest.raises(ValueError, match="without a time zone"):
        to_text(datetime(2024, 3, 5))


def test_offsets():
    assert parse_offset("+05:30") == INDIA
    assert parse_offset(" -3:00 ") == CHILE
    assert parse_offset("-0300") == CHILE
    assert parse_offset("z") is UTC
    assert parse_offset(" utc\n") is UTC

    assert parse_offset("+14:00").utcoffset(None) == timedelta(hours=14)
    with pytest.raises(SettingsError, match="out of range"):
        parse_offset("+14:01")


def test_not_an_offset():
    for text in ["5", "05:30", "+5:60", "+5:30h", ""]:
        with pytest.raises(SettingsError, match="not an offset"):
            parse_offset(text)


def test_day_is_the_office_s():
    evening = at("5 20:00")
    assert office_day(evening, INDIA).isoformat() == "2024-03-06"
    assert office_day(evening, CHILE).isoformat() == "2024-03-05"


def test_shown_in_office_time():
    assert shown(at("5 09:05"), INDIA) == "5 Mar 2024, 14:35"
    assert shown(parse_moment("2024-01-01T01:00:00Z"), CHILE) == "31 Dec 2023, 22:00"
    assert shown(parse_moment("2024-01-01T03:00:00Z"), CHILE) == "1 Jan 2024, 00:00"


def test_days_left():
    for deadline, expected in [
        ("5 09:01", 1),
        ("6 09:00", 1),
        ("6 09:01", 2),
        ("5 09:00", 0),
        ("1 09:00", 0),
    ]:
        assert days_left(at("5 09:00"), at(deadline)) == expected


def test_clocks(monkeypatch):
    clock = FrozenClock("2024-03-05T10:00:00+01:00")
    clock.forward("1h")
    clock.forward("30m")
    assert clock() == at("5 10:30")

    class Machine(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2024, 3, 5, 9, tzinfo=tz)

    monkeypatch.setattr(moments, "datetime", Machine)
    assert moments.system_clock() == at("5 09:00")
