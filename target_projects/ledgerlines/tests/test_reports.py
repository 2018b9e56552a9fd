from datetime import date

import pytest

from ledgerlines.errors import LedgerError
from ledgerlines.fraud import Finding, Group
from ledgerlines.kinds import Severity, TransactionType
from ledgerlines.linefiles import Totals
from ledgerlines.records import Transaction
from ledgerlines.reports import (
    ReportFormat,
    Table,
    findings_table,
    parse_format,
    problems_table,
    render,
    sales_table,
    slug,
    totals_table,
    write_report,
)
from ledgerlines.sales import Metrics
from ledgerlines.validation import Code, Problem

TABLE = Table(
    "Fees, 2024/Q1",
    ("city", "count", "sum"),
    (("Köln", 3, "1,200.50"), ("Bonn, Rhein", 12, "-0.50")),
)


def test_text_lines_numbers_up_on_the_right():
    rows = (("Köln", 3, "1,200.50", "9%"), ("Bonn, Rhein", 12, "-0.50", "12.5%"))
    table = Table("Größe", ("city", "count", "growth sum", "share"), rows)
    assert render(table, ReportFormat.TEXT) == (
        "Größe\n"
        "=====\n"
        "city         count  growth sum  share\n"
        "Köln             3    1,200.50     9%\n"
        "Bonn, Rhein     12       -0.50  12.5%\n"
    )


def test_numbers_of_the_first_column_stand_under_the_end_of_its_title():
    assert render(Table("Lines", ("line", "of"), ((7, 12),)), ReportFormat.TEXT) == (
        "Lines\n=====\nline  of\n   7  12\n"
    )


def test_text_that_begins_with_a_number_stays_on_the_left():
    table = Table("Days", ("first day", "n"), (("2024-03-01", 1), ("7 March", 2)))
    assert render(table, ReportFormat.TEXT) == (
        "Days\n====\nfirst day   n\n2024-03-01  1\n7 March     2\n"
    )


def test_text_of_an_empty_table():
    assert render(Table("None", ("a", "b"), ()), ReportFormat.TEXT) == (
        "None\n====\na  b\n(nothing to report)\n"
    )


def test_csv_quotes_where_it_must():
    assert render(TABLE, ReportFormat.CSV) == (
        'city,count,sum\nKöln,3,"1,200.50"\n"Bonn, Rhein",12,-0.50\n'
    )


def test_json_keeps_letters_and_numbers():
    assert render(Table("Größe", ("a", "b"), (("ü", 1),)), ReportFormat.JSON) == (
        '{\n  "title": "Größe",\n  "rows": [\n    {\n      "a": "ü",\n      "b": 1\n    }\n  ]\n}\n'
    )


def test_formats():
    cases = {
        "text": ReportFormat.TEXT,
        ".TXT": ReportFormat.TEXT,
        " csv ": ReportFormat.CSV,
        "json": ReportFormat.JSON,
    }
    assert {text: parse_format(text) for text in cases} == cases
    with pytest.raises(LedgerError, match="'pdf'"):
        parse_format("pdf")


def test_file_names():
    cases = {
        "Sales, EU/Köln": "sales-eu-köln",
        "  a__b  2 ": "a-b-2",
        "???": "report",
    }
    assert {title: slug(title) for title in cases} == cases


def test_reports_replace_older_ones(tmp_path):
    for fmt in ReportFormat:
        write_report(Table(TABLE.title, ("an", "older", "one"), TABLE.rows * 5), tmp_path, fmt)
        path = write_report(TABLE, tmp_path, fmt)
        assert path.read_bytes().decode("utf-8") == render(TABLE, fmt)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["fees-2024-q1.csv", "fees-2024-q1.json", "fees-2024-q1.txt"]


def test_reports_make_their_folder(tmp_path):
    path = write_report(TABLE, tmp_path / "2024" / "q1", ReportFormat.CSV)
    assert path.exists()


def test_reports_are_the_same_everywhere(tmp_path, windows_text):
    path = write_report(Table("T", ("ł",), (("€",),)), tmp_path, ReportFormat.CSV)
    assert path.read_bytes() == "ł\n€\n".encode()


def test_totals():
    totals = Totals(2, 12_000, 360, Transaction(7, 9_000, 270))
    assert totals_table(totals).rows == (
        ("transactions", 2),
        ("amount", "120.00"),
        ("fees", "3.60"),
        ("fee share", "3.0%"),
        ("net", "116.40"),
        ("largest", "#7"),
    )
    assert dict(totals_table(Totals()).rows)["fee share"] == "-"
    assert dict(totals_table(Totals()).rows)["largest"] == "-"


def test_problems():
    table = problems_table([Problem(4, "amount", Code.NOT_A_NUMBER, "not an amount: 'x'")])
    assert table.columns == ("line", "column", "code", "detail")
    assert table.rows == ((4, "amount", "not-a-number", "not an amount: 'x'"),)


def test_findings():
    group = Group(15_000, 12, 4_000)
    finding = Finding(date(2024, 3, 4), TransactionType.REFUND, group, 12_000, Severity.ALERT)
    table = findings_table([finding], "JPY")
    assert dict(zip(table.columns, table.rows[0])) == {
        "date": "2024-03-04",
        "type": "refund",
        "count": 12,
        "total JPY": "15,000",
        "of limit": "125.0%",
        "severity": "alert",
        "team": "refund desk",
        "action": "review today",
    }


def test_sales():
    day = date(2024, 3, 4)
    ranking = [
        (("EU", "A"), Metrics(2, 5, 7500, day, day)),
        (("NA", "A"), Metrics(1, 1, 2500, day, day)),
    ]
    table = sales_table(ranking, ("region", "product"), "USD")
    assert table.title == "Sales by region, product"
    assert table.columns == ("region", "product", "orders", "units", "revenue", "share")
    assert table.rows == (("EU", "A", 2, 5, "75.00", "75.0%"), ("NA", "A", 1, 1, "25.00", "25.0%"))
