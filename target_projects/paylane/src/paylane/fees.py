"""What we keep of a charge, and what of that a refund gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .money import Money

RefundFee = Literal["proportional", "keep"]


@dataclass(frozen=True)
class FeePlan:
    """Per cent of the amount, more for some brands, and a fixed part in minor units."""

    percent: Decimal
    fixed: Mapping[str, int]
    brands: Mapping[str, Decimal]
    on_refund: RefundFee = "proportional"


def charge_fee(plan: FeePlan, amount: Money, brand: str) -> Money:
    """The fee of a charge; it is never more than the charge."""
    rate = plan.percent + plan.brands.get(brand, Decimal(0))
    fixed = Money(plan.fixed.get(amount.currency, 0), amount.currency)
    return min(amount.percent(rate) + fixed, amount)


def returned_fee(
    plan: FeePlan, amount: Money, fee: Money, refunded: Money, returned: Money
) -> Money:
    """The part of the fee that goes back with a refund.

    `refunded` is the sum of all refunds, this one included; `returned` what the earlier ones gave
    back. What rounding kept back comes with the last refund.
    """
    if plan.on_refund == "keep":
        return Money(0, fee.currency)
    share = Money(fee.minor * refunded.minor // amount.minor, fee.currency)
    return max(share - returned, Money(0, fee.currency))
