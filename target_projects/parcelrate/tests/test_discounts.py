import json
from datetime import date
from decimal import Decimal

import pytest
from builders import DAY, eur

from parcelrate.discounts import (
    Coupon,
    CouponKind,
    FreeShipping,
    bulk_percent,
    load_coupons,
    read_coupon,
)
from parcelrate.errors import CouponError
from parcelrate.money import Money


def test_bulk_tiers():
    tiers = {10: Decimal(8), 5: Decimal(4), 25: Decimal(12)}
    percents = [bulk_percent(tiers, parcels) for parcels in (1, 4, 5, 9, 10, 24, 25, 900)]
    assert percents == [0, 0, 4, 4, 8, 8, 12, 12]

    assert bulk_percent({}, 900) == 0


def free(value, country="DE", weight=1000, threshold="100", **countries):
    limits = {code: Decimal(limit) for code, limit in countries.items()}
    rule = FreeShipping(None if threshold is None else Decimal(threshold), limits, 5000)
    return rule.applies(country, eur(value), weight)


def test_thresholds():
    assert [free(value) for value in (9999, 10000, 10001)] == [False, True, True]

    assert [free(value, DE="45") for value in (4499, 4500)] == [False, True]
    assert not free(4500, "FR", DE="45")


def test_thresholds_of_nothing_and_of_none():
    assert not free(10**9, threshold=None)
    assert free(100, threshold=None, DE="1")

    assert free(0, threshold="0")
    assert free(0, DE="0")


def test_free_shipping_up_to_a_weight():
    assert free(10000, weight=5000)
    assert not free(10000, weight=5001)

    rule = FreeShipping(Decimal(500), {}, 5000)
    assert rule.applies("JP", Money(500, "JPY"), 1)
    assert not rule.applies("DE", eur(500), 1)


def coupon(**changes):
    return Coupon(**{"code": "SPRING", "kind": CouponKind.PERCENT, "value": Decimal(5), **changes})


def refused(found, value=5000, day=DAY, uses=0):
    with pytest.raises(CouponError) as caught:
        found.check(eur(value), day, uses)
    return str(caught.value)


def test_coupon_without_conditions():
    coupon().check(eur(0), DAY, 10**6)


def test_days_of_a_coupon():
    coupon(first=DAY).check(eur(1), DAY, 0)
    assert refused(coupon(first=DAY), day=date(2024, 3, 4)) == (
        "SPRING is not valid before 2024-03-05"
    )

    coupon(last=DAY).check(eur(1), DAY, 0)
    assert refused(coupon(last=DAY), day=date(2024, 3, 6)) == "SPRING ended on 2024-03-05"


def test_least_value_for_a_coupon():
    coupon(min_value=Decimal("49.90")).check(eur(4990), DAY, 0)
    assert refused(coupon(min_value=Decimal("49.90")), value=4989) == (
        "SPRING is for goods of at least 49.90"
    )


def test_uses_of_a_coupon():
    coupon(max_uses=2).check(eur(1), DAY, 1)
    assert refused(coupon(max_uses=2), uses=2) == "SPRING is used up"
    assert refused(coupon(max_uses=0), uses=0) == "SPRING is used up"


def test_coupon_with_everything():
    assert read_coupon(
        {
            "code": " spring-24 ",
            "kind": "fixed",
            "value": "7.50",
            "first": "2024-03-01",
            "last": "2024-03-31",
            "min_value": 40,
            "max_uses": 100,
        }  # fmt: skip
    ) == Coupon(
        "SPRING-24",
        CouponKind.FIXED,
        Decimal("7.5"),
        date(2024, 3, 1),
        date(2024, 3, 31),
        Decimal(40),
        100,
    )


def test_coupon_with_little():
    found = read_coupon({"code": "SHIP", "kind": "free"})
    assert found == Coupon("SHIP", CouponKind.FREE, Decimal(0), None, None, Decimal(0), None)

    assert read_coupon({"code": "SHIP", "kind": "free", "max_uses": 0}).max_uses == 0


def test_values_are_read_exactly():
    found = read_coupon({"code": "ABCD", "kind": "percent", "value": 7.1})
    assert found.value == Decimal("7.1")


def test_codes_of_coupons():
    for code in ("ABCD", "A1B2C3D4E5F6", "ABCD-12", "ABCD-XYZ9"):
        assert read_coupon({"code": code, "kind": "free"}).code == code
    for code in ("ABC", "ABCDEFGHIJKLM", "ABCD-1", "ABCD-12345", "AB CD", "", "ÄBCD"):
        with pytest.raises(CouponError, match="^not a coupon code"):
            read_coupon({"code": code, "kind": "free"})
    assert read_coupon({"code": 1234, "kind": "free"}).code == "1234"
    with pytest.raises(CouponError, match="^not a coupon code: ''$"):
        read_coupon({"kind": "free"})


def faulty(**entry):
    with pytest.raises(CouponError) as caught:
        read_coupon({"code": "SPRING", "kind": "percent", "value": 5, **entry})
    return str(caught.value)


def test_faulty_coupons():
    assert faulty(kind="gift") == "SPRING: 'gift' is not a valid CouponKind"
    with pytest.raises(CouponError, match="^SPRING: None is not a valid CouponKind$"):
        read_coupon({"code": "SPRING", "value": 5})
    assert faulty(value="few") == "SPRING: not an amount: 'few'"
    assert faulty(min_value=-1) == "SPRING: not an amount: '-1'"
    assert faulty(last="soon") == "SPRING: not a day: 'soon'"
    assert faulty(first="2024-02-30") == "SPRING: not a day: '2024-02-30'"
    assert faulty(max_uses="x").startswith("SPRING: ")

    assert faulty(value=0) == "SPRING is worth nothing"
    assert faulty(kind="fixed", value="0.00") == "SPRING is worth nothing"


def test_file_of_coupons(tmp_path, plain_machine):
    entries = [
        {"code": "ABCD", "kind": "free", "note": "für Köln"},
        {"code": "efgh", "kind": "free"},
    ]
    path = tmp_path / "coupons.json"
    path.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    assert list(load_coupons(path)) == ["ABCD", "EFGH"]


def test_not_a_file_of_coupons(tmp_path):
    for text in ["", "[", "5", "[5]", '{"code": "ABCD"}']:
        path = tmp_path / "coupons.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CouponError, match="^coupons.json: not a list of coupons$"):
            load_coupons(path)

    assert load_coupons(tmp_path / "absent.json") == {}
