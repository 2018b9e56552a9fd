from decimal import Decimal

import pytest
from builders import EUR, JPY, KWD

from restdesk.errors import Invalid
from restdesk.money import (
    check_amount,
    fee_for,
    fee_kept,
    find_currency,
    format_amount,
    parse_amount,
)


def test_currencies():
    known = {"EUR": EUR, "JPY": JPY}
    assert find_currency(" eur ", known) is EUR
    assert find_currency("JPY", known) is JPY

    with pytest.raises(Invalid) as caught:
        find_currency("xyz", {"EUR": EUR})
    assert (caught.value.code, caught.value.param) == ("currency_unknown", "currency")
    assert caught.value.message == "Unknown currency: 'xyz'"


def test_limits_of_an_amount():
    assert check_amount(50, EUR) == 50
    assert check_amount(500_000, EUR) == 500_000

    with pytest.raises(Invalid, match=r"At least 0\.50 EUR") as caught:
        check_amount(49, EUR)
    assert (caught.value.code, caught.value.param) == ("amount_too_small", "amount")

    with pytest.raises(Invalid, match=r"At most 5000\.00 EUR") as caught:
        check_amount(500_001, EUR)
    assert (caught.value.code, caught.value.param) == ("amount_too_large", "amount")


def test_decimals_depend_on_the_currency():
    assert format_amount(123_456, EUR) == "1234.56"
    assert format_amount(5, EUR) == "0.05"
    assert format_amount(1500, JPY) == "1500"
    assert format_amount(1500, KWD) == "1.500"
    assert format_amount(0, KWD) == "0.000"

    assert parse_amount("12", JPY) == 12
    assert parse_amount("12.345", KWD) == 12_345
    with pytest.raises(Invalid, match="EUR has 2 decimals"):
        parse_amount("12.345", EUR)
    with pytest.raises(Invalid, match="JPY has 0 decimals"):
        parse_amount("12.0", JPY)


def test_amounts_that_people_write():
    minors = {"12.50": 1250, "12.5": 1250, " 7 ": 700, "1,250": 125_000, "1,234,567.8": 123456780}
    assert {text: parse_amount(text, EUR) for text in minors} == minors

    for text in ("", "-5", "12,50", "1,2345", "12.", ".5", "1e3", "12 EUR"):
        with pytest.raises(Invalid, match="Not an amount") as caught:
            parse_amount(text, EUR)
        assert caught.value.code == "amount_invalid"


def test_fees():
    assert fee_for(10_000, EUR, Decimal("2.5")) == 275
    assert fee_for(10_000, JPY, Decimal("0")) == 40

    assert fee_for(100, EUR, Decimal("2.5")) == 3 + 25
    assert fee_for(99, EUR, Decimal("2.5")) == 2 + 25
    assert fee_for(180, EUR, Decimal("2.5")) == 5 + 25

    assert fee_for(25, EUR, Decimal("2.5")) == 25
    assert fee_for(26, EUR, Decimal("2.5")) == 26
    assert fee_for(27, EUR, Decimal("2.5")) == 26


def test_fee_after_a_refund():
    assert fee_kept(275, 0, 10_000) == 275
    assert fee_kept(275, 10_000, 10_000) == 0
    assert fee_kept(275, 5_000, 10_000) == 138
    assert fee_kept(275, 36, 10_000) == 275
    assert fee_kept(275, 37, 10_000) == 274
