import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hookrelay.errors import FormatError
from hookrelay.moments import (
    from_text,
    offset_zone,
    parse_duration,
    parse_moment,
    system_clock,
    to_text,
)

INDIA = timezone(timedelta(hours=5, minutes=30))


def test_durations():
    for text, seconds in [
        ("250ms", 0.25),
        ("90s", 90),
        ("0s", 0),
        ("5m", 300),
        ("1.5h", 5400),
        ("2D", 172800),
        ("1h30m", 5400),
        (" 1h 30m 5s ", 5405),
        ("10 s", 10),
    ]:
        assert parse_duration(text) == timedelta(seconds=seconds)


def test_durations_that_are_none():
    for text in ["10", "s", "-5s", "1h,30m", "5 minutes", "1h 30", ".5h", " "]:
        with pytest.raises(FormatError, match="not a duration"):
            parse_duration(text)

    with pytest.raises(FormatError) as caught:
        parse_duration("1h 30x")
    assert str(caught.value) == "not a duration: '1h 30x' (at '30x')"

    with pytest.raises(FormatError, match="missing"):
        parse_duration("")


def test_moments_become_utc():
    assert parse_moment(" 2024-03-01T09:30:00+01:00 ") == datetime(2024, 3, 1, 8, 30, tzinfo=UTC)
    assert parse_moment("2024-03-01T13:00:00+05:30").tzinfo is UTC


def test_a_day_begins_at_midnight_of_the_zone():
    assert to_text(parse_moment("2024-03-01")) == "2024-03-01T00:00:00.000+00:00"
    assert to_text(parse_moment(" 2024-03-01 ", INDIA)) == "2024-02-29T18:30:00.000+00:00"


def test_moments_that_are_none():
    for text in ["yesterday", "2024-02-30", "2024-03-01T25:00:00Z", ""]:
        with pytest.raises(FormatError, match="not a moment"):
            parse_moment(text)

    with pytest.raises(FormatError, match="time zone"):
        parse_moment("2024-03-01T08:00:00", INDIA)


def test_stored_text_has_one_width_and_one_zone():
    assert to_text(datetime(2024, 3, 1, 13, 30, tzinfo=INDIA)) == "2024-03-01T08:00:00.000+00:00"
    moment = datetime(2024, 3, 1, 8, 0, 0, 123_456, tzinfo=UTC)
    assert to_text(moment) == "2024-03-01T08:00:00.123+00:00"
    assert from_text("2024-03-01T09:00:00.123+01:00").isoformat() == (
        "2024-03-01T08:00:00.123000+00:00"
    )


@pytest.fixture
def office_in_india(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_stored_text_is_utc_in_every_office(office_in_india):
    assert to_text(datetime(2024, 3, 1, 8, tzinfo=UTC)) == "2024-03-01T08:00:00.000+00:00"
    moment = from_text("2024-03-01T08:00:00.000+00:00")
    assert (moment.hour, moment.tzinfo) == (8, UTC)


def test_a_naive_moment_is_not_stored():
    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2024, 3, 1))


def test_offsets():
    assert [str(offset_zone(minutes)) for minutes in (-90, 0, 840)] == [
        "UTC-01:30",
        "UTC",
        "UTC+14:00",
    ]


def test_the_system_clock_knows_its_zone():
    assert system_clock().tzinfo is UTC
