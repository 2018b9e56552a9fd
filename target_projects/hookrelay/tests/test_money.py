import pytest
from hookrelay.errors import FormatError
from hookrelay.money import parse_amount, parse_currency


def test_amounts():
    for value, currency, minor in [
        ("12.50", "EUR", 1250),
        ("1,250.00", "EUR", 125000),
        ("1,234,567", "USD", 123456700),
        ("123,456", "EUR", 12345600),
        ("-123,456.5", "EUR", -12345650),
        (12, "EUR", 1200),
        ("0", "EUR", 0),
        ("-0.05", "EUR", -5),
        (" 7.5 ", " eur ", 750),
        ("1250", "JPY", 1250),
        ("1250.00", "JPY", 1250),
        ("1.234", "KWD", 1234),
        ("9", "KRW", 9),
        ("15000", "CLP", 15000),
        ("0.005", "BHD", 5),
        ("7.1", "TND", 7100),
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


def test_currencies_in_one_spelling():
    assert (parse_currency(" eur "), parse_amount("1", "jpy ").currency) == ("EUR", "JPY")


def test_currencies_that_are_none():
    for text in ["", "EU", "EURO", "E1R", "€"]:
        with pytest.raises(FormatError, match="not a currency"):
            parse_currency(text)
