"""A batch job uses the client while the service has its troubles."""

WHO = "a developer of the nightly jobs"
SUBJECT = "Retries of the client"
DETAIL = "No request leaves the machine in the steps: the answers are given."

CASES = {
    "a service that is well": ("GET", [(200, {}, '{"a": "ü"}')], 0.5),
    "nothing to be read": ("DELETE", [(204, {}, "")], 0.5),
    "the highest good answer": ("GET", [(399, {}, "[]")], 0.5),
    "one bad gateway": ("GET", [(502, {}, ""), (200, {}, "{}")], 0.5),
    "bad luck with chance": ("GET", [(500, {}, ""), (500, {}, ""), (500, {}, ""), (200, {}, "{}")], 1.0),
    "luck with chance": ("GET", [(500, {}, ""), (500, {}, ""), (500, {}, ""), (200, {}, "{}")], 0.0),
    "one failure too many": ("POST", [(500, {}, ""), (502, {}, ""), (503, {}, ""), (504, {}, "gone"), (200, {}, "{}")], 0.5),
    "the lowest error": ("GET", [(400, {}, '{"error": {"type": "invalid_request", "message": "No"}}'), (200, {}, "{}")], 0.5),
    "a conflict": ("POST", [(409, {"Retry-After": "1"}, '{"error": {"type": "conflict", "code": "key_in_use", "message": "Wait"}}'), (200, {}, "{}")], 0.5),
    "an error with an id": ("GET", [(404, {"X-Request-Id": "req_2"}, '{"error": {"type": "not_found", "message": "No", "request_id": "req_1"}}')], 0.5),
    "an error with an id outside": ("GET", [(404, {"X-Request-Id": "req_2"}, '{"error": {"type": "not_found", "message": "No"}}')], 0.5),
    "an answer of a proxy": ("GET", [(403, {}, "<html>" * 30)], 0.5),
    "an answer without a message": ("GET", [(403, {}, '{"error": {"type": "x"}}')], 0.5),
    "an answer that is a list": ("GET", [(403, {}, "[1]")], 0.5),
    "too many requests": ("GET", [(429, {"Retry-After": "7"}, ""), (200, {}, "{}")], 0.5),
    "too many requests until now": ("GET", [(429, {"Retry-After": "0"}, ""), (200, {}, "{}")], 0.5),
    "too many requests for a minute": ("GET", [(429, {"Retry-After": "60"}, ""), (200, {}, "{}")], 0.5),
    "too many requests for more than a minute": ("GET", [(429, {"Retry-After": "61"}, ""), (200, {}, "{}")], 0.5),
    "too many requests until some moment": ("GET", [(429, {"Retry-After": "Fri, 01 Mar 2024 09:00:09 GMT"}, ""), (200, {}, "{}")], 0.5),
    "too many requests until soon": ("GET", [(503, {"Retry-After": "soon"}, ""), (200, {}, "{}")], 0.5),
    "too many requests and blanks": ("GET", [(503, {"Retry-After": " "}, ""), (503, {"Retry-After": " 4 "}, ""), (200, {}, "{}")], 0.5),
    "an error beyond the fives": ("GET", [(600, {}, ""), (200, {}, "{}")], 0.5),
    "the highest of the fives": ("GET", [(599, {}, ""), (200, {}, "{}")], 0.5),
    "a key of one's own": ("CREATE", [(503, {}, ""), (201, {}, "{}")], 0.5),
    "all rows of a list": ("LIST", [(200, {}, '{"data": [{"id": "b"}], "has_more": true}'), (200, {}, '{"data": [{"id": "a"}], "has_more": false}')], 0.5),
    "all rows of a list with trouble": ("LIST", [(200, {}, '{"data": [{"id": "b"}, {"id": "c"}], "has_more": true}'), (503, {}, ""), (200, {}, '{"data": [{"id": "a"}], "has_more": false}')], 0.5),
    "a list without rows": ("LIST", [(200, {}, '{"data": [], "has_more": true}'), (200, {}, '{"data": [{"id": "a"}], "has_more": false}')], 0.5),
}


def journey(method, answers, chance):
    import itertools
    from restdesk.client import Client
    from restdesk.settings import load

    numbers, left = itertools.count(1), list(answers)

    def transport(method, url, headers, body):
        print(method, url, headers, body)
        status, answered, text = left.pop(0)
        return status, answered, text.encode()

    client = Client(transport, "rk_secret", load(environ={}).retries, lambda wait: print("waits", wait), lambda: chance,
                    lambda prefix: f"{prefix}_{next(numbers)}")
    try:
        if method == "LIST":
            print(list(client.iterate("/v1/charges", limit=2, status="paid", customer=None)))
        elif method == "CREATE":
            print(client.create("/v1/charges", {"amount": 5}, "order-17"))
        else:
            print(client.request(method, "/v1/charges", {"name": "Łódź"} if method == "POST" else None))
    except Exception as error:
        print(vars(error), error)
