import csv
import json
from datetime import date

from builders import NOON, eur

from paylane.codecs import from_json
from paylane.reports import to_csv, write_statement
from paylane.settlement import Movement, MovementKind, Statement

DAY = date(2024, 3, 5)


def make_statement(**changes):
    fields = {
        "merchant": "acme",
        "day": DAY,
        "movements": (Movement(NOON, "pay_ł", MovementKind.CHARGE, eur(123456), eur(225)),),
        "totals": (),
        "conversions": (),
        "open": (),
        "payout": eur(123231),
    }
    return Statement(**{**fields, **changes})


def test_csv_rows():
    rows = list(csv.reader(to_csv(make_statement()).splitlines()))
    assert rows == [
        ["day", "merchant", "at", "kind", "id", "currency", "gross", "fee", "net"],
        ["2024-03-05", "acme", "2024-03-05T12:00:00.000000+00:00", "charge", "pay_ł", "EUR",
         "1234.56", "2.25", "1232.31"],
    ]  # fmt: skip


def test_file_in_new_folders(tmp_path, plain_machine):
    root = tmp_path / "new" / "settlements"
    file = write_statement(make_statement(), root)
    assert file == root / "2024/03/05/acme.csv"
    assert file.read_bytes() == to_csv(make_statement()).encode("utf-8")
    assert file.read_bytes().count(b"\r\n") == 2
    assert b"\r\r\n" not in file.read_bytes()


def test_json(tmp_path, plain_machine):
    file = write_statement(make_statement(), tmp_path, "json")
    assert file == tmp_path / "2024/03/05/acme.json"
    text = file.read_bytes().decode("utf-8")
    assert from_json(Statement, text) == make_statement()
    assert text.startswith('{\n  "merchant": "acme",\n')
    assert text.endswith("}\n")
    assert "pay_ł" in text
    assert json.loads(text)["payout"] == {"amount": "1232.31", "currency": "EUR"}


def test_earlier_statements_are_kept(tmp_path):
    written = [write_statement(make_statement(), tmp_path) for _ in range(3)]
    assert [file.name for file in written] == ["acme.csv", "acme.2.csv", "acme.3.csv"]
    assert write_statement(make_statement(), tmp_path, "json").name == "acme.json"


def test_name_of_the_file_is_that_of_the_merchant(tmp_path):
    written = [write_statement(make_statement(merchant="McCoy"), tmp_path) for _ in range(2)]
    assert [file.name for file in written] == ["McCoy.csv", "McCoy.2.csv"]
