"""The API as its clients see it: through the client, the WSGI application and the processor."""

from datetime import timedelta

import pytest
from builders import POLICY, Counter, make_key, make_settings

from restdesk.app import build_app
from restdesk.client import Client, Failure, wsgi_transport
from restdesk.processor import open_processor

SECRET = "rk_0123456789abcdef"


@pytest.fixture
def service(tmp_path, clock):
    settings = make_settings(access_log=tmp_path, max_limit=100)
    processor = open_processor("sandbox", timedelta(seconds=1), timedelta(seconds=20))
    app = build_app(settings, clock, Counter(), processor)
    app.keys.add(make_key(), SECRET)
    yield app
    app.close()


@pytest.fixture
def naps():
    return []


@pytest.fixture
def client(service, clock, naps):
    def sleep(seconds):
        naps.append(seconds)
        clock.forward(seconds=seconds)

    return Client(wsgi_transport(service), SECRET, POLICY, sleep, lambda: 0.5, Counter())


def add(client, *numbers):
    for number in numbers:
        client.create("/v1/customers", {"name": f"N{number}", "email": f"n{number}@example.com"})


def names(rows):
    return [row["name"] for row in rows]


def test_life_of_a_customer(client):
    customer = client.create("/v1/customers", {"name": "Łódź", "email": "lodz@example.com"})
    path = f"/v1/customers/{customer['id']}"
    client.update(path, {"status": "blocked", "note": "in arrears"})
    assert client.get(path) == {**customer, "status": "blocked", "note": "in arrears"}
    client.request("PUT", path, {"name": "Łódź 2", "email": "lodz@example.com"})
    assert client.get(path) == {**customer, "name": "Łódź 2"}
    client.delete(path)
    with pytest.raises(Failure, match="404 missing_resource"):
        client.get(path)


def test_pages_by_cursor_stay_when_rows_come_and_go(client):
    add(client, 1, 2, 3, 4, 5, 6)
    rows = client.iterate("/v1/customers", limit=2)
    first = [next(rows), next(rows)]
    assert names(first) == ["N6", "N5"]
    add(client, 7)
    client.delete(f"/v1/customers/{first[1]['id']}")
    assert names(rows) == ["N4", "N3", "N2", "N1"]


def test_numbered_pages_repeat_and_skip(client):
    add(client, 1, 2, 3, 4, 5, 6)

    def page(number):
        return client.get("/v1/customers", limit=2, page=number)["data"]

    assert names(page(1)) == ["N6", "N5"]
    add(client, 7)
    assert names(page(2)) == ["N5", "N4"]
    client.delete(f"/v1/customers/{page(1)[0]['id']}")
    client.delete(f"/v1/customers/{page(1)[0]['id']}")
    assert names(page(3)) == ["N1"]


def charge(client, amount, key=None):
    if not client.get("/v1/customers")["data"]:
        add(client, 1)
    customer = client.get("/v1/customers")["data"][0]["id"]
    body = {"customer": customer, "amount": amount, "currency": "eur"}
    return client.create("/v1/charges", body, key)


def test_charge_that_needs_time(service, client):
    pending = charge(client, 1101)
    assert (pending["status"], pending["net"]) == ("pending", 0)
    assert service.desk.settle().succeeded == 1
    settled = client.get(f"/v1/charges/{pending['id']}")
    assert (settled["status"], settled["net"]) == ("succeeded", 1101 - 28 - 25)


def test_processor_in_trouble_is_asked_again_in_vain(client, naps):
    with pytest.raises(Failure) as caught:
        charge(client, 1503)
    assert (caught.value.status, caught.value.code, caught.value.attempts) == (
        503,
        "processor_down",
        4,
    )
    assert naps == [20.0, 20.0, 20.0]
    assert [row["status"] for row in client.get("/v1/charges")["data"]] == ["failed"] * 3


def test_processor_that_recovers_charges_once(service, client, naps):
    transport = service.desk.processor.transport
    answers = []

    def lossy(message):
        answer = transport(message)
        answers.append(message["reference"])
        if len(answers) == 1:
            raise ConnectionResetError("the answer got lost")
        return answer

    service.desk.processor.transport = lossy
    assert charge(client, 5000, "order-17")["status"] == "succeeded"
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert naps == [20.0]
    again = charge(client, 5000, "order-17")
    assert len(answers) == 2
    assert [row["status"] for row in client.get("/v1/charges")["data"]] == ["succeeded", "failed"]
    assert again["id"] == client.get("/v1/charges", status="succeeded")["data"][0]["id"]


def test_limit_is_waited_out(service, client, naps):
    service.keys.add(make_key(id="key_2", plan="tiny"), "rk_fedcba9876543210")
    client.secret = "rk_fedcba9876543210"
    statuses = [client.get("/v1/status")["status"] for _ in range(5)]
    add(client, 1, 2, 3)
    assert (statuses, naps) == (["ok"] * 5, [10.0])
