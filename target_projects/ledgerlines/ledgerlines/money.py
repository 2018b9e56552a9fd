"""Money in minor units (cents for USD): parsing, formatting, rounding and conversion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from ledgerlines.errors import AmountError, CurrencyError

MINOR_DIGITS = {"BHD": 3, "JPY": 0, "KRW": 0, "KWD": 3}

_NUMBER = re.compile(
    r"""
    (?P<sign>[-+])?
    (?P<whole>[0-9]{1,3}(?:[,'][0-9]{3})+|[0-9]*)
    (?:\.(?P<part>[0-9]*))?
    """,
    re.VERBOSE,
)
# Four characters: house units (loyalty points and the like) are booked under codes such as PTS2.
_CURRENCY = re.compile(r"[a-z][a-z0-9]{2,3}", re.IGNORECASE)


def minor_digits(currency: str) -> int:
    return MINOR_DIGITS.get(currency, 2)


def parse_currency(text: str) -> str:
    """The upper-case code, or CurrencyError."""
    code = text.strip()
    if not _CURRENCY.fullmatch(code):
        raise CurrencyError(f"not a currency code: {text!r}")
    return code.upper()


def parse_amount(text: str, currency: str = "USD") -> int:
    """Minor units of an amount such as "1,234.50", "-3", ".75" or, as accountants write, "(12.00)".

    Further decimals are fine as long as they are zeros. Raises AmountError.
    """
    cleaned = text.strip()
    bracketed = cleaned.startswith("(") and cleaned.endswith(")")
    if bracketed:
        cleaned = cleaned[1:-1]
    found = _NUMBER.fullmatch(cleaned)
    if found is None or not (found["whole"] or found["part"]):
        raise AmountError(f"not an amount: {text!r}")
    if bracketed and found["sign"]:
        raise AmountError(f"both brackets and a sign: {text!r}")
    digits = minor_digits(currency)
    part = (found["part"] or "").rstrip("0")
    if len(part) > digits:
        raise AmountError(f"more than {digits} decimals for {currency}: {text!r}")
    whole = re.sub(r"[,']", "", found["whole"])
    units = int(whole or "0") * 10**digits + int(part.ljust(digits, "0") or "0")
    return -units if bracketed or found["sign"] == "-" else units


def format_amount(minor: int, currency: str = "USD", *, grouping: bool = True) -> str:
    digits = minor_digits(currency)
    whole, part = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    body = f"{whole:,}" if grouping else str(whole)
    if digits == 0:
        return sign + body
    return f"{sign}{body}.{part:0{digits}d}"


def round_units(value: Decimal, mode: str) -> int:
    """Whole units; `mode` is "half_even", "half_up", "up" (away from zero) or "down"."""
    match mode:
        case "half_even":
            rounding = ROUND_HALF_EVEN
        case "half_up":
            rounding = ROUND_HALF_UP
        case "up":
            rounding = ROUND_UP
        case "down":
            rounding = ROUND_DOWN
        case _:
            raise AmountError(f"unknown rounding mode: {mode!r}")
    return int(value.quantize(Decimal(1), rounding=rounding))


def convert(
    minor: int, source: str, target: str, rates: Mapping[str, Decimal], mode: str = "half_even"
) -> int:
    """Minor units of `target` for minor units of `source`.

    `rates` holds what one whole unit of a currency costs in a common third one.
    """
    if source == target:
        return minor
    priced = Decimal(minor).scaleb(-minor_digits(source)) * _rate(source, rates)
    return round_units((priced / _rate(target, rates)).scaleb(minor_digits(target)), mode)


def _rate(currency: str, rates: Mapping[str, Decimal]) -> Decimal:
    try:
        return rates[currency]
    except KeyError:
        raise CurrencyError(f"no rate for {currency}") from None


def percent_of(part: int, whole: int) -> str:
    """ "12.5%"; of nothing, everything is "-"."""
    if whole == 0:
        return "-"
    return f"{Decimal(part) * 100 / whole:.1f}%"
