import io
import json

import pytest

from restdesk.errors import Invalid, NotFound
from restdesk.wire import (
    Request,
    Response,
    choose_request_id,
    error_response,
    parse_query,
    read_request,
)


def environ(body=b"", **changes):
    values = {
        "REQUEST_METHOD": "post",
        "PATH_INFO": "/v1/customers",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    return {**values, **changes}


def refused(action, *arguments):
    with pytest.raises(Invalid) as caught:
        action(*arguments)
    return caught.value.code


def body_code(body, content_type="application/json"):
    return refused(Request("POST", "/", headers={"content-type": content_type}, body=body).json)


def test_requests_of_servers():
    request = read_request(
        environ(
            b"{}!",
            CONTENT_LENGTH="2",
            QUERY_STRING="limit=5",
            CONTENT_TYPE="application/json",
            HTTP_IF_MATCH='"1"',
            SERVER_NAME="desk",
            HTTPS="on",
            PROXY_HTTP_HOST="desk",
        ),
        max_body=100,
    )
    assert request == Request(
        "POST",
        "/v1/customers",
        {"limit": "5"},
        {"content-type": "application/json", "content-length": "2", "if-match": '"1"'},
        b"{}",
    )

    request = read_request({"REQUEST_METHOD": "GET", "CONTENT_TYPE": ""}, 10)
    assert request == Request("GET", "/", {}, {}, b"")


def test_paths_are_utf_8():
    path = "/v1/größe".encode().decode("latin-1")
    assert read_request(environ(PATH_INFO=path), 10).path == "/v1/größe"
    assert read_request(environ(PATH_INFO="/\xff"), 10).path == "/\ufffd"


def test_size_of_the_body():
    assert read_request(environ(b"x" * 10), 10).body == b"x" * 10
    assert refused(read_request, environ(b"x" * 11), 10) == "body_too_large"

    assert refused(read_request, environ(b"x", CONTENT_LENGTH="2"), 10) == "body_length"
    assert refused(read_request, environ(b"x", CONTENT_LENGTH="-1"), 10) == "body_length"
    assert refused(read_request, environ(b"x", CONTENT_LENGTH="9" * 13), 10) == "body_length"
    assert refused(read_request, environ(b"x", CONTENT_LENGTH="9" * 12), 10) == "body_too_large"
    assert read_request(environ(b"x", CONTENT_LENGTH=""), 10).body == b""


def test_queries():
    assert parse_query("a=1&b=%20x+y%20&c=a%26b") == {"a": "1", "b": "x y", "c": "a&b"}
    assert parse_query("") == {}
    assert refused(parse_query, "a=1&a=1") == "parameter_twice"
    assert refused(parse_query, "a=") == "parameter_empty"
    assert refused(parse_query, "a=+") == "parameter_empty"


def test_json_bodies():
    body = '\ufeff{"name": "Łódź", "n": 1}'.encode()
    assert Request("POST", "/", body=body).json() == {"name": "Łódź", "n": 1}
    headers = {"content-type": " Application/JSON ; charset=utf-8"}
    assert Request("POST", "/", headers=headers, body=b'{"a": null}').json() == {"a": None}
    assert Request("POST", "/", headers={"content-type": "text/plain"}, body=b" \n").json() == {}


def test_bodies_that_are_not_json():
    for body in (b"{", b"name=Ana", b"\xff", b"[" * 100_000):
        assert body_code(body) == "body_not_json"
    assert body_code(b'{"a": ' + b"9" * 5000 + b"}") == "body_not_json"
    assert body_code(b"{}", "text/plain") == "body_not_json"
    assert body_code(b"[1]") == "body_not_object"


def test_responses():
    line, headers, content = Response(201, {"name": "Łódź"}, {"ETag": '"1"'}).render()
    assert line == "201 Created"
    assert content == '{"name":"Łódź"}'.encode()
    assert headers == [
        ("Content-Length", "18"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("ETag", '"1"'),
    ]

    assert Response(400, {"a": "\ud83d"}).render()[2] == b'{"a":"\\ud83d"}'
    assert Response(200, {"a": [1, 2]}).render()[2] == b'{"a":[1,2]}'
    assert json.loads(Response(200, None).render()[2]) is None

    response = Response(200, {}, {"ETag": "a"})
    response.render()
    assert response.headers == {"ETag": "a"}

    assert Response(204).render() == ("204 No Content", [], b"")


def test_more_headers():
    response = Response(200, {}, {"ETag": "a"})
    assert response.with_headers(X_Request_Id="r").headers == {"ETag": "a", "X-Request-Id": "r"}
    assert response.with_headers(ETag="b").headers == {"ETag": "b"}
    assert response.headers == {"ETag": "a"}

    response = error_response(NotFound("Nothing", "missing", retry_after=2), "req_1")
    assert (response.status, response.headers) == (404, {"Retry-After": "2"})
    assert response.body["error"]["request_id"] == "req_1"


def test_request_ids_of_callers():
    assert choose_request_id(" batch_2024-03 ", "mine") == "batch_2024-03"
    assert choose_request_id("AZaz09_-Mm5", "mine") == "AZaz09_-Mm5"
    assert choose_request_id("a" * 8, "mine") == "a" * 8
    assert choose_request_id("a" * 64, "mine") == "a" * 64
    for given in (None, "", "a" * 7, "a" * 65, "with blank", "línea-0001"):
        assert choose_request_id(given, "mine") == "mine"
