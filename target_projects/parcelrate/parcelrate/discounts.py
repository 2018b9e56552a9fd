"""What makes shipping cheaper: many parcels at once, goods worth enough, coupons."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from parcelrate.errors import CouponError
from parcelrate.money import Money, parse_decimal
from parcelrate.orders import parse_day

_CODE = re.compile(r"[A-Z0-9]{4,12}(?:-[A-Z0-9]{2,4})?")


class CouponKind(Enum):
    PERCENT = "percent"
    FIXED = "fixed"
    FREE = "free"


@dataclass(frozen=True)
class Coupon:
    """`value` is per cent, or an amount of the home currency; both days are included."""

    code: str
    kind: CouponKind
    value: Decimal = Decimal(0)
    first: date | None = None
    last: date | None = None
    min_value: Decimal = Decimal(0)
    max_uses: int | None = None

    def check(self, value: Money, day: date, uses: int) -> None:
        """Raises CouponError unless it holds for goods of this value (home currency)."""
        if self.first is not None and day < self.first:
            raise CouponError(f"{self.code} is not valid before {self.first}")
        if self.last is not None and day > self.last:
            raise CouponError(f"{self.code} ended on {self.last}")
        if value.amount < self.min_value:
            raise CouponError(f"{self.code} is for goods of at least {self.min_value}")
        if self.max_uses is not None and uses >= self.max_uses:
            raise CouponError(f"{self.code} is used up")


@dataclass(frozen=True)
class FreeShipping:
    """Goods of this value (home currency) ship free; None is a threshold nobody reaches."""

    threshold: Decimal | None
    countries: Mapping[str, Decimal]
    max_weight_g: int

    def applies(self, country: str, value: Money, weight_g: int) -> bool:
        threshold = self.countries.get(country, self.threshold)
        if threshold is None or weight_g > self.max_weight_g:
            return False
        return value.amount >= threshold


def bulk_percent(tiers: Mapping[int, Decimal], parcels: int) -> Decimal:
    """The discount of the highest tier that so many parcels reach."""
    reached = [least for least in tiers if parcels >= least]
    return tiers[max(reached)] if reached else Decimal(0)


def load_coupons(path: Path) -> dict[str, Coupon]:
    """The coupons of a file by code; a file that is not there holds none."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {coupon.code: coupon for coupon in map(read_coupon, entries)}
    except FileNotFoundError:
        return {}
    except (json.JSONDecodeError, AttributeError, TypeError):
        raise CouponError(f"{path.name}: not a list of coupons") from None


def read_coupon(entry: Mapping[str, Any]) -> Coupon:
    code = str(entry.get("code", "")).strip().upper()
    if not _CODE.fullmatch(code):
        raise CouponError(f"not a coupon code: {code!r}")
    try:
        coupon = Coupon(
            code,
            CouponKind(entry.get("kind")),
            parse_decimal(str(entry.get("value", 0))),
            parse_day(entry["first"]) if entry.get("first") else None,
            parse_day(entry["last"]) if entry.get("last") else None,
            parse_decimal(str(entry.get("min_value", 0))),
            int(entry["max_uses"]) if entry.get("max_uses") is not None else None,
        )
    except ValueError as problem:
        raise CouponError(f"{code}: {problem}") from None
    if coupon.kind is not CouponKind.FREE and coupon.value == 0:
        raise CouponError(f"{code} is worth nothing")
    return coupon
