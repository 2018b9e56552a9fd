from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from builders import NOW, make_entry
from poolkeeper.moments import UTC
from poolkeeper.usage import ServerUsage, UserUsage, collect, is_failure, percentile, rate

DAY = date(2024, 3, 5)


def usage_of(*entries):
    return collect(entries, DAY, UTC)


def test_usage_of_servers():
    servers = usage_of(
        make_entry(size=7, milliseconds=30),
        make_entry(size=5, milliseconds=20, status=500),
        make_entry(server="web-2", status=404),
    ).servers
    assert servers["web-1"] == ServerUsage(requests=2, errors=1, size=12, times=[30, 20])
    assert servers["web-2"] == ServerUsage(requests=1, errors=0, size=10, times=[5])

    assert list(usage_of(make_entry(server=None)).servers) == ["(none)"]


def test_what_counts_for_the_plan():
    entries = [
        make_entry(status=status) for status in (200, 301, 404, 428, 429, 429, 430, 500, 503)
    ]
    assert usage_of(*entries).users == {"ana": UserUsage(requests=5, refused=2)}

    usage = usage_of(make_entry(user=None), make_entry(user=None, status=429))
    assert (usage.users, usage.requests) == ({}, 2)


def test_failures_are_ours():
    assert [status for status in (200, 404, 499, 500, 599) if is_failure(status)] == [500, 599]


def test_only_the_local_day_is_collected():
    zone = timezone(timedelta(hours=-5))
    hours = [4, 5, 28, 29]
    entries = [make_entry(at=datetime(2024, 3, 5, tzinfo=UTC) + timedelta(hours=h)) for h in hours]
    assert collect(entries, DAY, zone).requests == 2
    assert usage_of(*entries).requests == 2
    assert usage_of(make_entry(at=NOW - timedelta(days=1))).requests == 0
    assert usage_of().day == DAY


def test_percentiles():
    expected = {1: 10, 20: 10, 21: 20, 50: 30, 95: 50, 100: 50}
    values = [50, 10, 40, 20, 30]
    assert {percent: percentile(values, percent) for percent in expected} == expected

    assert percentile(range(1, 101), 7) == 7
    assert percentile(range(1, 101), 95) == 95
    assert percentile([8], 1) == 8

    assert percentile([], 95) == 0

    values = [3, 1, 2]
    percentile(values, 50)
    assert values == [3, 1, 2]


def test_rates():
    assert [rate(part, 3) for part in (0, 1, 2, 3)] == [
        Decimal("0.0"), Decimal("33.3"), Decimal("66.7"), Decimal("100.0"),
    ]  # fmt: skip
    assert str(rate(1, 800)) == "0.1"
    assert str(rate(1, 2000)) == "0.1"
    assert str(rate(3, 2000)) == "0.2"

    assert str(rate(0, 0)) == "0.0"
