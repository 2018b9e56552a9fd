"""Partners knock at the API with keys of several kinds."""

WHO = "a developer at a partner"
SUBJECT = "API keys and their limits"
DETAIL = "The steps make two keys, a short one and a long one."

CASES = {
    "a good key": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a good key in small letters": ("*", "trial", ["bearer  rk_aaaaaaaaaaaaaaaa "], "GET", 0),
    "no key": ("*", "trial", [" "], "GET", 0),
    "another scheme": ("*", "trial", ["Token rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a key of nobody": ("*", "trial", ["Bearer rk_bbbbbbbbbbbbbbbb"], "GET", 0),
    "a key that is too short": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaa"], "GET", 0),
    "a key of 64 characters": ("*", "trial", ["Bearer rk_" + "a" * 64], "GET", 0),
    "a key that is too long": ("*", "trial", ["Bearer rk_" + "a" * 65], "GET", 0),
    "a key in its last second": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 86399),
    "a key that has ended": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 86400),
    "a reader who reads": ("customers:read", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a reader who writes": ("customers:read", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "POST", 0),
    "a writer who reads": (" Customers:Write ,", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a writer who writes": ("customers:write", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "POST", 0),
    "a reader of charges": ("charges:read,charges:write", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a key for nothing": (" , ", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a key for something else": ("orders:read", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "GET", 0),
    "a key for everything and more": ("orders:read,*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"], "POST", 0),
    "the last request of the trial": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 25, "GET", 0),
    "one request too many": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 26, "GET", 0),
    "a plan that is no more": ("*", "gold", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 3, "GET", 0),
    "a large plan": ("*", "bulk", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 3, "GET", 0),
    "requests three seconds apart": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 26, "GET", 3),
    "requests two seconds apart": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 32, "GET", 2),
    "requests 2.4 seconds apart": ("*", "trial", ["Bearer rk_aaaaaaaaaaaaaaaa"] * 27, "GET", 2.4),
}


def journey(scopes, plan, headers, method, wait):
    import itertools
    from datetime import datetime, timedelta, timezone
    from restdesk.access import ApiKey, parse_scopes
    from restdesk.app import build_app
    from restdesk.client import wsgi_transport
    from restdesk.settings import load

    now, numbers = [datetime(2024, 3, 1, 9, tzinfo=timezone.utc)], itertools.count(1)
    app = build_app(load(environ={"RESTDESK_SERVER_DATABASE": ":memory:"}), lambda: now[0], lambda prefix: f"{prefix}_{next(numbers):04d}")
    for token in ("a" * 16, "a" * 64):
        app.keys.add(ApiKey(f"key_{len(token)}", "shop", parse_scopes(scopes), plan, now[0], now[0] + timedelta(days=1)), f"rk_{token}")
    found = app.keys.find("rk_" + "a" * 64, now[0])
    print(found.id, found.name, found.plan, sorted(scope.value for scope in found.scopes), found.created, found.expires)
    for header in headers:
        now[0] += timedelta(seconds=wait)
        status, answered, raw = wsgi_transport(app)(method, "/v1/customers", {"Authorization": header}, b"")
        told = [answered.get(name) for name in ("RateLimit-Remaining", "Retry-After", "WWW-Authenticate")]
        print(status, *told, raw.decode()[9:84])
    moments = (timedelta(hours=23), timedelta(hours=23), timedelta(days=1))
    print("revoked:", [app.keys.revoke("key_64", app.clock().replace(hour=9) + moment) for moment in moments], app.keys.revoke("key_9", now[0]))
    app.close()
