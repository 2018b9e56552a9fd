"""The currencies that we handle: decimals, limits of a charge, rounding (`currencies.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType

from .errors import CurrencyError

ROUNDINGS = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "down": ROUND_DOWN}


@dataclass(frozen=True)
class Currency:
    """`minimum` and `maximum` bound a single charge, in minor units."""

    code: str
    name: str
    digits: int
    minimum: int
    maximum: int
    rounding: str

    def to_minor(self, amount: Decimal) -> int:
        """Minor units of an amount in major ones, rounded the way of this currency."""
        return int(amount.scaleb(self.digits).quantize(Decimal(1), ROUNDINGS[self.rounding]))


def read_catalogue(text: str) -> Mapping[str, Currency]:
    """The currencies in the text of a catalogue, by code; nobody can change them afterwards."""
    entries = {code: Currency(code=code, **entry) for code, entry in json.loads(text).items()}
    for entry in entries.values():
        if entry.rounding not in ROUNDINGS:
            raise CurrencyError(f"{entry.code}: unknown rounding {entry.rounding!r}")
        if entry.minimum > entry.maximum:
            raise CurrencyError(f"{entry.code}: the minimum is above the maximum")
    return MappingProxyType(entries)


@cache
def catalogue() -> Mapping[str, Currency]:
    file = resources.files("paylane").joinpath("currencies.json")
    return read_catalogue(file.read_text(encoding="utf-8"))


def find_currency(code: str) -> Currency:
    """Raises CurrencyError for a code that is not in the catalogue."""
    try:
        return catalogue()[code.strip().upper()]
    except KeyError:
        raise CurrencyError(f"unknown currency {code!r}") from None
