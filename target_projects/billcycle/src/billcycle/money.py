"""Amounts of money in minor units (cents), so that sums are exact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .errors import MoneyError

# Digits after the decimal point, ISO 4217.
EXPONENTS = {"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "JPY": 0, "KWD": 3}

_AMOUNT = re.compile(
    r"""
    (?: (?P<code> [A-Z]{3} ) \s+ )?
    (?P<sign> - )?
    (?P<whole> \d{1,3} (?: , \d{3} )+ | \d+ )
    (?: \. (?P<fraction> \d+ ) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.minor < other.minor

    def __str__(self) -> str:
        return f"{self.currency} {self.plain(grouped=True)}"

    def plain(self, grouped: bool = False) -> str:
        """The number alone: `-1234.50`, or `-1,234.50` when grouped."""
        places = exponent(self.currency)
        amount = Decimal(self.minor).scaleb(-places)
        return f"{amount:,.{places}f}" if grouped else f"{amount:.{places}f}"

    def times(self, factor: Decimal) -> Money:
        """The product, halves rounded away from zero."""
        minor = (self.minor * factor).quantize(Decimal(1), ROUND_HALF_UP)
        return Money(int(minor), self.currency)

    def percent(self, rate: Decimal) -> Money:
        return self.times(rate / 100)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not mix")


def exponent(currency: str) -> int:
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise MoneyError(f"unknown currency {currency!r}") from None


def parse_money(text: str, currency: str) -> Money:
    """Read `12.50`, `EUR 1,234.5` or `jpy 300`; a code in the text wins over `currency`.

    Raises MoneyError for anything else, and for more decimals than the currency has.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise MoneyError(f"not an amount: {text!r}")
    code = (match["code"] or currency).upper()
    places = exponent(code)
    fraction = match["fraction"] or ""
    if len(fraction) > places:
        raise MoneyError(f"{code} has {places} decimals, got {text!r}")
    digits = match["whole"].replace(",", "") + fraction.ljust(places, "0")
    return Money(-int(digits) if match["sign"] else int(digits), code)


def total(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money(0, currency))
