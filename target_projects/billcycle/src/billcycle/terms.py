"""Payment terms: when an invoice falls due, and what early payers save."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .errors import InvoiceError
from .money import Money

LONGEST_NET = 180

_DISCOUNT = r"(?:(?P<rate>\d{1,2}(?:\.\d)?)\s*/\s*(?P<within>\d{1,2})[\s,]+)?"
_NET = re.compile(_DISCOUNT + r"NET\s?(?P<days>\d{1,3})", re.IGNORECASE)
_MONTH_END = re.compile(r"EOM(?:\s*\+\s*(?P<days>\d{1,2}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    days: int
    from_month_end: bool = False
    discount: Decimal = Decimal(0)
    discount_days: int = 0

    def due(self, issued: date) -> date:
        start = month_end(issued) if self.from_month_end else issued
        return start + timedelta(days=self.days)

    def early_payment(self, total: Money, issued: date, paid_on: date) -> Money:
        """What settles the invoice on that day, the discount taken off in its period."""
        if (paid_on - issued).days <= self.discount_days:
            return total - total.percent(self.discount)
        return total


def parse_terms(text: str) -> Terms:
    """Read `NET 30`, `2/10 NET 30`, `EOM`, `EOM+15` or `on receipt`."""
    cleaned = text.strip()
    if cleaned.lower() == "on receipt":
        return Terms(0)
    if match := _MONTH_END.fullmatch(cleaned):
        return Terms(int(match["days"] or 0), from_month_end=True)
    match = _NET.fullmatch(cleaned)
    if match is None:
        raise InvoiceError(f"unknown payment terms {text!r}")
    days, within = int(match["days"]), int(match["within"] or 0)
    if days > LONGEST_NET:
        raise InvoiceError(f"terms beyond {LONGEST_NET} days need a contract")
    if within > days:
        raise InvoiceError(f"a discount period of {within} days outlasts NET {days}")
    return Terms(days, discount=Decimal(match["rate"] or 0), discount_days=within)


def month_end(day: date) -> date:
    _, last = calendar.monthrange(day.year, day.month)
    return day.replace(day=last)
