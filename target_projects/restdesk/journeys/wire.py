"""A server hands a request over whose bytes are a little unusual."""

WHO = "a developer at a partner"
SUBJECT = "Requests with unusual bytes"
DETAIL = "The largest body that the steps allow has forty bytes."

CASES = {
    "an ordinary body": (b'{"name": "Bo"}', {}),
    "a body that starts with a mark": (b'\xef\xbb\xbf{"name": "Bo"}', {}),
    "a body that is not UTF-8": (b'{"name": "B\xf6"}', {}),
    "a body that is cut off": (b'{"name": "Bo"}', {"CONTENT_LENGTH": "15"}),
    "a body that is longer than it says": (b'{"name": "Bo"} and more', {"CONTENT_LENGTH": "14"}),
    "a length below zero": (b"{}", {"CONTENT_LENGTH": "-2"}),
    "a length that is empty": (b"{}", {"CONTENT_LENGTH": ""}),
    "no length": (b"{}", {"CONTENT_LENGTH": None}),
    "a body of forty bytes": (b'"' + b"x" * 38 + b'"', {}),
    "a body of forty-one bytes": (b'"' + b"x" * 39 + b'"', {}),
    "a body of blanks": (b" \r\n", {"CONTENT_TYPE": "text/plain"}),
    "a body of another type": (b"{}", {"CONTENT_TYPE": "application/xml"}),
    "a type with a parameter": (b"{}", {"CONTENT_TYPE": "Application/JSON ;charset=utf-8"}),
    "a number that is none": (b'{"a": NaN}', {}),
    "a number of very many digits": (b"[1]", {"CONTENT_LENGTH": "0" * 12 + "3"}),
    "a number of many digits": (b"[1]", {"CONTENT_LENGTH": "000000000003"}),
    "a body that is a word": (b'"Bo"', {}),
    "a method in small letters": (b"", {"REQUEST_METHOD": "get"}),
    "a path in UTF-8": (b"", {"PATH_INFO": "/v1/gr\xc3\xb6\xc3\x9fe"}),
    "a path that is not UTF-8": (b"", {"PATH_INFO": "/v1/gr\xf6"}),
    "no path": (b"", {"PATH_INFO": ""}),
    "a query": (b"", {"QUERY_STRING": "a=1&b=%20x+y%20"}),
    "a query with something twice": (b"", {"QUERY_STRING": "a=1&a=2"}),
    "a query with nothing": (b"", {"QUERY_STRING": "a="}),
    "a query with a blank": (b"", {"QUERY_STRING": "a=+"}),
    "headers": (b"", {"HTTP_X_REQUEST_ID": "r", "HTTP_IF_MATCH": '"1"', "SERVER_NAME": "x", "CONTENT_TYPE": ""}),
}


def journey(body, changes):
    import io
    from restdesk.wire import Response, choose_request_id, read_path, read_request

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/v1/customers", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    environ.update(changes)
    request = read_request({name: value for name, value in environ.items() if value is not None}, 40)
    print(request)
    document = request.json()
    print(document, Response(200, document).render(), Response(204, document).with_headers(X_Id="1").render())
    print(read_path(environ))
    print([choose_request_id(given, "mine") for given in (None, "a" * 8, " a_b-C123 ", "a" * 7, "línea-0001")])
