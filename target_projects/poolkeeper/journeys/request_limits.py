"""A user sends requests, waits, and sends more."""

WHO = "a user of the public interface"
SUBJECT = "Request limits"
DETAIL = "The user's name is written in several ways; it is one user."

CASES = {
    "as many as the plan has": ({"requests": 3}, [(3, "0s")]),
    "one too many": ({"requests": 3}, [(4, "0s")]),
    "a request a moment before the window has passed": ({"requests": 1}, [(1, "59999ms"), (1, "0s")]),
    "a request when the window has passed": ({"requests": 1}, [(1, "60s"), (2, "0s")]),
    "a window that slides": ({"requests": 2}, [(1, "30s"), (2, "29s"), (1, "1s"), (2, "0s")]),
    "refused requests": ({"requests": 1}, [(1, "59s"), (5, "1s"), (1, "0s")]),
    "a wait of half a second": ({"requests": 1}, [(1, "20500ms"), (1, "39499ms"), (1, "0s")]),
    "a wait for the oldest of two": ({"requests": 2}, [(1, "7s"), (1, "5s"), (1, "48s"), (2, "0s")]),
    "a burst": ({"requests": 10, "burst": 2}, [(3, "999ms"), (1, "1ms"), (3, "0s")]),
    "a burst in two parts": ({"burst": 2, "window_s": 10}, [(1, "600ms"), (1, "0s"), (1, "400ms"), (2, "0s")]),
    "a burst of one": ({"burst": 1}, [(2, "1s"), (2, "0s")]),
    "a full window and a full burst": ({"requests": 2, "burst": 2}, [(3, "0s")]),
    "the quota of a day": ({"daily_quota": 3}, [(4, "0s")]),
    "a quota until midnight": ({"daily_quota": 1}, [(1, "14h29m59s"), (1, "1s"), (2, "0s")]),
    "a quota in India": ({"daily_quota": 1, "zone": "+05:30"}, [(2, "8h59m"), (1, "1m"), (1, "0s")]),
    "a quota that is paid for": ({"daily_quota": 1, "per_thousand": "0.1"}, [(3, "0s")]),
    "a quota smaller than the window": ({"requests": 9, "daily_quota": 4}, [(2, "2m"), (3, "0s")]),
    "no request": ({}, []),
    "a short silence": ({}, [(1, "899s")]),
    "a long silence": ({}, [(1, "900s")]),
    "a long silence with a quota": ({"daily_quota": 9}, [(1, "900s")]),
    "a silence until the next day": ({"daily_quota": 9}, [(1, "15h")]),
    "a restart on a smaller plan": ({"requests": 9, "after": {"requests": 2}}, [(1, "5s")] * 4),
    "a restart with smaller bursts": ({"after": {"burst": 1, "burst_s": 10}}, [(1, "2s")] * 3),
    "a restart with a used quota": ({"daily_quota": 3, "after": {"daily_quota": 3}}, [(2, "1s")]),
}


def journey(limits, steps):
    import json
    from datetime import timedelta
    from decimal import Decimal

    from poolkeeper.limiter import RateLimiter
    from poolkeeper.moments import ManualClock, parse_zone
    from poolkeeper.plans import Plan, PlanBook

    def limiter(requests=100, window_s=60, burst=None, burst_s=1, daily_quota=None,
                per_thousand=None, zone="Z", **_):
        price = None if per_thousand is None else Decimal(per_thousand)
        plan = Plan("free", requests, timedelta(seconds=window_s), burst,
                    timedelta(seconds=burst_s), daily_quota, price)
        return RateLimiter(PlanBook([plan]), clock, timedelta(minutes=15), parse_zone(zone))

    clock = ManualClock("2024-03-05T09:30:00Z")
    gate = limiter(**limits)
    for times, wait in steps:
        for number in range(times):
            print(gate.check(" Łukasz" if number % 2 else "łukasz "))
        clock.forward(wait)
        print("after", wait)
    print("kept:", json.dumps(gate.export(), ensure_ascii=False))
    if "after" in limits:
        again = limiter(**limits["after"])
        again.restore(gate.export())
        print([again.check("ŁUKASZ"), again.check("somebody else")])
    print("forgotten:", gate.forget_idle(), "left:", len(gate))
