import json

import pytest
from builders import make_desk, stored_charge, stored_customer

from restdesk import __version__
from restdesk.access import Scope
from restdesk.errors import Invalid, MethodNotAllowed, NotFound
from restdesk.handlers import ROUTES, Call, find_route
from restdesk.records import ChargeStatus, CustomerStatus
from restdesk.wire import Request

NAMES = {"name": "Ana", "email": "ana@example.com"}


@pytest.fixture
def call(desk):
    """Calls the handler of a request, as somebody who may do everything."""

    def handle(method, path, body=None, caller="", query=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, path, query or {}, headers, content)
        route, target = find_route(method, path)
        return route.action(Call(desk, request, target, caller))

    return handle


def shown(response):
    return [row["id"] for row in response.body["data"]]


def test_routes_and_their_scopes():
    table = [(route.method, route.pattern.pattern.split("(")[0], route.scope) for route in ROUTES]
    read, write = Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE
    assert table[1:7] == [
        ("GET", "/v1/customers", read),
        ("POST", "/v1/customers", write),
        ("GET", "/v1/customers/", read),
        ("PUT", "/v1/customers/", write),
        ("PATCH", "/v1/customers/", write),
        ("DELETE", "/v1/customers/", write),
    ]
    read, write = Scope.CHARGES_READ, Scope.CHARGES_WRITE
    assert table[7:] == [
        ("GET", "/v1/charges", read),
        ("POST", "/v1/charges", write),
        ("GET", "/v1/charges/", read),
    ]
    assert table[0] == ("GET", "/v1/status", None)


def test_paths():
    assert find_route("GET", "/v1/customers/cus_00ab")[1] == "cus_00ab"
    assert find_route("GET", "/v1/charges/ch_00ab/")[1] == "ch_00ab"
    assert find_route("GET", "/v1/charges/")[1] == ""
    assert find_route("PUT", "/v1/customers/cus_" + "09az" * 8)[1] == "cus_" + "09az" * 8
    assert find_route("GET", "/v1/charges/ch_" + "a" * 32)[1] == "ch_" + "a" * 32

    for path in ("/", "", "/v1", "/v1/customers/ch_0001", "/v1/customers/cus_AB12",
                 "/v1/customers/cus_123", "/v1/charges/ch_" + "a" * 33, "/v1/statuses"):  # fmt: skip
        with pytest.raises(NotFound) as caught:
            find_route("GET", path)
        assert caught.value.code == "missing_path"
    with pytest.raises(NotFound, match="There is nothing at /$"):
        find_route("GET", "/")


def test_methods_that_a_path_does_not_take():
    with pytest.raises(MethodNotAllowed, match="/v1/charges does not take DELETE") as caught:
        find_route("DELETE", "/v1/charges/")
    assert caught.value.allowed == ("GET", "POST")
    with pytest.raises(MethodNotAllowed) as caught:
        find_route("POST", "/v1/customers/cus_0001")
    assert caught.value.allowed == ("DELETE", "GET", "PATCH", "PUT")


def test_status(call):
    response = call("GET", "/v1/status")
    assert (response.status, response.body) == (200, {"status": "ok", "version": __version__})


def test_post_creates_a_customer(call):
    response = call("POST", "/v1/customers", NAMES)
    assert (response.status, response.headers["Location"]) == (201, "/v1/customers/cus_0001")
    assert (response.body["id"], response.body["name"]) == ("cus_0001", "Ana")


def test_get_shows_a_customer(call, desk):
    stored_customer(desk.store)
    response = call("GET", "/v1/customers/cus_0001")
    assert (response.status, response.body["email"]) == (200, "c1@example.com")


def test_put_replaces_a_customer(call, desk):
    stored_customer(desk.store, status=CustomerStatus.BLOCKED)
    response = call("PUT", "/v1/customers/cus_0001", NAMES)
    assert (response.status, response.body["status"]) == (200, "active")


def test_patch_updates_a_customer(call, desk):
    stored_customer(desk.store, status=CustomerStatus.BLOCKED)
    response = call("PATCH", "/v1/customers/cus_0001", {"name": "Bo"})
    assert (response.status, response.body["name"]) == (200, "Bo")
    assert response.body["status"] == "blocked"


def test_delete_of_a_customer(call, desk):
    stored_customer(desk.store)
    response = call("DELETE", "/v1/customers/cus_0001")
    assert (response.status, response.body) == (204, None)
    with pytest.raises(NotFound):
        call("GET", "/v1/customers/cus_0001")


def test_list_of_customers(call, desk):
    for number in range(1, 5):
        stored_customer(desk.store, number)
    response = call("GET", "/v1/customers")
    assert (response.status, shown(response)) == (200, ["cus_0004", "cus_0003", "cus_0002"])
    assert response.body["has_more"] is True
    assert len(shown(call("GET", "/v1/customers", query={"limit": "5"}))) == 4
    with pytest.raises(Invalid, match="limit is at most 5"):
        call("GET", "/v1/customers", query={"limit": "6"})


def test_list_of_some_customers(call, desk):
    stored_customer(desk.store, 1)
    stored_customer(desk.store, 2, status=CustomerStatus.BLOCKED)
    for query, found in [
        ({"status": "Blocked"}, ["cus_0002"]),
        ({"email": "C1@example.com"}, ["cus_0001"]),
    ]:
        assert shown(call("GET", "/v1/customers", query=query)) == found
    with pytest.raises(Invalid, match="There is no status 'paid'") as caught:
        call("GET", "/v1/customers", query={"status": "paid"})
    assert caught.value.code == "not_a_choice"
    with pytest.raises(Invalid, match="Unknown parameter: name"):
        call("GET", "/v1/customers", query={"name": "Ana"})


def test_list_of_some_charges(call, desk):
    stored_customer(desk.store, 1)
    stored_customer(desk.store, 2)
    stored_charge(desk.store, 1)
    stored_charge(desk.store, 2, customer="cus_0002", currency="JPY", status=ChargeStatus.FAILED)
    first, second = ["ch_0001"], ["ch_0002"]
    for query, found in [
        ({}, second + first),
        ({"customer": "cus_0001"}, first),
        ({"status": "FAILED"}, second),
        ({"currency": "jpy"}, second),
    ]:
        assert shown(call("GET", "/v1/charges", query=query)) == found
    assert call("GET", "/v1/charges").status == 200


def test_post_charges_a_customer(call, desk):
    stored_customer(desk.store)
    body = {"customer": "cus_0001", "amount": 500, "currency": "eur"}
    response = call("POST", "/v1/charges", body)
    assert (response.status, response.body["status"]) == (201, "succeeded")
    assert response.headers["Location"] == "/v1/charges/ch_0001"
    assert desk.store.charge("ch_0001").reference == "ch_0001"


def test_post_of_a_charge_that_is_pending(db, clock, ids):
    desk = make_desk(db, clock, ids, "WAIT")
    stored_customer(desk.store)
    body = b'{"customer": "cus_0001", "amount": 500, "currency": "eur"}'
    route, _ = find_route("POST", "/v1/charges")
    response = route.action(Call(desk, Request("POST", "/v1/charges", body=body)))
    assert (response.status, response.body["status"]) == (202, "pending")


def test_reference_depends_on_key_and_idempotency_key(call, desk):
    stored_customer(desk.store)
    body = {"customer": "cus_0001", "amount": 500, "currency": "eur"}
    answers = [
        call("POST", "/v1/charges", body, caller, idempotency_key=key).body["id"]
        for caller, key in [("key_1", "a"), ("key_1", " a "), ("key_2", "a"), ("key_1", "b")]
    ]
    assert answers == ["ch_0001", "ch_0001", "ch_0002", "ch_0003"]
    assert desk.store.charge("ch_0001").reference == "014f2ce5604de0f942376c31352b9d1d"


def test_idempotency_keys(call, desk):
    stored_customer(desk.store)
    body = {"customer": "cus_0001", "amount": 500, "currency": "eur"}
    for key in ("!~", "k" * 255):
        assert call("POST", "/v1/charges", body, idempotency_key=key).status == 201
    for key in ("", "  ", "k" * 256, "a b", "ü"):
        with pytest.raises(Invalid) as caught:
            call("POST", "/v1/charges", body, idempotency_key=key)
        assert caught.value.code == "idempotency_key"


def test_get_of_a_charge(call, desk):
    stored_charge(desk.store)
    response = call("GET", "/v1/charges/ch_0001")
    assert (response.status, response.body["id"]) == (200, "ch_0001")
