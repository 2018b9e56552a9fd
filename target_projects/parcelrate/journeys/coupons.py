"""Marketing puts a file of coupons beside the settings and tries one."""

WHO = "a colleague in marketing"
SUBJECT = "Coupon"
DETAIL = "The day and the value of the goods are given in the steps."

CASES = {
    "a coupon of per cent": ({"kind": "percent", "value": "7.1"}, "20", "2024-03-05", 0),
    "an amount": ({"kind": "fixed", "value": 7.1}, "20", "2024-03-05", 0),
    "free shipping": ({"kind": "free"}, "20", "2024-03-05", 0),
    "a code in small letters": ({"code": " spring-24 ", "kind": "free"}, "20", "2024-03-05", 0),
    "the first day": ({"kind": "free", "first": "2024-03-05"}, "20", "2024-03-05", 0),
    "the day before the first": ({"kind": "free", "first": "2024-03-05"}, "20", "2024-03-04", 0),
    "the last day": ({"kind": "free", "last": "2024-03-05"}, "20", "2024-03-05", 0),
    "the day after the last": ({"kind": "free", "last": "2024-03-05"}, "20", "2024-03-06", 0),
    "goods worth enough": ({"kind": "free", "min_value": "49.90"}, "49.90", "2024-03-05", 0),
    "goods worth a cent too little": ({"kind": "free", "min_value": 49.9}, "49.89", "2024-03-05", 0),
    "goods for 0 euros": ({"kind": "free", "min_value": 0}, "0", "2024-03-05", 0),
    "goods for 0 euros and a coupon for more": ({"kind": "free", "min_value": "0.01"}, "0", "2024-03-05", 0),
    "the last use": ({"kind": "free", "max_uses": 2}, "20", "2024-03-05", 1),
    "a use too many": ({"kind": "free", "max_uses": 2}, "20", "2024-03-05", 2),
    "no use allowed": ({"kind": "free", "max_uses": 0}, "20", "2024-03-05", 0),
    "a coupon that was used often": ({"kind": "free"}, "20", "2024-03-05", 900),
    "everything at once": ({"code": "A1B2C3D4E5F6-XY", "kind": "fixed", "value": 3, "first": "2024-03-01", "last": "2024-03-31", "min_value": 5, "max_uses": 9}, "5", "2024-03-31", 8),
    "no value": ({"kind": "percent"}, "20", "2024-03-05", 0),
    "an amount of nothing": ({"kind": "fixed", "value": 0}, "20", "2024-03-05", 0),
    "no kind": ({"value": 5}, "20", "2024-03-05", 0),
    "an unknown kind": ({"kind": "gift"}, "20", "2024-03-05", 0),
    "a value in words": ({"kind": "percent", "value": "few"}, "20", "2024-03-05", 0),
    "a day that is none": ({"kind": "free", "last": "2024-02-30"}, "20", "2024-03-05", 0),
    "a first day in words": ({"kind": "free", "first": "soon"}, "20", "2024-03-05", 0),
    "a code of three letters": ({"code": "ABC", "kind": "free"}, "20", "2024-03-05", 0),
    "a code of thirteen letters": ({"code": "ABCDEFGHIJKLM", "kind": "free"}, "20", "2024-03-05", 0),
    "a code with a short ending": ({"code": "ABCD-1", "kind": "free"}, "20", "2024-03-05", 0),
    "a code with a long ending": ({"code": "ABCD-12345", "kind": "free"}, "20", "2024-03-05", 0),
    "a code with the longest ending": ({"code": "ABCD-1XYZ", "kind": "free"}, "20", "2024-03-05", 0),
    "no code": ({"code": "", "kind": "free"}, "20", "2024-03-05", 0),
    "a note from Köln": ({"kind": "free", "note": "für Köln"}, "20", "2024-03-05", 0),
    "a list in a list": ([], "20", "2024-03-05", 0),
    "no file": (None, "20", "2024-03-05", 0),
}


def journey(entry, value, day, uses):
    import json
    from datetime import date
    from pathlib import Path

    from parcelrate.discounts import load_coupons
    from parcelrate.money import Money

    if isinstance(entry, dict):
        entry = {"code": "SPRING", **entry}
    if entry is not None:
        text = json.dumps([entry, {"code": "other", "kind": "free"}], ensure_ascii=False)
        Path("coupons.json").write_text(text, encoding="utf-8")
    coupons = load_coupons(Path("coupons.json"))
    for code, coupon in coupons.items():
        print(code, coupon.kind.value, coupon.value, coupon.first, coupon.last, coupon.min_value, coupon.max_uses)
    next(iter(coupons.values())).check(Money.parse(value, "EUR"), date.fromisoformat(day), uses)
    print("may be used")
