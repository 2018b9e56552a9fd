"""What clients ask for: charge, refund, look up. Every change has an idempotency key."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .codecs import from_json, to_json
from .errors import Declined, NetworkUnavailable
from .fees import charge_fee
from .idempotency import Claim, KeyStore, clean_key, fingerprint
from .intake import ChargeRequest, parse_charge
from .moments import Clock
from .money import Money, parse_money
from .network import CardNetwork
from .payments import Payment, PaymentStatus, RefundStatus, begin_refund, end_refund
from .settings import Settings
from .storage import PaymentBook, transaction


@dataclass(frozen=True)
class Outcome:
    """The payment as it was when the request was first answered."""

    payment: Payment
    replayed: bool = False


class PaymentService:
    def __init__(
        self, db: sqlite3.Connection, settings: Settings, network: CardNetwork, clock: Clock
    ) -> None:
        self.db = db
        self.settings = settings
        self.network = network
        self.clock = clock
        self.book = PaymentBook(db)
        self.keys = KeyStore(db, settings.key_life, settings.key_lock)

    def charge(self, key: str, record: Mapping[str, Any]) -> Outcome:
        """Charge a card, once for each key; a declined card is an answer too, and kept.

        Raises RequestError, KeyConflict, KeyInUse; and NetworkUnavailable, after which the same
        request may be made again.
        """
        key = clean_key(key, self.settings.max_key_length)
        request = parse_charge(record, self.settings)
        now = self.clock()
        claim = self.keys.claim(request.merchant, key, fingerprint("charge", request), now)
        if claim.response is not None:
            return _replay(claim)
        declined = self._ask_for_money(claim, request)
        with transaction(self.db):
            # Not the moment of the request: the day of a slow one may have been settled by now.
            payment = self._payment(claim.reference, request, declined, self.clock())
            self.keys.complete(claim, to_json(payment), payment.created_at)
            self.book.add(payment)
        return Outcome(payment)

    def refund(self, key: str, payment_id: str, amount: str | None = None) -> Outcome:
        """Give money back, once for each key; without an amount, all that is left.

        Raises what `charge` raises, NotFound, and RefundError, which leaves the key unused.
        """
        key = clean_key(key, self.settings.max_key_length)
        payment = self.book.get(payment_id)
        money = None if amount is None else parse_money(amount, payment.currency)
        asked = {"payment": payment.id, "amount": money}
        now = self.clock()
        with transaction(self.db):
            claim = self.keys.claim(
                payment.merchant, key, fingerprint("refund", asked), now, prefix="ref"
            )
            if claim.response is not None:
                return _replay(claim)
            payment = self._reserve(claim.reference, payment.id, money, now)
        status = self._give_back(claim, payment)
        with transaction(self.db):
            now = self.clock()
            payment = end_refund(self.book.get(payment.id), claim.reference, status, now)
            self.keys.complete(claim, to_json(payment), now)
            self.book.save(payment)
        return Outcome(payment)

    def purge_keys(self) -> int:
        return self.keys.purge(self.clock())

    def _ask_for_money(self, claim: Claim, request: ChargeRequest) -> str | None:
        """Why the card was declined, or None when it was charged."""
        try:
            self.network.charge(claim.reference, request.amount, request.card)
        except Declined as answer:
            return answer.reason
        except NetworkUnavailable:
            self.keys.release(claim, self.clock())
            raise
        return None

    def _payment(
        self, reference: str, request: ChargeRequest, declined: str | None, now: datetime
    ) -> Payment:
        fee = charge_fee(self.settings.fees, request.amount, request.card.brand)
        status = PaymentStatus.SUCCEEDED
        if declined is not None:
            status, fee = PaymentStatus.FAILED, Money(0, fee.currency)
        return Payment(
            id=reference,
            merchant=request.merchant,
            amount=request.amount,
            fee=fee,
            card=request.card,
            status=status,
            created_at=now,
            descriptor=request.descriptor,
            decline_reason=declined,
        )

    def _reserve(
        self, reference: str, payment_id: str, amount: Money | None, now: datetime
    ) -> Payment:
        """Book the refund as pending, so that another one cannot spend the same money."""
        payment = self.book.get(payment_id)
        if payment.find_refund(reference) is None:
            payment = begin_refund(payment, reference, amount, now, self.settings)
            self.book.save(payment)
        return payment

    def _give_back(self, claim: Claim, payment: Payment) -> RefundStatus:
        refund = payment.find_refund(claim.reference)
        assert refund is not None
        try:
            self.network.refund(refund.id, payment.id, refund.amount)
        except Declined:
            return RefundStatus.FAILED
        except NetworkUnavailable:
            self.keys.release(claim, self.clock())
            raise
        return RefundStatus.SUCCEEDED


def _replay(claim: Claim) -> Outcome:
    assert claim.response is not None
    return Outcome(from_json(Payment, claim.response), replayed=True)
