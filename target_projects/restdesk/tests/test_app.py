"""What every request goes through, whatever it asks for."""

import hashlib
import io
import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from builders import LATER, Counter, make_key, make_processor, make_settings, stored_customer

from restdesk.access import Scope
from restdesk.app import build_app, create_app
from restdesk.errors import Forbidden, TooManyRequests, Unauthorised
from restdesk.wire import Request

SECRET = "rk_0123456789abcdef"
ANA = b'{"name": "Ana", "email": "ana@example.com"}'


@pytest.fixture
def build(tmp_path, clock):
    apps = []

    def build(*answers, key=None, **changes):
        settings = make_settings(access_log=tmp_path / "var" / "logs", **changes)
        app = build_app(settings, clock, Counter(), make_processor(*answers))
        app.keys.add(key or make_key(), SECRET)
        apps.append(app)
        return app

    yield build
    for app in apps:
        app.close()


@pytest.fixture
def log(tmp_path):
    return tmp_path / "var" / "logs" / "access-2024-03-01.log"


def ask(app, method, path, body=b"", **headers):
    headers = {"authorization": f"Bearer {SECRET}", **headers}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.respond(Request(method, path, {}, named, body))


def through_wsgi(app, method, path, body=b"", **variables):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_AUTHORIZATION": f"Bearer {SECRET}",
        **variables,
    }
    begun = []
    content = b"".join(app(environ, lambda line, headers: begun.append((line, dict(headers)))))
    line, headers = begun[0]
    return line, headers, json.loads(content) if content else None


def test_answer_to_a_server(build):
    line, headers, body = through_wsgi(build(), "GET", "/v1/customers")
    assert (line, body["data"]) == ("200 OK", [])
    assert (headers["X-Request-Id"], headers["RateLimit-Remaining"]) == ("req_0001", "49")

    line, headers, body = through_wsgi(build(), "GET", "/", HTTP_X_REQUEST_ID="batch-0017")
    assert (line, body["error"]["request_id"]) == ("404 Not Found", "batch-0017")
    assert headers["X-Request-Id"] == "batch-0017"


def test_trouble_inside_is_a_500_that_tells_nothing(build, caplog, monkeypatch):
    app = build()
    monkeypatch.setattr(app.limiter, "check", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        line, _, body = through_wsgi(app, "GET", "/v1/customers")
    assert line == "500 Internal Server Error"
    assert body["error"] == {
        "type": "api_error",
        "message": "Something went wrong on our side",
        "code": "internal",
        "request_id": "req_0001",
    }
    assert "ZeroDivisionError" in caplog.text


def test_too_large_body_is_refused(build):
    line, _, body = through_wsgi(build(max_body=10), "POST", "/v1/customers", ANA)
    assert (line, body["error"]["code"]) == ("400 Bad Request", "body_too_large")


def test_access_log(build, log, monkeypatch):
    app = build()
    through_wsgi(app, "GET", "/v1/status", HTTP_X_REQUEST_ID="batch-0017")
    monkeypatch.setattr(app, "respond", lambda *_: 1 / 0)
    through_wsgi(app, "PUT", "/v1/größe x".encode().decode("latin-1"))
    assert [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] == [
        {"at": "09:00:00", "request_id": "batch-0017", "method": "GET", "path": "/v1/status",
         "status": 200},
        {"at": "09:00:00", "request_id": "req_0002", "method": "PUT", "path": "/v1/größe x",
         "status": 500},
    ]  # fmt: skip


def test_access_log_of_a_request_that_cannot_be_read(build, log):
    through_wsgi(build(), "GET", "/v1/status", QUERY_STRING="a=")
    assert json.loads(log.read_text(encoding="utf-8"))["status"] == 400


def test_charges_are_known_by_key_and_caller(build):
    app = build()
    stored_customer(app.desk.store)
    body = b'{"customer": "cus_0001", "amount": 500, "currency": "eur"}'
    ask(app, "POST", "/v1/charges", body, idempotency_key="a")
    [message] = app.desk.processor.transport.asked
    assert message["reference"] == hashlib.sha256(b"key_1\na").hexdigest()[:32]


def test_keys_are_needed_but_for_the_status(build, clock):
    app = build()
    assert ask(app, "GET", "/v1/status", authorization="").status == 200
    with pytest.raises(Unauthorised) as caught:
        ask(app, "GET", "/v1/customers", authorization="")
    assert caught.value.code == "key_missing"
    with pytest.raises(Unauthorised, match="Send your API key"):
        app.respond(Request("GET", "/v1/customers"))

    app = build()
    clock.moment = LATER
    with pytest.raises(Unauthorised, match="expired"):
        ask(app, "GET", "/v1/customers")


def test_scopes_are_needed(build):
    app = build(key=make_key(Scope.CUSTOMERS_READ))
    assert ask(app, "GET", "/v1/customers").status == 200
    with pytest.raises(Forbidden, match="lacks customers:write"):
        ask(app, "POST", "/v1/customers", ANA)


def test_limit_is_that_of_the_plan(build):
    app = build(key=make_key(plan="tiny"))
    left = [ask(app, "GET", "/v1/customers").headers["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    with pytest.raises(TooManyRequests):
        ask(app, "GET", "/v1/customers")

    response = ask(build(key=make_key(plan="gold")), "GET", "/v1/customers")
    assert response.headers["RateLimit-Remaining"] == "49"


def test_requests_without_scope_count_too(build):
    app = build(key=make_key(Scope.CHARGES_READ, plan="tiny"))
    for _ in range(2):
        with pytest.raises(Forbidden):
            ask(app, "GET", "/v1/customers")
    with pytest.raises(TooManyRequests):
        ask(app, "GET", "/v1/customers")


def test_app_for_servers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESTDESK_SERVER_DATABASE", "data/desk.db")
    monkeypatch.setenv("RESTDESK_PROCESSOR_RETRY_AFTER", "3s")
    Path("desk.toml").write_text("[pages]\nmax_limit = 33\n", encoding="utf-8")
    app = create_app(Path("desk.toml"))
    assert app.settings.max_limit == 33
    assert app.desk.processor.retry_after == timedelta(seconds=3)
    assert (tmp_path / "data" / "desk.db").is_file()
    app.close()
