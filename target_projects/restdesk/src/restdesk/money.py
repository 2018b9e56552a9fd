"""Currencies, amounts in minor units (cents), fees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .errors import Invalid
from .shipped import shipped_text


@dataclass(frozen=True)
class Currency:
    """`minimum`, `maximum` and `fixed_fee` are minor units."""

    code: str
    exponent: int
    minimum: int
    maximum: int
    fixed_fee: int


def load_currencies() -> dict[str, Currency]:
    document = json.loads(shipped_text("currencies.json"))
    return {code: Currency(code, **values) for code, values in document.items()}


def find_currency(code: str, known: Mapping[str, Currency]) -> Currency:
    currency = known.get(code.upper())
    if currency is None:
        raise Invalid(f"Unknown currency: {code!r}", "currency_unknown", "currency")
    return currency


def check_amount(minor: int, currency: Currency) -> int:
    """The amount itself when it may be charged."""
    if minor < currency.minimum:
        least = format_amount(currency.minimum, currency)
        raise Invalid(f"At least {least} {currency.code}", "amount_too_small", "amount")
    if minor > currency.maximum:
        most = format_amount(currency.maximum, currency)
        raise Invalid(f"At most {most} {currency.code}", "amount_too_large", "amount")
    return minor


def format_amount(minor: int, currency: Currency) -> str:
    places = currency.exponent
    return f"{Decimal(minor).scaleb(-places):.{places}f}"


def fee_for(minor: int, currency: Currency, percent: Decimal) -> int:
    """Our fee: a share, halves rounded up, and the fixed part; never more than the amount."""
    share = (minor * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return min(int(share) + currency.fixed_fee, minor)
