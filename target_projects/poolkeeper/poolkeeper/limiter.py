"""The request limits of each user: a sliding window, a cap on bursts, a daily quota."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from .moments import Clock, local_day, next_midnight, parse_moment, show_moment
from .plans import Plan, PlanBook, user_key

Reason = Literal["", "rate", "burst", "quota"]


@dataclass(frozen=True)
class Decision:
    """`remaining` requests of the window are left; `retry_after` is in whole seconds."""

    allowed: bool
    remaining: int
    retry_after: int = 0
    reason: Reason = ""


@dataclass
class _Track:
    """The moments of a user's requests, oldest first, and how many there were today."""

    day: date
    used: int = 0
    times: deque[datetime] = field(default_factory=deque)

    def evict(self, until: datetime) -> None:
        while self.times and self.times[0] <= until:
            self.times.popleft()

    def roll(self, today: date) -> None:
        if self.day != today:
            self.day = today
            self.used = 0


class RateLimiter:
    def __init__(
        self, plans: PlanBook, clock: Clock, idle_after: timedelta, zone: timezone
    ) -> None:
        self._plans = plans
        self._clock = clock
        self._idle_after = idle_after
        self._zone = zone
        self._tracks: dict[str, _Track] = {}

    def __len__(self) -> int:
        return len(self._tracks)

    def check(self, user: str) -> Decision:
        """Count a request if the user's plan lets it through; refused ones do not count."""
        now = self._clock()
        plan = self._plans.plan_of(user)
        track = self._track(user, plan, now)
        reason, again = self._refusal(plan, track, now)
        if reason:
            wait = math.ceil((again - now).total_seconds())
            return Decision(False, self._remaining(plan, track), max(1, wait), reason)
        track.times.append(now)
        track.used += 1
        return Decision(True, self._remaining(plan, track))

    def forget_idle(self) -> int:
        """Drop the users that have been silent for long; how many that were.

        Whoever has used a part of today's quota is kept, or the quota would start anew.
        """
        now = self._clock()
        today = local_day(now, self._zone)
        idle = []
        for user, track in self._tracks.items():
            if track.times and track.times[-1] > now - self._idle_after:
                continue
            if track.day == today and self._plans.plan_of(user).daily_quota is not None:
                continue
            idle.append(user)
        for user in idle:
            del self._tracks[user]
        return len(idle)

    def export(self) -> dict[str, Any]:
        """What has to survive a restart, ready for JSON."""
        return {
            user: {
                "day": track.day.isoformat(),
                "used": track.used,
                "times": [show_moment(moment) for moment in track.times],
            }
            for user, track in sorted(self._tracks.items())
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        for user, values in saved.items():
            times = deque(parse_moment(text) for text in values["times"])
            self._tracks[user] = _Track(date.fromisoformat(values["day"]), values["used"], times)

    def _track(self, user: str, plan: Plan, now: datetime) -> _Track:
        today = local_day(now, self._zone)
        track = self._tracks.setdefault(user_key(user), _Track(today))
        track.evict(now - plan.window)
        track.roll(today)
        return track

    def _refusal(self, plan: Plan, track: _Track, now: datetime) -> tuple[Reason, datetime]:
        """Why a request is refused, and when the next one may pass."""
        if plan.stops_at_quota and track.used >= (plan.daily_quota or 0):
            return "quota", next_midnight(now, self._zone)
        # A user who was moved to a smaller plan may have more in the window than it lets through.
        if len(track.times) >= plan.requests:
            return "rate", track.times[-plan.requests] + plan.window
        recent = [moment for moment in track.times if moment > now - plan.burst_window]
        if plan.burst is not None and len(recent) >= plan.burst:
            return "burst", recent[-plan.burst] + plan.burst_window
        return "", now

    def _remaining(self, plan: Plan, track: _Track) -> int:
        left = plan.requests - len(track.times)
        if plan.stops_at_quota:
            left = min(left, (plan.daily_quota or 0) - track.used)
        return max(0, left)
