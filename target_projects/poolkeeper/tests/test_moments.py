from datetime import date, datetime, timedelta, timezone

import pytest
from poolkeeper.errors import MomentError
from poolkeeper.moments import (
    UTC,
    ManualClock,
    local_day,
    next_midnight,
    parse_duration,
    parse_log_time,
    parse_moment,
    parse_zone,
    show_moment,
    system_clock,
)

INDIA = timezone(timedelta(hours=5, minutes=30))
NEW_YORK = timezone(timedelta(hours=-5))


def test_durations():
    seconds = {"250ms": 0.25, "30s": 30, "5m": 300, "2h": 7200, "1d": 86400, "0s": 0}
    assert {text: parse_duration(text).total_seconds() for text in seconds} == seconds

    assert parse_duration("1h30m") == timedelta(minutes=90)
    assert parse_duration("1d 2h 3s 4ms") == timedelta(days=1, hours=2, seconds=3, milliseconds=4)

    assert parse_duration(" 5 M ") == timedelta(minutes=5)
    assert parse_duration("10MS") == timedelta(milliseconds=10)


def test_not_a_duration():
    for text in ("", "300", "5 weeks", "m", "-5m", "1.5h", "5m later"):
        with pytest.raises(MomentError, match="not a duration"):
            parse_duration(text)


def test_zones():
    assert parse_zone("+05:30") == INDIA
    assert parse_zone(" -0500 ") == NEW_YORK
    assert parse_zone("+14:00").utcoffset(None) == timedelta(hours=14)

    assert [parse_zone(text) for text in ("Z", "z", "utc", "UTC")] == [UTC] * 4


def test_zones_that_are_not_there():
    with pytest.raises(MomentError, match="no zone is -14:01 from UTC"):
        parse_zone("-14:01")
    for text in ("", "05:30", "+5:30", "+05:60", "+05:300", "CET"):
        with pytest.raises(MomentError, match="not a distance from UTC"):
            parse_zone(text)


def test_moments():
    moment = parse_moment("2024-03-05T09:30:00+05:30")
    assert (moment, moment.tzinfo) == (datetime(2024, 3, 5, 4, 0, tzinfo=UTC), UTC)

    assert parse_moment(" 2024-03-05T09:30:00 ") == datetime(2024, 3, 5, 9, 30, tzinfo=UTC)

    with pytest.raises(MomentError, match="not a moment: 'soon'"):
        parse_moment("soon")


def test_moments_are_shown_in_utc():
    assert show_moment(datetime(2024, 3, 5, 9, 30, 0, 125_900, INDIA)) == "2024-03-05T04:00:00.125Z"
    assert show_moment(datetime(2024, 3, 5, 9, 30, tzinfo=UTC)) == "2024-03-05T09:30:00.000Z"

    with pytest.raises(MomentError, match="needs a zone"):
        show_moment(datetime(2024, 3, 5, 9, 30))


def test_log_times():
    moment = parse_log_time("05/Mar/2024:09:30:01 +0530")
    assert (moment, moment.tzinfo) == (datetime(2024, 3, 5, 4, 0, 1, tzinfo=UTC), UTC)

    names = "Jan Feb MAR apr May Jun Jul Aug Sep Oct Nov Dec".split()
    months = [parse_log_time(f"05/{name}/2024:00:00:00 +0000").month for name in names]
    assert months == list(range(1, 13))


def test_not_a_log_time():
    for text in (
        "05/Mrz/2024:09:30:00 +0100",
        "5/Mar/2024:09:30:00 +0100",
        "05/Mar/2024:09:30:00",
        "05/Mar/2024:09:30:00 +01000",
    ):
        with pytest.raises(MomentError, match="not a time stamp"):
            parse_log_time(text)

    for text in ("30/Feb/2024:09:30:00 +0000", "05/Mar/2024:24:00:00 +0000"):
        with pytest.raises(MomentError, match="no such time"):
            parse_log_time(text)


def test_days():
    late = datetime(2024, 3, 5, 20, 0, tzinfo=UTC)
    assert [local_day(late, zone).day for zone in (UTC, INDIA, NEW_YORK)] == [5, 6, 5]
    assert local_day(datetime(2024, 3, 1, 4, 59, tzinfo=UTC), NEW_YORK) == date(2024, 2, 29)

    noon = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
    assert next_midnight(noon, NEW_YORK).tzinfo is UTC
    assert next_midnight(noon, UTC) == datetime(2024, 3, 6, tzinfo=UTC)
    assert next_midnight(noon, NEW_YORK) == datetime(2024, 3, 6, 5, tzinfo=UTC)
    assert next_midnight(datetime(2024, 3, 6, tzinfo=UTC), UTC).day == 7


def test_clocks():
    clock = ManualClock("2024-03-05T09:30:00Z")
    clock.forward("90s")
    assert clock() == datetime(2024, 3, 5, 9, 31, 30, tzinfo=UTC)

    assert system_clock().tzinfo is UTC
