from decimal import Decimal

import pytest

from billcycle.errors import MoneyError
from billcycle.money import Money, parse_money


def euros(*texts):
    amounts = [parse_money(text, "EUR") for text in texts]
    assert {amount.currency for amount in amounts} == {"EUR"}
    return [amount.minor for amount in amounts]


def test_parse_numbers():
    assert euros("12", "12.50", "12.5", " 0 ", "0.07") == [1200, 1250, 1250, 0, 7]

    assert euros("-3.20", "EUR -3") == [-320, -300]


def test_parse_thousands():
    assert euros("1,234.50", "12,345,678", "123,456") == [123450, 1234567800, 12345600]
    assert euros("1234567") == [123456700]


def test_parse_own_currency():
    assert parse_money("usd 9.99", "EUR") == Money(999, "USD")
    assert parse_money("GBP  5", "EUR") == Money(500, "GBP")


def test_parse_currencies_with_no_or_three_decimals():
    assert parse_money("JPY 300", "EUR") == Money(300, "JPY")
    assert parse_money("1.234", "KWD") == Money(1234, "KWD")


def test_does_not_parse():
    for text in ["", "12.", ".5", "1,23", "1,2345", "12 EUR", "--1", "1e3", "EURO 5", "1.2.3"]:
        with pytest.raises(MoneyError, match="not an amount"):
            parse_money(text, "EUR")


def test_too_many_decimals():
    for text, places in [("1.999", 2), ("JPY 1.5", 0), ("KWD 1.2345", 3)]:
        with pytest.raises(MoneyError, match=f"has {places} decimals"):
            parse_money(text, "EUR")


def test_unknown_currency():
    with pytest.raises(MoneyError, match="unknown currency 'XXX'"):
        parse_money("XXX 5", "EUR")
    with pytest.raises(MoneyError, match="unknown currency ''"):
        Money(5, "")


def test_text():
    assert str(Money(123450, "EUR")) == "EUR 1,234.50"
    assert str(Money(5, "USD")) == "USD 0.05"
    assert str(Money(-99, "GBP")) == "GBP -0.99"

    assert Money(123450, "EUR").plain() == "1234.50"


def test_text_has_the_decimals_of_the_currency():
    shown = [str(Money(1500, currency)) for currency in ("CHF", "JPY", "KWD")]
    assert shown == ["CHF 15.00", "JPY 1,500", "KWD 1.500"]


def test_halves_are_rounded_away_from_zero():
    assert Money(20000, "EUR").percent(Decimal("19")) == Money(3800, "EUR")

    halves = [Money(minor, "EUR").times(Decimal("0.5")).minor for minor in (1, 3, 4, 5, -1)]
    assert halves == [1, 2, 2, 3, -1]
    assert {type(half) for half in halves} == {int}


def test_currencies_do_not_mix():
    with pytest.raises(MoneyError, match="EUR and USD do not mix"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(MoneyError, match="EUR and USD do not mix"):
        Money(1, "EUR") - Money(1, "USD")
    with pytest.raises(MoneyError, match="EUR and USD do not mix"):
        Money(1, "EUR") < Money(2, "USD")  # noqa: B015
