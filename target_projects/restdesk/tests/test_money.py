from decimal import Decimal

import pytest
from builders import EUR, JPY, KWD

from restdesk.errors import Invalid
from restdesk.money import (
    check_amount,
    fee_for,
    find_currency,
    format_amount,
    load_currencies,
)


def test_currencies():
    known = {"EUR": EUR, "JPY": JPY}
    assert find_currency("eur", known) is EUR
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


def test_fees():
    assert fee_for(10_000, EUR, Decimal("2.5")) == 275
    assert fee_for(10_000, JPY, Decimal("0")) == 40

    assert fee_for(100, EUR, Decimal("2.5")) == 3 + 25
    assert fee_for(99, EUR, Decimal("2.5")) == 2 + 25
    assert fee_for(180, EUR, Decimal("2.5")) == 5 + 25

    assert fee_for(25, EUR, Decimal("2.5")) == 25
    assert fee_for(26, EUR, Decimal("2.5")) == 26
    assert fee_for(27, EUR, Decimal("2.5")) == 26


def test_shipped_currencies():
    found = load_currencies()
    assert {code: currency.exponent for code, currency in found.items()} == {
        "EUR": 2,
        "USD": 2,
        "GBP": 2,
        "JPY": 0,
        "KWD": 3,
    }
    assert [currency.code for currency in found.values()] == list(found)
    assert [currency.fixed_fee for currency in found.values()] == [25, 30, 20, 40, 90]


def test_shipped_limits():
    found = load_currencies()
    limits = {code: (currency.minimum, currency.maximum) for code, currency in found.items()}
    assert limits == {
        "EUR": (50, 99_999_999),
        "USD": (50, 99_999_999),
        "GBP": (30, 99_999_999),
        "JPY": (50, 9_999_999),
        "KWD": (150, 99_999_990),
    }
