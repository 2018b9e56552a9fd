"""Plans: how many requests a user may send, and what those beyond the daily quota cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib import resources
from typing import Any

from .errors import MomentError, PlanError
from .moments import parse_duration

CENT = Decimal("0.01")
FREE_OF_CHARGE = Decimal("0.00")

_FIELDS = {"requests", "window", "burst", "daily_quota", "per_thousand"}
_REQUIRED = ("requests", "window")


@dataclass(frozen=True)
class Plan:
    """`requests` in any `window`, at most `burst` of them in any `burst_window`.

    Without `per_thousand` nothing goes beyond the daily quota; with it the rest of the day is paid.
    """

    name: str
    requests: int
    window: timedelta
    burst: int | None = None
    burst_window: timedelta = timedelta(seconds=1)
    daily_quota: int | None = None
    per_thousand: Decimal | None = None
    minimum_charge: Decimal = FREE_OF_CHARGE

    @property
    def stops_at_quota(self) -> bool:
        return self.daily_quota is not None and self.per_thousand is None

    def over_quota(self, requests: int) -> int:
        if self.daily_quota is None:
            return 0
        return max(0, requests - self.daily_quota)

    def charge(self, requests: int) -> Decimal:
        """What a day with so many requests costs; sums below the minimum are waived."""
        if not self.per_thousand:
            return FREE_OF_CHARGE
        exact = self.per_thousand * self.over_quota(requests) / 1000
        amount = exact.quantize(CENT, ROUND_HALF_UP)
        return amount if amount >= self.minimum_charge else FREE_OF_CHARGE


class PlanBook:
    """Who has which plan: a user by name, else by `@domain`, else the default."""

    def __init__(
        self, plans: Iterable[Plan], users: Mapping[str, str] | None = None, default: str = "free"
    ) -> None:
        self._plans = {plan.name: plan for plan in plans}
        self._default = self.plan(default)
        self._users = {user_key(user): self.plan(name) for user, name in (users or {}).items()}

    def plan(self, name: str) -> Plan:
        plan = self._plans.get(name.strip().lower())
        if plan is None:
            raise PlanError(f"no plan {name!r}; there are {', '.join(self.names())}")
        return plan

    def names(self) -> list[str]:
        return sorted(self._plans)

    def plan_of(self, user: str) -> Plan:
        key = user_key(user)
        if key in self._users:
            return self._users[key]
        _, at, domain = key.rpartition("@")
        return self._users.get(at + domain, self._default)


def user_key(user: str) -> str:
    """Users are the same whatever the case of their letters."""
    return user.strip().casefold()


def shipped_plans() -> list[Plan]:
    """The plans that sales has agreed on, in the order of the file."""
    file = resources.files(__package__).joinpath("plans.json")
    return parse_plans(file.read_text(encoding="utf-8"))


def parse_plans(text: str) -> list[Plan]:
    """Read a JSON document of plans. Raises PlanError naming the plan that is no good."""
    try:
        document = json.loads(text)
        common = {
            "burst_window": parse_duration(document.get("burst_window", "1s")),
            "minimum_charge": Decimal(str(document.get("minimum_charge", "0"))),
        }
    except (json.JSONDecodeError, MomentError, InvalidOperation) as problem:
        raise PlanError(f"plans file: {problem}") from None
    if "plans" not in document:
        raise PlanError("plans file: no plans")
    return [_plan(name, values, common) for name, values in document["plans"].items()]


def _plan(name: str, values: Mapping[str, Any], common: Mapping[str, Any]) -> Plan:
    for field in values:
        if field not in _FIELDS:
            raise PlanError(f"plan {name}: unknown field {field}")
    for field in _REQUIRED:
        if field not in values:
            raise PlanError(f"plan {name}: no {field}")
    try:
        window = parse_duration(str(values["window"]))
        price = values.get("per_thousand")
        per_thousand = None if price is None else Decimal(str(price))
    except (MomentError, InvalidOperation):
        raise PlanError(f"plan {name}: window or price is not readable") from None
    if window < common["burst_window"]:
        raise PlanError(f"plan {name}: the window is shorter than that of bursts")
    if per_thousand is not None and not per_thousand >= 0:
        raise PlanError(f"plan {name}: a price can't be negative")
    return Plan(
        name=name.strip().lower(),
        requests=_count(name, "requests", values["requests"]),
        window=window,
        burst=_optional(name, "burst", values),
        daily_quota=_optional(name, "daily_quota", values),
        per_thousand=per_thousand,
        **common,
    )


def _optional(name: str, field: str, values: Mapping[str, Any]) -> int | None:
    value = values.get(field)
    return None if value is None else _count(name, field, value)


def _count(name: str, field: str, value: object) -> int:
    # True is an int, and JSON has it.
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise PlanError(f"plan {name}: {field} must be a whole number from 1 on")
    return value
