from datetime import date
from decimal import Decimal

import pytest
from builders import eur, make_carrier, make_order, make_pricer, parcel, table, usd

from parcelrate.conversion import Policy
from parcelrate.discounts import Coupon, CouponKind, FreeShipping
from parcelrate.errors import CouponError, NoRoute, NoService, UnknownCountry
from parcelrate.money import Money
from parcelrate.quotes import Line
from parcelrate.regions import Place

HERE = Place("DE", ())
REMOTE = Place("DE", ("EU", "WORLD"), True)


def lines_of(order, carrier=None, place=HERE, free=False, coupon=None, **changes):
    """By their labels, in minor units."""
    pricer = make_pricer(**changes)
    lines = pricer.lines(carrier or make_carrier(), order, place, free, coupon)
    return {line.label: line.amount.minor for line in lines}


def coupon_for(kind, value="0", **changes):
    return Coupon("SPRING", CouponKind(kind), Decimal(value), **changes)


def test_freight_is_base_and_band_for_each_parcel():
    order = make_order(parcel=parcel(2000), parcels=3)
    assert lines_of(order) == {"freight": 3900}


def test_bulk_discount():
    bulk = {3: Decimal(10)}
    assert lines_of(make_order(parcels=3), bulk=bulk) == {"freight": 3000, "bulk discount": -300}
    assert lines_of(make_order(parcels=2), bulk=bulk) == {"freight": 2000}


def test_fuel_is_on_what_is_left_of_the_freight():
    carrier = make_carrier(fuel_percent=Decimal(20))
    assert lines_of(make_order(), carrier, bulk={1: Decimal(50)})["fuel"] == 100


def test_surcharges_are_for_each_parcel():
    order = make_order(parcels=2, flags=frozenset({"fragile"}))
    assert lines_of(order, place=REMOTE) == {"freight": 2000, "remote": 4000, "fragile": 400}


def test_free_shipping_leaves_the_surcharges():
    carrier = make_carrier(fuel_percent=Decimal(10))
    order = make_order(flags=frozenset({"fragile"}))
    assert lines_of(order, carrier, free=True, bulk={1: Decimal(50)}) == {
        "freight": 1000, "bulk discount": -500, "fuel": 50, "fragile": 200, "free shipping": -550,
    }  # fmt: skip


def test_carriers_without_free_shipping():
    carrier = make_carrier(free_shipping=False)
    assert lines_of(make_order(), carrier, free=True) == {"freight": 1000}
    order = make_order(flags=frozenset({"fragile"}))
    assert lines_of(order, carrier, coupon=coupon_for("free", "3")) == {
        "freight": 1000, "fragile": 200, "free shipping": -1000,
    }  # fmt: skip


def test_coupon_of_per_cent_is_on_the_rest():
    order = make_order(flags=frozenset({"fragile"}))
    found = lines_of(order, coupon=coupon_for("percent", "10"), bulk={1: Decimal(50)})
    assert found["coupon SPRING"] == -70
    found = lines_of(order, free=True, coupon=coupon_for("percent", "10"))
    assert found["coupon SPRING"] == -20


def test_coupon_of_an_amount():
    assert lines_of(make_order(), coupon=coupon_for("fixed", "4.50"))["coupon SPRING"] == -450
    assert lines_of(make_order(), coupon=coupon_for("fixed", "10.01"))["coupon SPRING"] == -1000


DETOUR = table(
    ("EUR", "USD", "2", "UPS"), ("EUR", "GBP", "1"), ("GBP", "USD", "1"), ("USD", "EUR", "1")
)


def test_coupon_amount_is_in_the_home_currency():
    carrier, coupon = make_carrier(currency="USD"), coupon_for("fixed", "3")
    found = lines_of(make_order(), carrier, coupon=coupon, rates=DETOUR)
    assert found["coupon SPRING"] == -600
    found = lines_of(make_order(), carrier, coupon=coupon, rates=DETOUR, policy=Policy.CHEAPEST)
    assert found["coupon SPRING"] == -300


def coupon_of(order, value=2000, uses=(), **changes):
    uses = {"SPRING": set(uses)} if uses else {}
    pricer = make_pricer(coupons={"SPRING": coupon_for("free", **changes)}, uses=uses)
    return pricer.coupon_of(order, eur(value))


def test_coupons_are_found_by_their_code():
    assert coupon_of(make_order()) is None
    assert coupon_of(make_order(coupon="SPRING")) == coupon_for("free")
    with pytest.raises(CouponError, match="^unknown coupon AUTUMN$"):
        coupon_of(make_order(coupon="AUTUMN"))


def test_coupon_is_checked_on_the_day_of_the_order():
    last = date(2024, 3, 4)
    assert coupon_of(make_order(coupon="SPRING", ordered=last), last=last)
    with pytest.raises(CouponError, match="ended"):
        coupon_of(make_order(coupon="SPRING"), last=last)


def test_coupon_is_checked_against_the_value():
    order = make_order(coupon="SPRING", value=usd(5))
    assert coupon_of(order, 2000, min_value=Decimal(20))
    with pytest.raises(CouponError, match="at least 20"):
        coupon_of(order, 1999, min_value=Decimal(20))


def test_coupon_that_was_used():
    order = make_order(1, coupon="SPRING")
    assert coupon_of(order, uses=["WEB-0001", "WEB-0002"], max_uses=2)
    with pytest.raises(CouponError, match="used up"):
        coupon_of(order, uses=["WEB-0003", "WEB-0002"], max_uses=2)


def settled(rates, policy=Policy.SHORTEST, currency="USD", **changes):
    order = make_order(value=Money(100, currency), **changes)
    lines = [Line("freight", eur(900)), Line("fuel", eur(100))]
    return make_pricer(rates=rates, policy=policy).settle(make_carrier(), order, lines)


def test_total_is_the_sum():
    offer = settled(table(), currency="EUR", coupon="SPRING")
    assert offer.total == eur(1000)
    assert offer.lines == (Line("freight", eur(900)), Line("fuel", eur(100)))
    assert (offer.order_id, offer.carrier, offer.coupon) == ("WEB-0001", "Post", "SPRING")
    assert offer.via == "EUR"


def test_settled_without_minor_units():
    assert settled(table(("EUR", "JPY", "150.55")), currency="JPY").total == Money(1506, "JPY")


def test_settled_at_the_own_rate_of_the_carrier():
    offer = settled(table(("EUR", "USD", "1.1", "UPS"), ("EUR", "USD", "1.3", "POST")))
    assert (offer.total, offer.via) == (usd(1300), "EUR -POST-> USD")
    offer = settled(table(("EUR", "USD", "1.1", "UPS"), ("EUR", "USD", "1.3", "DHL")))
    assert (offer.total, offer.via) == (usd(1100), "EUR -UPS-> USD")


def test_settled_by_the_policy():
    assert settled(DETOUR).total == usd(2000)
    assert settled(DETOUR, Policy.CHEAPEST).total == usd(1000)


def test_places():
    pricer = make_pricer()
    assert pricer.place_of(make_order(postcode="99912")) == REMOTE
    with pytest.raises(UnknownCountry, match="^unknown country QQ$"):
        pricer.place_of(make_order(country="qq"))


def test_unknown_country_is_somewhere_in_the_world():
    pricer = make_pricer(unknown_country="world")
    assert pricer.place_of(make_order(country="qq")) == Place("QQ", ("WORLD",))
    assert pricer.place_of(make_order(country="FR")).regions == ("EU", "WORLD")


FREE = FreeShipping(Decimal(50), {"FR": Decimal(90)}, 4000)


def ships_free(order, **changes):
    (offer,) = make_pricer(free=FREE, **changes).offers(order)
    return offer.total.minor == 0


def test_free_shipping_goes_by_value_and_country():
    assert not ships_free(make_order(value=eur(4999)))
    assert not ships_free(make_order(value=eur(5000), country="FR"))
    assert ships_free(make_order(value=eur(9000), country="FR"))


def test_free_shipping_goes_by_the_weight_of_all_parcels():
    assert ships_free(make_order(value=eur(5000), parcel=parcel(2000), parcels=2))
    assert not ships_free(make_order(value=eur(5000), parcel=parcel(2000), parcels=3))


def test_free_shipping_is_compared_in_the_home_currency():
    rates = table(("USD", "EUR", "0.5"), ("EUR", "USD", "2"))
    assert ships_free(make_order(value=usd(10000)), rates=rates)
    assert not ships_free(make_order(value=usd(9998)), rates=rates)
    assert ships_free(make_order(value=usd(5000)), rates=DETOUR, policy=Policy.CHEAPEST)


def test_coupon_is_used_up_within_a_file():
    pricer = make_pricer(coupons={"SPRING": coupon_for("free", max_uses=2)})
    orders = [make_order(1, coupon="SPRING", country="AU")]
    orders += [make_order(number, coupon="SPRING") for number in (2, 3, 4)]
    best, refused = pricer.best_offers(orders)
    assert [offer.order_id for offer in best] == ["WEB-0002", "WEB-0003"]
    assert refused == {"WEB-0001": "Post: does not go to AU", "WEB-0004": "SPRING is used up"}
    assert make_pricer().uses == {}


def test_orders_without_coupons_use_none():
    pricer = make_pricer()
    pricer.best_offers([make_order()])
    assert pricer.uses == {}


def test_offers_are_cheapest_first():
    carriers = [
        make_carrier("B", countries={"DE": Decimal(12)}),
        make_carrier("C", countries={"DE": Decimal(9)}),
        make_carrier("A", countries={"DE": Decimal(12)}),
    ]
    offers = make_pricer(*carriers).offers(make_order())
    assert [(offer.carrier, offer.total.minor) for offer in offers] == [
        ("C", 900), ("A", 1200), ("B", 1200),
    ]  # fmt: skip

    carriers = [make_carrier("A"), make_carrier("B", countries={"DE": Decimal(9)})]
    (offer,), _ = make_pricer(*carriers).best_offers([make_order()])
    assert offer.carrier == "B"


def test_carriers_are_compared_in_the_currency_of_the_customer():
    rates = table(("USD", "EUR", "0.5"))
    carriers = [make_carrier("A"), make_carrier("B", currency="USD", countries={"DE": Decimal(12)})]
    offers = make_pricer(*carriers, rates=rates).offers(make_order())
    assert [(offer.carrier, offer.total) for offer in offers] == [("B", eur(600)), ("A", eur(1000))]


def test_carriers_that_cannot_are_passed_over():
    carriers = [make_carrier("A", max_weight_g=500), make_carrier("B")]
    assert [offer.carrier for offer in make_pricer(*carriers).offers(make_order())] == ["B"]


def test_no_carrier_can():
    carriers = [
        make_carrier("A", max_weight_g=500),
        make_carrier("B", countries={}, regions={}),
        make_carrier("C", currency="JPY"),
    ]
    with pytest.raises(NoService) as caught:
        make_pricer(*carriers).offers(make_order())
    assert str(caught.value) == (
        "A: takes no more than 500 g; B: does not go to DE; C: no rate from JPY to EUR"
    )


def test_value_that_cannot_be_compared():
    with pytest.raises(NoRoute, match="no rate from USD to EUR"):
        make_pricer().offers(make_order(value=usd(100)))


def test_all_orders_are_answered():
    orders = [make_order(1, country="QQ"), make_order(2), make_order(3, value=usd(1))]
    best, refused = make_pricer().best_offers(orders)
    assert [offer.order_id for offer in best] == ["WEB-0002"]
    assert refused == {"WEB-0001": "unknown country QQ", "WEB-0003": "no rate from USD to EUR"}
