"""What a merchant is owed for a day: charges, refunds, fees, and the payout in one currency.

A day runs from cutoff to cutoff of the settlement desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from operator import attrgetter

from .errors import ExchangeError
from .exchange import Conversion, Exchange
from .moments import day_limits
from .money import Money, total
from .payments import Payment, PaymentStatus, RefundStatus
from .settings import Merchant, Settings
from .storage import PaymentBook


class MovementKind(Enum):
    CHARGE = "charge"
    REFUND = "refund"


@dataclass(frozen=True)
class Movement:
    """Seen from the merchant: charges come in, refunds and fees go out."""

    at: datetime
    id: str
    kind: MovementKind
    gross: Money
    fee: Money

    @property
    def net(self) -> Money:
        return self.gross - self.fee

    @property
    def currency(self) -> str:
        return self.gross.currency


@dataclass(frozen=True)
class Totals:
    currency: str
    charges: int
    refunds: int
    gross: Money
    fees: Money
    net: Money


@dataclass(frozen=True)
class Statement:
    """`open` holds the nets that could not be paid out; the desk books them by hand."""

    merchant: str
    day: date
    movements: tuple[Movement, ...]
    totals: tuple[Totals, ...]
    conversions: tuple[Conversion, ...]
    open: tuple[Money, ...]
    payout: Money


def build_statement(
    book: PaymentBook, merchant: Merchant, day: date, exchange: Exchange, settings: Settings
) -> Statement:
    start, end = day_limits(day, settings.desk, settings.cutoff)
    movements = tuple(
        movement
        for movement in _movements(book.before(merchant.id, end))
        if start <= movement.at < end
    )
    totals = tuple(totals_by_currency(movements))
    conversions: list[Conversion] = []
    left: list[Money] = []
    for entry in totals:
        try:
            conversions.append(exchange.convert(entry.net, merchant.currency))
        except ExchangeError:
            left.append(entry.net)
    return Statement(
        merchant=merchant.id,
        day=day,
        movements=tuple(sorted(movements, key=attrgetter("at", "id"))),
        totals=totals,
        conversions=tuple(conversions),
        open=tuple(amount for amount in left if amount),
        payout=total((one.target for one in conversions), merchant.currency),
    )


def totals_by_currency(movements: Iterable[Movement]) -> Iterator[Totals]:
    """Sums of each currency, in alphabetical order."""
    by_currency = attrgetter("currency")
    for currency, group in groupby(sorted(movements, key=by_currency), by_currency):
        entries = list(group)
        charges = sum(entry.kind is MovementKind.CHARGE for entry in entries)
        yield Totals(
            currency=currency,
            charges=charges,
            refunds=len(entries) - charges,
            gross=total((entry.gross for entry in entries), currency),
            fees=total((entry.fee for entry in entries), currency),
            net=total((entry.net for entry in entries), currency),
        )


def _movements(payments: Iterable[Payment]) -> Iterator[Movement]:
    for payment in payments:
        if payment.status is PaymentStatus.FAILED:
            continue
        yield Movement(
            payment.created_at, payment.id, MovementKind.CHARGE, payment.amount, payment.fee
        )
        for refund in payment.refunds:
            if refund.status is not RefundStatus.SUCCEEDED or refund.ended_at is None:
                continue
            yield Movement(
                refund.ended_at, refund.id, MovementKind.REFUND, -refund.amount, -refund.fee
            )
