"""Requests leave the house; the network team looks at what is sent and what comes back."""

WHO = "an engineer of the network team"
SUBJECT = "Requests to an endpoint"
DETAIL = "No request leaves the machine in the steps: the connection is played by a class."

CASES = {
    "a plain endpoint": ("https://shop.example/", 200, b"thanks", {}),
    "a path and a query": ("https://shop.example:8443/in?a=1&b=2", 204, b"", {}),
    "a long answer": ("https://shop.example/", 200, b"x" * 10 + b"y" * 10, {}),
    "an answer with headers": ("https://shop.example/", 503, b"", {"Retry-After": "5", "X-Node": "A"}),
    "a redirect": ("https://shop.example/", 301, b"", {"Location": "https://other.example/"}),
    "no answer in time": ("https://shop.example/", "timeout", b"", {}),
    "no connection": ("https://shop.example/", "refused", b"", {}),
    "a connection that was cut": ("https://shop.example/", "reset", b"", {}),
    "an answer that is not HTTP": ("https://shop.example/", "garbage", b"", {}),
    "the fourth attempt": ("https://shop.example/4", 500, b"", {}),
}


def journey(url, status, body, headers):
    import http.client
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from hookrelay.endpoints import Endpoint, Secret
    from hookrelay.events import encode_body, parse_event
    from hookrelay.transport import HttpTransport, SpoolTransport, build_request

    problems = {"timeout": TimeoutError("timed out"), "refused": ConnectionRefusedError("refused"),
                "reset": ConnectionResetError(), "garbage": http.client.BadStatusLine("?")}

    class Connection:
        def __init__(self, *where):
            print("connects to", *where)

        def request(self, *what):
            print("sends", *what)

        def getresponse(self):
            if status in problems:
                raise problems[status]
            self.status = status
            return self

        def getheaders(self):
            return list(headers.items())

        def read(self, size):
            return body[:size]

        def close(self):
            print("closes")

    now = datetime(2024, 3, 1, 8, tzinfo=UTC)
    event = parse_event({"id": "evt_0001", "type": "payment.succeeded", "merchant": "orchard", "created": str(now),
                         "amount": "12.50", "currency": "EUR", "reference": "Café Łódź"}, now)
    old = Secret("whsec_ffffffffffffffff", now + timedelta(seconds=1))
    endpoint = Endpoint("main", "orchard", url, ("*",), (Secret("whsec_0123456789abcdef"), old), "a@b.co")
    for seconds, number in ((0, 1), (1, 12)):
        moment = now + timedelta(seconds=seconds)
        request = build_request(endpoint, encode_body(event), number, moment, timedelta(seconds=2.5))
        print(SpoolTransport(Path("var/spool")).post(request))
    print(*sorted(path.as_posix() for path in Path("var").rglob("*.http")))
    print(Path("var/spool/shop.example/evt_0001-001.http").read_bytes().decode("utf-8"))
    print(HttpTransport(15, Connection).post(request))
