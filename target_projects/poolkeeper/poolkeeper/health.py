"""Health: probes are judged one by one, and verdicts need several in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .settings import HealthRules


class Verdict(Enum):
    UP = "up"
    DOWN = "down"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Probe:
    """What a prober saw; no status when there was no answer."""

    server: str
    at: datetime
    status: int | None
    latency: timedelta = timedelta()


@dataclass
class _Record:
    good: int = 0
    bad: int = 0
    last: datetime | None = None


class HealthMonitor:
    def __init__(self, rules: HealthRules) -> None:
        self.rules = rules
        self._records: dict[str, _Record] = {}

    def passes(self, probe: Probe) -> bool:
        if probe.status not in self.rules.accept:
            return False
        return probe.latency <= self.rules.timeout

    def record(self, probe: Probe) -> Verdict:
        """Count a probe; one that is not newer than the last of its server tells nothing."""
        record = self._records.setdefault(probe.server, _Record())
        if record.last is not None and probe.at <= record.last:
            return Verdict.UNDECIDED
        record.last = probe.at
        if self.passes(probe):
            record.good += 1
            record.bad = 0
        else:
            record.bad += 1
            record.good = 0
        if record.bad >= self.rules.fall:
            return Verdict.DOWN
        elif record.good >= self.rules.rise:
            return Verdict.UP
        return Verdict.UNDECIDED
