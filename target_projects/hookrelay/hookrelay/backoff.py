"""What an answer means for a delivery, and when the next attempt is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

Random = Callable[[], float]

SUCCESS = range(200, 300)
GONE = 410


class Verdict(Enum):
    DELIVERED = "delivered"
    RETRY = "retry"
    GONE = "gone"


@dataclass(frozen=True)
class RetryPolicy:
    base: timedelta
    factor: int
    cap: timedelta
    jitter: float
    give_up: timedelta


def judge(status: int | None) -> Verdict:
    """Merchants fix 4xx answers within hours, so these are tried again like any other failure."""
    if status in SUCCESS:
        return Verdict.DELIVERED
    if status == GONE:
        return Verdict.GONE
    return Verdict.RETRY


def raw_delay(policy: RetryPolicy, failures: int) -> timedelta:
    """The base after the first failure, times the factor after every further one, up to the cap."""
    delay = policy.base
    for _ in range(1, failures):
        delay = min(delay * policy.factor, policy.cap)
    return delay


def jittered(delay: timedelta, jitter: float, random: Random) -> timedelta:
    """Shortened by a random part of the jitter share: spreads the load after an outage."""
    return delay * (1 - jitter * random())


def next_attempt(
    policy: RetryPolicy,
    failures: int,
    now: datetime,
    deadline: datetime,
    random: Random,
) -> datetime | None:
    """When to try again; None when the deadline has come. The last attempt is at the deadline."""
    if now >= deadline:
        return None
    delay = jittered(raw_delay(policy, failures), policy.jitter, random)
    return min(now + delay, deadline)
