"""Amounts of money in minor units (cents, yen, thousandths of a dinar), so that sums are exact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import total_ordering

from .currencies import find_currency
from .errors import MoneyError

_AMOUNT = re.compile(
    r"""
    (?: (?P<before> [A-Z]{3} ) \s+ )?
    (?P<sign> - )?
    (?P<whole> [0-9]{1,3} (?: , [0-9]{3} )+ | [0-9]+ )
    (?: \. (?P<fraction> [0-9]+ ) )?
    (?: \s+ (?P<after> [A-Z]{3} ) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


@total_ordering
@dataclass(frozen=True)
class Money:
    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """An amount in major units, rounded the way of its currency."""
        return cls(find_currency(currency).to_minor(amount), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-find_currency(self.currency).digits)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.minor < other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.currency} {self.plain(grouped=True)}"

    def plain(self, grouped: bool = False) -> str:
        """The number alone: `-1234.50`, or `-1,234.50` when grouped."""
        digits = find_currency(self.currency).digits
        return f"{self.major:,.{digits}f}" if grouped else f"{self.major:.{digits}f}"

    def percent(self, rate: Decimal, rounding: str = ROUND_HALF_UP) -> Money:
        """`rate` per cent of the amount, in whole minor units."""
        share = (self.minor * rate / 100).quantize(Decimal(1), rounding)
        return Money(int(share), self.currency)

    def percent_up(self, rate: Decimal) -> Money:
        return self.percent(rate, ROUND_CEILING)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not mix")


def parse_money(text: str, currency: str | None = None) -> Money:
    """Read `12.50`, `EUR 1,234.5` or `300 jpy`; a code in the text wins over `currency`.

    Raises MoneyError for anything else, and for more decimals than the currency has.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or (match["before"] and match["after"]):
        raise MoneyError(f"not an amount: {text!r}")
    code = match["before"] or match["after"] or currency
    if code is None:
        raise MoneyError(f"no currency: {text!r}")
    known = find_currency(code)
    fraction = match["fraction"] or ""
    if len(fraction) > known.digits:
        raise MoneyError(f"{known.code} has {known.digits} decimals, got {text!r}")
    units = int(match["whole"].replace(",", "") + fraction.ljust(known.digits, "0"))
    return Money(-units if match["sign"] else units, known.code)


def total(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money(0, currency))
