"""A program sends a request again because it did not see the answer."""

WHO = "a developer of the web shop"
SUBJECT = "Requests that come again"
DETAIL = "The database of the steps holds one customer."

CASES = {
    "the same request again": ([("a", 5000, 0), ("a", 5000, 1)],),
    "the same request for the third time": ([("a", 5000, 0), ("a", 5000, 1), ("a", 5000, 1)],),
    "another amount under the same key": ([("a", 5000, 0), ("a", 6000, 1)],),
    "another key": ([("a", 5000, 0), ("b", 5000, 1)],),
    "no key at all": ([(None, 5000, 0), (None, 5000, 1)],),
    "blanks around the key": ([("a", 5000, 0), (" a ", 5000, 1)],),
    "an empty key": ([(" ", 5000, 0)],),
    "a key with a blank": ([("a b", 5000, 0)],),
    "a key of 255 characters": ([("k" * 255, 5000, 0), ("k" * 255, 5000, 1)],),
    "a key of a tilde and the like": ([("!~", 5000, 0), ("!~", 5000, 1)],),
    "the same request a year later": ([("a", 5000, 0), ("a", 5000, 700000)],),
    "another currency under the same key": ([("a", 5000, 0), ("a", (5000, "jpy"), 1)],),
    "the same currency in capitals": ([("a", 5000, 0), ("a", (5000, "EUR"), 1)],),
    "a key of 256 characters": ([("k" * 256, 5000, 0)],),
    "a second try of a declined charge": ([("a", 5051, 0), ("a", 5051, 1)],),
    "a second try of a pending charge": ([("a", 5101, 0), ("a", 5101, 1)],),
    "a second try of a wrong charge": ([("a", 5, 0), ("a", 5, 1)],),
    "a second try of a charge that the processor did not take": ([("a", 5503, 0), ("a", 5503, 1)],),
    "a second try of a charge that got garbled": ([("a", 5502, 0), ("a", 5502, 1)],),
    "a charge that was not taken and changed": ([("a", 5503, 0), ("a", 5000, 1)],),
}


def journey(requests):
    import itertools
    import json
    from datetime import datetime, timedelta, timezone
    from restdesk.access import ApiKey, parse_scopes
    from restdesk.app import build_app
    from restdesk.client import wsgi_transport
    from restdesk.settings import load

    now, numbers = [datetime(2024, 3, 1, 9, tzinfo=timezone.utc)], itertools.count(1)
    app = build_app(load(environ={"RESTDESK_SERVER_DATABASE": ":memory:"}), lambda: now[0], lambda prefix: f"{prefix}_{next(numbers):04d}")
    secret = "rk_" + "a" * 16
    app.keys.add(ApiKey("key_1", "shop", parse_scopes("*"), "basic", now[0], now[0] + timedelta(days=9)), secret)
    app.desk.create_customer({"name": "Ana", "email": "ana@example.com"})
    for key, amount, wait in requests:
        now[0] += timedelta(seconds=wait)
        headers = {"Authorization": f"Bearer {secret}", **({"Idempotency-Key": key} if key is not None else {})}
        amount, currency = amount if isinstance(amount, tuple) else (amount, "eur")
        body = json.dumps({"customer": "cus_0001", "amount": amount, "currency": currency}).encode()
        status, answered, raw = wsgi_transport(app)("POST", "/v1/charges", headers, body)
        print(status, answered.get("Location"), answered.get("Retry-After"), raw.decode())
    for number in range(2, 12):
        row = app.desk.store.db.execute("SELECT * FROM charges WHERE id = ?", (f"ch_{number:04d}",)).fetchone()
        print(*([row["id"], row["reference"], row["status"], row["code"]] if row else []))
    app.close()
