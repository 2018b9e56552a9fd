import dataclasses
from decimal import Decimal

import pytest

from paylane.currencies import catalogue, find_currency, read_catalogue
from paylane.errors import CurrencyError


def entry(**changes):
    fields = {"name": "X", "digits": 2, "minimum": 1, "maximum": 9, "rounding": "down"}
    return {**fields, **changes}


def test_codes_and_decimals():
    assert sorted(catalogue()) == [
        "AUD", "BHD", "CAD", "CHF", "EUR", "GBP", "ISK", "JPY", "KWD", "PLN", "SEK", "USD",
    ]  # fmt: skip

    others = {code: c.digits for code, c in catalogue().items() if c.digits != 2}
    assert others == {"BHD": 3, "ISK": 0, "JPY": 0, "KWD": 3}


def test_limits_of_a_charge():
    assert {code: c.minimum for code, c in catalogue().items()} == {
        "AUD": 50, "BHD": 200, "CAD": 50, "CHF": 50, "EUR": 50, "GBP": 30,
        "ISK": 100, "JPY": 50, "KWD": 150, "PLN": 200, "SEK": 300, "USD": 50,
    }  # fmt: skip

    usual = 99_999_999
    assert {c.maximum for c in catalogue().values() if c.digits > 0} == {usual}
    assert {c.maximum for c in catalogue().values() if c.digits == 0} == {9_999_999}


def test_ways_of_rounding():
    ways = {code: c.rounding for code, c in catalogue().items() if c.rounding != "half_even"}
    assert ways == {
        "CHF": "half_up", "ISK": "half_up", "JPY": "down", "PLN": "half_up", "SEK": "half_up",
    }  # fmt: skip


def test_names_are_read_as_utf8(plain_machine, fresh_data):
    assert find_currency("PLN").name == "Polish złoty"
    assert find_currency("ISK").name == "Icelandic króna"


def test_codes_are_cleaned():
    assert find_currency(" eur\n").code == "EUR"


def test_unknown_code():
    with pytest.raises(CurrencyError, match="^unknown currency 'DOGE'$"):
        find_currency("DOGE")


def test_rounding():
    for code, amount, minor in [
        ("EUR", "0.125", 12),
        ("EUR", "0.135", 14),
        ("CHF", "0.125", 13),
        ("CHF", "0.1249", 12),
        ("JPY", "99.99", 99),
        ("ISK", "99.5", 100),
        ("KWD", "1.0005", 1000),
        ("KWD", "1.0015", 1002),
    ]:
        rounded = find_currency(code).to_minor(Decimal(amount))
        assert (rounded, type(rounded)) == (minor, int)


def test_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        catalogue()["XXX"] = find_currency("EUR")
    with pytest.raises(dataclasses.FrozenInstanceError):
        find_currency("EUR").digits = 3


def test_faulty_catalogue():
    with pytest.raises(CurrencyError, match="XXX: unknown rounding 'up'"):
        read_catalogue(f'{{"XXX": {entry(rounding="up")}}}'.replace("'", '"'))
    with pytest.raises(CurrencyError, match="XXX: the minimum is above the maximum"):
        read_catalogue(f'{{"XXX": {entry(minimum=10)}}}'.replace("'", '"'))

    text = f'{{"XXX": {entry(minimum=9)}}}'.replace("'", '"')
    assert read_catalogue(text)["XXX"].minimum == 9
