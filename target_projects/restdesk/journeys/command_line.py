"""Operations type commands, one after the other, on the second of March."""

WHO = "operations"
SUBJECT = "Command line"
DETAIL = "Both the server and the laptops show it."

CASES = {
    "a new key": ([["keys", "add", " shop ", "--scopes", "charges:write,customers:read"], ["keys", "list"]], {}),
    "a new key with a plan": ([["keys", "add", "shop", "--scopes", "*", "--plan", "BULK", "--lasts", "10d"], ["keys", "list"]], {}),
    "a new key for too long": ([["keys", "add", "shop", "--scopes", "*", "--lasts", "400d"]], {}),
    "a new key in another installation": ([["keys", "add", "shop", "--scopes", "*"], ["keys", "list"]], {"KEYS_DEFAULT_PLAN": "trial", "KEYS_MAX_AGE": "30d"}),
    "a key without scopes": ([["keys", "add", "shop", "--scopes", ""]], {}),
    "a key with a scope that is none": ([["keys", "add", "shop", "--scopes", "orders"]], {}),
    "a key with a plan that is none": ([["keys", "add", "shop", "--scopes", "*", "--plan", "gold"]], {}),
    "a key with a span that is none": ([["keys", "add", "shop", "--scopes", "*", "--lasts", "long"]], {}),
    "several keys": ([["keys", "add", name, "--scopes", "*"] for name in ("shop", "Bakery", "archive")] + [["keys", "list"]], {}),
    "several keys of one name": ([["keys", "add", "shop", "--scopes", scope] for scope in ("charges:read", "charges:write", "*")] + [["keys", "list"]], {}),
    "a key is revoked": ([["keys", "add", "shop", "--scopes", "*"], ["keys", "revoke", "key_5e70491751df"], ["keys", "list"], ["keys", "list", "--all"]], {}),
    "a key is revoked that is none": ([["keys", "revoke", "key_9"]], {}),
    "pending charges are settled": ([["settle"], ["settle"]], {}),
    "a refund": ([["refund", "ch_0001", "12.5"], ["refund", "ch_0001"]], {}),
    "a refund of too much": ([["refund", "ch_0001", "100.01"], ["refund", "ch_0001", "100"]], {}),
    "a refund that is no amount": ([["refund", "ch_0001", "ten"]], {}),
    "a refund of what is not there": ([["refund", "ch_0009"]], {}),
    "a refund of yen": ([["refund", "ch_0003", "1"], ["refund", "ch_0003", "1.5"]], {}),
    "a refund when it is too late": ([["refund", "ch_0001"]], {"CHARGES_REFUND_WINDOW": "1d"}),
    "an export of yesterday": ([["export"]], {}),
    "an export of yesterday in a new folder": ([["export"], ["export"]], {"EXPORT_FOLDER": "var/out/é"}),
    "an export of yesterday in India": ([["export"]], {"EXPORT_UTC_OFFSET": "+05:30"}),
    "an export of yesterday in Hawaii": ([["export"]], {"EXPORT_UTC_OFFSET": "-10:00"}),
    "an export of the day before": ([["export", "--day", "2024-02-29"]], {}),
    "an export of today": ([["export", "--day", "2024-03-02"]], {}),
    "an export of a day that is none": ([["export", "--day", "2024-02-30"]], {}),
    "an export after a refund": ([["refund", "ch_0001", "0.01"], ["export"]], {}),
    "the traffic": ([["traffic"]], {}),
    "the traffic of a day": ([["traffic", "--days", "1"]], {}),
    "the traffic of two days": ([["traffic", "--days", "2"]], {}),
    "the traffic of another folder": ([["traffic"]], {"SERVER_ACCESS_LOG": "nothing"}),
    "a setting that is no good": ([["settle"]], {"PAGES_MAX_LIMIT": "0"}),
    "a database elsewhere": ([["export"]], {"SERVER_DATABASE": "var/db/desk.db"}),
    "a command that is none": ([["help me"]], {}),
}


def journey(commands, environ):
    import itertools
    import sys
    from datetime import datetime, timezone
    from pathlib import Path
    from restdesk.cli import main
    from restdesk.records import Charge, ChargeStatus, Customer
    from restdesk.reports import AccessEntry, append_access
    from restdesk.storage import Store, connect

    db, tokens, early = connect("restdesk.db"), itertools.count(1), datetime(2024, 3, 1, 9, 45, tzinfo=timezone.utc)
    Store(db).add_customer(Customer("cus_0001", "Ana", "ana@example.com", early, early))
    db.execute("INSERT INTO replays (owner, key, fingerprint, created) VALUES ('o', 'k', 'f', '2024-03-02T09:59:00+00:00')")
    states = (ChargeStatus.SUCCEEDED, ChargeStatus.PENDING, ChargeStatus.SUCCEEDED, ChargeStatus.FAILED)
    for number, status in enumerate(states, 1):
        moment = early.replace(day=2 if number == 2 else 1, hour=23 if number == 3 else 9)
        Store(db).add_charge(Charge(f"ch_000{number}", "cus_0001", 10000, "JPY" if number == 3 else "EUR", f"r{number}", moment, moment,
                                    status, "=Łódź", fee=315))
    for day, code in [(2, 404), (1, 200), (3, 503)]:
        append_access(Path("logs"), AccessEntry(early.replace(day=day), "req_1", "key_1", "GET", "/é x", code, 12))
    Path("logs/access-2024-03-02.log").open("a", encoding="utf-8").write("Traceback\n")
    for minute, command in enumerate(commands):
        environ_now = {f"RESTDESK_{name}": value for name, value in environ.items()}
        now = datetime(2024, 3, 2, 10, minute, tzinfo=timezone.utc)
        print(command, main(command, environ_now, sys.stdout, lambda: now, lambda: f"{next(tokens):016d}"))
    for file in sorted(Path().rglob("*-2024-*.*")):
        print(file.as_posix(), file.read_bytes().decode().encode("unicode_escape").decode(), sep="\n  ")
    print([path.as_posix() for path in sorted(Path().rglob("*.db"))], [(charge.id, charge.fee, charge.refunded) for charge in Store(db).charges_between(early, early.replace(day=3))])
