from datetime import timedelta

import pytest
from builders import LATER, NOW, make_key

from restdesk.access import (
    KeyRing,
    Limiter,
    Scope,
    parse_authorization,
    parse_scopes,
    require,
)
from restdesk.errors import Forbidden, TooManyRequests, Unauthorised
from restdesk.settings import Plan

SECRET = "rk_0123456789abcdef"
PLAN = Plan(2, timedelta(seconds=10))


@pytest.fixture
def ring(db):
    return KeyRing(db)


def refused(header):
    with pytest.raises(Unauthorised) as caught:
        parse_authorization(header)
    return caught.value.code


def test_scopes():
    assert parse_scopes(" Customers:Read, charges:write , ") == {
        Scope.CUSTOMERS_READ,
        Scope.CHARGES_WRITE,
    }
    assert parse_scopes("customers:read,*") == frozenset(Scope)
    for text in ("", " , ", "customers"):
        with pytest.raises(ValueError):
            parse_scopes(text)

    for area in ("CUSTOMERS", "CHARGES"):
        require(make_key(Scope[f"{area}_WRITE"]), Scope[f"{area}_READ"])
        require(make_key(Scope[f"{area}_WRITE"]), Scope[f"{area}_WRITE"])


def test_scopes_that_are_missing():
    for granted, needed in [
        (Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE),
        (Scope.CUSTOMERS_WRITE, Scope.CHARGES_READ),
        (Scope.CHARGES_WRITE, Scope.CUSTOMERS_READ),
    ]:
        with pytest.raises(Forbidden, match=f"The key 'shop' lacks {needed.value}") as caught:
            require(make_key(granted), needed)
        assert caught.value.code == "scope_missing"


def test_authorization_headers():
    for header in (f"Bearer {SECRET}", f"  bearer   {SECRET} ", f"BEARER {SECRET}"):
        assert parse_authorization(header) == SECRET

    for secret in ("rk_" + "a" * 64, "rk_AZ09azMm5AZ09azMm5", "rk_" + "0" * 16):
        assert parse_authorization(f"Bearer {secret}") == secret
    for secret in ("rk_" + "a" * 15, "rk_" + "a" * 65, "sk_" + "a" * 20, "rk_" + "a" * 16 + "-"):
        assert refused(f"Bearer {secret}") == "key_invalid"


def test_headers_that_are_no_good():
    assert [refused(header) for header in (None, "", "  ")] == ["key_missing"] * 3

    for header in (f"Digest {SECRET}", "Bearer", SECRET, f"Bearer {SECRET} x"):
        assert refused(header) == "key_invalid"


def test_secrets_are_not_kept(ring, db):
    ring.add(make_key(), SECRET)
    row = db.execute("SELECT * FROM api_keys").fetchone()
    assert SECRET not in tuple(row)
    assert row["digest"][:16] == "63cda99093778f57"


def test_key_comes_back_as_it_was(ring):
    with pytest.raises(Unauthorised, match="no such API key") as caught:
        ring.find(SECRET, NOW)
    assert caught.value.code == "key_invalid"

    key = make_key(Scope.CHARGES_WRITE, Scope.CUSTOMERS_READ, name="Łódź")
    ring.add(key, SECRET)
    assert ring.find(SECRET, NOW) == key


def test_keys_end(ring):
    ring.add(make_key(expires=LATER), SECRET)
    assert ring.find(SECRET, LATER - timedelta(milliseconds=1)).id == "key_1"
    with pytest.raises(Unauthorised, match="has expired") as caught:
        ring.find(SECRET, LATER)
    assert caught.value.code == "key_expired"


def test_revoked_keys(ring):
    ring.add(make_key(expires=LATER), SECRET)
    ring.add(make_key(id="key_2", expires=LATER), "rk_2")
    second = timedelta(seconds=1)
    assert ring.revoke("key_1", LATER - second) is True
    assert ring.revoke("key_1", LATER) is False
    assert ring.revoke("key_3", NOW) is False
    with pytest.raises(Unauthorised, match="has expired"):
        ring.find(SECRET, LATER - second)
    assert ring.find(SECRET, LATER - 2 * second).expires == LATER - second
    assert ring.find("rk_2", LATER - second).expires == LATER


def test_limit_of_requests(clock):
    limiter = Limiter(clock)
    assert [limiter.check("a", PLAN), limiter.check("a", PLAN)] == [1, 0]
    assert limiter.check("b", PLAN) == 1
    with pytest.raises(TooManyRequests, match=r"More than 2 requests in 0:00:10") as caught:
        limiter.check("a", PLAN)
    assert (caught.value.code, caught.value.retry_after) == ("rate_limited", 10)


def test_window_slides(clock):
    limiter = Limiter(clock)
    limiter.check("a", PLAN)
    clock.forward(seconds=6)
    limiter.check("a", PLAN)
    clock.forward(seconds=3.5)
    with pytest.raises(TooManyRequests) as caught:
        limiter.check("a", PLAN)
    assert caught.value.retry_after == 0.5
    clock.forward(seconds=0.5)
    assert limiter.check("a", PLAN) == 0
    with pytest.raises(TooManyRequests) as caught:
        limiter.check("a", PLAN)
    assert caught.value.retry_after == 6


def test_refused_requests_do_not_count(clock):
    limiter = Limiter(clock)
    for _ in range(2):
        limiter.check("a", PLAN)
    for _ in range(5):
        clock.forward(seconds=1)
        with pytest.raises(TooManyRequests):
            limiter.check("a", PLAN)
    clock.forward(seconds=5)
    assert limiter.check("a", PLAN) == 1
