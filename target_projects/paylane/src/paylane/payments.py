"""Payments and refunds: what they are, and the steps that they allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from .errors import RefundError
from .fees import returned_fee
from .money import Money, total
from .settings import Settings


class PaymentStatus(Enum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class RefundStatus(Enum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


REFUNDABLE = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.PARTLY_REFUNDED})


@dataclass(frozen=True)
class Card:
    token: str
    brand: str
    last4: str = ""

    def __str__(self) -> str:
        return f"{self.brand} ····{self.last4}" if self.last4 else self.brand


@dataclass(frozen=True)
class Refund:
    """`fee` is the part of the charge's fee that goes back to the merchant."""

    id: str
    amount: Money
    fee: Money
    created_at: datetime
    status: RefundStatus = RefundStatus.PENDING
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.status is not RefundStatus.FAILED


@dataclass(frozen=True)
class Payment:
    id: str
    merchant: str
    amount: Money
    fee: Money
    card: Card
    status: PaymentStatus
    created_at: datetime
    descriptor: str = ""
    refunds: tuple[Refund, ...] = ()
    decline_reason: str | None = None

    @property
    def currency(self) -> str:
        return self.amount.currency

    @property
    def refunded(self) -> Money:
        """What went back or is on its way."""
        return total((refund.amount for refund in self.refunds if refund.live), self.currency)

    @property
    def refundable(self) -> Money:
        if self.status not in REFUNDABLE:
            return Money(0, self.currency)
        return self.amount - self.refunded

    def find_refund(self, refund_id: str) -> Refund | None:
        return next((refund for refund in self.refunds if refund.id == refund_id), None)


def begin_refund(
    payment: Payment,
    refund_id: str,
    amount: Money | None,
    now: datetime,
    settings: Settings,
) -> Payment:
    """The payment with one more refund, still pending; no amount means all that is left.

    Raises RefundError when that would be too much, too late or too often.
    """
    if payment.status not in REFUNDABLE:
        raise RefundError(f"{payment.id} is {payment.status.value} and cannot be refunded")
    if now > payment.created_at + settings.refund_window:
        raise RefundError(f"{payment.id} is too old to be refunded")
    live = [refund for refund in payment.refunds if refund.live]
    if len(live) >= settings.max_refunds:
        raise RefundError(f"{payment.id} has had its {settings.max_refunds} refunds")
    left = payment.refundable
    if amount is None:
        amount = left
    if amount.currency != payment.currency:
        raise RefundError(f"{payment.id} was charged in {payment.currency}")
    if amount > left:
        raise RefundError(f"cannot refund {amount}, {left} of {payment.id} is left")
    if amount.minor <= 0:
        raise RefundError("a refund is more than zero")
    returned = total((refund.fee for refund in live), payment.currency)
    fee = returned_fee(
        settings.fees, payment.amount, payment.fee, payment.refunded + amount, returned
    )
    refund = Refund(refund_id, amount, fee, now)
    return replace(payment, refunds=(*payment.refunds, refund))


def end_refund(payment: Payment, refund_id: str, status: RefundStatus, now: datetime) -> Payment:
    """The payment with the outcome of a pending refund; others stay what they are."""
    refunds = tuple(
        replace(refund, status=status, ended_at=now)
        if refund.id == refund_id and refund.status is RefundStatus.PENDING
        else refund
        for refund in payment.refunds
    )
    done = (refund.amount for refund in refunds if refund.status is RefundStatus.SUCCEEDED)
    back = total(done, payment.currency)
    if back == payment.amount:
        outcome = PaymentStatus.REFUNDED
    elif back:
        outcome = PaymentStatus.PARTLY_REFUNDED
    else:
        outcome = payment.status
    return replace(payment, refunds=refunds, status=outcome)
