"""A quota lasts for a day of the limits' own zone, which has another date than UTC at times."""

from datetime import timedelta, timezone

import pytest
from builders import MINUTE, make_plan
from poolkeeper.limiter import RateLimiter
from poolkeeper.plans import PlanBook


@pytest.mark.parametrize(
    ("offset_hours", "hours_later"),
    [(5.5, 9.5), (14, 1), (-10, 0)],
    ids=["half past midnight in India", "half past midnight at +14:00", "half past 23 at -10:00"],
)
def test_a_pause_gives_nothing_of_the_quota_back(clock, offset_hours, hours_later):
    zone = timezone(timedelta(hours=offset_hours))
    limiter = RateLimiter(PlanBook([make_plan(daily_quota=3)]), clock, 15 * MINUTE, zone)
    clock.forward(hours=hours_later)
    assert [limiter.check("ana").allowed for _ in range(3)] == [True] * 3
    clock.forward(minutes=20)
    assert limiter.forget_idle() == 0
    decision = limiter.check("ana")
    assert (decision.allowed, decision.reason) == (False, "quota")
