"""Rate strings as treasury sends them: `USD:CAD:DHL:5, USD:GBP:FedEx:3, EUR:USD:UPS:8`.

An entry is source, target, carrier, rate. White space and line ends around fields do not matter,
nor does a comma after the last entry; lines that begin with `#` are remarks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from parcelrate.errors import AmountError, RateSyntaxError
from parcelrate.money import parse_currency

_REMARK = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_CARRIER = re.compile(r"[^\W\d_][\w .&'-]{0,23}")
_RATE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,8})?")


@dataclass(frozen=True)
class Rate:
    """What one whole unit of `source` costs in `target` when `carrier` settles it."""

    source: str
    target: str
    carrier: str
    value: Decimal

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.target, self.carrier.casefold()


def parse_rates(text: str) -> list[Rate]:
    """The rates in the order of the text; one that is repeated as it was comes once.

    Raises RateSyntaxError for the first fault.
    """
    text = _REMARK.sub(lambda remark: " " * len(remark[0]), text)
    entries = text.split(",")
    if len(entries) > 1 and not entries[-1].strip():
        entries.pop()
    rates: dict[tuple[str, str, str], Rate] = {}
    start = 1
    for entry in entries:
        rate = _parse_entry(entry, start)
        if rates.setdefault(rate.key, rate).value != rate.value:
            raise RateSyntaxError(f"another rate of {rate.carrier}", start + _indent(entry))
        start += len(entry) + 1
    return list(rates.values())


def _parse_entry(entry: str, start: int) -> Rate:
    if not entry.strip():
        raise RateSyntaxError("an empty entry", start)
    fields = entry.split(":")
    if len(fields) != 4:
        raise RateSyntaxError(f"{len(fields)} fields instead of 4", start + _indent(entry))
    positions = []
    for field in fields:
        positions.append(start + _indent(field))
        start += len(field) + 1
    source, target, carrier, value = (field.strip() for field in fields)
    for name, position in zip((source, target), positions):
        try:
            parse_currency(name)
        except AmountError as problem:
            raise RateSyntaxError(problem, position) from None
    if source.upper() == target.upper():
        raise RateSyntaxError(f"{target} into itself", positions[1])
    if not _CARRIER.fullmatch(carrier):
        raise RateSyntaxError(f"not a carrier: {carrier!r}", positions[2])
    if not _RATE.fullmatch(value) or Decimal(value) == 0:
        raise RateSyntaxError(f"not a rate: {value!r}", positions[3])
    return Rate(source.upper(), target.upper(), carrier, Decimal(value))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def format_rates(rates: Iterable[Rate]) -> str:
    """One entry per line, in the order of source, target and carrier."""
    entries = [
        f"{rate.source}:{rate.target}:{rate.carrier}:{rate.value.normalize():f}"
        for rate in sorted(rates, key=lambda rate: rate.key)
    ]
    return ",\n".join(entries) + "\n"
