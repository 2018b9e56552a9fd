"""A partner's program sends some requests one after the other."""

WHO = "a developer at a partner"
SUBJECT = "Answers of the API"
DETAIL = "The first request of the steps makes the customer Ana."

CASES = {
    "a new customer": ([("POST", "/v1/customers", {"name": "Bo", "email": "bo@example.com"}, {})],),
    "a look at a customer": ([("GET", "/v1/customers/cus_0002", None, {})],),
    "a customer that is replaced": ([("PATCH", "/v1/customers/cus_0002", {"status": "blocked", "note": "x"}, {}),
                                ("PUT", "/v1/customers/cus_0002", {"name": "Bo", "email": "bo@example.com"}, {})],),
    "a new charge": ([("POST", "/v1/charges", {"customer": "cus_0002", "amount": 5000, "currency": "eur"}, {}), ("GET", "/v1/charges/ch_0004", None, {})],),
    "a customer that is replaced in part": ([("PUT", "/v1/customers/cus_0002", {"name": "Bo"}, {})],),
    "a customer that is updated": ([("PATCH", "/v1/customers/cus_0002", {"note": "x"}, {}),
                               ("PATCH", "/v1/customers/cus_0002", {"name": "Bo"}, {}), ("PATCH", "/v1/customers/cus_0002", {"note": None}, {})],),
    "a customer that is updated with nothing": ([("PATCH", "/v1/customers/cus_0002", {}, {})],),
    "a name that is taken away": ([("PATCH", "/v1/customers/cus_0002", {"name": None}, {})],),
    "a status that is put back": ([("PATCH", "/v1/customers/cus_0002", {"status": "blocked"}, {}),
                              ("PATCH", "/v1/customers/cus_0002", {"status": None}, {})],),
    "a customer that is deleted": ([("DELETE", "/v1/customers/cus_0002", None, {}), ("GET", "/v1/customers/cus_0002", None, {}),
                               ("DELETE", "/v1/customers/cus_0002", None, {})],),
    "a customer who is deleted with a pending charge": ([("POST", "/v1/charges", {"customer": "cus_0002", "amount": 1101, "currency": "eur"}, {}),
                                                     ("DELETE", "/v1/customers/cus_0002", None, {})],),
    "an address that is taken": ([("POST", "/v1/customers", {"name": "Bo", "email": "ANA@example.com"}, {})],),
    "an address that is taken over": ([("POST", "/v1/customers", {"name": "Bo", "email": "bo@example.com"}, {}),
                                  ("PATCH", "/v1/customers/cus_0002", {"email": "BO@example.com"}, {})],),
    "a list of charges": ([("GET", "/v1/charges", None, {})],),
    "an address of a deleted customer": ([("DELETE", "/v1/customers/cus_0002", None, {}),
                                          ("POST", "/v1/customers", {"name": "Bo", "email": "ana@example.com"}, {})],),
    "a path with a slash at the end": ([("GET", "/v1/customers/", None, {})],),
    "a path that leads nowhere": ([("GET", "/v1/orders", None, {})],),
    "the root": ([("GET", "/", None, {})],),
    "an id of another kind": ([("GET", "/v1/customers/ch_0001", None, {})],),
    "an unknown id": ([("GET", "/v1/charges/ch_0009", None, {})],),
    "a method that is not taken": ([("DELETE", "/v1/charges", None, {})],),
    "a list of customers that is put": ([("PUT", "/v1/customers/cus_0002/", {}, {}), ("POST", "/v1/customers/cus_0002", {}, {})],),
    "an id of one's own": ([("GET", "/v1/status", None, {"X-Request-Id": "batch-0001"})],),
    "an id that is too short": ([("GET", "/v1/status", None, {"X-Request-Id": "batch-1"})],),
    "an id of 64 characters": ([("GET", "/v1/status", None, {"X-Request-Id": "a" * 64})],),
    "an id that is too long": ([("GET", "/v1/status", None, {"X-Request-Id": "a" * 65})],),
    "a body in another type": ([("POST", "/v1/customers", {"name": "Bo"}, {"Content-Type": "text/plain"})],),
    "a body with a character set": ([("POST", "/v1/customers", {"name": "Bo", "email": "bo@example.com"}, {"Content-Type": "Application/JSON; charset=utf-8"})],),
    "a body that is a list": ([("POST", "/v1/customers", ["Bo"], {})],),
    "a body that is empty": ([("POST", "/v1/customers", None, {})],),
    "a body that is too large": ([("POST", "/v1/customers", {"name": "Bo" * 512}, {})],),
    "half a character as a field": ([("POST", "/v1/customers", {"\ud83d": 1}, {"Idempotency-Key": "a"})] * 2,),
    "an unknown parameter": ([("GET", "/v1/customers?name=Ana", None, {})],),
    "a parameter that comes twice": ([("GET", "/v1/customers?limit=1&limit=2", None, {})],),
    "an empty parameter": ([("GET", "/v1/customers?limit=", None, {})],),
    "customers by address": ([("GET", "/v1/customers?email=Ana%40example.com", None, {})],),
    "customers by status": ([("GET", "/v1/customers?status=Blocked", None, {}), ("GET", "/v1/customers?status=active", None, {})],),
    "customers by no status": ([("GET", "/v1/customers?status=paid", None, {})],),
}


def journey(requests):
    import itertools
    import json
    from datetime import datetime, timezone
    from pathlib import Path
    from restdesk.access import ApiKey, parse_scopes
    from restdesk.app import build_app
    from restdesk.client import wsgi_transport
    from restdesk.settings import load

    Path("desk.toml").write_text("[server]\ndatabase = ':memory:'\nmax_body = '1KB'\n", encoding="utf-8")
    numbers, now = itertools.count(1), datetime(2024, 3, 1, 9, tzinfo=timezone.utc)
    app = build_app(load(Path("desk.toml"), {}), lambda: now, lambda prefix: f"{prefix}_{next(numbers):04d}")
    secret = "rk_" + "a" * 16
    app.keys.add(ApiKey("key_1", "shop", parse_scopes("*"), "basic", now, now.replace(year=2025)), secret)
    for method, path, body, headers in [("POST", "/v1/customers", {"name": "Ana", "email": "ana@example.com"}, {}), *requests]:
        content = b"" if body is None else json.dumps(body).encode()
        status, answered, raw = wsgi_transport(app)(method, path, {"Authorization": f"Bearer {secret}", **headers}, content)
        print(method, path, status, sorted(answered.items()), raw.decode(), sep="\n  ")
    print(Path("logs/access-2024-03-01.log").read_text("utf-8"))
    app.close()
