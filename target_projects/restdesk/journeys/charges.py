"""The shop charges a customer, and the bank has its say."""

WHO = "a developer of the web shop"
SUBJECT = "A charge"
DETAIL = "The steps make two customers first, one of them blocked."

CASES = {
    "a charge that is approved": ({"amount": 10000}, []),
    "a charge with another name": ({"amount": 1110}, []),
    "a charge that the bank refuses": ({"amount": 1005}, []),
    "a charge to a card that is not there": ({"amount": 1014}, []),
    "a charge that the account does not cover": ({"amount": 1051}, []),
    "a charge to an expired card": ({"amount": 1054}, []),
    "a charge above the card's limit": ({"amount": 1061}, []),
    "a charge that is pending": ({"amount": 1101}, []),
    "a charge that is settled": ({"amount": 1101}, ["settle"]),
    "a charge that fails later": ({"amount": 1102}, ["settle", "settle"]),
    "a bank that cannot be reached": ({"amount": 1491}, []),
    "a bank in trouble": ({"amount": 1496}, []),
    "an answer nobody can read": ({"amount": 1502}, []),
    "a processor that is down": ({"amount": 1503}, []),
    "a processor that is slow": ({"amount": 1504}, []),
    "the smallest charge": ({"amount": 50}, []),
    "a charge that is too small": ({"amount": 49}, []),
    "the largest charge": ({"amount": 99999999}, []),
    "a charge that is too large": ({"amount": 100000000}, []),
    "a charge of nothing": ({"amount": 0}, []),
    "a charge below zero": ({"amount": -5}, []),
    "a charge of one": ({"amount": 1}, []),
    "a charge with decimals": ({"amount": 100.0}, []),
    "a charge of true": ({"amount": True}, []),
    "a charge in words": ({"amount": "100"}, []),
    "a charge without an amount": ({"amount": None}, []),
    "a charge in yen": ({"amount": 5000, "currency": "jpy"}, []),
    "a charge in dinars": ({"amount": 5000, "currency": " KWD "}, []),
    "a charge in dollars": ({"amount": 5000, "currency": "usd"}, []),
    "a charge in an unknown currency": ({"amount": 5000, "currency": "xyz"}, []),
    "a charge in a long currency": ({"amount": 5000, "currency": "euro"}, []),
    "a charge of nobody": ({"amount": 5000, "customer": "cus_9999"}, []),
    "a charge of a blocked customer": ({"amount": 5000, "customer": "cus_0002"}, []),
    "a long description": ({"amount": 5000, "description": "é" * 200}, []),
    "a description that is too long": ({"amount": 5000, "description": "é" * 201}, []),
}


def journey(changes, steps):
    import itertools
    from dataclasses import asdict
    from datetime import datetime, timedelta, timezone
    from restdesk.desk import Desk
    from restdesk.processor import open_processor
    from restdesk.records import show_charge
    from restdesk.settings import load
    from restdesk.storage import Store, connect

    settings, numbers, now = load(environ={}), itertools.count(1), [datetime(2024, 3, 1, 9, tzinfo=timezone.utc)]
    processor = open_processor("sandbox", settings.processor_timeout, settings.processor_retry_after)
    desk = Desk(Store(connect(":memory:")), processor, settings, lambda: now[0], lambda prefix: f"{prefix}_{next(numbers):04d}")
    for status in ("active", "blocked"):
        desk.create_customer({"name": status, "email": f"{status}@example.com", "status": status})
    try:
        print(asdict(desk.charge({"customer": "cus_0001", "currency": "eur", **changes})))
    except Exception as error:
        print(f"{error.status} {error.body('req_1')} {error.headers()}")
    for step in steps:
        charge = desk.store.charge("ch_0003")
        now[0] += timedelta(minutes=5)
        print(step, desk.settle(), show_charge(charge))
    print(show_charge(desk.store.charge("ch_0003")))
