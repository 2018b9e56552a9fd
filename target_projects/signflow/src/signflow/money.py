"""Amounts of money as decimals, and how they are written."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from .errors import MoneyError

# Digits after the point (ISO 4217).
DIGITS = {"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "JPY": 0, "TND": 3}

_AMOUNT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def digits(currency: str) -> int:
    code = currency.strip().upper()
    if code not in DIGITS:
        raise MoneyError(f"unknown currency {currency!r}")
    return DIGITS[code]


def parse_amount(text: str) -> Decimal:
    """Read `12`, `-3.5` or `1,250.00`."""
    text = text.strip()
    if not _AMOUNT.fullmatch(text):
        raise MoneyError(f"not an amount: {text!r}")
    return Decimal(text.replace(",", ""))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's smallest unit, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)


def shown(amount: Decimal, currency: str) -> str:
    """For people: `1,250.00 EUR`."""
    return f"{rounded(amount, currency):,} {currency.strip().upper()}"
