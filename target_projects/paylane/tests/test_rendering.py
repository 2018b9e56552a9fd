from datetime import date, timedelta, timezone
from decimal import Decimal

from builders import NOON, eur, make_payment, make_refund, usd

from paylane.exchange import Conversion
from paylane.money import Money
from paylane.payments import Card, PaymentStatus
from paylane.rendering import conversion_line, payment_details, payment_line, statement_text
from paylane.settlement import Statement, Totals

INDIA = timezone(timedelta(hours=5, minutes=30))
CHAIN = Conversion(usd(10000), usd(100), Money(7128, "GBP"), Decimal("0.72"), ("USD", "EUR", "GBP"))


def test_payment_line():
    payment = make_payment(status=PaymentStatus.PARTLY_REFUNDED, created_at=NOON)
    assert payment_line(payment, INDIA) == (
        "pay_1  2024-03-05 17:30        EUR 100.00  partly refunded"
    )


def test_payment_details():
    payment = make_payment(descriptor="Kraków", refunds=(make_refund(4000),))
    assert payment_details(payment, INDIA).splitlines()[1:] == [
        "  merchant: acme",
        "  card: visa ····4242",
        "  descriptor: Kraków",
        "  fee: EUR 2.25",
        "  refund ref_1: EUR 40.00, succeeded",
        "  left: EUR 60.00",
    ]


def test_details_that_are_not_there_are_left_out():
    declined = make_payment(
        status=PaymentStatus.FAILED, fee=eur(0), decline_reason="lost_card", card=Card("t", "jcb")
    )
    assert payment_details(declined, INDIA).splitlines()[1:] == [
        "  merchant: acme",
        "  card: jcb",
        "  declined: lost_card",
    ]


def test_conversion():
    assert conversion_line(CHAIN) == (
        "USD 100.00 = GBP 71.28 (fee USD 1.00, rate 0.72, USD > EUR > GBP)"
    )
    same = Conversion(eur(5), eur(0), eur(5), Decimal(1), ("EUR",))
    assert conversion_line(same) == "EUR 0.05 = EUR 0.05 (fee EUR 0.00, rate 1, EUR)"


def test_statement():
    same = Conversion(eur(5), eur(0), eur(5), Decimal(1), ("EUR",))
    totals = (Totals("EUR", 2, 1, eur(123456), eur(135), eur(123321)),)
    statement = Statement("acme", date(2024, 3, 5), (), totals, (same, CHAIN), (usd(-5),), eur(9))
    assert statement_text(statement).splitlines() == [
        "acme 2024-03-05",
        "  2 charges, 1 refunds          EUR 1,234.56 fees     EUR 1.35 net EUR 1,233.21",
        "  USD 100.00 = GBP 71.28 (fee USD 1.00, rate 0.72, USD > EUR > GBP)",
        "  open: USD -0.05",
        "  payout EUR 0.09",
    ]
