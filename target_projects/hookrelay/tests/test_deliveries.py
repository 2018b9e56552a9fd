import pytest
from builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SECOND,
    make_endpoint,
    make_event,
    make_queue,
    store,
)
from hookrelay.deliveries import DeliveryState
from hookrelay.endpoints import EndpointBook, EndpointState
from hookrelay.errors import Conflict, EventError, LeaseLost, NotFound
from hookrelay.events import encode_body
from hookrelay.money import Amount


def test_accepting_an_event(db):
    queue, endpoints = make_queue(db), [make_endpoint(), make_endpoint(id="second")]
    for endpoint in endpoints:
        EndpointBook(db).save(endpoint)
    assert queue.accept(make_event(), endpoints, NOW) == 2
    assert queue.body("evt_0001") == encode_body(make_event())
    second = queue.get(2)
    assert (second.event_id, second.endpoint_id, second.merchant) == (
        "evt_0001",
        "second",
        "orchard",
    )
    assert (second.state, second.due, second.deadline, second.failures) == (
        DeliveryState.PENDING,
        NOW,
        NOW + 3 * DAY,
        0,
    )


def test_an_event_that_nobody_wants_is_stored(db):
    assert make_queue(db).accept(make_event(), [], NOW) == 0
    assert make_queue(db).body("evt_0001") == encode_body(make_event())


def test_the_same_event_again_changes_nothing(db):
    queue = store(db, "orchard")
    assert queue.accept(make_event(), [make_endpoint()], NOW + HOUR) == 0
    assert queue.get(1).due == NOW
    with pytest.raises(NotFound):
        queue.get(2)


def test_the_same_id_with_another_content_is_refused(db):
    queue = store(db, "orchard")
    with pytest.raises(EventError, match="evt_0001 was stored with another content"):
        queue.accept(make_event(amount=Amount("EUR", 1251)), [make_endpoint()], NOW)


def test_an_event_is_stored_with_its_deliveries_or_not_at_all(db):
    queue = make_queue(db)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        queue.accept(make_event(), [make_endpoint("stranger")], NOW)
    with pytest.raises(NotFound, match="there is no event evt_0001"):
        queue.body("evt_0001")


def test_what_is_not_there(db):
    with pytest.raises(NotFound, match="there is no delivery 7"):
        make_queue(db).get(7)


def test_who_is_ready(db):
    queue = store(db, "orchard", "kiosk", count=2)
    assert sorted(queue.ready_merchants(NOW)) == ["kiosk", "orchard"]
    assert queue.ready_merchants(NOW - SECOND) == []


def test_claiming(db):
    queue = store(db, "kiosk", "orchard")
    claimed = queue.claim("orchard", "ada", NOW)
    assert (claimed.id, claimed.state, claimed.worker) == (2, DeliveryState.SENDING, "ada")
    assert claimed.lease_until == NOW + MINUTE
    assert queue.claim("orchard", "bob", NOW) is None


def test_the_longest_due_is_claimed_first(db):
    queue = store(db, "orchard", now=NOW)
    store(db, "orchard", now=NOW - SECOND)
    store(db, "orchard", now=NOW - SECOND)
    assert [queue.claim("orchard", "ada", NOW).id for _ in range(3)] == [2, 3, 1]


def test_what_is_not_due_is_not_claimed(db):
    queue = store(db, "orchard", now=NOW + SECOND)
    assert queue.claim("orchard", "ada", NOW) is None
    assert queue.claim("orchard", "ada", NOW + SECOND).id == 1


def test_nothing_for_endpoints_that_are_not_active(db):
    for state in [EndpointState.PAUSED, EndpointState.DISABLED]:
        queue = store(db, "orchard")
        EndpointBook(db).set_state("orchard-main", state)
        assert queue.ready_merchants(NOW) == []
        assert queue.claim("orchard", "ada", NOW) is None


def test_a_lease_that_has_run_out(db):
    queue = store(db, "orchard")
    queue.claim("orchard", "ada", NOW)
    assert queue.ready_merchants(NOW + MINUTE - SECOND) == []
    assert queue.claim("orchard", "bob", NOW + MINUTE - SECOND) is None
    assert queue.ready_merchants(NOW + MINUTE) == ["orchard"]
    assert queue.claim("orchard", "bob", NOW + MINUTE).worker == "bob"


def test_who_lost_the_lease_cannot_settle(db):
    queue = store(db, "orchard")
    late = queue.claim("orchard", "ada", NOW)
    queue.claim("orchard", "bob", NOW + MINUTE)
    with pytest.raises(LeaseLost, match="delivery 1 is no longer held by ada"):
        queue.succeed(late)
    assert queue.get(1).state is DeliveryState.SENDING


def test_nor_can_an_earlier_claim_of_the_same_worker(db):
    queue = store(db, "orchard")
    early = queue.claim("orchard", "ada", NOW)
    queue.claim("orchard", "ada", NOW + MINUTE)
    with pytest.raises(LeaseLost):
        queue.reschedule(early, NOW, "status 500")


def test_success(db):
    queue = store(db, "orchard")
    queue.succeed(queue.claim("orchard", "ada", NOW))
    done = queue.get(1)
    assert (done.state, done.due) == (DeliveryState.DELIVERED, NOW)
    assert (done.failures, done.note) == (0, "")
    assert (done.worker, done.lease_until) == (None, None)


def test_rescheduling(db):
    queue = store(db, "orchard")
    queue.reschedule(queue.claim("orchard", "ada", NOW), NOW + MINUTE, "status 500")
    waiting = queue.get(1)
    assert (waiting.state, waiting.due) == (DeliveryState.PENDING, NOW + MINUTE)
    assert (waiting.failures, waiting.note, waiting.worker) == (1, "status 500", None)
    assert queue.claim("orchard", "ada", NOW + MINUTE).failures == 1


def test_failing(db):
    queue = store(db, "orchard")
    queue.fail(queue.claim("orchard", "ada", NOW), "status 500")
    failed = queue.get(1)
    assert (failed.state, failed.due) == (DeliveryState.FAILED, NOW)
    assert (failed.failures, failed.note) == (1, "status 500")


def test_postponing(db):
    queue = store(db, "orchard", "kiosk", count=3)
    queue.claim("orchard", "ada", NOW)
    store(db, "orchard", now=NOW + HOUR)
    assert queue.postpone("orchard", NOW + MINUTE) == 2
    dues = [queue.get(number).due for number in range(1, 8)]
    assert dues == [NOW, NOW + MINUTE, NOW + MINUTE, NOW, NOW, NOW, NOW + HOUR]
    assert queue.postpone("orchard", NOW + MINUTE) == 0


def test_cancelling(db):
    queue = store(db, "orchard", "kiosk", count=2)
    queue.claim("orchard", "ada", NOW)
    assert queue.cancel_waiting("orchard-main", "gone") == 1
    states = [queue.get(number).state.value for number in range(1, 5)]
    assert states == ["sending", "cancelled", "pending", "pending"]
    assert queue.get(2).note == "gone"


def test_starting_anew(db):
    for state in ["failed", "cancelled"]:
        queue = store(db, "orchard")
        queue.reschedule(queue.claim("orchard", "ada", NOW), NOW + MINUTE, "status 500")
        db.execute("UPDATE deliveries SET state = ?", (state,))
        anew = queue.retry(1, NOW + DAY)
        assert (anew.state, anew.due, anew.deadline) == (
            DeliveryState.PENDING,
            NOW + DAY,
            NOW + 4 * DAY,
        )
        assert (anew.failures, anew.note) == (0, "started anew")


def test_what_is_under_way_or_done_is_not_started_anew(db):
    queue = store(db, "orchard")
    for state in ("pending", "sending", "delivered"):
        db.execute("UPDATE deliveries SET state = ?", (state,))
        with pytest.raises(Conflict, match=f"delivery 1 is {state}"):
            queue.retry(1, NOW)


def test_nobody_can_write_between_looking_and_claiming(db):
    queue, statements = store(db, "orchard"), []
    db.set_trace_callback(statements.append)
    queue.claim("orchard", "ada", NOW)
    assert (statements[0], statements[-1]) == ("BEGIN IMMEDIATE", "COMMIT")


def test_what_nobody_has_claimed_cannot_be_settled(db):
    queue = store(db, "orchard")
    with pytest.raises(LeaseLost, match="delivery 1 is no longer held by None"):
        queue.succeed(queue.get(1))
