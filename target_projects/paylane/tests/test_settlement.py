from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import NOON, eur, make_payment, make_refund, make_settings, usd

from paylane.exchange import Exchange, Rate, RateTable
from paylane.money import Money
from paylane.payments import PaymentStatus, RefundStatus
from paylane.settings import Merchant
from paylane.settlement import Movement, MovementKind, Totals, build_statement, totals_by_currency
from paylane.storage import PaymentBook

DAY = date(2024, 3, 5)
END = NOON + timedelta(hours=5)  # 18:00 at the desk
TICK = timedelta(microseconds=1)


@pytest.fixture
def settle(db, clock):
    """Book payments, then build the statement of the day for acme, or for a currency."""

    def settle(*payments, rates=(), currency="EUR", day=DAY, **changes):
        book = PaymentBook(db)
        for number, payment in enumerate(payments, start=1):
            book.add(make_payment(id=f"pay_{number}", **payment))
        settings = make_settings(**changes)
        table = RateTable((Rate(s, t, Decimal(value), NOON) for s, t, value in rates), max_hops=3)
        merchant = Merchant("acme", currency)
        return build_statement(book, merchant, day, Exchange(table, settings, clock), settings)

    return settle


def ended(minor=1000, at=NOON, **changes):
    return make_refund(minor, ended_at=at, **changes)


def test_day_without_payments(settle):
    statement = settle()
    assert (statement.merchant, statement.day) == ("acme", DAY)
    assert (statement.movements, statement.totals) == ((), ())
    assert (statement.conversions, statement.open) == ((), ())
    assert statement.payout == eur(0)


def test_charge_refund_and_fees(settle):
    statement = settle({"refunds": (ended(4000, fee=eur(90)),)})
    assert [(m.kind.value, m.gross, m.fee, m.net) for m in statement.movements] == [
        ("charge", eur(10000), eur(225), eur(9775)),
        ("refund", eur(-4000), eur(-90), eur(-3910)),
    ]
    assert statement.totals == (Totals("EUR", 1, 1, eur(6000), eur(135), eur(5865)),)
    assert statement.payout == eur(5865)


def test_day_ends_at_the_cutoff(settle):
    start = END - timedelta(days=1)
    moments = [start - TICK, start, END - TICK, END]
    statement = settle(*({"created_at": moment} for moment in moments))
    assert [movement.id for movement in statement.movements] == ["pay_2", "pay_3"]


def test_refund_of_an_earlier_charge(settle):
    yesterday = NOON - timedelta(days=1)
    statement = settle({"created_at": yesterday, "refunds": (ended(4000),)})
    assert [movement.kind for movement in statement.movements] == [MovementKind.REFUND]
    assert statement.open == (eur(-4000),)
    assert statement.payout == eur(0)


def test_refund_counts_when_it_ended(settle):
    begun_earlier = ended(1000, END, created_at=NOON)
    assert len(settle({"refunds": (begun_earlier,)}).movements) == 1


def test_what_moved_no_money_is_left_out(settle):
    refunds = (
        make_refund(1, RefundStatus.PENDING),
        make_refund(2, RefundStatus.FAILED, ended_at=NOON),
    )
    statement = settle({"refunds": refunds}, {"status": PaymentStatus.FAILED})
    assert [movement.id for movement in statement.movements] == ["pay_1"]


def test_other_merchants_are_left_out(settle):
    assert settle({"merchant": "kyoto"}).movements == ()


def test_movements_in_the_order_of_time(settle):
    late = ended(1, NOON + timedelta(hours=2), id="ref_1")
    early = ended(1, NOON, id="ref_0")
    statement = settle(
        {"created_at": NOON - timedelta(hours=1), "refunds": (late, early)},
        {"created_at": NOON + timedelta(hours=1)},
    )
    assert [movement.id for movement in statement.movements] == ["pay_1", "ref_0", "pay_2", "ref_1"]


def test_payout_in_the_currency_of_the_merchant(settle):
    dollars = {"amount": usd(5000), "fee": usd(0)}
    statement = settle({}, dollars, rates=[("USD", "EUR", "0.9")])
    assert [entry.currency for entry in statement.totals] == ["EUR", "USD"]
    assert [one.target for one in statement.conversions] == [eur(9775), eur(4455)]
    assert statement.payout == eur(14230)
    assert statement.open == ()


def test_payout_through_a_chain(settle):
    rates = [("USD", "EUR", "0.9"), ("EUR", "JPY", "160")]
    dollars = {"amount": usd(5000), "fee": usd(0)}
    statement = settle(dollars, rates=rates, currency="JPY")
    assert statement.payout == Money(7128, "JPY")
    assert statement.conversions[0].path == ("USD", "EUR", "JPY")


def test_currency_without_a_rate_stays_open(settle):
    statement = settle({}, {"amount": usd(5000), "fee": usd(100)})
    assert statement.open == (usd(4900),)
    assert statement.payout == eur(9775)


def test_nothing_is_not_open(settle):
    statement = settle({"fee": eur(0), "refunds": (ended(10000),)})
    assert (statement.open, statement.payout) == ((), eur(0))


def test_totals_of_mixed_currencies():
    kinds = [("USD", MovementKind.REFUND), ("EUR", MovementKind.CHARGE)] * 2
    movements = [
        Movement(NOON, "x", kind, Money(100, code), Money(1, code)) for code, kind in kinds
    ]
    found = list(totals_by_currency(movements))
    assert [(t.currency, t.charges, t.refunds, t.net.minor) for t in found] == [
        ("EUR", 2, 0, 198),
        ("USD", 0, 2, 198),
    ]
