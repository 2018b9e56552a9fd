from decimal import Decimal

import pytest
from hookrelay.errors import FormatError
from hookrelay.money import Amount, parse_amount, parse_currency, priced


def test_amounts():
    for value, currency, minor in [
        ("12.50", "EUR", 1250),
        ("1,250.00", "EUR", 125000),
        ("1,234,567", "USD", 123456700),
        (12, "EUR", 1200),
        ("0", "EUR", 0),
        ("-0.05", "EUR", -5),
        (" 7.5 ", " eur ", 750),
        ("1250", "JPY", 1250),
        ("1250.00", "JPY", 1250),
        ("1.234", "KWD", 1234),
        ("1234.5", "EUR", 123450),
    ]:
        assert parse_amount(value, currency).minor == minor


def test_amounts_that_are_none():
    for value in ["", "12,5", "1,2345", "1.", ".5", "12.50 EUR", "1e3", "+5"]:
        with pytest.raises(FormatError, match="not an amount"):
            parse_amount(value, "EUR")

    for value in [12.5, True]:
        with pytest.raises(FormatError, match="write amounts as text"):
            parse_amount(value, "EUR")

    with pytest.raises(FormatError) as caught:
        parse_amount("12.505", "EUR")
    assert str(caught.value) == "EUR has 2 decimals, got 12.505"
    with pytest.raises(FormatError):
        parse_amount("0.5", "JPY")


def test_currencies_that_are_none():
    for text in ["", "EU", "EURO", "E1R", "€"]:
        with pytest.raises(FormatError, match="not a currency"):
            parse_currency(text)


def test_amounts_as_text():
    for amount, shown in [
        (Amount("EUR", 125000), "EUR 1250.00"),
        (Amount("EUR", -5), "EUR -0.05"),
        (Amount("EUR", 0), "EUR 0.00"),
        (Amount("JPY", 1250), "JPY 1250"),
        (Amount("KWD", 1234), "KWD 1.234"),
        (Amount("KRW", 9), "KRW 9"),
    ]:
        assert str(amount) == shown


def test_prices_round_half_up():
    for units, price, minor in [
        (3, "0.35", 105),
        (1, "0.005", 1),
        (1, "0.0049", 0),
        (3, "0.005", 2),
        (0, "0.35", 0),
    ]:
        assert priced(units, Decimal(price), "EUR") == Amount("EUR", minor)

    assert priced(3, Decimal("0.5"), "JPY") == Amount("JPY", 2)
