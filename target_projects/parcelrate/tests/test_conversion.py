from decimal import Decimal

import pytest
from builders import eur, table, usd

from parcelrate.conversion import Policy, Route
from parcelrate.errors import NoRoute
from parcelrate.money import Money

DIRECT, SHORTEST, CHEAPEST = Policy.DIRECT, Policy.SHORTEST, Policy.CHEAPEST

TRIANGLE = [("USD", "EUR", "0.9"), ("EUR", "GBP", "0.8"), ("USD", "GBP", "0.75")]


def test_direct_rate():
    money, route = table(("USD", "CAD", "5", "DHL")).convert(usd(1000), "CAD", DIRECT)
    assert money == Money(5000, "CAD")
    assert route == Route(("USD", "CAD"), ("DHL",), Decimal(5))
    assert route.carrier == "DHL"

    money, route = table(*TRIANGLE).convert(usd(123), "usd".upper(), CHEAPEST)
    assert money == usd(123)
    assert (route.currencies, route.carrier, route.rate) == (("USD",), None, 1)


def test_cheapest_carrier_of_a_pair():
    rates = table(("USD", "CAD", "5", "DHL"), ("USD", "CAD", "4", "UPS"), ("USD", "CAD", "6", "A"))
    assert rates.convert(usd(100), "CAD", DIRECT)[1].carrier == "UPS"

    rates = table(("USD", "CAD", "5", "UPS"), ("USD", "CAD", "5", "DHL"))
    assert rates.convert(usd(100), "CAD", DIRECT)[1].carrier == "DHL"


def test_no_direct_rate():
    with pytest.raises(NoRoute, match="^no rate from CAD to USD$"):
        table(("USD", "CAD", "5")).convert(Money(1, "CAD"), "USD", SHORTEST)

    with pytest.raises(NoRoute):
        table(*TRIANGLE[:2]).convert(usd(100), "GBP", DIRECT)


def test_shortest_prefers_few_hops():
    assert table(*TRIANGLE).convert(usd(1000), "GBP", SHORTEST)[0].minor == 750


def test_cheapest_prefers_low_rates():
    money, route = table(*TRIANGLE).convert(usd(1000), "GBP", CHEAPEST)
    assert money.minor == 720
    assert route.currencies == ("USD", "EUR", "GBP")


def test_second_thoughts_of_policies():
    rates = table(
        ("USD", "EUR", "0.9"), ("EUR", "GBP", "0.8"), ("USD", "CAD", "1"), ("CAD", "GBP", "0.6")
    )
    assert rates.convert(usd(1000), "GBP", SHORTEST)[1].currencies == ("USD", "CAD", "GBP")

    rates = table(("USD", "EUR", "1"), ("EUR", "GBP", "1"), ("USD", "GBP", "1", "UPS"))
    assert rates.convert(usd(1000), "GBP", CHEAPEST)[1].carriers == ("UPS",)


def test_carriers_decide_at_last():
    hops = [("USD", "EUR", "1", "B"), ("EUR", "GBP", "1"), ("USD", "CAD", "1", "A")]
    rates = table(*hops, ("CAD", "GBP", "1"))
    for policy in (SHORTEST, CHEAPEST):
        assert rates.convert(usd(1000), "GBP", policy)[1].carriers == ("A", "DHL")


def test_first_of_equal_routes():
    rates = table(
        ("USD", "EUR", "1"), ("EUR", "GBP", "1"), ("USD", "CAD", "1"), ("CAD", "GBP", "1")
    )
    for policy in (SHORTEST, CHEAPEST):
        assert rates.convert(usd(1000), "GBP", policy)[1].currencies == ("USD", "EUR", "GBP")


CHAIN = [("USD", "EUR", "2"), ("EUR", "GBP", "2"), ("GBP", "JPY", "2"), ("JPY", "KRW", "2")]


def test_number_of_hops():
    assert table(*CHAIN).convert(usd(1), "JPY", SHORTEST)[1].rate == 8
    with pytest.raises(NoRoute):
        table(*CHAIN).convert(usd(1), "KRW", SHORTEST)
    assert table(*CHAIN, max_hops=4).convert(usd(1), "KRW", SHORTEST)[1].rate == 16
    with pytest.raises(NoRoute):
        table(*CHAIN, max_hops=1).convert(usd(1), "GBP", CHEAPEST)


def test_fee_for_each_hop_after_the_first():
    rates = table(*CHAIN, hop_fee=Decimal(10))
    assert rates.convert(usd(1), "EUR", SHORTEST)[1].rate == Decimal(2)
    assert rates.convert(usd(1), "GBP", SHORTEST)[1].rate == Decimal("4.4")
    assert rates.convert(usd(1), "JPY", SHORTEST)[1].rate == Decimal("9.68")

    rates = table(*TRIANGLE, hop_fee=Decimal(5))
    assert rates.convert(usd(1000), "GBP", CHEAPEST)[0].minor == 750


def test_circles_are_not_gone_round():
    rates = table(("USD", "EUR", "0.5"), ("EUR", "USD", "0.5"), ("USD", "GBP", "1"))
    assert rates.convert(usd(100), "GBP", CHEAPEST)[1].currencies == ("USD", "GBP")


def test_only_some_carriers():
    rates = table(("USD", "CAD", "5", "FedEx"), ("USD", "CAD", "4", "UPS"))
    assert rates.convert(usd(100), "CAD", DIRECT, ["fedEX"])[0].minor == 500
    assert rates.convert(usd(100), "CAD", DIRECT, None)[0].minor == 400
    swiss = table(("USD", "CHF", "1", "Groß & Co"))
    assert swiss.convert(usd(100), "CHF", DIRECT, ["GROSS & CO"])[0].minor == 100
    swiss = table(("USD", "CHF", "1", "GROSS & CO"))
    assert swiss.convert(usd(100), "CHF", DIRECT, ["Groß & Co"])[0].minor == 100
    with pytest.raises(NoRoute):
        rates.convert(usd(100), "CAD", DIRECT, [])

    rates = table(("USD", "EUR", "1", "UPS"), ("EUR", "GBP", "1", "DHL"))
    with pytest.raises(NoRoute):
        rates.convert(usd(100), "GBP", SHORTEST, {"UPS"})
    assert rates.convert(usd(100), "GBP", SHORTEST, {"UPS", "DHL"})[0].minor == 100


def test_rounded_once_and_in_the_target_currency():
    rates = table(("EUR", "USD", "0.333"), ("USD", "JPY", "151.5"))
    assert rates.convert(eur(1000), "JPY", SHORTEST)[0] == Money(504, "JPY")

    assert table(("EUR", "JPY", "150.5")).convert(eur(100), "JPY", DIRECT)[0].minor == 151


def test_routes_as_text():
    route = Route(("USD", "EUR", "SEK"), ("FedEx", "Svea Post"), Decimal(10))
    assert str(route) == "USD -FedEx-> EUR -Svea Post-> SEK"
    assert str(Route(("USD",))) == "USD"
