"""One worker: the attempt, its record, and what becomes of the delivery."""

import threading
from collections import Counter

import pytest
from builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SECOND,
    TIMEOUT,
    Script,
    log_attempts,
    make_attempt,
    make_event,
    make_settings,
    make_worker,
    store,
)
from hookrelay.endpoints import EndpointState
from hookrelay.errors import RelayError
from hookrelay.events import encode_body
from hookrelay.transport import Response
from hookrelay.worker import WorkerPool, make_dispatcher


class PowerCut(BaseException):
    """The machine dies: nothing after this line runs."""


def outcome(db, number=1):
    row = db.execute("SELECT state, due, note FROM deliveries WHERE id = ?", (number,)).fetchone()
    return row["state"], row["due"][11:19], row["note"]


def alerts(db):
    return [row["text"] for row in db.execute("SELECT text FROM alerts ORDER BY id")]


def test_nothing_to_do(db, clock):
    transport = Script()
    assert make_worker(db, clock, transport).step() is None
    assert transport.requests == []


def test_a_delivery(db, clock):
    store(db, "orchard")
    transport = Script(204)
    assert make_worker(db, clock, transport).step() == "delivered"
    (request,) = transport.requests
    assert request.body == encode_body(make_event())
    assert request.headers["Relay-Attempt"] == "1"
    assert request.timeout == 10 * SECOND
    assert outcome(db) == ("delivered", "08:00:00", "")


def test_the_record_of_an_attempt(db, clock):
    store(db, "orchard")
    worker = make_worker(db, clock, Script(Response(200, b"thank you very much indeed")))
    worker.step()
    (attempt,) = worker.log.of_delivery(1)
    assert attempt == make_attempt(excerpt="thank you very much…", latency_ms=13, id=1)


def test_the_record_of_an_attempt_without_an_answer(db, clock):
    store(db, "orchard")
    worker = make_worker(db, clock, Script(TIMEOUT))
    assert worker.step() == "retried"
    (attempt,) = worker.log.of_delivery(1)
    assert (attempt.status, attempt.error) == (None, "timeout: no answer within 10 s")
    assert (attempt.excerpt, attempt.latency_ms) == ("", 13)
    assert outcome(db)[2] == "timeout: no answer within 10 s"


def test_attempts_are_numbered(db, clock):
    store(db, "orchard")
    transport = Script(500)
    worker = make_worker(db, clock, transport)
    for _ in range(3):
        worker.step()
        clock.forward(HOUR)
    assert [request.headers["Relay-Attempt"] for request in transport.requests] == ["1", "2", "3"]
    assert [attempt.number for attempt in worker.log.of_delivery(1)] == [1, 2, 3]


def test_a_failure_waits_for_longer_each_time(db, clock):
    store(db, "orchard")
    worker = make_worker(db, clock, Script(500))
    dues = []
    for _ in range(5):
        assert worker.step() == "retried"
        due = worker.queue.get(1).due
        dues.append((due - clock()).total_seconds())
        clock.moment = due
    assert dues == [1, 2, 4, 8, 16]
    assert outcome(db)[2] == "status 500"


def test_jitter(db, clock):
    store(db, "orchard")
    make_worker(db, clock, Script(500), random=lambda: 0.5).step()
    assert db.execute("SELECT due FROM deliveries").fetchone()["due"][11:23] == "08:00:00.750"


def test_the_last_attempt_and_the_alert(db, clock):
    store(db, "orchard")
    worker = make_worker(db, clock, Script(500))
    db.execute("UPDATE deliveries SET failures = 11")
    clock.moment = NOW + 3 * DAY - SECOND
    assert worker.step() == "retried"
    clock.moment = worker.queue.get(1).due
    assert clock() == NOW + 3 * DAY
    assert worker.step() == "failed"
    assert outcome(db)[0::2] == ("failed", "status 500")
    assert alerts(db) == [
        "evt_0001 could not be delivered to https://hooks.orchard.example/in"
        " in 13 attempts, the last one: status 500"
    ]


def test_an_endpoint_that_is_gone(db, clock):
    store(db, "orchard", count=3)
    worker = make_worker(db, clock, Script(410))
    assert worker.drain() == Counter(failed=1)
    assert worker.endpoints.get("orchard-main").state is EndpointState.DISABLED
    assert [outcome(db, number)[0] for number in (1, 2, 3)] == ["failed", "cancelled", "cancelled"]
    assert (outcome(db, 1)[2], outcome(db, 2)[2]) == ("status 410", "the endpoint is gone")
    assert alerts(db) == [
        "https://hooks.orchard.example/in answered that it is gone; nothing more is sent there"
    ]


def test_failures_within_the_quiet_time_are_one_alert(db, clock):
    store(db, "orchard", count=2, now=NOW - 3 * DAY)
    worker = make_worker(db, clock, Script(500), quiet=MINUTE)
    assert worker.step() == "failed"
    assert worker.step() == "failed"
    assert len(alerts(db)) == 1


def test_an_endpoint_is_gone_altogether_or_not_at_all(db, clock, monkeypatch):
    store(db, "orchard", count=2)
    worker = make_worker(db, clock, Script(410))

    def dies(endpoint_id, note):
        raise PowerCut

    monkeypatch.setattr(worker.queue, "cancel_waiting", dies)
    with pytest.raises(PowerCut):
        worker.step()
    assert worker.endpoints.get("orchard-main").state is EndpointState.ACTIVE
    assert (outcome(db)[0], alerts(db)) == ("sending", [])


def test_a_delivery_fails_with_its_alert_or_not_at_all(db, clock, monkeypatch):
    store(db, "orchard", now=NOW - 3 * DAY)
    worker = make_worker(db, clock, Script(500))

    def dies(endpoint, text, now):
        raise PowerCut

    monkeypatch.setattr(worker.alerts, "put", dies)
    with pytest.raises(PowerCut):
        worker.step()
    assert outcome(db)[0] == "sending"


def test_a_crash_in_mid_delivery_is_made_up_for(db, clock):
    class Dying(Script):
        def post(self, request):
            raise PowerCut

    store(db, "orchard")
    with pytest.raises(PowerCut):
        make_worker(db, clock, Dying()).step()
    worker = make_worker(db, clock, Script())
    clock.forward(59 * SECOND)
    assert worker.step() is None
    clock.forward(SECOND)
    assert worker.step() == "delivered"


def test_a_worker_that_was_too_slow_changes_nothing(db, clock):
    class Slow(Script):
        def post(self, request):
            clock.forward(MINUTE)
            worker.queue.claim("orchard", "bob", clock())
            return Response(200)

    store(db, "orchard")
    worker = make_worker(db, clock, Slow())
    assert worker.step() == "lost"
    assert worker.queue.get(1).worker == "bob"
    assert worker.log.count(1) == 1


def test_draining(db, clock):
    store(db, "orchard", count=3)
    worker = make_worker(db, clock, Script(200, 500))
    assert worker.drain(1) == Counter(delivered=1)
    assert worker.drain() == Counter(retried=2)
    assert worker.drain() == Counter()


def test_draining_no_more_than_asked_for(db, clock):
    store(db, "orchard", count=3)
    worker = make_worker(db, clock, Script(200))
    assert worker.drain(0) == Counter()
    assert worker.drain(2) == Counter(delivered=2)


def test_a_restart_grants_no_burst(db, clock):
    store(db, "orchard", count=2)
    log_attempts(
        db,
        make_attempt(1, at=NOW - 59 * SECOND),
        make_attempt(2, at=NOW - 61 * SECOND),
        make_attempt(3, merchant="kiosk", at=NOW),
    )
    settings = make_settings(per_window=2)
    dispatcher = make_dispatcher(db, settings, clock)
    assert [dispatcher.window.used(name, NOW) for name in ("orchard", "kiosk")] == [1, 1]
    assert make_worker(db, clock, Script(), dispatcher).drain() == Counter(delivered=1)
    assert outcome(db, 2)[:2] == ("pending", "08:00:01")


def test_requests_stamped_by_a_fast_clock_count_after_a_restart(db, clock):
    log_attempts(db, make_attempt(1, at=NOW + 30 * SECOND), make_attempt(2, at=NOW + 2 * MINUTE))
    dispatcher = make_dispatcher(db, make_settings(future_tolerance=MINUTE), clock)
    assert dispatcher.window.used("orchard", NOW) == 1


class Closing:
    """A stand-in for a connection that only counts how often it is closed."""

    def __init__(self):
        self.closed = 0

    def close(self):
        self.closed += 1


class Quick:
    def __init__(self, result):
        self.result = result

    def drain(self):
        if isinstance(self.result, BaseException):
            raise self.result
        return Counter(self.result)


def test_a_pool_adds_up_what_its_workers_did():
    names, db = [], Closing()

    def make(name, connection):
        names.append(name)
        return Quick({"delivered": 2, "failed": 1})

    assert WorkerPool(lambda: db, make, 3).run(5) == Counter(delivered=6, failed=3)
    assert sorted(names) == ["worker-1", "worker-2", "worker-3"]
    assert db.closed == 3


def test_a_pool_reports_the_error_of_a_worker():
    db = Closing()
    pool = WorkerPool(lambda: db, lambda name, _: Quick(RelayError(f"{name} broke")), 1)
    with pytest.raises(RelayError, match="worker-1 broke"):
        pool.run(5)
    assert db.closed == 1
    with pytest.raises(PowerCut):
        WorkerPool(lambda: db, lambda name, _: Quick(PowerCut()), 1).run(5)


def test_a_pool_of_workers_that_hang():
    release = threading.Event()

    class Hanging:
        def drain(self):
            release.wait(5)
            return Counter()

    workers = {"worker-1": Hanging(), "worker-2": Quick({})}
    pool = WorkerPool(Closing, lambda name, db: workers[name], 2)
    with pytest.raises(RelayError, match="a worker did not come to an end"):
        pool.run(0.01)
    release.set()
