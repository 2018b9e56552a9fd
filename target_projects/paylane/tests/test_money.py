from decimal import Decimal

import pytest
from builders import eur, usd

from paylane.errors import CurrencyError, MoneyError
from paylane.money import Money, parse_money, total


def test_plain_amounts():
    for text, minor in [
        ("12", 1200),
        ("12.5", 1250),
        ("12.05", 1205),
        ("0.01", 1),
        ("0", 0),
        ("-3.20", -320),
        (" 7 ", 700),
        ("1,234.50", 123450),
        ("12,345,678", 1234567800),
        ("123,456", 12345600),
        ("1234567", 123456700),
    ]:
        assert parse_money(text, "EUR") == eur(minor)


def test_codes_in_the_text():
    for text in ["USD 9.99", "usd  9.99", "9.99 USD", "9.99\tusd"]:
        assert parse_money(text, "EUR") == usd(999)

    with pytest.raises(MoneyError, match="not an amount"):
        parse_money("EUR 5 EUR")

    with pytest.raises(MoneyError, match="^no currency: '5'$"):
        parse_money("5")
    with pytest.raises(CurrencyError, match="unknown currency 'XYZ'"):
        parse_money("XYZ 5")
    with pytest.raises(CurrencyError, match="unknown currency ''"):
        parse_money("5", "")


def test_decimals_of_the_currency():
    assert parse_money("1500", "JPY") == Money(1500, "JPY")
    assert parse_money("1.234", "kwd") == Money(1234, "KWD")
    with pytest.raises(MoneyError, match="^EUR has 2 decimals, got '1.234'$"):
        parse_money("1.234", "EUR")
    with pytest.raises(MoneyError, match="JPY has 0 decimals"):
        parse_money("1500.0", "JPY")


def test_no_amounts():
    for text in ["", "-", ".5", "5.", "1,23", "1,2345", "12 3", "1e5", "+5", "EUR12", "E 5", "٣"]:
        with pytest.raises(MoneyError, match="^not an amount: "):
            parse_money(text, "EUR")


def test_text_and_major_units():
    assert str(eur(123456789)) == "EUR 1,234,567.89"
    assert str(Money(-1500, "JPY")) == "JPY -1,500"
    assert eur(123456789).plain() == "1234567.89"
    assert Money(5, "KWD").plain() == "0.005"

    assert eur(1205).major == Decimal("12.05")
    assert Money(1205, "JPY").major == Decimal(1205)
    assert Money.of(Decimal("12.345"), "KWD") == Money(12345, "KWD")


def test_sums_and_order():
    assert eur(5) + eur(7) == eur(12)
    assert eur(5) - eur(7) == eur(-2)
    assert -eur(5) == eur(-5)
    assert total([eur(1), eur(2), eur(3)], "EUR") == eur(6)
    assert total([], "JPY") == Money(0, "JPY")

    assert eur(5) < eur(7)
    assert eur(7) >= eur(7) > eur(6)
    assert min(eur(3), eur(2)) == eur(2)


def test_currencies_do_not_mix():
    for action in (Money.__add__, Money.__sub__, Money.__lt__):
        with pytest.raises(MoneyError, match="^EUR and USD do not mix$"):
            action(eur(1), usd(1))
    assert eur(1) != usd(1)


def test_nothing_is_false():
    assert not eur(0)
    assert eur(1)
    assert eur(-1)


def test_per_cent_rounds_halves_up():
    assert eur(150).percent(Decimal("1")) == eur(2)
    assert eur(149).percent(Decimal("1")) == eur(1)
    assert eur(10000).percent(Decimal("2.9")) == eur(290)
    assert str(eur(-10).percent(Decimal("1"))) == "EUR 0.00"


def test_per_cent_rounded_up():
    assert eur(101).percent_up(Decimal("1")) == eur(2)
    assert eur(100).percent_up(Decimal("1")) == eur(1)
    assert eur(100).percent_up(Decimal("0")) == eur(0)
