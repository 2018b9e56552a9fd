import json

import pytest
from builders import (
    LATER,
    NOW,
    make_desk,
    make_key,
    make_settings,
    stored_charge,
    stored_customer,
)

from restdesk import __version__
from restdesk.access import Scope
from restdesk.errors import Invalid, MethodNotAllowed, NotFound, PreconditionFailed
from restdesk.handlers import ROUTES, Call, find_route
from restdesk.records import ChargeStatus, CustomerStatus
from restdesk.wire import Request

NAMES = {"name": "Ana", "email": "ana@example.com"}


@pytest.fixture
def call(desk):
    """Calls the handler of a request, as somebody who may do everything."""

    def handle(method, path, body=None, key=None, query=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, path, query or {}, headers, content)
        route, target = find_route(method, path)
        return route.action(Call(desk, request, target, key))

    return handle


def shown(response):
    return [row["id"] for row in response.body["data"]]


def test_routes_and_their_scopes():
    table = [
        (route.method, route.pattern.pattern.split("(")[0], route.scope, route.replayable)
        for route in ROUTES
    ]
    read, write = Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE
    assert table[1:7] == [
        ("GET", "/v1/customers", read, False),
        ("POST", "/v1/customers", write, True),
        ("GET", "/v1/customers/", read, False),
        ("PUT", "/v1/customers/", write, False),
        ("PATCH", "/v1/customers/", write, False),
        ("DELETE", "/v1/customers/", write, False),
    ]
    read, write = Scope.CHARGES_READ, Scope.CHARGES_WRITE
    assert table[7:] == [
        ("GET", "/v1/charges", read, False),
        ("POST", "/v1/charges", write, True),
        ("GET", "/v1/charges/", read, False),
        ("PATCH", "/v1/charges/", write, False),
        ("POST", "/v1/charges/", write, True),
    ]
    assert table[0] == ("GET", "/v1/status", None, False)


def test_paths():
    assert find_route("GET", "/v1/customers/cus_00ab")[1] == "cus_00ab"
    assert find_route("POST", "/v1/charges/ch_00ab/refund/")[1] == "ch_00ab"
    assert find_route("GET", "/v1/charges/")[1] == ""
    assert find_route("GET", "/v1/charges/ch_" + "a" * 32)[1] == "ch_" + "a" * 32

    for path in ("/", "", "/v1", "/v1/customers/ch_0001", "/v1/customers/cus_AB12",
                 "/v1/customers/cus_123", "/v1/charges/ch_" + "a" * 33, "/v1/statuses"):  # fmt: skip
        with pytest.raises(NotFound) as caught:
            find_route("GET", path)
        assert caught.value.code == "missing_path"


def test_methods_that_a_path_does_not_take():
    with pytest.raises(MethodNotAllowed, match="/v1/charges does not take DELETE") as caught:
        find_route("DELETE", "/v1/charges/")
    assert caught.value.allowed == ("GET", "POST")
    with pytest.raises(MethodNotAllowed) as caught:
        find_route("POST", "/v1/customers/cus_0001")
    assert caught.value.allowed == ("DELETE", "GET", "PATCH", "PUT")


def test_status(call, desk):
    assert call("GET", "/v1/status").body == {"status": "ok", "version": __version__}
    desk.settings = make_settings(maintenance=True)
    response = call("GET", "/v1/status")
    assert (response.status, response.body["status"]) == (200, "maintenance")


def test_post_creates_a_customer(call):
    response = call("POST", "/v1/customers", NAMES)
    assert (response.status, response.headers["Location"]) == (201, "/v1/customers/cus_0001")
    assert (response.body["id"], response.body["name"]) == ("cus_0001", "Ana")
    assert response.headers["ETag"].startswith('"1-')


def test_get_shows_a_customer(call, desk):
    stored_customer(desk.store)
    response = call("GET", "/v1/customers/cus_0001")
    assert (response.status, response.body["email"]) == (200, "c1@example.com")
    assert list(response.headers) == ["ETag"]


def test_get_of_what_the_client_has_already(call, desk):
    stored_customer(desk.store)
    tag = call("GET", "/v1/customers/cus_0001").headers["ETag"]
    response = call("GET", "/v1/customers/cus_0001", if_none_match=tag)
    assert (response.status, response.body, response.headers) == (304, None, {"ETag": tag})
    assert call("GET", "/v1/customers/cus_0001", if_none_match='"x"').status == 200


def test_put_replaces_a_customer(call, desk):
    stored_customer(desk.store, status=CustomerStatus.BLOCKED)
    response = call("PUT", "/v1/customers/cus_0001", NAMES)
    assert (response.status, response.body["status"]) == (200, "active")
    assert response.headers["ETag"].startswith('"2-')


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


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_changes_only_of_the_version_that_was_seen(call, desk, method):
    stored_customer(desk.store)
    tag = call("GET", "/v1/customers/cus_0001").headers["ETag"]
    with pytest.raises(PreconditionFailed, match="cus_0001 has changed") as caught:
        call(method, "/v1/customers/cus_0001", NAMES, if_match='"1-000000000000"')
    assert caught.value.code == "version_conflict"
    assert call(method, "/v1/customers/cus_0001", NAMES, if_match=tag).status < 300


def test_list_of_customers(call, desk):
    for number in range(1, 5):
        stored_customer(desk.store, number)
    response = call("GET", "/v1/customers")
    assert (response.status, shown(response)) == (200, ["cus_0004", "cus_0003", "cus_0002"])
    assert response.body["next"] == "/v1/customers?limit=3&starting_after=cus_0002"
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
    stored_charge(
        desk.store, 2, customer="cus_0002", currency="JPY", created=LATER,
        status=ChargeStatus.FAILED,
    )  # fmt: skip
    first, second = ["ch_0001"], ["ch_0002"]
    for query, found in [
        ({}, second + first),
        ({"customer": "cus_0001"}, first),
        ({"status": "FAILED"}, second),
        ({"currency": "jpy"}, second),
        ({"created_gte": "1709375400"}, second),
        ({"created_gte": "1709375401"}, []),
        ({"created_lt": "1709375400"}, first),
    ]:
        assert shown(call("GET", "/v1/charges", query=query)) == found


def test_next_page_keeps_the_filters_as_they_were_given(call, desk):
    stored_customer(desk.store)
    for number in (1, 2):
        stored_charge(desk.store, number)
    query = {"currency": "eur", "created_gte": "1709283600", "limit": "1"}
    assert call("GET", "/v1/charges", query=query).body["next"] == (
        "/v1/charges?currency=eur&created_gte=1709283600&limit=1&starting_after=ch_0002"
    )


def test_moments_in_filters(call):
    latest = "253402300799"
    assert shown(call("GET", "/v1/charges", query={"created_lt": latest})) == []
    for text in ("253402300800", "-1", "2024-03-01", "1.5", "٣", "9" * 5000):
        with pytest.raises(Invalid, match="created_lt must be Unix seconds") as caught:
            call("GET", "/v1/charges", query={"created_lt": text})
        assert (caught.value.code, caught.value.param) == ("moment_invalid", "created_lt")


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
    for key, name in [("key_1", "a"), ("key_1", "a"), ("key_2", "a"), ("key_1", "b")]:
        call("POST", "/v1/charges", body, key=make_key(id=key), idempotency_key=name)
    references = [desk.store.charge(f"ch_000{number}").reference for number in range(1, 5)]
    assert references[0] == references[1]
    assert len(set(references)) == 3
    assert len(references[0]) == 32


def test_get_and_patch_of_a_charge(call, desk):
    stored_customer(desk.store)
    stored_charge(desk.store)
    response = call("PATCH", "/v1/charges/ch_0001", {"description": "May"})
    assert (response.status, response.body["description"]) == (200, "May")
    again = call("GET", "/v1/charges/ch_0001")
    assert (again.status, again.headers, again.body) == (200, response.headers, response.body)
    with pytest.raises(PreconditionFailed):
        call("PATCH", "/v1/charges/ch_0001", {"description": "June"}, if_match='"1"')


def test_post_of_a_refund(call, desk):
    stored_customer(desk.store)
    stored_charge(desk.store, created=NOW)
    response = call("POST", "/v1/charges/ch_0001/refund", {"amount": 400})
    assert (response.status, response.body["amount_refunded"]) == (200, 400)
    assert call("POST", "/v1/charges/ch_0001/refund").body["status"] == "refunded"
    with pytest.raises(PreconditionFailed):
        call("POST", "/v1/charges/ch_0001/refund", if_match='"1"')
