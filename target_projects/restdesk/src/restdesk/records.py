"""Customers and charges: what they hold, and how the API shows them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from .moments import to_unix

Ids = Callable[[str], str]


class CustomerStatus(Enum):
    ACTIVE = "active"
    BLOCKED = "blocked"


class ChargeStatus(Enum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Customer:
    id: str
    name: str
    email: str
    created: datetime
    updated: datetime
    status: CustomerStatus = CustomerStatus.ACTIVE
    note: str = ""
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
    fee: int = 0
    code: str | None = None
    version: int = 1

    @property
    def net(self) -> int:
        """What is left for us to pay out; nothing while the money is not there."""
        return self.amount - self.fee if self.status is ChargeStatus.SUCCEEDED else 0


def random_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(8)}"


def show_customer(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "object": "customer",
        "name": customer.name,
        "email": customer.email,
        "status": customer.status.value,
        "note": customer.note,
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
        "fee": charge.fee,
        "net": charge.net,
        "processor_code": charge.code,
        "created": to_unix(charge.created),
        "updated": to_unix(charge.updated),
    }
