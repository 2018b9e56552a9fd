"""Customers and charges: what they hold, the states of a charge, how the API shows them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from .errors import Conflict, Invalid
from .moments import to_unix
from .money import fee_kept

Ids = Callable[[str], str]


class CustomerStatus(Enum):
    ACTIVE = "active"
    BLOCKED = "blocked"


class ChargeStatus(Enum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


MOVES: dict[ChargeStatus, frozenset[ChargeStatus]] = {
    ChargeStatus.PENDING: frozenset({ChargeStatus.SUCCEEDED, ChargeStatus.FAILED}),
    ChargeStatus.SUCCEEDED: frozenset({ChargeStatus.PARTLY_REFUNDED, ChargeStatus.REFUNDED}),
    ChargeStatus.PARTLY_REFUNDED: frozenset({ChargeStatus.PARTLY_REFUNDED, ChargeStatus.REFUNDED}),
    ChargeStatus.FAILED: frozenset(),
    ChargeStatus.REFUNDED: frozenset(),
}


@dataclass(frozen=True)
class Customer:
    id: str
    name: str
    email: str
    created: datetime
    updated: datetime
    status: CustomerStatus = CustomerStatus.ACTIVE
    metadata: Mapping[str, str] = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True)
class Charge:
    """`reference` is what the processor knows the charge by, `code` its last answer."""

    id: str
    customer: str
    amount: int
    currency: str
    reference: str
    created: datetime
    updated: datetime
    status: ChargeStatus = ChargeStatus.PENDING
    description: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    fee: int = 0
    refunded: int = 0
    code: str | None = None
    version: int = 1

    @property
    def net(self) -> int:
        """What is left for us to pay out; nothing while the money is not there."""
        if self.status in (ChargeStatus.PENDING, ChargeStatus.FAILED):
            return 0
        return self.amount - self.refunded - fee_kept(self.fee, self.refunded, self.amount)


def random_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(8)}"


def move(charge: Charge, status: ChargeStatus, now: datetime, **changes: Any) -> Charge:
    if status not in MOVES[charge.status]:
        raise Conflict(
            f"A {charge.status.value} charge cannot become {status.value}", "charge_state"
        )
    return replace(charge, status=status, updated=now, **changes)


def refund(charge: Charge, amount: int | None, now: datetime, window: timedelta) -> Charge:
    """Give back an amount, or all that is left of the charge."""
    left = charge.amount - charge.refunded
    if amount is None:
        amount = left
    status = ChargeStatus.REFUNDED if amount == left else ChargeStatus.PARTLY_REFUNDED
    changed = move(charge, status, now, refunded=charge.refunded + amount)
    if amount > left:
        raise Invalid(f"Only {left} is left to refund", "refund_too_large", "amount")
    if now > charge.created + window:
        raise Conflict(f"Refunds end {window.days} days after the charge", "refund_too_late")
    return changed


def show_customer(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "object": "customer",
        "name": customer.name,
        "email": customer.email,
        "status": customer.status.value,
        "metadata": dict(customer.metadata),
        "created": to_unix(customer.created),
        "updated": to_unix(customer.updated),
    }


def show_charge(charge: Charge) -> dict[str, Any]:
    return {
        "id": charge.id,
        "object": "charge",
        "customer": charge.customer,
        "amount": charge.amount,
        "currency": charge.currency.lower(),
        "status": charge.status.value,
        "description": charge.description,
        "metadata": dict(charge.metadata),
        "amount_refunded": charge.refunded,
        "fee": charge.fee,
        "net": charge.net,
        "processor_code": charge.code,
        "created": to_unix(charge.created),
        "updated": to_unix(charge.updated),
    }
