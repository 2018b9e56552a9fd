from types import MappingProxyType

import pytest
from builders import make_record, make_settings

from paylane.errors import RequestError
from paylane.intake import parse_charge
from paylane.money import Money


def read(**changes):
    return parse_charge(make_record(**changes), make_settings())


def problems(**changes):
    with pytest.raises(RequestError) as caught:
        read(**changes)
    return caught.value.problems


def card(**changes):
    return {"token": "tok_visa_1", "brand": "visa", "last4": "4242", **changes}


def test_ordinary_request():
    request = read()
    assert (request.merchant, request.amount) == ("acme", Money(10000, "EUR"))
    assert request.descriptor == ""
    assert str(request.card) == "visa ····4242"


def test_one_spelling():
    odd = read(
        merchant=" ACME ",
        amount=" 100 ",
        currency=" eur ",
        card={"token": " tok_visa_1 ", "brand": " VISA ", "last4": " 4242 "},
        descriptor=None,
    )
    assert odd == read()


def test_amount_in_text_or_minor_units():
    assert read(amount="EUR 100", currency=None).amount == Money(10000, "EUR")
    assert read(amount=10000).amount == Money(10000, "EUR")
    assert read(amount=1500, currency="jpy").amount == Money(1500, "JPY")


def test_faulty_amounts():
    assert problems(amount=None) == {"amount": "is missing"}
    assert problems(amount=True) == {"amount": "must be text or minor units"}
    assert problems(amount=12.5) == {"amount": "must be text or minor units"}
    assert problems(amount="much") == {"amount": "cannot be read: not an amount: 'much'"}
    assert problems(currency=5) == {"amount": "cannot be read: not a currency: 5"}
    assert problems(amount=100, currency=None) == {
        "amount": "cannot be read: minor units need a currency"
    }


def test_two_currencies():
    assert problems(amount="USD 100") == {"currency": "is not that of the amount, USD"}
    assert problems(currency="XYZ") == {"amount": "cannot be read: unknown currency 'XYZ'"}


def test_amounts_and_limits():
    assert read(amount="0.50").amount.minor == 50
    assert problems(amount="0.49") == {"amount": "must be at least EUR 0.50"}
    assert read(amount="999999.99").amount.minor == 99999999
    assert problems(amount="1000000") == {"amount": "must be at most EUR 999,999.99"}
    assert problems(amount="-5") == {"amount": "must be at least EUR 0.50"}

    assert read(amount="0.150", currency="KWD").amount.minor == 150
    assert problems(amount="0.149", currency="KWD") == {"amount": "must be at least KWD 0.150"}


def test_merchants():
    assert read(merchant="kyoto").merchant == "kyoto"
    assert problems(merchant=None) == {"merchant": "is missing"}
    assert problems(merchant="nobody") == {"merchant": "is not known"}
    assert problems(merchant="a!") == {"merchant": "is not an id"}
    assert problems(merchant=5) == {"merchant": "is not an id"}


def test_card_is_an_object():
    assert problems(card=None) == {"card": "is missing"}
    assert problems(card="tok_visa_1") == {"card": "must be an object"}
    assert read(card=MappingProxyType(card())) == read()


def test_tokens():
    for token in ("tok_1", "tok_Visa_Gold_9"):
        assert read(card=card(token=token)).card.token == token
    for token in (
        "",
        "tok_",
        "visa_1",
        "tok_a__b",
        "tok_a_",
        "xtok_a",
        "tok_é",
        "4242424242424242",
    ):
        assert problems(card=card(token=token)) == {"card.token": "is not a token"}
    assert problems(card=card(token=4242)) == {"card.token": "is not a token"}
    assert problems(card={"brand": "visa"}) == {"card.token": "is not a token"}


def test_brands():
    names = ["visa", "Mastercard", "amex", "JCB", "American  Express", "Master Card", "mc"]
    found = [read(card=card(brand=name)).card.brand for name in names]
    assert found == ["visa", "mastercard", "amex", "jcb", "amex", "mastercard", "mastercard"]
    assert problems(card=card(brand="Diners")) == {"card.brand": "'diners' is not accepted"}
    assert problems(card=card(brand=5)) == {"card.brand": "'5' is not accepted"}
    assert problems(card={"token": "tok_1"}) == {"card.brand": "'' is not accepted"}


def test_last_digits():
    assert read(card=card(last4="")).card.last4 == ""
    assert read(card={"token": "tok_1", "brand": "visa"}).card.last4 == ""
    assert read(card=card(last4=" 4000 1234 ")).card.last4 == "1234"
    assert read(card=card(last4=4242)).card.last4 == "4242"
    for last4 in ("424", "42x2"):
        assert problems(card=card(last4=last4)) == {"card.last4": "must be four digits"}


def test_descriptor_is_cleaned():
    assert read(descriptor="  ACME \n Kraków ").descriptor == "ACME Kraków"
    assert read(descriptor='<Joe\'s> "Bar" *\\').descriptor == "Joes Bar"
    assert read(descriptor="Cafe\u0301").descriptor == "Caf\u00e9"
    assert read(descriptor=2024).descriptor == "2024"


def test_length_of_the_descriptor():
    assert read(descriptor=" " + "x" * 22).descriptor == "x" * 22
    assert problems(descriptor="x" * 23) == {"descriptor": "is longer than 22 characters"}


def test_unknown_fields():
    assert problems(tip="5") == {"tip": "is unknown"}


def test_every_problem_is_named():
    with pytest.raises(RequestError) as caught:
        read(merchant=None, amount="0.10", card=card(brand="x", token="y"), extra=1)
    assert str(caught.value) == (
        "extra is unknown; merchant is missing; amount must be at least EUR 0.50;"
        " card.token is not a token; card.brand 'x' is not accepted"
    )
