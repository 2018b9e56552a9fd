import json
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import POLICY, Counter

from restdesk.client import (
    Client,
    Failure,
    backoff,
    may_pass_later,
    parse_retry_after,
    wsgi_transport,
)


class Server:
    """Answers what it is told to: a status, or (status, headers, body)."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, method, url, headers, body):
        self.asked.append((method, url, dict(headers), body))
        answer = self.answers.pop(0)
        if isinstance(answer, tuple):
            status, headers, content = answer
            return status, headers, content
        return answer, {}, b'{"ok": true}'


@pytest.fixture
def naps():
    return []


@pytest.fixture
def open_client(naps):
    def open_client(*answers, policy=POLICY, chance=0.5):
        server = Server(*answers)
        client = Client(server, "rk_secret", policy, naps.append, lambda: chance, Counter())
        return client, server

    return open_client


def error(status, headers=None, **fields):
    body = {"type": "conflict", "message": "No", "request_id": "req_1", **fields}
    return status, headers or {}, json.dumps({"error": body}).encode()


def page(*ids, more=False):
    rows = [{"id": row_id} for row_id in ids]
    return 200, {}, json.dumps({"data": rows, "has_more": more}).encode()


def test_requests_and_answers(open_client):
    client, server = open_client(200)
    assert client.get("/v1/charges", status="paid", limit=None, page=0, email="a+b@c.de") == {
        "ok": True
    }
    [(method, url, headers, body)] = server.asked
    assert (method, url, body) == ("GET", "/v1/charges?status=paid&page=0&email=a%2Bb%40c.de", b"")
    assert headers == {"Authorization": "Bearer rk_secret", "Accept": "application/json"}

    client, server = open_client((204, {}, b""))
    assert client.delete("/v1/customers/cus_1") is None
    assert server.asked[0][0] == "DELETE"


def test_texts_are_utf_8(open_client):
    client, server = open_client(200)
    client.update("/v1/customers/cus_1", {"name": "Łódź"})
    [(method, url, headers, body)] = server.asked
    assert (method, url, body) == ("PATCH", "/v1/customers/cus_1", '{"name": "Łódź"}'.encode())
    assert headers["Content-Type"] == "application/json"
    assert "Idempotency-Key" not in headers

    client, _ = open_client((399, {}, '{"name": "Łódź"}'.encode()))
    assert client.get("/v1/status") == {"name": "Łódź"}


def test_attempts_share_an_idempotency_key(open_client):
    client, server = open_client(503, 500, 201, 201)
    client.create("/v1/charges", {})
    client.create("/v1/charges", {}, "mine")
    keys = [headers["Idempotency-Key"] for _, _, headers, _ in server.asked]
    assert keys == ["idem_0001", "idem_0001", "idem_0001", "mine"]
    assert server.asked[0][3] == b"{}"
    assert server.asked[0][2]["Content-Type"] == "application/json"


def test_waits_grow(open_client, naps):
    client, server = open_client(500, 502, 503, 200, chance=1.0)
    assert client.get("/v1/status") == {"ok": True}
    assert naps == [1.0, 2.0, 4.0]
    assert len(server.asked) == 4


def test_no_more_than_the_attempts_allowed(open_client, naps):
    client, server = open_client(500, 500, 500, error(503), 200)
    with pytest.raises(Failure) as caught:
        client.get("/v1/status")
    assert (caught.value.status, caught.value.attempts) == (503, 4)
    assert (len(server.asked), len(naps)) == (4, 3)


def test_other_errors_are_not_tried_again(open_client, naps):
    for status in (400, 401, 403, 404, 409):
        client, server = open_client(error(status, {"Retry-After": "1"}), 200)
        with pytest.raises(Failure) as caught:
            client.get("/v1/status")
        assert (caught.value.status, caught.value.attempts) == (status, 1)
    assert naps == []


def test_server_says_how_long_to_wait(open_client, naps):
    client, _ = open_client((429, {"Retry-After": "7"}, b""), (429, {"Retry-After": "0"}, b""), 200)
    client.get("/v1/status")
    assert naps == [7.0, 1.5]


def test_patience(open_client, naps):
    client, _ = open_client((429, {"Retry-After": "60"}, b""), error(429, {"Retry-After": "61"}))
    with pytest.raises(Failure) as caught:
        client.get("/v1/status")
    assert (naps, caught.value.attempts) == ([60.0], 2)

    patient = replace(POLICY, patience=timedelta(days=1))
    client, _ = open_client((429, {"Retry-After": "86400"}, b""), 200, policy=patient)
    assert client.get("/v1/status") == {"ok": True}


def test_backoff():
    assert [backoff(attempt, POLICY, 1.0) for attempt in (1, 2, 3, 4, 40)] == [1, 2, 4, 5, 5]
    assert [backoff(3, POLICY, chance) for chance in (0.0, 0.25, 0.5)] == [2, 2.5, 3]
    fast = replace(POLICY, base=timedelta(milliseconds=250))
    assert backoff(1, fast, 1.0) == 0.25

    assert [status for status in range(400, 601) if may_pass_later(status)] == [
        429,
        *range(500, 600),
    ]


def test_retry_after():
    assert [parse_retry_after(text) for text in ("120", " 7 ", "0")] == [120.0, 7.0, 0.0]
    unreadable = ("", " ", "soon", "-5", "1.5", "Fri, 01 Mar 2024 09:01:30 GMT")
    assert [parse_retry_after(text) for text in unreadable] == [None] * 6


def test_failures(open_client):
    client, _ = open_client(error(409, {"X-Request-Id": "req_9"}, code="email_taken"))
    with pytest.raises(Failure) as caught:
        client.get("/v1/status")
    assert caught.value == Failure(409, "conflict", "email_taken", "No", "req_1", 1)
    assert str(caught.value) == "409 email_taken: No"

    client, _ = open_client(error(404, {"X-Request-Id": "req_9"}, request_id=None))
    with pytest.raises(Failure, match="404 conflict: No") as caught:
        client.get("/v1/status")
    assert caught.value.request_id == "req_9"

    content = '{"error": {"type": "conflict", "message": "Łódź"}}'.encode()
    client, _ = open_client((409, {}, content))
    with pytest.raises(Failure, match="409 conflict: Łódź") as caught:
        client.get("/v1/status")
    assert caught.value.request_id is None


def test_failures_of_something_on_the_way(open_client):
    contents = ["Größe" * 30, "[]", '{"error": {}}', '{"error": "no"}']
    for content in [text.encode() for text in contents] + [b"<html>\xff"]:
        client, _ = open_client((404, {"X-Request-Id": "req_9"}, content))
        with pytest.raises(Failure) as caught:
            client.get("/v1/status")
        assert (caught.value.kind, caught.value.code) == ("unreadable", None)
        assert caught.value.message == content.decode("utf-8", "replace")[:100]
        assert caught.value.request_id == "req_9"


def test_iterating_over_pages(open_client):
    client, server = open_client(page("c", "b", more=True), page("a"))
    rows = client.iterate("/v1/charges", limit=2, status="paid")
    assert [row["id"] for row in rows] == ["c", "b", "a"]
    assert [url for _, url, _, _ in server.asked] == [
        "/v1/charges?status=paid&limit=2",
        "/v1/charges?status=paid&limit=2&starting_after=b",
    ]


def test_pages_are_read_when_they_are_needed(open_client):
    client, server = open_client(page("c", "b", more=True))
    rows = client.iterate("/v1/charges")
    assert [next(rows)["id"], next(rows)["id"]] == ["c", "b"]
    assert [url for _, url, _, _ in server.asked] == ["/v1/charges?limit=100"]

    client, _ = open_client(page(more=True), page("a"))
    assert list(client.iterate("/v1/charges")) == []


def test_requests_to_an_app_in_this_process():
    seen = {}

    def app(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("429 Too Many Requests", [("Retry-After", "3")])
        return [b"ab", b"c"]

    headers = {"Content-Type": "application/json", "X-Request-Id": "r"}
    answer = wsgi_transport(app)("PUT", "/größe?a=1&b=2", headers, "ö".encode())
    assert answer == (429, {"Retry-After": "3"}, b"abc")
    assert (seen["REQUEST_METHOD"], seen["QUERY_STRING"]) == ("PUT", "a=1&b=2")
    assert seen["PATH_INFO"] == "/größe".encode().decode("latin-1")
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("application/json", "2")
    assert (seen["HTTP_X_REQUEST_ID"], seen["body"]) == ("r", "ö".encode())
    wsgi_transport(app)("GET", "/", {}, b"")
    assert (seen["CONTENT_TYPE"], seen["QUERY_STRING"]) == ("", "")
