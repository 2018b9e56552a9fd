"""Daily sums by transaction type, and those that somebody should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledgerlines.kinds import Severity, TransactionType, action_for, review_team
from ledgerlines.money import convert
from ledgerlines.validation import Payment

GroupKey = tuple[date, TransactionType]


@dataclass
class Group:
    """Payments of one type on one day; sums of absolute amounts in the base currency."""

    total: int = 0
    count: int = 0
    largest: int = 0

    def add(self, amount: int) -> None:
        self.total += amount
        self.count += 1
        self.largest = max(self.largest, amount)


@dataclass(frozen=True)
class Limits:
    """Minor units of the base currency; `by_type` overrides `threshold`."""

    threshold: int
    by_type: Mapping[TransactionType, int] = field(default_factory=dict)
    watch_percent: int = 80
    block_factor: int = 3
    max_count: int = 500

    def for_type(self, kind: TransactionType) -> int:
        return self.by_type.get(kind, self.threshold)


@dataclass(frozen=True)
class Finding:
    day: date
    kind: TransactionType
    group: Group
    limit: int
    severity: Severity

    @property
    def team(self) -> str:
        return review_team(self.kind)

    @property
    def action(self) -> str:
        return action_for(self.severity)


def aggregate(
    payments: Iterable[Payment], base: str, rates: Mapping[str, Decimal], mode: str = "half_even"
) -> dict[GroupKey, Group]:
    """Groups by (day, type). Amounts are converted to `base` first, one by one."""
    groups: dict[GroupKey, Group] = defaultdict(Group)
    for payment in payments:
        amount = convert(abs(payment.amount), payment.currency, base, rates, mode)
        groups[payment.day, payment.kind].add(amount)
    return dict(groups)


def severity_of(group: Group, limit: int, limits: Limits) -> Severity:
    """How bad a group is that should stay within `limit`."""
    if group.total > limit * limits.block_factor:
        return Severity.BLOCK
    elif group.total > limit:
        return Severity.ALERT
    elif group.count > limits.max_count:
        return Severity.ALERT
    elif group.total * 100 >= limit * limits.watch_percent:
        return Severity.WATCH
    else:
        return Severity.CLEAR


def suspicious(
    groups: Mapping[GroupKey, Group], limits: Limits, at_least: Severity = Severity.ALERT
) -> list[Finding]:
    """Groups of that severity or worse: the worst first, then by day, then by type."""
    findings = []
    for (day, kind), group in groups.items():
        limit = limits.for_type(kind)
        severity = severity_of(group, limit, limits)
        if severity >= at_least:
            findings.append(Finding(day, kind, group, limit, severity))
    findings.sort(key=lambda item: (-item.severity, item.day, item.kind.value))
    return findings
