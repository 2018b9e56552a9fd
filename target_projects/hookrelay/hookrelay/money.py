"""Amounts: whole minor units (cents, yen, fils) and a currency code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hookrelay.errors import FormatError

_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "KWD": 3, "BHD": 3, "TND": 3}
USUAL_DIGITS = 2


def parse_currency(text: str) -> str:
    code = text.strip().upper()
    if _CURRENCY.fullmatch(code) is None:
        raise FormatError(f"not a currency: {text!r}")
    return code


def digits(currency: str) -> int:
    return _DIGITS.get(currency, USUAL_DIGITS)


@dataclass(frozen=True)
class Amount:
    currency: str
    minor: int


def parse_amount(value: Any, currency: str) -> Amount:
    """Read major units, `"1,250.00"` or `12`; digits that the currency lacks must be zeros.

    Floats are refused: they do not say how many digits were meant.
    """
    code = parse_currency(currency)
    if isinstance(value, (bool, float)):
        raise FormatError(f"write amounts as text, not {value!r}")
    text = str(value).strip()
    if _AMOUNT.fullmatch(text) is None:
        raise FormatError(f"not an amount: {text!r}")
    minor = Decimal(text.replace(",", "")).scaleb(digits(code))
    if minor != minor.to_integral_value():
        raise FormatError(f"{code} has {digits(code)} decimals, got {text}")
    return Amount(code, int(minor))
