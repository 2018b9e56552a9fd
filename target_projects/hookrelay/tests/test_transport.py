import http.client
from datetime import timedelta

import hookrelay
import pytest
from builders import NOW, SECRET, make_endpoint, make_event
from hookrelay.endpoints import Secret
from hookrelay.errors import TransportFault
from hookrelay.events import encode_body
from hookrelay.signing import sign
from hookrelay.transport import HttpTransport, Request, Response, SpoolTransport, build_request

BODY = encode_body(make_event(reference="Café"))
OLD = "whsec_ffffffffffffffff"


def make_request(url="https://shop.example/in", number=1, **headers):
    names = {"Relay-Event-Id": "evt_0001", "Relay-Attempt": str(number), **headers}
    return Request(url, names, BODY, timedelta(seconds=2.5))


class Connection:
    def __init__(self, status=200, body=b"thanks", headers=(), error=None):
        self.status, self.body, self.headers, self.error = status, body, headers, error
        self.asked, self.closed, self.opened = None, False, None

    def open(self, *where):
        self.opened = where
        return self

    def request(self, *what):
        self.asked = what

    def getresponse(self):
        assert self.asked
        if self.error is not None:
            raise self.error
        return self

    def getheaders(self):
        return list(self.headers)

    def read(self, size):
        return self.body[:size]

    def close(self):
        self.closed = True


def test_a_request():
    request = build_request(make_endpoint(), BODY, 3, NOW, timedelta(seconds=10))
    assert (request.url, request.body) == ("https://hooks.orchard.example/in", BODY)
    assert request.timeout == timedelta(seconds=10)
    assert request.headers == {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"hookrelay/{hookrelay.__version__}",
        "Relay-Event-Id": "evt_0001",
        "Relay-Event-Type": "payment.succeeded",
        "Relay-Attempt": "3",
        "Relay-Signature": sign([SECRET], NOW, BODY),
    }


def test_only_good_secrets_sign():
    endpoint = make_endpoint(secrets=(Secret(SECRET), Secret(OLD, NOW + timedelta(seconds=1))))
    header = build_request(endpoint, BODY, 1, NOW, timedelta(1)).headers["Relay-Signature"]
    assert header == sign([SECRET, OLD], NOW, BODY)
    later = NOW + timedelta(seconds=1)
    header = build_request(endpoint, BODY, 1, later, timedelta(1)).headers["Relay-Signature"]
    assert header == sign([SECRET], later, BODY)


def test_posting():
    connection = Connection(201, headers=[("Retry-After", "5"), ("X-Node", "A")])
    request = make_request("https://shop.example:8443/in?a=1&b=2")
    response = HttpTransport(100, connection.open).post(request)
    assert connection.opened == ("shop.example", 8443, 2.5)
    assert connection.asked == ("POST", "/in?a=1&b=2", BODY, request.headers)
    assert response == Response(201, b"thanks", {"retry-after": "5", "x-node": "A"})
    assert connection.closed


def test_posting_to_the_usual_port():
    connection = Connection()
    HttpTransport(100, connection.open).post(make_request("https://shop.example/"))
    assert connection.opened == ("shop.example", 443, 2.5)
    assert connection.asked[1] == "/"

    HttpTransport(100, connection.open).post(make_request("https:///in"))
    assert connection.opened == ("", 443, 2.5)
    assert HttpTransport(4, Connection().open).post(make_request()).body == b"than"


def test_no_answer_in_time():
    connection = Connection(error=TimeoutError("timed out"))
    with pytest.raises(TransportFault) as caught:
        HttpTransport(100, connection.open).post(make_request())
    assert (caught.value.kind, str(caught.value)) == ("timeout", "timeout: no answer within 2.5 s")
    assert connection.closed


def test_no_connection():
    for error, text in [
        (ConnectionRefusedError("refused"), "connection: refused"),
        (ConnectionResetError(), "connection: ConnectionResetError"),
        (http.client.BadStatusLine("?"), "connection: ?"),
    ]:
        with pytest.raises(TransportFault) as caught:
            HttpTransport(100, Connection(error=error).open).post(make_request())
        assert (caught.value.kind, str(caught.value)) == ("connection", text)

    with pytest.raises(KeyError):
        HttpTransport(100, Connection(error=KeyError("x")).open).post(make_request())


def test_a_connection_is_https():
    connection = HttpTransport(100).connect("shop.example", 8443, 2.5)
    assert isinstance(connection, http.client.HTTPSConnection)
    assert (connection.host, connection.port, connection.timeout) == ("shop.example", 8443, 2.5)


def test_the_spool(tmp_path, windows_text):
    spool = SpoolTransport(tmp_path / "var" / "spool")
    assert spool.post(make_request()) == Response(202, b"spooled")
    (file,) = tmp_path.rglob("*.http")
    assert file.relative_to(tmp_path).as_posix() == "var/spool/shop.example/evt_0001-001.http"
    head = b"POST https://shop.example/in\nRelay-Event-Id: evt_0001\nRelay-Attempt: 1\n\n"
    assert file.read_bytes() == head + BODY + b"\n"


def test_the_spool_of_an_address_without_a_host(tmp_path):
    SpoolTransport(tmp_path).post(make_request("https:///in"))
    assert [folder.name for folder in tmp_path.iterdir()] == ["unknown"]


def test_the_spool_keeps_every_attempt(tmp_path):
    spool = SpoolTransport(tmp_path)
    for number in (1, 2, 12):
        spool.post(make_request(number=number))
    names = sorted(file.name for file in (tmp_path / "shop.example").iterdir())
    assert names == ["evt_0001-001.http", "evt_0001-002.http", "evt_0001-012.http"]


def test_a_spool_that_cannot_be_written(tmp_path):
    (tmp_path / "shop.example").write_text("in the way", encoding="utf-8")
    with pytest.raises(TransportFault, match="connection: spool: ") as caught:
        SpoolTransport(tmp_path).post(make_request())
    assert caught.value.kind == "connection"


def test_a_folder_in_the_place_of_a_spool_file(tmp_path):
    (tmp_path / "shop.example" / "evt_0001-001.http").mkdir(parents=True)
    with pytest.raises(TransportFault, match="connection: spool: "):
        SpoolTransport(tmp_path).post(make_request())
