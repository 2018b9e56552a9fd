"""A rate string from treasury until somebody has his money in another currency."""

from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from builders import NOON, eur, usd

from parcelrate.conversion import Policy, RateTable
from parcelrate.errors import NoRoute
from parcelrate.history import RateHistory
from parcelrate.money import Money
from parcelrate.ratestrings import parse_rates

TEXT = "USD:CAD:DHL:5, USD:GBP:FedEx:3, EUR:USD:UPS:8"


def test_amount_and_carrier():
    rates = RateTable(parse_rates(TEXT))
    money, route = rates.convert(usd(1050), "CAD", Policy.DIRECT)
    assert (str(money), route.carrier) == ("CAD 52.50", "DHL")
    money, route = rates.convert(eur(100), "USD", Policy.DIRECT)
    assert (str(money), route.carrier) == ("USD 8.00", "UPS")


def test_pair_without_a_rate_goes_over_a_third_currency():
    rates = RateTable(parse_rates(TEXT), hop_fee=Decimal(1))
    money, route = rates.convert(eur(100), "GBP", Policy.SHORTEST)
    assert str(money) == "GBP 24.24"
    assert str(route) == "EUR -UPS-> USD -FedEx-> GBP"
    with pytest.raises(NoRoute, match="no rate from CAD to USD"):
        rates.convert(Money(100, "CAD"), "USD", Policy.CHEAPEST)


def test_rates_of_today_replace_those_of_yesterday(tmp_path):
    history = RateHistory(tmp_path / "rates", timezone(timedelta(hours=1)))
    history.save(parse_rates("USD:CAD:DHL:4"), NOON - timedelta(hours=24))
    history.save(parse_rates(TEXT), NOON)
    for moment, expected in ((NOON, "CAD 5.00"), (NOON - timedelta(seconds=1), "CAD 4.00")):
        rates = RateTable(history.latest(moment, timedelta(hours=36)))
        assert str(rates.convert(usd(100), "CAD", Policy.DIRECT)[0]) == expected
