"""Amounts: minor units (cents; yen; thousandths of a dinar) and the currency they are in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from parcelrate.errors import AmountError

_DIGITS = {"BHD": 3, "ISK": 0, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3}
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")


def digits_of(currency: str) -> int:
    return _DIGITS.get(currency, 2)


def parse_currency(text: str) -> str:
    code = text.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise AmountError(f"not a currency: {text!r}")
    return code


def parse_decimal(text: str) -> Decimal:
    """ "1,250.5" and the like: no sign, no exponent, thousands in threes."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise AmountError(f"not an amount: {text!r}")
    return Decimal(found[0].replace(",", ""))


@dataclass(frozen=True)
class Money:
    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """The nearest amount the currency can express; halves go away from zero."""
        minor = amount.scaleb(digits_of(currency)).to_integral_value(ROUND_HALF_UP)
        return cls(int(minor), currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Raises AmountError when the currency has fewer decimals than the text."""
        amount = parse_decimal(text)
        money = cls.of(amount, currency)
        if money.amount != amount:
            raise AmountError(f"too many decimals for {currency}: {text!r}")
        return money

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise AmountError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    def percent(self, percent: Decimal) -> Money:
        return Money.of(self.amount * percent / 100, self.currency)

    def plain(self) -> str:
        """ "1,234.50": as many decimals as the currency has."""
        return f"{self.amount:,.{digits_of(self.currency)}f}"

    def __str__(self) -> str:
        return f"{self.currency} {self.plain()}"
