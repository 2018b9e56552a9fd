"""Invoices, their states, and what may happen to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from .errors import InvoiceError
from .money import Money, total

_NUMBER = re.compile(r"INV-(?P<year>20\d{2})-(?P<sequence>\d{4,6})(?P<copy>[A-Z]?)")


class InvoiceState(Enum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENT = "sent"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    VOID = "void"
    WRITTEN_OFF = "written_off"


NEXT_STATES: dict[InvoiceState, tuple[InvoiceState, ...]] = {
    InvoiceState.DRAFT: (InvoiceState.SCHEDULED, InvoiceState.VOID),
    InvoiceState.SCHEDULED: (InvoiceState.SENT, InvoiceState.VOID),
    InvoiceState.SENT: (
        InvoiceState.PARTLY_PAID,
        InvoiceState.PAID,
        InvoiceState.VOID,
        InvoiceState.WRITTEN_OFF,
    ),
    InvoiceState.PARTLY_PAID: (
        InvoiceState.PARTLY_PAID,
        InvoiceState.PAID,
        InvoiceState.WRITTEN_OFF,
    ),
    InvoiceState.WRITTEN_OFF: (InvoiceState.PARTLY_PAID, InvoiceState.PAID),
}


@dataclass(frozen=True)
class Line:
    description: str
    unit_price: Money
    quantity: Decimal = Decimal(1)
    tax_rate: Decimal = Decimal(0)

    @property
    def net(self) -> Money:
        return self.unit_price.times(self.quantity)

    @property
    def tax(self) -> Money:
        return self.net.percent(self.tax_rate)


@dataclass(frozen=True)
class Invoice:
    number: str
    customer: str
    email: str
    issued: date
    due: date
    lines: tuple[Line, ...]
    currency: str = "EUR"
    state: InvoiceState = InvoiceState.DRAFT
    paid_minor: int = 0

    def __post_init__(self) -> None:
        parse_number(self.number)
        if not self.lines:
            raise InvoiceError(f"{self.number} has no lines")
        if self.due < self.issued:
            raise InvoiceError(f"{self.number} falls due before it is issued")

    @property
    def net(self) -> Money:
        return total((line.net for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        return total((line.tax for line in self.lines), self.currency)

    @property
    def total(self) -> Money:
        return self.net + self.tax

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor, self.currency)

    @property
    def balance(self) -> Money:
        """What the customer still owes; nothing on a void invoice."""
        if self.state is InvoiceState.VOID:
            return Money(0, self.currency)
        return self.total - self.paid

    def days_overdue(self, today: date) -> int:
        return max((today - self.due).days, 0)


def parse_number(text: str) -> tuple[int, int, str]:
    """Split `INV-2024-0042B` into year, sequence and copy letter (empty on the original)."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InvoiceError(f"not an invoice number: {text!r}")
    return int(match["year"]), int(match["sequence"]), match["copy"]


def next_number(last: str, today: date) -> str:
    """The number after `last`; sequences start again every year."""
    year, sequence, _ = parse_number(last)
    if today.year > year:
        return f"INV-{today.year}-0001"
    return f"INV-{year}-{sequence + 1:04d}"


def move(invoice: Invoice, target: InvoiceState) -> Invoice:
    if target not in NEXT_STATES.get(invoice.state, ()):
        raise InvoiceError(
            f"{invoice.number} is {describe(invoice.state)} and cannot become {describe(target)}"
        )
    return replace(invoice, state=target)


def pay(invoice: Invoice, amount: Money) -> Invoice:
    """Book a payment; the last one makes the invoice paid.

    Raises InvoiceError when nothing is paid, more than the balance, or in the wrong state.
    """
    if amount.minor <= 0:
        raise InvoiceError("a payment must be more than zero")
    if invoice.balance < amount:
        raise InvoiceError(f"{amount} is more than the balance of {invoice.balance}")
    settled = amount == invoice.balance
    moved = move(invoice, InvoiceState.PAID if settled else InvoiceState.PARTLY_PAID)
    return replace(moved, paid_minor=invoice.paid_minor + amount.minor)


def describe(state: InvoiceState) -> str:
    """The state in the words that customers and clerks see."""
    match state:
        case InvoiceState.DRAFT:
            return "a draft"
        case InvoiceState.SCHEDULED:
            return "waiting to be sent"
        case InvoiceState.SENT:
            return "open"
        case InvoiceState.PARTLY_PAID:
            return "partly paid"
        case InvoiceState.PAID:
            return "paid"
        case InvoiceState.VOID:
            return "void"
        case InvoiceState.WRITTEN_OFF:
            return "written off"
