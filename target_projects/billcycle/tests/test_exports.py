import csv
import json
from datetime import date
from pathlib import Path, PureWindowsPath

import pytest
from builders import PARTLY_PAID, make_invoice

from billcycle.exports import day_folder, list_days, prune, to_csv, to_json, write_export

DAY = date(2024, 3, 5)


class FolderOnWindows(PureWindowsPath):
    """A folder in which every day of March 2024 is a folder with exports."""

    def glob(self, pattern):
        return [self / "2024" / "03" / f"{day:02}" for day in range(1, 32)]

    def is_dir(self):
        return True


@pytest.fixture
def root(tmp_path):
    """An export folder in which the day's folder is there already."""
    (tmp_path / "2024" / "03" / "05").mkdir(parents=True)
    return tmp_path


def names(files):
    return [file.name for file in files]


def test_export_makes_its_folders(tmp_path):
    (file,) = write_export([], tmp_path / "exports", DAY)
    assert file.relative_to(tmp_path).as_posix() == "exports/2024/03/05/invoices.csv"
    assert file.is_file()


def test_csv_rows():
    rows = list(csv.reader(to_csv([make_invoice(state=PARTLY_PAID, paid_minor=1)]).splitlines()))
    assert rows == [
        ["number", "customer", "email", "issued", "due", "state", "currency", "total", "balance"],
        ["INV-2024-0001", "Orchard Farm", "orchard@example.com", "2024-03-01", "2024-03-20",
         "partly_paid", "EUR", "100.00", "99.99"],
    ]  # fmt: skip

    assert to_csv([]).count("\r\n") == 1


def test_csv_line_ends_are_written_as_they_are(root, ascii_machine):
    (file,) = write_export([make_invoice(customer='Łódź, "Café"')], root, DAY)
    content = file.read_bytes()
    assert content.count(b"\r\n") == 2
    assert b"\r\r\n" not in content
    assert 'INV-2024-0001,"Łódź, ""Café""",'.encode() in content


def test_json_is_for_programs_and_people():
    document = json.loads(to_json([make_invoice(), make_invoice(number="INV-2024-0002")]))
    assert document["count"] == 2
    assert [record["number"] for record in document["invoices"]] == [
        "INV-2024-0001",
        "INV-2024-0002",
    ]

    text = to_json([make_invoice(customer="Łódź Café")])
    assert '\n      "customer": "Łódź Café",\n' in text


def test_kinds_of_files(root):
    files = write_export([make_invoice()], root, DAY, "both")
    assert names(files) == ["invoices.csv", "invoices.json"]

    (file,) = write_export([make_invoice()], root, DAY, "json")
    assert json.loads(file.read_text(encoding="utf-8"))["count"] == 1


def test_earlier_exports_of_the_day_are_kept(root):
    written = [names(write_export([], root, DAY)) for _ in range(3)]
    assert written == [["invoices.csv"], ["invoices-2.csv"], ["invoices-3.csv"]]


def test_days_are_listed_oldest_first(tmp_path):
    days = [date(2024, 3, 5), date(2023, 12, 31), date(2024, 10, 1), date(2024, 2, 29)]
    for day in days:
        day_folder(tmp_path, day).mkdir(parents=True)
    assert list_days(tmp_path) == sorted(days)

    assert list_days(tmp_path / "absent") == []

    assert len(list_days(FolderOnWindows("C:/exports"))) == 31


def test_other_folders_and_files_are_no_days(tmp_path):
    for name in (
        "2024/3/5",
        "2024/03/05b",
        "2024/13/01",
        "2024/02/30",
        "draft/03/05",
        "x2024/03/05",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "2024" / "03" / "07").write_text("a file", encoding="utf-8")
    assert list_days(tmp_path) == []


def test_prune_keeps_the_last_days(tmp_path):
    for day in (date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 3)):
        day_folder(tmp_path, day).mkdir(parents=True)
    (day_folder(tmp_path, date(2024, 3, 1)) / "invoices.csv").write_text("x", encoding="utf-8")
    assert prune(tmp_path, DAY, keep_days=3) == [date(2024, 3, 1)]
    assert list_days(tmp_path) == [date(2024, 3, 2), date(2024, 3, 3)]


def test_line_ends_are_the_same_on_every_system(tmp_path, monkeypatch):
    write = Path.write_text

    def write_text(path, data, encoding=None, errors=None, newline=None):
        return write(path, data, encoding, errors, "\r\n" if newline is None else newline)

    monkeypatch.setattr(Path, "write_text", write_text)
    (file,) = write_export([make_invoice()], tmp_path, DAY)
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n") == 2
    assert b"\r\r" not in file.read_bytes()
