from decimal import Decimal

import pytest

from ledgerlines.errors import AmountError, CurrencyError
from ledgerlines.money import (
    convert,
    format_amount,
    minor_digits,
    parse_amount,
    parse_currency,
    percent_of,
    round_units,
)

RATES = {"USD": Decimal("1"), "EUR": Decimal("1.08"), "JPY": Decimal("0.0067")}


def test_plain_amounts():
    cases = {
        "49.99": 4999,
        "7": 700,
        ".75": 75,
        "12.": 1200,
        "0.5": 50,
        "10.500": 1050,
        " 3.10\t": 310,
    }
    assert {text: parse_amount(text) for text in cases} == cases


def test_signs_and_brackets():
    assert parse_amount("+2.50") == 250
    assert parse_amount("-2.50") == -250
    assert parse_amount("(12.05)") == -1205
    with pytest.raises(AmountError, match="both brackets and a sign"):
        parse_amount("(-5.00)")


def test_groups_of_thousands():
    for text in ["1,234.50", "1'234.50"]:
        assert parse_amount(text) == 123450
    assert parse_amount("1,234,567.00") == 123456700
    assert parse_amount("12,345") == 1234500
    assert parse_amount("123,456") == 12345600


def test_text_that_is_no_amount():
    for text in ["", ".", "-", "12,34.00", "1.2.3", "1e5", "12 USD", "(52", "52)"]:
        with pytest.raises(AmountError, match="not an amount"):
            parse_amount(text)


def test_amounts_follow_the_decimals_of_their_currency():
    assert [minor_digits(code) for code in ("USD", "JPY", "KRW", "BHD", "KWD")] == [2, 0, 0, 3, 3]
    assert parse_amount("1.5", "KWD") == 1500
    assert parse_amount("250", "JPY") == 250
    with pytest.raises(AmountError, match="more than 2 decimals for USD: '1.005'"):
        parse_amount("1.005")


def test_formatting():
    for minor, currency, text in [
        (123450, "USD", "1,234.50"),
        (-5, "USD", "-0.05"),
        (1500, "KWD", "1.500"),
        (2500, "JPY", "2,500"),
    ]:
        assert format_amount(minor, currency) == text


def test_nothing_is_written_without_a_sign():
    assert format_amount(0) == "0.00"


def test_grouping_can_be_left_out():
    assert format_amount(123456789, grouping=False) == "1234567.89"


def test_currency_codes():
    assert parse_currency(" usd ") == "USD"
    assert parse_currency("Eur") == "EUR"
    assert parse_currency("PTS2") == "PTS2"
    assert parse_currency("B2C") == "B2C"


def test_text_that_is_no_currency():
    for text in ["", "US", "USDOL", "2US", "U$D", "ÄUR"]:
        with pytest.raises(CurrencyError):
            parse_currency(text)


def test_rounding_modes():
    for mode, rounded in [
        ("half_even", [2, 2, 2, -2]),
        ("half_up", [2, 3, 2, -3]),
        ("up", [2, 3, 3, -3]),
        ("down", [1, 2, 2, -2]),
    ]:
        values = ["1.5", "2.5", "2.4", "-2.5"]
        assert [round_units(Decimal(value), mode) for value in values] == rounded
    with pytest.raises(AmountError, match="'sideways'"):
        round_units(Decimal(1), "sideways")


def test_conversion_to_a_currency_with_other_decimals():
    assert convert(10_000, "EUR", "USD", RATES) == 10_800
    assert convert(670, "USD", "JPY", RATES) == 1000


def test_conversion_rounds_as_told():
    assert convert(1, "EUR", "USD", {"USD": Decimal(1), "EUR": Decimal("2.5")}) == 2
    assert convert(1, "EUR", "USD", {"USD": Decimal(1), "EUR": Decimal("2.5")}, "up") == 3


def test_rates():
    assert convert(55, "GBP", "GBP", {}) == 55
    with pytest.raises(CurrencyError, match="no rate for GBP"):
        convert(100, "GBP", "USD", RATES)
    with pytest.raises(CurrencyError, match="no rate for CHF"):
        convert(100, "USD", "CHF", RATES)


def test_percentages():
    assert percent_of(1, 8) == "12.5%"
    assert percent_of(3, 2) == "150.0%"
    assert percent_of(5, 0) == "-"
    assert [percent_of(part, 2000) for part in (1, 3, 5, 7)] == ["0.0%", "0.2%", "0.2%", "0.4%"]
