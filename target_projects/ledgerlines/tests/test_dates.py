from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ledgerlines.dates import DateRange, bucket, parse_day, parse_range, stamp, utc_now
from ledgerlines.errors import DateError

MARCH_1 = date(2024, 3, 1)


def test_days_in_figures():
    for text in ["2024-03-01", "2024/03/01", "2024.03.01", "2024-3-1", "20240301"]:
        assert parse_day(text) == MARCH_1
    assert parse_day("2024-12-31") == date(2024, 12, 31)
    assert parse_day("31 Dec 2024") == date(2024, 12, 31)


def test_days_with_the_month_as_a_word():
    for text in ["1 Mar 2024", "01-MAR-2024", "1 march 2024", "1 Mar. 2024"]:
        assert parse_day(text) == MARCH_1
    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    assert [parse_day(f"15 {name} 2023").month for name in names] == list(range(1, 13))


def test_blanks_around_a_day():
    for text in [" 2024-03-01 ", " 20240301 ", " 1 Mar 2024\n"]:
        assert parse_day(text) == MARCH_1


def test_the_time_of_day_is_left_off():
    for tail in [
        "T10:15",
        " 10:15:00",
        "T10:15:00.250",
        "T23:59:59Z",
        "t10:15:00z",
        "T10:15+05:30",
        "T10:15-0800",
    ]:
        assert parse_day("2024-03-01" + tail) == MARCH_1


def test_days_that_do_not_exist():
    for text in ["2023-02-29", "20241301", "1 Foo 2024"]:
        with pytest.raises(DateError, match="no such day"):
            parse_day(text)


def test_text_that_is_no_day():
    for text in [
        "",
        "2024-03/01",
        "24-03-01",
        "2024-03-01T",
        "tomorrow",
        "2024-03-011",
        "202403011",
        "1 Mar 20241",
    ]:
        with pytest.raises(DateError, match="not a date"):
            parse_day(text)


def test_a_range_holds_both_its_ends_and_nothing_outside():
    days = DateRange(date(2024, 3, 1), date(2024, 3, 31))
    assert date(2024, 3, 1) in days
    assert date(2024, 3, 31) in days
    days = DateRange(date(2024, 3, 1), date(2024, 3, 31))
    assert date(2024, 2, 29) not in days
    assert date(2024, 4, 1) not in days


def test_open_ends():
    assert date(1999, 1, 1) in DateRange(None, MARCH_1)
    assert date(2099, 1, 1) in DateRange(MARCH_1)


def test_ranges_of_one_day_and_less():
    assert MARCH_1 in DateRange(MARCH_1, MARCH_1)
    with pytest.raises(DateError, match="2024-03-02 to 2024-03-01"):
        DateRange(date(2024, 3, 2), MARCH_1)


def test_ranges():
    cases = {
        "2024-03-05..2024-03-20": "2024-03-05..2024-03-20",
        "2024-03-05..": "2024-03-05..",
        "..2024-03-05": "..2024-03-05",
        "..": "..",
        " 2024-03-05.. ": "2024-03-05..",
        " 2024 ": "2024-01-01..2024-12-31",
        "2024-02": "2024-02-01..2024-02-29",
        "2023-12": "2023-12-01..2023-12-31",
        " 2024-11 ": "2024-11-01..2024-11-30",
        " 2024-Q1 ": "2024-01-01..2024-03-31",
        "2024q4": "2024-10-01..2024-12-31",
        " 2024-03-05 ": "2024-03-05..2024-03-05",
    }
    assert {text: str(parse_range(text)) for text in cases} == cases


def test_text_that_is_no_range():
    cases = {
        "2024-13": "no such month: 2024-13",
        "9999-12": "no such month: 9999-12",
        "0000": "no such day: '0000-01-01'",
        "2024-Q5": "not a date: '2024-Q5'",
        "2024-Q0": "not a date: '2024-Q0'",
        "2024-Q12": "not a date: '2024-Q12'",
        " last week ": "not a date: 'last week'",
        "2024-03-01...2024-03-05": "not a date: '.2024-03-05'",
    }
    for text, reason in cases.items():
        with pytest.raises(DateError, match=f"^{reason}$"):
            parse_range(text)


def test_reporting_periods():
    cases = {
        "day": "2024-12-30",
        "week": "2025-W01",
        "month": "2024-12",
        "quarter": "2024-Q4",
        "year": "2024",
    }
    assert {period: bucket(date(2024, 12, 30), period) for period in cases} == cases
    with pytest.raises(DateError, match="'fortnight'"):
        bucket(MARCH_1, "fortnight")


def test_quarters_change_after_three_months():
    labels = [bucket(date(2024, month, 1), "quarter")[-1] for month in range(1, 13)]
    assert "".join(labels) == "111222333444"


def test_stamps_are_in_utc(odd_zone):
    india = timezone(timedelta(hours=5, minutes=30))
    assert stamp(datetime(2024, 3, 4, 2, 15, tzinfo=india)) == "2024-03-03T20:45:00Z"
    with pytest.raises(DateError):
        stamp(datetime(2024, 3, 4, 2, 15))


def test_the_default_clock_knows_its_zone():
    assert utc_now().tzinfo is UTC
