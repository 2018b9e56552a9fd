from decimal import Decimal

import pytest
from builders import eur, usd

from parcelrate.errors import AmountError
from parcelrate.money import Money, digits_of, parse_currency, parse_decimal


def test_digits_of_currencies():
    codes = ["EUR", "JPY", "KRW", "ISK", "KWD", "BHD", "TND", "XYZ"]
    assert [digits_of(code) for code in codes] == [2, 0, 0, 0, 3, 3, 3, 2]


def test_currency_is_three_letters():
    assert parse_currency(" usd ") == "USD"
    for text in ("", "US", "USDX", "U$D", "12A"):
        with pytest.raises(AmountError, match="not a currency"):
            parse_currency(text)

    with pytest.raises(AmountError, match="^not a currency: ' u$'".replace("$", r"\$")):
        parse_currency(" u$")


def test_decimals():
    texts = ["0", "12", " 12.50 ", "123,456", "1,234,567.8", "1234567"]
    values = ["0", "12", "12.50", "123456", "1234567.8", "1234567"]
    assert [parse_decimal(text) for text in texts] == [Decimal(value) for value in values]


def test_not_a_decimal():
    for text in ["", "-1", "+1", "1e3", "1,23", "12,3456", ".5", "5.", "NaN", "x"]:
        with pytest.raises(AmountError, match="not an amount"):
            parse_decimal(text)


def test_parsed_amounts_are_minor_units():
    assert Money.parse("12.5", "EUR") == eur(1250)
    assert Money.parse("1,500", "JPY") == Money(1500, "JPY")
    assert Money.parse("0.125", "KWD") == Money(125, "KWD")


def test_more_decimals_than_the_currency_has():
    assert Money.parse("1.500", "EUR") == eur(150)
    with pytest.raises(AmountError, match="too many decimals for EUR: '1.505'"):
        Money.parse("1.505", "EUR")
    with pytest.raises(AmountError, match="too many decimals for JPY"):
        Money.parse("1.5", "JPY")


def test_halves_are_rounded_away_from_zero():
    amounts = ["1.004", "1.005", "1.015", "-1.005"]
    assert [Money.of(Decimal(amount), "EUR").minor for amount in amounts] == [100, 101, 102, -101]

    assert Money.of(Decimal("1e40"), "JPY").minor == 10**40


def test_amount_in_major_units():
    assert eur(1250).amount == Decimal("12.5")
    assert Money(1250, "JPY").amount == Decimal(1250)
    assert Money(1250, "KWD").amount == Decimal("1.25")

    assert str(eur(123456789)) == "EUR 1,234,567.89"
    assert eur(-5).plain() == "-0.05"
    assert Money(5000, "JPY").plain() == "5,000"
    assert Money(5, "KWD").plain() == "0.005"


def test_sums():
    assert eur(1) + eur(2) == eur(3)
    assert -eur(5) == eur(-5)
    assert eur(5) * 3 == eur(15)

    with pytest.raises(AmountError, match="cannot add USD to EUR"):
        eur(1) + usd(1)

    assert eur(999).percent(Decimal("7.5")) == eur(75)
    assert Money(1000, "JPY").percent(Decimal("0.05")) == Money(1, "JPY")
