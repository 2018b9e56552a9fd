"""What an answer means for a delivery, and when the next attempt is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

Random = Callable[[], float]

GONE = 410
ASK_TO_WAIT = (429, 503)


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
    if status is None:
        return Verdict.RETRY
    if 200 <= status < 300:
        return Verdict.DELIVERED
    if status == GONE:
        return Verdict.GONE
    return Verdict.RETRY


def raw_delay(policy: RetryPolicy, failures: int) -> timedelta:
    """The base after the first failure, times the factor after every further one, up to the cap."""
    delay = policy.base
    for _ in range(1, failures):
        if delay >= policy.cap:
            break
        delay *= policy.factor
    return min(delay, policy.cap)


def jittered(delay: timedelta, jitter: float, random: Random) -> timedelta:
    """Shortened by a random part of the jitter share: spreads the load after an outage."""
    return delay * (1 - jitter * random())


def next_attempt(
    policy: RetryPolicy,
    failures: int,
    now: datetime,
    deadline: datetime,
    random: Random,
    wait: timedelta | None = None,
) -> datetime | None:
    """When to try again; None when the deadline has come. The last attempt is at the deadline.

    `wait` is what the merchant asked for; it is respected where it is longer than our own delay.
    """
    if now >= deadline:
        return None
    delay = jittered(raw_delay(policy, failures), policy.jitter, random)
    if wait is not None:
        delay = max(delay, wait)
    return min(now + delay, deadline)


def asked_wait(status: int | None, header: str | None, now: datetime) -> timedelta | None:
    """Retry-After of a 429 or 503, in seconds or as a date; None where it does not say."""
    if status not in ASK_TO_WAIT or header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        # Nine digits are thirty years; more would overflow, and the deadline cuts them anyway.
        return timedelta(seconds=int(text[:9]))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())
