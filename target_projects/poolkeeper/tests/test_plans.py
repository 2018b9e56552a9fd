import json
from datetime import timedelta
from decimal import Decimal

import pytest
from builders import MINUTE, SECOND, make_plan
from poolkeeper.errors import PlanError
from poolkeeper.plans import PlanBook, parse_plans, shipped_plans, user_key


def shipped(name):
    return PlanBook(shipped_plans()).plan(name)


def limits(name):
    plan = shipped(name)
    return plan.requests, plan.window, plan.burst, plan.daily_quota


def test_the_plans_without_charges():
    assert limits("free") == (100, MINUTE, 20, 5000)
    assert shipped("free").per_thousand is None

    assert limits("trial") == (30, MINUTE, 5, 500)


def test_the_plans_of_customers():
    assert limits("team") == (300, MINUTE, 50, 50_000)
    assert shipped("team").per_thousand == Decimal("0.40")

    assert limits("business") == (1200, MINUTE, 150, 400_000)
    assert shipped("business").per_thousand == Decimal("0.275")


def test_the_plans_without_a_cap_on_bursts():
    assert limits("batch") == (9000, 15 * MINUTE, None, 250_000)
    assert shipped("batch").per_thousand == Decimal("0.12")

    assert limits("internal") == (6000, MINUTE, None, None)


def test_the_file_of_plans():
    plan = shipped("team")
    assert (plan.burst_window, plan.minimum_charge) == (SECOND, Decimal("0.05"))

    names = [plan.name for plan in shipped_plans()]
    assert names == ["trial", "free", "team", "business", "batch", "internal"]


def test_quotas():
    assert make_plan(daily_quota=10).stops_at_quota
    assert not make_plan(daily_quota=10, per_thousand=Decimal(1)).stops_at_quota
    assert not make_plan(daily_quota=10, per_thousand=Decimal(0)).stops_at_quota
    assert make_plan().stops_at_quota is False

    plan = make_plan(daily_quota=1000)
    assert [plan.over_quota(requests) for requests in (0, 1000, 1001, 2500)] == [0, 0, 1, 1500]
    assert make_plan(daily_quota=0).over_quota(5000) == 5000
    assert make_plan().over_quota(5000) == 0


def charges(plan, *requests):
    return [str(plan.charge(count)) for count in requests]


def test_charges():
    plan = make_plan(daily_quota=1000, per_thousand=Decimal("0.40"))
    assert charges(plan, 1000, 2000, 3500) == ["0.00", "0.40", "1.00"]

    plan = make_plan(daily_quota=1000, per_thousand=Decimal("0.25"))
    assert charges(plan, 1499, 1500, 1580, 1620) == ["0.12", "0.13", "0.15", "0.16"]


def test_small_charges_are_waived():
    plan = make_plan(daily_quota=1000, per_thousand=Decimal(1), minimum_charge=Decimal("0.05"))
    assert charges(plan, 1044, 1045, 1050) == ["0.00", "0.05", "0.05"]

    assert charges(make_plan(daily_quota=1), 5_000_000) == ["0.00"]


def book(**users):
    return PlanBook([make_plan("free"), make_plan("team"), make_plan("big")], users, "free")


def test_users_by_name_and_domain():
    assert book(Ana="team").plan_of(" ANA ").name == "team"

    plans = book(**{"@Partner.example": "team", "boss@partner.example": "big"})
    users = (
        "x@partner.EXAMPLE",
        "boss@partner.example",
        "x@home@partner.example",
        "x@sub.partner.example",
        "partner.example",
    )
    assert [plans.plan_of(user).name for user in users] == [
        "team", "big", "team", "free", "free",
    ]  # fmt: skip


def test_other_users_have_the_default():
    assert (
        PlanBook([make_plan("free"), make_plan("team")], default="team").plan_of("x").name == "team"
    )
    assert PlanBook(shipped_plans()).plan_of("x").name == "free"

    assert [user_key(user) for user in (" Ana ", "STRASSE", "straße")] == [
        "ana",
        "strasse",
        "strasse",
    ]


def test_plans_by_name():
    assert book().plan(" Team ").name == "team"
    with pytest.raises(PlanError, match="no plan 'gold'; there are big, free, team"):
        book().plan("gold")

    with pytest.raises(PlanError, match="no plan 'gold'"):
        book(ana="gold")
    with pytest.raises(PlanError, match="no plan 'gold'"):
        PlanBook([make_plan()], default="gold")


def parse_one(common=None, **values):
    document = {**(common or {}), "plans": {" Gold ": values}}
    return parse_plans(json.dumps(document))[0]


def test_a_plan_with_what_it_needs():
    plan = parse_one(requests=5, window="10s")
    assert (plan.name, plan.requests, plan.window) == ("gold", 5, 10 * SECOND)
    assert (plan.burst, plan.daily_quota, plan.per_thousand) == (None, None, None)
    assert (plan.burst_window, plan.minimum_charge) == (SECOND, 0)

    assert parse_one(requests=1, window="1h 30m").window == timedelta(minutes=90)


def test_prices():
    assert parse_one(requests=5, window="10s", per_thousand=0.1).per_thousand == Decimal("0.1")
    assert parse_one(requests=5, window="10s", per_thousand=0).per_thousand == Decimal(0)

    with pytest.raises(PlanError, match="a price can't be negative"):
        parse_one(requests=5, window="1m", per_thousand="-0.01")


def test_common_values_of_a_file():
    plan = parse_one({"burst_window": "2s", "minimum_charge": "0.5"}, requests=5, window="2s")
    assert (plan.burst_window, plan.minimum_charge) == (2 * SECOND, Decimal("0.5"))


def test_the_window_is_not_shorter_than_that_of_bursts():
    with pytest.raises(PlanError, match="plan  Gold : the window is shorter"):
        parse_one(requests=5, window="999ms")


def test_counts():
    values = {"requests": 5, "window": "1m"}
    for field in ("requests", "burst", "daily_quota"):
        assert getattr(parse_one(**{**values, field: 1}), field) == 1
        for value in (0, -1, 1.5, "7", True):
            with pytest.raises(PlanError, match=f"{field} must be a whole number from 1 on"):
                parse_one(**{**values, field: value})


def test_fields_that_are_no_good():
    with pytest.raises(PlanError, match="plan  Gold : no window"):
        parse_one(requests=5)
    with pytest.raises(PlanError, match="plan  Gold : no requests"):
        parse_one(window="5s")
    with pytest.raises(PlanError, match="unknown field brust"):
        parse_one(requests=5, window="1m", brust=3, zzz=1)

    for values in ({"window": "soon"}, {"window": 60}, {"window": "1m", "per_thousand": "cheap"}):
        with pytest.raises(PlanError, match="window or price is not readable"):
            parse_one(requests=5, **values)


def test_files_that_hold_no_plans():
    for text in ("{", '{"burst_window": "soon"}', '{"minimum_charge": "x"}', "{}"):
        with pytest.raises(PlanError, match="plans file: "):
            parse_plans(text)
    assert parse_plans('{"plans": {}}') == []


def test_a_day_of_the_business_plan():
    assert charges(shipped("business"), 400_000, 400_163, 400_164, 402_000) == [
        "0.00", "0.00", "0.05", "0.55",
    ]  # fmt: skip


def test_the_file_of_plans_is_utf_8(foreign_machine):
    assert len(shipped_plans()) == 6


def test_charges_below_the_minimum_of_a_file():
    values = {"requests": 5, "window": "10s", "daily_quota": 1, "per_thousand": 1}
    assert charges(parse_one({"minimum_charge": 0.07}, **values), 65, 66) == ["0.00", "0.07"]
