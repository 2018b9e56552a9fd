"""The promises of the README, from the accepted event to the merchant's history."""

import io
import json
import threading
from collections import Counter
from pathlib import Path

import pytest
from builders import (
    MINUTE,
    NOW,
    SECOND,
    SECRET,
    TIMEOUT,
    FrozenClock,
    Script,
    make_dispatcher,
    make_endpoint,
    make_event,
    make_queue,
    make_settings,
    make_worker,
    store,
)
from hookrelay.cli import main
from hookrelay.dashboard import Dashboard
from hookrelay.deliveries import DeliveryState
from hookrelay.endpoints import EndpointBook, EndpointState
from hookrelay.signing import verify
from hookrelay.storage import connect, transaction
from hookrelay.transport import Response
from hookrelay.worker import Worker, WorkerPool

SAMPLES = Path(__file__).parent.parent / "samples"
NEW = "whsec_" + "n" * 16


class Crash(BaseException):
    """Nothing after this line runs."""


class Meeting:
    """Answers only when `size` requests are under way at the same time."""

    def __init__(self, size):
        self.barrier = threading.Barrier(size)
        self.events = []

    def post(self, request):
        self.barrier.wait(timeout=4)
        self.events.append(request.headers["Relay-Event-Id"])
        return Response(200)


def test_72_hours_of_failures(db, clock):
    queue = store(db, "orchard")
    transport = Script(500, TIMEOUT, 404)
    worker = make_worker(db, clock, transport)
    results = Counter()
    while queue.get(1).state is DeliveryState.PENDING:
        clock.moment = queue.get(1).due
        results[worker.step()] += 1
    assert clock().isoformat() == "2024-03-04T08:00:00+00:00"
    # 1 s doubled twelve times takes 68 minutes; then one an hour, and one at the deadline.
    assert results == Counter(retried=83, failed=1)
    assert len(worker.log.of_delivery(1)) == len(transport.requests) == 84
    assert len(worker.alerts.waiting()) == 1


def test_an_event_outlives_a_crash_before_its_delivery(tmp_path, clock):
    db = connect(tmp_path / "relay.db")
    store(db, "orchard")

    class Dying(Script):
        def post(self, request):
            raise Crash

    with pytest.raises(Crash):
        make_worker(db, clock, Dying()).step()
    db.close()

    again = connect(tmp_path / "relay.db")
    clock.forward(MINUTE)
    transport = Script()
    assert make_worker(again, clock, transport).drain() == Counter(delivered=1)
    again.close()
    assert transport.requests[0].headers["Relay-Event-Id"] == "evt_0001"


def test_many_events_do_not_hold_up_a_few(db, clock):
    endpoint, queue = make_endpoint("mart"), make_queue(db)
    EndpointBook(db).save(endpoint)
    with transaction(db):
        for number in range(1, 2001):
            queue.accept(make_event(number, "mart"), [endpoint], NOW)
    store(db, "kiosk", count=3, now=NOW)
    transport = Script()
    make_worker(db, clock, transport).drain(8)
    assert [host.split(".")[1] for host in transport.hosts()] == [
        "kiosk", "mart", "kiosk", "mart", "kiosk", "mart", "mart", "mart",
    ]  # fmt: skip


def test_the_limit_delays_and_never_drops(db, clock):
    store(db, "orchard", count=7)
    store(db, "kiosk", count=1)
    transport, dispatcher = Script(), make_dispatcher(limit=3)
    worker = make_worker(db, clock, transport, dispatcher)
    sent = []
    for _ in range(3):
        sent.append(worker.drain()["delivered"])
        clock.forward(MINUTE)
    assert sent == [4, 3, 1]
    assert len({request.headers["Relay-Event-Id"] for request in transport.requests}) == 8


def test_no_window_holds_more_than_the_limit(db, clock):
    store(db, "orchard", count=40)
    worker = make_worker(db, clock, Script(), make_dispatcher(limit=4, window=10 * SECOND))
    moments = []
    for _ in range(60):
        moments += [clock()] * worker.drain(1)["delivered"]
        clock.forward(SECOND)
    assert len(moments) == 24
    assert all(
        later - earlier >= 10 * SECOND for earlier, later in zip(moments, moments[4:], strict=False)
    )


def test_merchants_can_change_over_to_a_new_secret(db, clock):
    store(db, "orchard", count=2)
    EndpointBook(db).rotate("orchard-main", NEW, NOW, MINUTE)
    transport = Script()
    worker = make_worker(db, clock, transport)
    worker.step()
    clock.forward(MINUTE)
    worker.step()
    during, after = transport.requests
    for secret in (SECRET, NEW):
        verify(during.headers["Relay-Signature"], during.body, [secret], NOW, MINUTE)
    verify(after.headers["Relay-Signature"], after.body, [NEW], clock(), MINUTE)
    assert after.headers["Relay-Signature"].count("v1=") == 1


def test_a_pool_works_side_by_side(tmp_path):
    path, clock = tmp_path / "relay.db", FrozenClock(NOW)
    db = connect(path)
    store(db, "orchard", count=2)
    store(db, "kiosk")
    transport, dispatcher = Meeting(3), make_dispatcher()

    def make(name, connection):
        return Worker(name, connection, make_settings(), dispatcher, transport, clock)

    assert WorkerPool(lambda: connect(path), make, 3).run(8) == Counter(delivered=3)
    assert sorted(transport.events) == ["evt_0001", "evt_0002", "evt_0003"]
    states = [row["state"] for row in db.execute("SELECT state FROM deliveries")]
    assert states == ["delivered"] * 3
    db.close()


def test_the_history_that_a_merchant_sees(db, clock):
    store(db, "orchard")
    worker = make_worker(db, clock, Script(Response(500, b"<h1>oops</h1>"), TIMEOUT, 200))
    for _ in range(3):
        worker.drain()
        clock.forward(10 * SECOND)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/v1/merchants/orchard/attempts",
        "QUERY_STRING": "outcome=failure",
    }
    dashboard = Dashboard(db, make_settings(page=25, page_max=100), clock)
    (body,) = dashboard(environ, lambda status, headers: None)
    shown = [
        (item["number"], item["at"][11:19], item["status"], item["error"], item["excerpt"])
        for item in json.loads(body)["items"]
    ]
    assert shown == [
        (2, "08:00:10", None, "timeout: no answer within 10 s", ""),
        (1, "08:00:00", 500, "", "<h1>oops</h1>"),
    ]


def test_a_paused_endpoint_gets_its_events_when_it_goes_on(db, clock):
    book = EndpointBook(db)
    book.save(make_endpoint(state=EndpointState.PAUSED))
    event = make_event()
    make_queue(db).accept(event, book.subscribed(event), NOW)
    worker = make_worker(db, clock, Script())
    assert worker.drain() == Counter()
    book.set_state("orchard-main", EndpointState.ACTIVE)
    assert worker.drain() == Counter(delivered=1)


def test_the_samples_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    arguments = [str(SAMPLES / "endpoints.json"), str(SAMPLES), "--rehearse", "spool"]
    assert main(arguments, {}, out, FrozenClock(NOW + 30 * SECOND)) == 0
    assert out.getvalue().splitlines() == [
        "orchard-main: added",
        "kiosk-1: added",
        "3 delivered, 0 put off",
    ]
    assert sorted(path.as_posix() for path in Path("spool").rglob("*.http")) == [
        "spool/hooks.orchard.example/evt_1001-001.http",
        "spool/hooks.orchard.example/evt_1002-001.http",
        "spool/kiosk.example/evt_2001-001.http",
    ]
