import csv
import json
from datetime import date, datetime, timedelta, timezone

import pytest
from builders import EUR, JPY, KWD, LATER, NOW, make_charge

from restdesk.records import ChargeStatus
from restdesk.reports import (
    AccessEntry,
    append_access,
    parse_line,
    to_csv,
    totals_of,
    traffic,
    write_day,
)

UTC = timezone.utc
DAY = date(2024, 3, 1)
MONEY = {"EUR": EUR, "JPY": JPY, "KWD": KWD}
LINE = "2024-03-01T09:00:00Z req_0001 key_1 GET /v1/customers 200 12ms"


def rows(*charges, office=UTC):
    return list(csv.reader(to_csv(charges, office, MONEY).splitlines()))


def entry(**changes):
    fields = {
        "moment": NOW,
        "request_id": "req_0001",
        "key": "key_1",
        "method": "GET",
        "path": "/v1/customers",
        "status": 200,
        "took": 12,
    }
    return AccessEntry(**{**fields, **changes})


def test_table_of_charges():
    charge = make_charge(
        status=ChargeStatus.PARTLY_REFUNDED, refunded=1_050, fee=275, description="Ä, b"
    )
    assert rows(charge) == [
        ["charge", "customer", "created", "status", "currency", "amount", "refunded", "net",
         "description"],
        ["ch_0001", "cus_0001", "2024-03-01 09:00:00", "partly_refunded", "EUR", "100.00",
         "10.50", "87.03", "Ä, b"],
    ]  # fmt: skip

    office = timezone(timedelta(hours=5, minutes=30))
    assert rows(make_charge(), office=office)[1][2] == "2024-03-01 14:30:00"


def test_descriptions_are_no_formulas():
    for start in "=+-@":
        assert rows(make_charge(description=f"{start}1"))[1][-1] == f"'{start}1"
    assert rows(make_charge(description="a=1"))[1][-1] == "a=1"


def test_totals_by_currency():
    charges = [
        make_charge(fee=275),
        make_charge(amount=5, refunded=5, status=ChargeStatus.REFUNDED),
        make_charge(amount=700, currency="JPY", fee=50),
        make_charge(amount=9, status=ChargeStatus.FAILED),
        make_charge(amount=9, status=ChargeStatus.PENDING),
    ]
    assert totals_of(charges, MONEY) == {
        "EUR": {"count": 2, "amount": "100.05", "refunded": "0.05", "net": "97.25"},
        "JPY": {"count": 1, "amount": "700", "refunded": "0", "net": "650"},
    }
    assert totals_of([], MONEY) == {}


def test_files_of_a_day_in_a_new_folder(tmp_path):
    files = write_day([make_charge()], tmp_path / "out", DAY, UTC, MONEY)
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        "out/2024/03/charges-2024-03-01.csv",
        "out/2024/03/totals-2024-03-01.json",
    ]
    assert json.loads(files[1].read_text(encoding="utf-8"))["EUR"]["count"] == 1


def test_files_of_a_day_are_written_over(tmp_path):
    write_day([make_charge(1), make_charge(2)], tmp_path, DAY, UTC, MONEY)
    table, totals = write_day([make_charge(1)], tmp_path, DAY, UTC, MONEY)
    assert table.read_bytes().count(b"\r\n") == 2
    assert json.loads(totals.read_text(encoding="utf-8"))["EUR"]["count"] == 1
    assert len(list(table.parent.iterdir())) == 2


def test_bytes_of_the_files(tmp_path, windows_text):
    charges = [make_charge(currency="KWD", description="Łódź"), make_charge()]
    table, totals = write_day(charges, tmp_path, DAY, UTC, MONEY)
    content = table.read_bytes()
    assert content.startswith(b"charge,customer,created,")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    assert "Łódź\r\n".encode() in content
    text = totals.read_bytes().decode("ascii")
    assert text.startswith('{\n  "EUR": {\n    "amount": "100.00",\n    "count": 1,\n')
    assert text.endswith('"refunded": "0.000"\n  }\n}\n')


def test_access_log_makes_its_folder(tmp_path):
    append_access(tmp_path / "var" / "log", entry())
    file = tmp_path / "var" / "log" / "access-2024-03-01.log"
    assert file.read_bytes() == LINE.encode() + b"\n"


def test_access_log_grows(tmp_path, windows_text):
    for path in ("/a", "/ö b"):
        append_access(tmp_path, entry(path=path))
    content = (tmp_path / "access-2024-03-01.log").read_bytes()
    assert content.count(b"\n") == 2
    assert b"\r" not in content
    assert b" /%C3%B6%20b " in content


def test_days_of_the_access_log_are_utc(tmp_path):
    zone = timezone(timedelta(hours=5, minutes=30))
    append_access(tmp_path, entry(moment=datetime(2024, 3, 1, 4, 0, tzinfo=zone)))
    [file] = tmp_path.iterdir()
    assert file.name == "access-2024-02-29.log"
    assert file.read_text(encoding="utf-8").startswith("2024-02-29T22:30:00Z ")


def test_lines_of_the_access_log():
    assert parse_line(LINE) == entry()
    line = "2024-03-02T10:30:00Z batch-1 - DELETE /a%20b 503 0ms"
    assert parse_line(line) == AccessEntry(LATER, "batch-1", "-", "DELETE", "/a%20b", 503, 0)
    assert parse_line(LINE.replace("GET /v1/customers", "- -")).method == "-"

    for line in ("", LINE + "x", "x" + LINE):
        assert parse_line(line) is None
    for part, other in [("200", "600"), ("200", "20"), ("12ms", "12"), ("Z ", " "), ("key_1 ", "")]:
        assert parse_line(LINE.replace(part, other)) is None


@pytest.fixture
def logs(tmp_path):
    """Three days, written in no particular order; the second has a line that is not ours."""
    for day, statuses in [(2, "404 200 200"), (3, "503"), (1, "200 401")]:
        lines = [LINE.replace(" 200 ", f" {status} ") for status in statuses.split()]
        if day == 2:
            lines.insert(1, "Traceback")
        text = "\n".join(lines) + "\n"
        (tmp_path / f"access-2024-03-0{day}.log").write_text(text, encoding="utf-8")
    (tmp_path / "error-2024-03-09.log").write_text(LINE, encoding="utf-8")
    (tmp_path / "access-2024-03-09.log.gz").write_bytes(b"\x1f\x8b")
    return tmp_path


def test_traffic(logs):
    found = traffic(logs)
    assert (found.days, found.requests, found.unreadable) == (3, 6, 1)
    assert list(found.by_status.items()) == [(200, 3), (401, 1), (404, 1), (503, 1)]


def test_traffic_of_the_latest_days(logs, backward_listing):
    assert traffic(logs, 1).by_status == {503: 1}
    assert traffic(logs, 2).by_status == {200: 2, 404: 1, 503: 1}
    assert traffic(logs, 9).days == 3


def test_little_traffic(tmp_path, windows_text):
    found = traffic(tmp_path / "nowhere")
    assert (found.days, found.requests, found.by_status) == (0, 0, {})

    (tmp_path / "access-2024-03-01.log").write_bytes("Ł\u0081\n".encode() + LINE.encode())
    assert (traffic(tmp_path).requests, traffic(tmp_path).unreadable) == (1, 1)
