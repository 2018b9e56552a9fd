import csv
import json
from datetime import date

from builders import NOON, eur

from paylane.codecs import from_json
from paylane.money import Money
from paylane.reports import list_days, prune, to_csv, write_statement
from paylane.settlement import Movement, MovementKind, Statement

DAY = date(2024, 3, 5)


def make_statement(**changes):
    fields = {
        "merchant": "acme",
        "day": DAY,
        "payout_on": date(2024, 3, 7),
        "movements": (Movement(NOON, "pay_ł", MovementKind.CHARGE, eur(123456), eur(225)),),
        "totals": (),
        "conversions": (),
        "open": (),
        "payout": eur(123231),
    }
    return Statement(**{**fields, **changes})


def names(root, files):
    return [file.relative_to(root).as_posix() for file in files]


def make_days(root, *days):
    for day in days:
        (root / day).mkdir(parents=True)


def test_csv_rows():
    rows = list(csv.reader(to_csv(make_statement()).splitlines()))
    assert rows == [
        ["day", "merchant", "at", "kind", "id", "currency", "gross", "fee", "net"],
        ["2024-03-05", "acme", "2024-03-05T12:00:00.000000+00:00", "charge", "pay_ł", "EUR",
         "1234.56", "2.25", "1232.31"],
    ]  # fmt: skip


def test_file_in_new_folders(tmp_path, plain_machine):
    root = tmp_path / "new" / "settlements"
    (file,) = write_statement(make_statement(), root)
    assert names(root, [file]) == ["2024/03/05/acme.csv"]
    assert file.read_bytes() == to_csv(make_statement()).encode("utf-8")
    assert file.read_bytes().count(b"\r\n") == 2
    assert b"\r\r\n" not in file.read_bytes()


def test_json(tmp_path, plain_machine):
    (file,) = write_statement(make_statement(), tmp_path, "json")
    text = file.read_bytes().decode("utf-8")
    assert from_json(Statement, text) == make_statement()
    assert text.startswith('{\n  "merchant": "acme",\n')
    assert text.endswith("}\n")
    assert "pay_ł" in text
    assert json.loads(text)["payout"] == {"amount": "1232.31", "currency": "EUR"}


def test_both_formats_in_a_folder_that_is_there(tmp_path):
    make_days(tmp_path, "2024/03/05")
    files = write_statement(make_statement(), tmp_path, "both")
    assert names(tmp_path, files) == ["2024/03/05/acme.csv", "2024/03/05/acme.json"]


def test_earlier_statements_are_kept(tmp_path):
    written = [names(tmp_path, write_statement(make_statement(), tmp_path)) for _ in range(3)]
    assert written == [
        ["2024/03/05/acme.csv"],
        ["2024/03/05/acme.2.csv"],
        ["2024/03/05/acme.3.csv"],
    ]


def test_index(tmp_path):
    write_statement(make_statement(), tmp_path, "both")
    kyoto = make_statement(merchant="kyoto", payout=Money(1500, "JPY"))
    write_statement(kyoto, tmp_path)
    assert (tmp_path / "index.csv").read_bytes() == (
        b"day,merchant,payout,currency,payout_on,file\r\n"
        b"2024-03-05,acme,1232.31,EUR,2024-03-07,2024/03/05/acme.csv\r\n"
        b"2024-03-05,acme,1232.31,EUR,2024-03-07,2024/03/05/acme.json\r\n"
        b"2024-03-05,kyoto,1500,JPY,2024-03-07,2024/03/05/kyoto.csv\r\n"
    )


def test_index_is_utf8_with_its_own_line_ends(tmp_path, plain_machine):
    write_statement(make_statement(merchant="café"), tmp_path)
    content = (tmp_path / "index.csv").read_bytes()
    assert "2024-03-05,café,".encode() in content
    assert b"\r\r\n" not in content


def test_days_oldest_first(tmp_path, backward_listing):
    make_days(tmp_path, "2024/03/05", "2023/12/31", "2024/10/01", "2024/02/29")
    assert [str(day) for day in list_days(tmp_path)] == [
        "2023-12-31",
        "2024-02-29",
        "2024-03-05",
        "2024-10-01",
    ]
    assert list_days(tmp_path / "absent") == []


def test_what_is_no_day(tmp_path):
    make_days(tmp_path, "2024/3/5", "2024/03/05b", "2024/13/01", "2023/02/29", "x2024/03/05")
    (tmp_path / "2024/03/07").mkdir(parents=True)
    (tmp_path / "2024/03/08").write_text("a file", encoding="utf-8")
    assert list_days(tmp_path) == [date(2024, 3, 7)]


def test_prune(tmp_path):
    make_days(tmp_path, "2024/03/01", "2024/03/02", "2024/03/04", "2024/03/05")
    (tmp_path / "2024/03/01/acme.csv").write_text("x", encoding="utf-8")
    assert prune(tmp_path, DAY, 4) == []
    assert prune(tmp_path, DAY, 3) == [date(2024, 3, 1)]
    assert prune(tmp_path, DAY, 1) == [date(2024, 3, 2)]
    assert prune(tmp_path, DAY, 0) == [date(2024, 3, 4)]
    assert list_days(tmp_path) == [DAY]
