"""Refunds end long after their charges."""

from datetime import datetime, timedelta, timezone

import pytest

from paylane.exchange import Exchange, RateTable
from paylane.moments import FixedClock
from paylane.money import Money
from paylane.payments import Card, Payment, PaymentStatus, Refund, RefundStatus
from paylane.settings import Merchant, load
from paylane.settlement import build_statement
from paylane.storage import PaymentBook, connect

DAY = datetime(2024, 3, 5, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("days", "window"),
    [(2, "180d"), (30, "180d"), (179, "180d"), (90, "14d")],
    ids=["2 days", "30 days", "179 days", "the window was shortened since"],
)
def test_refund_is_on_the_statement_of_the_day_on_which_it_ends(days, window):
    charged = DAY - timedelta(days=days)
    refund = Refund("ref_1", Money(2000, "EUR"), Money(68, "EUR"), DAY, RefundStatus.SUCCEEDED, DAY)
    payment = Payment(
        "pay_1",
        "acme",
        Money(4990, "EUR"),
        Money(170, "EUR"),
        Card("tok_visa_1", "visa"),
        PaymentStatus.PARTLY_REFUNDED,
        charged,
        refunds=(refund,),
    )
    settings, db = load(environ={"PAYLANE_REFUNDS_WINDOW": window}), connect(":memory:")
    book = PaymentBook(db)
    book.add(payment)
    exchange = Exchange(RateTable([], 1), settings, FixedClock(DAY.isoformat()))
    statement = build_statement(book, Merchant("acme", "EUR"), DAY.date(), exchange, settings)
    db.close()
    assert [movement.id for movement in statement.movements] == ["ref_1"]
    assert statement.totals[0].net == Money(-1932, "EUR")
