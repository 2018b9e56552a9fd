import time
from datetime import datetime, timedelta, timezone

import pytest

from restdesk.moments import (
    UTC,
    from_text,
    parse_duration,
    system_clock,
    to_text,
    to_unix,
)

INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.fixture
def far_from_utc(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def test_durations():
    seconds = {"250ms": 0.25, "30s": 30, " 5m ": 300, "2 H": 7200, "1d": 86400, "0s": 0}
    seconds["999999999s"] = 999_999_999
    assert {text: parse_duration(text).total_seconds() for text in seconds} == seconds

    for text in ("", "5", "m", "-5m", "1.5h", "5m 3s", "5w", "1000000000d"):
        with pytest.raises(ValueError, match="not a duration"):
            parse_duration(text)


def test_text_of_a_moment(far_from_utc):
    assert to_text(datetime(2024, 3, 1, 9, tzinfo=UTC)) == "2024-03-01T09:00:00.000+00:00"
    moment = datetime(2024, 3, 1, 2, 0, 0, 123_456, tzinfo=INDIA)
    assert to_text(moment) == "2024-02-29T20:30:00.123+00:00"

    with pytest.raises(ValueError, match="needs a time zone"):
        to_text(datetime(2024, 3, 1, 9))


def test_moments_from_elsewhere(far_from_utc):
    assert from_text("2024-03-01T09:00:00+05:30").isoformat() == "2024-03-01T03:30:00+00:00"
    assert from_text("2024-03-01T09:00:00").isoformat() == "2024-03-01T09:00:00+00:00"

    assert to_unix(datetime(2024, 3, 1, 9, 0, 0, 999_999, tzinfo=UTC)) == 1_709_283_600


def test_system_clock_has_a_zone():
    assert system_clock().tzinfo is UTC
