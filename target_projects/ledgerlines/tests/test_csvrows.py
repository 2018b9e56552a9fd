import pytest

from ledgerlines.csvrows import column_name, guess_delimiter, read_rows
from ledgerlines.errors import HeaderError, LineError


def rows_of(path, *required):
    return [(row.line, row.values) for row in read_rows(path, required)]


def test_rows_have_line_numbers(write):
    path = write("f.csv", "id,amount\na,1\n\n , \nb,2\n")
    assert rows_of(path) == [(2, {"id": "a", "amount": "1"}), (5, {"id": "b", "amount": "2"})]


def test_a_row_begins_where_its_first_line_is(write):
    path = write("f.csv", 'id,note\na,"one\ntwo\nthree"\nb,four\n')
    assert [row.line for row in read_rows(path, ["id"])] == [2, 5]


def test_line_ends_within_cells_are_kept(write):
    path = write("f.csv", 'id,note\r\na,"one\r\ntwo"\r\n')
    assert rows_of(path) == [(2, {"id": "a", "note": "one\r\ntwo"})]


def test_cells_are_read_as_utf_8(write, windows_text):
    assert rows_of(write("f.csv", "id\nŁódź\n")) == [(2, {"id": "Łódź"})]


def test_a_byte_order_mark_is_no_part_of_the_header(write):
    assert rows_of(write("f.csv", "\ufeffid\na\n"), "id") == [(2, {"id": "a"})]


def test_column_names():
    cases = {
        " Region ": "region",
        "Unit price (USD)": "unit_price",
        "unit-price": "unit_price",
        "Booked": "date",
        "Ccy": "currency",
        "day": "date",
        "Qty": "quantity",
        "Reference": "id",
        "TYPE": "transaction_type",
        "Value (net)": "amount",
        "Fee(s)": "fee",
        "Fee ()": "fee",
        "Unit - price": "unit_price",
    }
    assert {title: column_name(title) for title in cases} == cases


def test_delimiters():
    cases = {
        "a,b;c": ",",
        "a;b": ";",
        "a\tb": "\t",
        "a|b": "|",
        "a": ",",
    }
    assert {header: guess_delimiter(header) for header in cases} == cases


def test_a_file_from_a_german_spreadsheet(write):
    path = write("f.csv", "id;amount\n a ;1,50 \n")
    assert rows_of(path, "amount") == [(2, {"id": "a", "amount": "1,50"})]


def test_short_rows_lack_cells(write):
    row = next(read_rows(write("f.csv", "id,amount,note\na,,\n"), []))
    assert (row.get("amount", "0"), row.get("other"), row.get("id", "0")) == ("0", "", "a")


def test_long_rows_are_an_error(write):
    with pytest.raises(LineError, match="line 3: 3 cells under 2 columns"):
        rows_of(write("f.csv", "id,amount\na,1\nb,2,3\n"))


def test_missing_columns_are_named_in_order(write):
    with pytest.raises(HeaderError, match="missing columns: id, currency$"):
        rows_of(write("f.csv", "amount\n"), "id", "amount", "currency")
    with pytest.raises(HeaderError, match="missing columns: id"):
        rows_of(write("f.csv", ""), "id")


def test_a_column_twice(write):
    with pytest.raises(HeaderError, match="column twice: date"):
        rows_of(write("f.csv", "Date,Booked\n"))
