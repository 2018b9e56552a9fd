import csv
from datetime import date
from decimal import Decimal

import pytest
from builders import make_entry, make_plan
from poolkeeper.moments import UTC
from poolkeeper.plans import PlanBook
from poolkeeper.reports import (
    day_folder,
    server_rows,
    user_rows,
    write_day,
)
from poolkeeper.usage import DayUsage, ServerUsage, UserUsage, collect

DAY = date(2024, 3, 5)
PLANS = PlanBook(
    [make_plan("free"), make_plan("team", daily_quota=1000, per_thousand=Decimal("0.40"))],
    {"@acme.example": "team"},
)


@pytest.fixture
def root(tmp_path):
    """A report folder in which the day's folder is there already."""
    (tmp_path / "2024" / "03" / "05").mkdir(parents=True)
    return tmp_path


def test_rows_of_servers():
    usage = DayUsage(DAY)
    usage.servers["web-2"] = ServerUsage(1, 0, 0, [9])
    usage.servers["web-1"] = ServerUsage(3, 1, 700, [40, 10, 20])
    assert server_rows(usage, 95) == [
        ("web-1", 3, 1, Decimal("33.3"), 700, 20, 40, 40),
        ("web-2", 1, 0, Decimal("0.0"), 0, 9, 9, 9),
    ]
    assert server_rows(usage, 33)[0][6] == 10

    usage = DayUsage(DAY)
    usage.servers["web-1"] = ServerUsage()
    assert server_rows(usage, 95) == [("web-1", 0, 0, Decimal("0.0"), 0, 0, 0, 0)]


def test_rows_of_users():
    usage = DayUsage(DAY)
    for name, requests in (("zoe", 10), ("bob", 10), ("x@acme.example", 1500), ("ana", 9)):
        usage.users[name] = UserUsage(requests, refused=2)
    assert user_rows(usage, PLANS, "EUR") == [
        ("x@acme.example", "team", 1500, 2, 500, Decimal("0.20"), "EUR"),
        ("bob", "free", 10, 2, 0, Decimal("0.00"), "EUR"),
        ("zoe", "free", 10, 2, 0, Decimal("0.00"), "EUR"),
        ("ana", "free", 9, 2, 0, Decimal("0.00"), "EUR"),
    ]


def test_files_of_a_day(tmp_path, root):
    folder = day_folder(tmp_path, date(2024, 3, 5))
    assert folder.relative_to(tmp_path).as_posix() == "2024/03/05"

    files = write_day(DayUsage(DAY), PLANS, root, "EUR")
    assert [file.relative_to(root).as_posix() for file in files] == [
        "2024/03/05/servers.csv", "2024/03/05/users.csv",
    ]  # fmt: skip


def test_folders_are_made(tmp_path):
    files = write_day(DayUsage(DAY), PLANS, tmp_path / "new" / "reports", "EUR")
    assert all(file.is_file() for file in files)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_headers_and_rows(root):
    servers, users = map(read, write_day(DayUsage(DAY), PLANS, root, "EUR"))
    assert servers == [
        ["server", "requests", "errors", "error_rate", "bytes", "median_ms", "slow_ms", "max_ms"]
    ]
    assert users == [["user", "plan", "requests", "refused", "over_quota", "charge", "currency"]]

    usage = collect([make_entry()], DAY, UTC)
    servers, users = map(read, write_day(usage, PLANS, root, "USD"))
    assert servers[1:] == [["web-1", "1", "0", "0.0", "10", "5", "5", "5"]]
    assert users[1:] == [["ana", "free", "1", "0", "0", "0.00", "USD"]]


def test_files_are_the_same_everywhere(root, foreign_machine):
    usage = DayUsage(DAY)
    usage.users['łukasz "w", sp.'] = UserUsage(1)
    users = write_day(usage, PLANS, root, "EUR")[1].read_bytes()
    assert users.endswith('\r\n"łukasz ""w"", sp.",free,1,0,0,0.00,EUR\r\n'.encode())
    assert b"\r\r" not in users


def test_a_second_run_replaces_the_first(root):
    write_day(collect([make_entry(), make_entry(user="bob")], DAY, UTC), PLANS, root, "EUR")
    users = read(write_day(collect([make_entry()], DAY, UTC), PLANS, root, "EUR")[1])
    assert [row[0] for row in users] == ["user", "ana"]


def test_the_slow_percentile_is_a_setting(root):
    usage = collect([make_entry(milliseconds=ms) for ms in (10, 20, 30, 40)], DAY, UTC)
    assert read(write_day(usage, PLANS, root, "EUR", 75)[0])[1][6] == "30"
    many = collect([make_entry(milliseconds=ms) for ms in range(1, 101)], DAY, UTC)
    assert read(write_day(many, PLANS, root, "EUR")[0])[1][5:] == ["50", "95", "100"]
