from restdesk import errors
from restdesk.errors import ApiError, Invalid, MethodNotAllowed, Unauthorised, Unavailable

STATUSES = {
    "ApiError": (500, "api_error"),
    "Invalid": (400, "invalid_request"),
    "Unauthorised": (401, "authentication"),
    "Declined": (402, "declined"),
    "Forbidden": (403, "permission"),
    "NotFound": (404, "not_found"),
    "MethodNotAllowed": (405, "invalid_request"),
    "Conflict": (409, "conflict"),
    "TooManyRequests": (429, "rate_limit"),
    "BadGateway": (502, "processor_error"),
    "Unavailable": (503, "unavailable"),
}


def test_status_of_each_error():
    kinds = {name: getattr(errors, name) for name in STATUSES}
    assert {name: (kind.status, kind.kind) for name, kind in kinds.items()} == STATUSES


def test_bodies_of_errors():
    assert Invalid("Too long", "too_long", "name").body("req_1") == {
        "error": {
            "type": "invalid_request",
            "message": "Too long",
            "code": "too_long",
            "param": "name",
            "request_id": "req_1",
        }
    }

    body = ApiError("Broken", "internal").body("req_1")
    assert list(body["error"]) == ["type", "message", "code", "request_id"]
    assert Invalid("No", "unknown_field", "").body("req_1")["error"]["param"] == ""

    assert str(Invalid("Too long", "too_long")) == "Too long"


def test_headers_of_errors():
    def header(seconds):
        return Unavailable("later", "busy", retry_after=seconds).headers()

    assert header(30.0) == {"Retry-After": "30"}
    assert header(30.001) == {"Retry-After": "31"}
    assert header(0.2) == {"Retry-After": "1"}
    assert header(0) == {"Retry-After": "0"}
    assert header(None) == {}

    assert MethodNotAllowed("no", ["GET", "POST"]).headers() == {"Allow": "GET, POST"}
    assert MethodNotAllowed("no", []).code == "method_not_allowed"
    assert Unauthorised("who?", "key_missing").headers() == {
        "WWW-Authenticate": 'Bearer realm="restdesk"'
    }
