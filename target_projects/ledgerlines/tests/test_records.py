import pytest

from ledgerlines.errors import LineError
from ledgerlines.records import Transaction, format_line, parse_line


def test_a_line_has_an_id_an_amount_and_a_fee():
    assert parse_line("1001,49.99,1.50") == Transaction(id=1001, amount=4999, fee=150)
    assert parse_line(" 1001 , 49.99 , 1.50 ") == (1001, 4999, 150)


def test_ids_of_the_old_gateway():
    for text in ["TXN-1001", "txn_1001", "Txn-1001", "0001001"]:
        assert parse_line(f"{text},1.00,0.10").id == 1001


def test_text_that_is_no_id():
    assert parse_line("123456789012,1.00,0.10").id == 123456789012
    with pytest.raises(LineError, match="not a transaction id"):
        parse_line("1234567890123,1.00,0.10")
    for text in ["", "A1", "10 01", "-5", "TXN-"]:
        with pytest.raises(LineError, match="not a transaction id"):
            parse_line(f"{text},1.00,0.10")


def test_the_number_of_values():
    for line, count in [("1001,49.99", 2), ("1001,49.99,1.50,x", 4)]:
        with pytest.raises(LineError, match=f"^line 1: expected 3 values, found {count}$"):
            parse_line(line)


def test_a_bad_amount_names_the_line():
    with pytest.raises(LineError) as caught:
        parse_line("1001,many,1.50", 17)
    assert caught.value.number == 17
    assert caught.value.reason == "not an amount: 'many'"


def test_fees_and_signs():
    assert parse_line("1001,-20.00,0.30").net == -2030
    assert parse_line("1001,5.00,0").fee == 0
    with pytest.raises(LineError, match="line 4: negative fee: -0.01"):
        parse_line("1001,5.00,-0.01", 4)


def test_lines_are_written_without_grouping():
    assert format_line(Transaction(1002, 123456789, 100005)) == "1002,1234567.89,1000.05"
