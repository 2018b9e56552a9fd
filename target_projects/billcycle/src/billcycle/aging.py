"""How old the open balances are, and the fee that late payers are charged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .invoices import Invoice, InvoiceState
from .money import Money

GRACE_DAYS = 5
FEE_RATES = {"1-30": Decimal("1.0"), "31-60": Decimal("2.5"), "61-90": Decimal("4.0")}
HIGHEST_RATE = Decimal("6.0")
BUCKETS = ("current", "1-30", "31-60", "61-90", "over 90")


def bucket(days_overdue: int) -> str:
    if days_overdue <= 0:
        return "current"
    elif days_overdue <= 30:
        return "1-30"
    elif days_overdue <= 60:
        return "31-60"
    elif days_overdue <= 90:
        return "61-90"
    return "over 90"


def owes(invoice: Invoice) -> bool:
    """Whether the customer has the invoice and still has to pay for it."""
    if invoice.state is InvoiceState.SENT:
        return True
    elif invoice.state is InvoiceState.PARTLY_PAID:
        return True
    return False


def late_fee(invoice: Invoice, today: date) -> Money:
    """A share of the balance that grows with its age; free in the grace period."""
    days = invoice.days_overdue(today)
    if not owes(invoice) or days <= GRACE_DAYS:
        return Money(0, invoice.currency)
    return invoice.balance.percent(FEE_RATES.get(bucket(days), HIGHEST_RATE))


def aging_report(invoices: Iterable[Invoice], today: date, currency: str) -> dict[str, Money]:
    """Open balances in one currency by age, every bucket named, in the order of BUCKETS."""
    sums = {name: Money(0, currency) for name in BUCKETS}
    for invoice in invoices:
        if invoice.currency != currency or not owes(invoice):
            continue
        name = bucket(invoice.days_overdue(today))
        sums[name] = sums[name] + invoice.balance
    return sums
