"""Currencies, amounts in minor units (cents), fees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .errors import Invalid

_AMOUNT = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fraction>\d+))?")


@dataclass(frozen=True)
class Currency:
    """`minimum`, `maximum` and `fixed_fee` are minor units."""

    code: str
    exponent: int
    minimum: int
    maximum: int
    fixed_fee: int


def find_currency(code: str, known: Mapping[str, Currency]) -> Currency:
    currency = known.get(code.strip().upper())
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


def parse_amount(text: str, currency: Currency) -> int:
    """Minor units from what a person writes: `12.50`, `1,250` or `7`."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise Invalid(f"Not an amount: {text!r}", "amount_invalid", "amount")
    fraction = match["fraction"] or ""
    if len(fraction) > currency.exponent:
        raise Invalid(
            f"{currency.code} has {currency.exponent} decimals", "amount_invalid", "amount"
        )
    return int(match["whole"].replace(",", "") + fraction.ljust(currency.exponent, "0"))


def fee_for(minor: int, currency: Currency, percent: Decimal) -> int:
    """Our fee: a share, halves rounded up, and the fixed part; never more than the amount."""
    share = (minor * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return min(int(share) + currency.fixed_fee, minor)


def fee_kept(fee: int, refunded: int, amount: int) -> int:
    """What is left of a fee after a refund: its share of the refund is given back, rounded down."""
    return fee - fee * refunded // amount
