from datetime import timedelta, timezone
from decimal import Decimal

from builders import MINUTE, NOW, START, make_plan
from poolkeeper.limiter import Decision, RateLimiter
from poolkeeper.moments import UTC
from poolkeeper.plans import PlanBook


def make_limiter(clock, zone=UTC, users=None, **plan):
    plans = [make_plan(**plan), make_plan("small", requests=2), make_plan("open")]
    return RateLimiter(PlanBook(plans, users), clock, 15 * MINUTE, zone)


def send(limiter, times, user="ana"):
    return [limiter.check(user).allowed for _ in range(times)]


def test_as_many_requests_as_the_plan_has(clock):
    limiter = make_limiter(clock, requests=3)
    assert [limiter.check("ana") for _ in range(3)] == [
        Decision(True, 2), Decision(True, 1), Decision(True, 0),
    ]  # fmt: skip

    limiter = make_limiter(clock, requests=3)
    assert limiter.check("ana").retry_after == 0
    send(limiter, 2)
    assert limiter.check("ana") == Decision(False, 0, retry_after=60, reason="rate")


def test_users_are_counted_apart(clock):
    limiter = make_limiter(clock, requests=1)
    assert send(limiter, 1, "ana") + send(limiter, 1, "bob") == [True, True]
    assert send(limiter, 1, " ANA ") == [False]


def test_the_window_slides(clock):
    limiter = make_limiter(clock, requests=2)
    send(limiter, 1)
    clock.forward(seconds=30)
    assert send(limiter, 2) == [True, False]
    clock.forward(milliseconds=29999)
    assert send(limiter, 1) == [False]
    clock.forward(milliseconds=1)
    assert send(limiter, 2) == [True, False]


def test_refused_requests_do_not_count(clock):
    limiter = make_limiter(clock, requests=1)
    send(limiter, 1)
    clock.forward(seconds=59)
    assert send(limiter, 2) == [False, False]
    clock.forward(seconds=1)
    assert send(limiter, 1) == [True]


def test_retry_after_is_rounded_up(clock):
    limiter = make_limiter(clock, requests=1)
    send(limiter, 1)
    clock.forward(milliseconds=20500)
    assert limiter.check("ana").retry_after == 40
    clock.forward(milliseconds=39499)
    assert limiter.check("ana").retry_after == 1


def test_retry_after_keeps_its_promise(clock):
    limiter = make_limiter(clock, requests=2)
    send(limiter, 1)
    clock.forward(seconds=7)
    send(limiter, 1)
    clock.forward(seconds=5)
    assert limiter.check("ana").retry_after == 48
    clock.forward(seconds=48)
    assert send(limiter, 1) == [True]


def test_bursts_are_capped(clock):
    limiter = make_limiter(clock, requests=10, burst=2)
    assert send(limiter, 2) == [True, True]
    assert limiter.check("ana") == Decision(False, 8, retry_after=1, reason="burst")
    clock.forward(milliseconds=999)
    assert send(limiter, 1) == [False]
    clock.forward(milliseconds=1)
    assert send(limiter, 2) == [True, True]


def test_the_wait_after_a_burst(clock):
    limiter = make_limiter(clock, burst=2, burst_window=timedelta(seconds=10))
    send(limiter, 1)
    clock.forward(seconds=4)
    send(limiter, 1)
    assert limiter.check("ana").retry_after == 6


def test_the_quota_of_a_day(clock):
    limiter = make_limiter(clock, daily_quota=3)
    assert [limiter.check("ana").remaining for _ in range(3)] == [2, 1, 0]
    assert limiter.check("ana") == Decision(False, 0, retry_after=52_200, reason="quota")


def test_the_quota_starts_anew_at_midnight(clock):
    limiter = make_limiter(clock, daily_quota=1)
    send(limiter, 1)
    clock.forward(hours=14, minutes=29, seconds=59)
    assert send(limiter, 1) == [False]
    clock.forward(seconds=1)
    assert send(limiter, 2) == [True, False]


def test_midnight_is_that_of_the_reports(clock):
    clock.forward(hours=8, minutes=30)
    limiter = make_limiter(clock, timezone(timedelta(hours=5, minutes=30)), daily_quota=1)
    send(limiter, 1)
    assert limiter.check("ana").retry_after == 1800
    clock.forward(minutes=30)
    assert send(limiter, 1) == [True]


def test_paid_plans_go_beyond_the_quota(clock):
    limiter = make_limiter(clock, daily_quota=1, per_thousand=Decimal("0.1"))
    assert limiter.check("ana") == Decision(True, 99)
    assert limiter.check("ana") == Decision(True, 98)


def test_remaining_is_what_both_window_and_quota_leave(clock):
    limiter = make_limiter(clock, requests=3, daily_quota=4)
    send(limiter, 2)
    clock.forward(minutes=2)
    assert limiter.check("ana").remaining == 1


def test_a_user_on_a_smaller_plan_waits_for_enough_room(clock):
    before = make_limiter(clock, requests=10)
    for _ in range(4):
        send(before, 1)
        clock.forward(seconds=5)
    after = make_limiter(clock, users={"ana": "small"})
    after.restore(before.export())
    assert after.check("ana") == Decision(False, 0, retry_after=50, reason="rate")


def test_a_smaller_burst_waits_for_enough_room(clock):
    before = make_limiter(clock)
    for _ in range(3):
        send(before, 1)
        clock.forward(seconds=2)
    after = make_limiter(clock, burst=1, burst_window=timedelta(seconds=10))
    after.restore(before.export())
    assert after.check("ana") == Decision(False, 97, retry_after=8, reason="burst")


def test_idle_users_are_forgotten(clock):
    limiter = make_limiter(clock)
    send(limiter, 1, "ana")
    clock.forward(seconds=899)
    send(limiter, 1, "bob")
    assert limiter.forget_idle() == 0
    clock.forward(seconds=1)
    assert (limiter.forget_idle(), len(limiter)) == (1, 1)


def test_users_of_a_quota_are_kept_until_midnight(clock):
    limiter = make_limiter(clock, daily_quota=5, users={"bob": "open"})
    send(limiter, 1, "ana")
    send(limiter, 1, "bob")
    clock.forward(hours=10)
    assert (limiter.forget_idle(), len(limiter)) == (1, 1)
    clock.forward(hours=5)
    assert (limiter.forget_idle(), len(limiter)) == (1, 0)


def test_users_without_requests_are_forgotten(clock):
    limiter = make_limiter(clock)
    limiter.restore({"ana": {"day": "2024-03-04", "used": 0, "times": []}})
    assert limiter.forget_idle() == 1


def test_export(clock):
    limiter = make_limiter(clock)
    send(limiter, 1, "Łukasz")
    send(limiter, 2, "ana")
    assert limiter.export() == {
        "ana": {"day": "2024-03-05", "used": 2, "times": ["2024-03-05T09:30:00.000Z"] * 2},
        "łukasz": {"day": "2024-03-05", "used": 1, "times": ["2024-03-05T09:30:00.000Z"]},
    }
    assert list(limiter.export()) == ["ana", "łukasz"]


def test_restore(clock):
    limiter = make_limiter(clock, requests=2, daily_quota=7)
    limiter.restore({"ana": {"day": "2024-03-05", "used": 5, "times": [START]}})
    assert limiter.check("ana") == Decision(True, 0)
    assert NOW == clock()
    clock.forward(minutes=2)
    assert limiter.check("ana").remaining == 0
    assert limiter.check("ana").reason == "quota"
