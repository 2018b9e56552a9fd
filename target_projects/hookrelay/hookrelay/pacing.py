"""Who is next: merchants take turns, and none gets more requests than its limit."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from hookrelay.deliveries import Delivery, DeliveryQueue


class RoundRobin:
    """Merchants in alphabetical order, starting behind the one that was served last."""

    def __init__(self) -> None:
        self._last = ""

    def order(self, merchants: Iterable[str]) -> list[str]:
        names = sorted(merchants)
        start = bisect_right(names, self._last)
        return names[start:] + names[:start]

    def served(self, merchant: str) -> None:
        self._last = merchant


class SlidingWindow:
    """Counts each merchant's requests of the last `window`."""

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self._sent: dict[str, deque[datetime]] = defaultdict(deque)

    def note(self, merchant: str, moment: datetime) -> None:
        self._sent[merchant].append(moment)

    def used(self, merchant: str, now: datetime) -> int:
        sent = self._sent[merchant]
        while sent and sent[0] <= now - self.window:
            sent.popleft()
        return len(sent)

    def free_at(self, merchant: str, limit: int, now: datetime) -> datetime:
        """When the next request may go out; now, unless the limit is reached."""
        used = self.used(merchant, now)
        if used < limit:
            return now
        return self._sent[merchant][used - limit] + self.window


class Dispatcher:
    """Hands deliveries out to the workers of a pool, one at a time."""

    def __init__(self, window: SlidingWindow, limit: int) -> None:
        self.window = window
        self.limit = limit
        self.rotation = RoundRobin()
        self.postponed = 0
        self._lock = threading.Lock()

    def remember(self, sent: Iterable[tuple[str, datetime]]) -> None:
        """Count requests of an earlier run, oldest first, so that a restart grants no burst."""
        for merchant, moment in sent:
            self.window.note(merchant, moment)

    def next(self, queue: DeliveryQueue, worker: str, now: datetime) -> Delivery | None:
        """Claim the next delivery; those of merchants at their limit are put off, never dropped."""
        with self._lock:
            for merchant in self.rotation.order(queue.ready_merchants(now)):
                free = self.window.free_at(merchant, self.limit, now)
                if free > now:
                    self.postponed += queue.postpone(merchant, free)
                    continue
                delivery = queue.claim(merchant, worker, now)
                if delivery is None:
                    continue
                self.window.note(merchant, now)
                self.rotation.served(merchant)
                return delivery
        return None
