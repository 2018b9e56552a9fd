"""Transaction types and severities, and who deals with them."""

from __future__ import annotations

import re
from enum import Enum, IntEnum


class TransactionType(Enum):
    CHARGE = "charge"
    REFUND = "refund"
    PAYOUT = "payout"
    FEE = "fee"
    DISPUTE = "dispute"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"


class Severity(IntEnum):
    CLEAR = 0
    WATCH = 1
    ALERT = 2
    BLOCK = 3


_ALIASES = {
    "chargeback": TransactionType.DISPUTE,
    "correction": TransactionType.ADJUSTMENT,
    "payment": TransactionType.CHARGE,
    "topup": TransactionType.TRANSFER,
    "withdrawal": TransactionType.PAYOUT,
}

_ACTIONS = {
    Severity.WATCH: "review tomorrow",
    Severity.ALERT: "review today",
    Severity.BLOCK: "hold and call",
}


def parse_type(text: str) -> TransactionType:
    """The type called `text`, also under the names that the banks use ("Charge-back")."""
    name = re.sub(r"[\s_-]", "", text).lower()
    if name in _ALIASES:
        return _ALIASES[name]
    try:
        return TransactionType(name)
    except ValueError:
        raise ValueError(f"unknown transaction type: {text!r}") from None


def expected_sign(kind: TransactionType) -> int:
    """1 where amounts come in, -1 where they go out, 0 where both happen."""
    match kind:
        case TransactionType.CHARGE:
            return 1
        case TransactionType.REFUND | TransactionType.DISPUTE:
            return -1
        case TransactionType.PAYOUT:
            return -1
        case TransactionType.FEE:
            return -1
        case _:
            return 0


def review_team(kind: TransactionType) -> str:
    if kind is TransactionType.CHARGE:
        return "card risk"
    elif kind is TransactionType.REFUND:
        return "refund desk"
    elif kind is TransactionType.DISPUTE:
        return "dispute desk"
    elif kind in (TransactionType.PAYOUT, TransactionType.TRANSFER):
        return "treasury"
    else:
        return "ledger control"


def action_for(severity: Severity) -> str:
    return _ACTIONS.get(severity, "none")
