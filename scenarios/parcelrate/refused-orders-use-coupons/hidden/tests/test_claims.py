"""Who has a claim to a coupon: every order with a quote, of this file or an older one."""

from decimal import Decimal

import pytest
from builders import eur, make_order, make_pricer, usd
from parcelrate.discounts import Coupon, CouponKind


def quoted(claims, *orders, **changes):
    """Which of the orders get an offer, with a coupon of two uses."""
    coupon = Coupon("SPRING", CouponKind.FREE, max_uses=2, min_value=Decimal(10))
    pricer = make_pricer(coupons={"SPRING": coupon}, uses={"SPRING": set(claims)}, **changes)
    best, _ = pricer.best_offers(orders)
    return [int(offer.order_id.removeprefix("WEB-")) for offer in best]


def order(number, **changes):
    return make_order(number, coupon="SPRING", **changes)


@pytest.mark.parametrize(
    "refused",
    [{"country": "AU"}, {"country": "QQ"}, {"value": eur(999)}, {"value": usd(5000)}],
    ids=["no carrier", "unknown country", "coupon refused", "no rate"],
)
def test_refused_orders_have_no_claim(refused):
    file = [order(1, **refused), order(2, **refused), order(3), order(4), order(5)]
    assert quoted([], *file) == [3, 4]


def test_refused_orders_keep_the_claim_of_an_older_quote():
    file = [order(1, country="AU"), order(2, country="AU"), order(3), order(4)]
    assert quoted(["WEB-0001"], *file) == [3]
