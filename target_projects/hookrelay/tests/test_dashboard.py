import json

import pytest
from builders import (
    DAY,
    HOUR,
    NOW,
    Script,
    log_attempts,
    make_attempt,
    make_settings,
    make_worker,
    store,
)
from hookrelay.dashboard import Dashboard, show_delivery
from hookrelay.moments import offset_zone


@pytest.fixture
def call(db, clock):
    """Ask the application; gives status line, headers and what the body says."""

    def call(path, query="", method="GET", **settings):
        seen = {}

        def start_response(status, headers):
            seen.update(status=status, headers=dict(headers))

        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
        body = b"".join(Dashboard(db, make_settings(**settings), clock)(environ, start_response))
        return seen["status"], seen["headers"], json.loads(body) if body else None

    return call


def test_health(call):
    assert call("/v1/health") == (
        "200 OK",
        {"Content-Type": "application/json; charset=utf-8", "Content-Length": "55"},
        {"status": "ok", "at": "2024-03-01T08:00:00.000+00:00"},
    )

    status, headers, content = call("/v1/health", method="HEAD")
    assert (status, headers["Content-Length"], content) == ("200 OK", "55", None)


def test_attempts(call, db):
    log_attempts(db, make_attempt(1), make_attempt(2, status=None, error="timeout: x"))
    status, _, content = call("/v1/merchants/Orchard/attempts/")
    assert status == "200 OK"
    assert content["next_cursor"] is None
    assert [(item["number"], item["status"], item["success"]) for item in content["items"]] == [
        (2, None, False),
        (1, 200, True),
    ]


def test_attempts_page_by_page(call, db):
    log_attempts(db, *(make_attempt(number) for number in range(1, 6)))
    seen, query = [], ""
    for _ in range(3):
        _, _, content = call("/v1/merchants/orchard/attempts", query)
        seen.append([item["number"] for item in content["items"]])
        query = f"cursor={content['next_cursor']}"
    assert seen == [[5, 4], [3, 2], [1]]
    assert content["next_cursor"] is None


def test_page_sizes(call, db):
    log_attempts(db, *(make_attempt(number) for number in range(1, 6)))
    sizes = [
        len(call("/v1/merchants/orchard/attempts", query)[2]["items"])
        for query in ("", "limit=1", "limit=3", "limit=4")
    ]
    assert sizes == [2, 1, 3, 3]


def test_filters(call, db):
    log_attempts(db, make_attempt(1, status=500), make_attempt(2), make_attempt(3, status=503))
    _, _, content = call("/v1/merchants/orchard/attempts", "outcome=failure&status=5xx&event=")
    assert [item["number"] for item in content["items"]] == [3, 1]


def test_days_of_filters_are_local(call, db):
    log_attempts(db, make_attempt(1, at=NOW - 9 * HOUR), make_attempt(2, at=NOW - 10 * HOUR))
    zone = offset_zone(60)
    _, _, content = call("/v1/merchants/orchard/attempts", "since=2024-03-01", zone=zone)
    assert [item["number"] for item in content["items"]] == [1]


def test_errors(call):
    home = "/v1/merchants/orchard"
    for path, query, status, problem in [
        (f"{home}/attempts", "colour=red", "400 Bad Request", "unknown filter: colour"),
        (f"{home}/attempts", "age=", "400 Bad Request", "unknown filter: age"),
        (f"{home}/attempts", "limit=1&limit=2", "400 Bad Request", "a filter is given twice"),
        ("/v1/merchants/9/attempts", "", "400 Bad Request", "not a merchant: '9'"),
        (f"{home}/deliveries/7", "", "404 Not Found", "there is no delivery 7"),
        (f"{home}/deliveries/007", "", "404 Not Found", "there is no delivery 7"),
    ]:
        answer = call(path, query)
        assert (answer[0], answer[2]) == (status, {"error": problem})


def test_pages_that_are_not_there(call):
    home = "/v1/merchants/orchard"
    for path in (
        f"{home}/deliveries/x",
        f"{home}/deliveries/" + "9" * 19,
        "/v1/merchants/a/b/attempts",
        "/v1/healthy",
        "/v2/v1/health",
    ):
        status, _, content = call(path)
        assert (status, content) == ("404 Not Found", {"error": f"nothing at {path}"})


def test_a_request_without_path_or_query(db, clock):
    seen = []
    dashboard = Dashboard(db, make_settings(), clock)
    dashboard({"REQUEST_METHOD": "GET"}, lambda *what: seen.append(what[0]))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/v1/merchants/orchard/attempts"}
    dashboard(environ, lambda *what: seen.append(what[0]))
    assert seen == ["404 Not Found", "200 OK"]


def test_methods(call):
    status, headers, content = call("/v1/health", method="POST")
    assert (status, headers["Allow"]) == ("405 Method Not Allowed", "GET")
    assert content == {"error": "method not allowed"}
    status, headers, _ = call("/v1/merchants/orchard/deliveries/1/retry")
    assert (status, headers["Allow"]) == ("405 Method Not Allowed", "POST")


def test_a_delivery_with_its_history(call, db, clock):
    store(db, "orchard")
    make_worker(db, clock, Script(500)).step()
    status, _, content = call("/v1/merchants/orchard/deliveries/1")
    assert status == "200 OK"
    assert [attempt["status"] for attempt in content.pop("attempts")] == [500]
    assert content.pop("payload")["data"] == {
        "amount": 1250, "currency": "EUR", "reference": "Order 17",
    }  # fmt: skip
    assert content == {
        "id": 1,
        "event": "evt_0001",
        "endpoint": "orchard-main",
        "state": "pending",
        "failures": 1,
        "next_attempt": "2024-03-01T08:00:01.000+00:00",
        "deadline": "2024-03-04T08:00:00.000+00:00",
        "note": "status 500",
    }


def test_only_what_waits_has_a_next_attempt(db):
    queue = store(db, "orchard")
    queue.fail(queue.claim("orchard", "ada", NOW), "x")
    assert show_delivery(queue.get(1))["next_attempt"] is None


def test_another_merchants_delivery_is_not_there(call, db):
    store(db, "orchard")
    db.execute("UPDATE deliveries SET state = 'failed'")
    for path, method in [("deliveries/1", "GET"), ("deliveries/1/retry", "POST")]:
        status, _, content = call(f"/v1/merchants/kiosk/{path}", method=method)
        assert (status, content) == ("404 Not Found", {"error": "there is no delivery 1"})


def test_starting_a_delivery_anew(call, db, clock):
    queue = store(db, "orchard")
    db.execute("UPDATE deliveries SET state = 'failed'")
    clock.moment = NOW + DAY
    status, _, content = call("/v1/merchants/orchard/deliveries/1/retry", method="POST")
    assert (status, content["state"]) == ("202 Accepted", "pending")
    assert content["next_attempt"] == "2024-03-02T08:00:00.000+00:00"
    assert queue.get(1).deadline == NOW + 4 * DAY


def test_starting_anew_what_is_not_over(call, db):
    store(db, "orchard")
    status, _, content = call("/v1/merchants/orchard/deliveries/1/retry", method="POST")
    assert (status, content) == ("409 Conflict", {"error": "delivery 1 is pending"})


def test_text_in_any_language(call, db):
    log_attempts(db, make_attempt(excerpt="Łódź"))
    _, headers, content = call("/v1/merchants/orchard/attempts")
    assert content["items"][0]["excerpt"] == "Łódź"
    plain = json.dumps(content, ensure_ascii=False).encode()
    assert headers["Content-Length"] == str(len(plain))
