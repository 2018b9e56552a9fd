"""Sales looks up what a plan lets through and what a day on it costs."""

WHO = "a clerk at the sales desk"
SUBJECT = "Plans and charges"
DETAIL = "No pool is needed for this: the plans are read by themselves."

QUOTAS = (0, 1, 499, 500, 501, 5000, 5001, 50_000, 50_125, 50_138, 400_163, 400_164, 402_000)

CASES = {
    "the trial plan": ("trial", QUOTAS),
    "the free plan": (" Free ", QUOTAS),
    "the team plan": ("TEAM", QUOTAS),
    "the business plan": ("business", QUOTAS),
    "the batch plan": ("batch", (250_000, 250_374, 250_416, 250_417, 260_000)),
    "the internal plan": ("internal", QUOTAS),
    "a plan that does not exist": ("gold", ()),
}
USERS = {
    "a user by name": ("Ana@Example.com", {"ana@example.COM": "team"}),
    "a user by domain": ("zoe@partner.example", {"@Partner.example": "business"}),
    "a user by name and domain": ("zoe@partner.example", {"@partner.example": "business", "zoe@partner.example": "trial"}),
    "a user of another domain": ("zoe@sub.partner.example", {"@partner.example": "business"}),
    "a user without a domain": (" nightly ", {"nightly": " Batch "}),
    "a user of no plan": ("bob", {"ana": "team"}),
    "a user whose letters fold": ("STRASSE@example.com", {"straße@example.com": "team"}),
    "a user of an unknown plan": ("bob", {"bob": "gold"}),
}
FILES = {
    "a plan of few words": '{"plans": {" Gold ": {"requests": 5, "window": "10s"}}}',
    "a plan of many words": '{"burst_window": "2s", "minimum_charge": "0.5", "plans": {"g": {"requests": 5, "window": "2s", "burst": 1, "daily_quota": 1, "per_thousand": 0.1}}}',
    "a free overage": '{"plans": {"g": {"requests": 1, "window": "1m", "daily_quota": 1, "per_thousand": 0}}}',
    "null for all": '{"plans": {"g": {"requests": 1, "window": "1m", "burst": null, "daily_quota": null, "per_thousand": null}}}',
    "a negative price": '{"plans": {"g": {"requests": 1, "window": "1m", "per_thousand": "-0.01"}}}',
    "a price in words": '{"plans": {"g": {"requests": 1, "window": "1m", "per_thousand": "cheap"}}}',
    "no requests": '{"plans": {"g": {"window": "1m"}}}',
    "no window": '{"plans": {"g": {"requests": 1}}}',
    "zero requests": '{"plans": {"g": {"requests": 0, "window": "1m"}}}',
    "zero bursts": '{"plans": {"g": {"requests": 1, "window": "1m", "burst": 0}}}',
    "a quota of true": '{"plans": {"g": {"requests": 1, "window": "1m", "daily_quota": true}}}',
    "a quota in quotes": '{"plans": {"g": {"requests": 1, "window": "1m", "daily_quota": "7"}}}',
    "a window of a number": '{"plans": {"g": {"requests": 1, "window": 60}}}',
    "a window shorter than bursts": '{"plans": {"g": {"requests": 1, "window": "999ms"}}}',
    "a misspelt field": '{"plans": {"g": {"requests": 1, "window": "1m", "zzz": 1, "brust": 3}}}',
    "an empty document": "{}",
    "half a document": '{"plans": {',
    "a burst window in words": '{"burst_window": "soon", "plans": {}}',
    "a minimum in words": '{"minimum_charge": "little", "plans": {}}',
}
CASES.update(USERS)
CASES.update({name: ("", text) for name, text in FILES.items()})


def journey(name, more):
    from poolkeeper.plans import PlanBook, parse_plans, shipped_plans

    if isinstance(more, dict):
        book = PlanBook(shipped_plans(), more)
        print(book.plan_of(name).name)
        return
    if isinstance(more, str):
        plans = parse_plans(more)
    else:
        plans = [PlanBook(shipped_plans()).plan(name)]
    for plan in plans:
        for field, value in vars(plan).items():
            print(field, value)
        print("stops at the quota:", plan.stops_at_quota)
        for requests in more if isinstance(more, tuple) else (1, 2, 20_000):
            print(requests, "requests:", plan.over_quota(requests), "over,", plan.charge(requests))
