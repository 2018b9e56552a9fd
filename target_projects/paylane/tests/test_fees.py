from decimal import Decimal

from builders import eur, usd

from paylane.fees import FeePlan, charge_fee, returned_fee
from paylane.money import Money

PLAN = FeePlan(Decimal("2.9"), {"EUR": 25, "KWD": 100}, {"amex": Decimal("0.6")})
KEEP = FeePlan(Decimal("2.9"), {}, {}, "keep")


def test_fee_of_a_charge():
    assert charge_fee(PLAN, eur(10000), "visa") == eur(315)
    assert charge_fee(PLAN, Money(10000, "KWD"), "visa") == Money(390, "KWD")

    assert charge_fee(PLAN, eur(10000), "amex") == eur(375)

    assert charge_fee(PLAN, usd(10000), "visa") == usd(290)


def test_halves_are_rounded_up():
    assert charge_fee(PLAN, usd(50), "visa") == usd(1)
    assert charge_fee(PLAN, usd(500), "visa") == usd(15)


def test_fee_is_not_more_than_the_charge():
    assert charge_fee(PLAN, eur(26), "visa") == eur(26)
    assert charge_fee(PLAN, eur(25), "visa") == eur(25)
    assert charge_fee(PLAN, eur(10), "visa") == eur(10)


def test_share_of_the_fee_goes_back():
    assert returned_fee(PLAN, eur(10000), eur(315), eur(5000), eur(0)) == eur(157)
    assert returned_fee(PLAN, eur(10000), eur(315), eur(10000), eur(0)) == eur(315)

    assert returned_fee(PLAN, eur(10000), eur(315), eur(10000), eur(157)) == eur(158)


def test_thirds_add_up():
    returned = eur(0)
    for refunded in (3333, 6666, 9999):
        returned += returned_fee(PLAN, eur(9999), eur(100), eur(refunded), returned)
    assert returned == eur(100)


def test_nothing_is_taken_back_again():
    assert returned_fee(PLAN, eur(10000), eur(315), eur(1000), eur(100)) == eur(0)


def test_fee_can_be_kept():
    assert returned_fee(KEEP, eur(10000), eur(315), eur(10000), eur(0)) == eur(0)
