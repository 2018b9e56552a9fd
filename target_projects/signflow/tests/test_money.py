from decimal import Decimal

import pytest

from signflow.errors import MoneyError
from signflow.money import digits, parse_amount, rounded, shown


def test_digits_of_currencies():
    codes = ("EUR", "USD", "GBP", "CHF", "JPY", "TND")
    assert [digits(code) for code in codes] == [2, 2, 2, 2, 0, 3]
    assert digits(" tnd ") == 3

    with pytest.raises(MoneyError, match="unknown currency 'XYZ'"):
        digits("XYZ")


def test_amount():
    for text, expected in [
        ("12", "12"),
        ("-3.5", "-3.5"),
        (" 1,250.00 ", "1250.00"),
        ("1,000,000", "1000000"),
    ]:
        assert str(parse_amount(text)) == expected

    for text in ["", "1,25", "1250,000", ".5", "5.", "1e3", "EUR 5", "--5"]:
        with pytest.raises(MoneyError, match="not an amount"):
            parse_amount(text)


def test_rounded_and_shown():
    for amount, currency, expected in [
        ("0.125", "EUR", "0.13"),
        ("-0.125", "EUR", "-0.13"),
        ("0.124", "EUR", "0.12"),
        ("2.5", "JPY", "3"),
        ("0.0005", "TND", "0.001"),
    ]:
        assert str(rounded(Decimal(amount), currency)) == expected

    assert shown(Decimal("1250.5"), "eur ") == "1,250.50 EUR"
    assert shown(Decimal("1234567"), "JPY") == "1,234,567 JPY"
