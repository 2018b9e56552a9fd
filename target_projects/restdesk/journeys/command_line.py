"""Operations type commands, one after the other, on the second of March."""

WHO = "an engineer in operations"
SUBJECT = "Command line"
DETAIL = "The database of the steps holds one customer and four charges."

CASES = {
    "a new key": ([["keys", "add", " shop ", "--scopes", "charges:write,customers:read"]], {}),
    "a new key with a plan": ([["keys", "add", "shop", "--scopes", "*", "--plan", "BULK", "--lasts", "10d"]], {}),
    "a new key for too long": ([["keys", "add", "shop", "--scopes", "*", "--lasts", "400d"]], {}),
    "a new key in another installation": ([["keys", "add", "shop", "--scopes", "*"]], {"KEYS_DEFAULT_PLAN": "trial", "KEYS_MAX_AGE": "30d"}),
    "a new key for a day": ([["keys", "add", "shop", "--scopes", "Customers:Read", "--lasts", "1d", "--plan", "trial"]], {}),
    "the end of a key that is none of ours": ([["keys", "add", "shop", "--scopes", "*"], ["keys", "revoke", "key_5e70491751df "]], {}),
    "pending charges for another fee": ([["settle"]], {"CHARGES_FEE_PERCENT": "12.5%"}),
    "pending charges that nobody settles": ([["settle"]], {"SERVER_DATABASE": ":memory:"}),
    "a key without scopes": ([["keys", "add", "shop", "--scopes", ""]], {}),
    "a key with a scope that is none": ([["keys", "add", "shop", "--scopes", "orders"]], {}),
    "a key with a plan that is none": ([["keys", "add", "shop", "--scopes", "*", "--plan", "gold"]], {}),
    "a key with a span that is none": ([["keys", "add", "shop", "--scopes", "*", "--lasts", "long"]], {}),
    "several keys": ([["keys", "add", name, "--scopes", "*"] for name in ("shop", "Bakery", "archive")], {}),
    "the end of a key": ([["keys", "add", "shop", "--scopes", "*"], ["keys", "revoke", "key_5e70491751df"], ["keys", "revoke", "key_5e70491751df"]], {}),
    "the end of a key that is none": ([["keys", "revoke", "key_9"]], {}),
    "pending charges": ([["settle"], ["settle"]], {}),
    "a setting that is no good": ([["settle"]], {"PAGES_MAX_LIMIT": "0"}),
    "a database elsewhere": ([["settle"], ["keys", "add", "shop", "--scopes", "*"]], {"SERVER_DATABASE": "var/db/desk.db"}),
    "a command that is none": ([["help me"]], {}),
}


def journey(commands, environ):
    import itertools
    import sys
    from datetime import datetime, timezone
    from pathlib import Path
    from restdesk.cli import main
    from restdesk.records import Charge, ChargeStatus, Customer
    from restdesk.storage import Store, connect

    db, tokens, early = connect("restdesk.db"), itertools.count(1), datetime(2024, 3, 1, 9, 45, tzinfo=timezone.utc)
    Store(db).add_customer(Customer("cus_0001", "Ana", "ana@example.com", early, early))
    states = (ChargeStatus.SUCCEEDED, ChargeStatus.PENDING, ChargeStatus.PENDING, ChargeStatus.FAILED)
    for number, status in enumerate(states, 1):
        currency = "JPY" if number == 3 else "EUR"
        Store(db).add_charge(Charge(f"ch_000{number}", "cus_0001", 10000, currency, f"r{number}", early, early, status, "=Łódź"))
    for minute, command in enumerate(commands):
        environ_now = {f"RESTDESK_{name}": value for name, value in environ.items()}
        now = datetime(2024, 3, 2, 10, minute, tzinfo=timezone.utc)
        print(command, main(command, environ_now, sys.stdout, lambda: now, lambda: f"{next(tokens):016d}"))
    print([path.as_posix() for path in sorted(Path().rglob("*.db"))])
    print([(charge.id, charge.status.value, charge.fee, charge.updated) for charge in map(Store(db).charge, ("ch_0001", "ch_0002", "ch_0003", "ch_0004"))])
    print(*(tuple(row) for row in db.execute("SELECT * FROM api_keys ORDER BY id")), sep="\n")
