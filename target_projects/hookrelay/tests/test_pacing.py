from datetime import timedelta

from builders import MINUTE, NOW, SECOND, make_dispatcher, store
from hookrelay.pacing import RoundRobin, SlidingWindow


def test_turns_start_behind_the_last_one():
    turns = RoundRobin()
    assert turns.order({"c", "a", "b"}) == ["a", "b", "c"]
    turns.served("a")
    assert turns.order(["c", "b", "a"]) == ["b", "c", "a"]
    turns.served("c")
    assert turns.order(["c", "b", "a"]) == ["a", "b", "c"]

    turns = RoundRobin()
    turns.served("b")
    assert turns.order(["a", "c", "d"]) == ["c", "d", "a"]
    assert turns.order([]) == []


def test_a_window_counts_by_merchant():
    window = SlidingWindow(MINUTE)
    window.note("orchard", NOW)
    window.note("orchard", NOW + SECOND)
    window.note("kiosk", NOW)
    used = [window.used(name, NOW + SECOND) for name in ("orchard", "kiosk", "nobody")]
    assert used == [2, 1, 0]


def test_a_request_leaves_the_window_after_its_length():
    window = SlidingWindow(MINUTE)
    window.note("orchard", NOW)
    window.note("orchard", NOW + SECOND)
    assert window.used("orchard", NOW + MINUTE - timedelta(milliseconds=1)) == 2
    assert window.used("orchard", NOW + MINUTE) == 1
    assert window.used("orchard", NOW + MINUTE + SECOND) == 0


def test_when_the_next_request_is_free():
    window = SlidingWindow(MINUTE)
    assert window.free_at("orchard", 1, NOW) == NOW
    for second in range(3):
        window.note("orchard", NOW + second * SECOND)
    later = NOW + 10 * SECOND
    assert window.free_at("orchard", 4, later) == later
    assert window.free_at("orchard", 3, later) == NOW + MINUTE
    assert window.free_at("orchard", 2, later) == NOW + MINUTE + SECOND
    assert window.free_at("orchard", 1, later) == NOW + MINUTE + 2 * SECOND


def drain(dispatcher, queue, now):
    taken = []
    while (delivery := dispatcher.next(queue, "ada", now)) is not None:
        taken.append(delivery.merchant)
        queue.succeed(delivery)
    return taken


def test_merchants_take_turns(db):
    queue = store(db, "orchard", count=4)
    store(db, "kiosk", count=2)
    store(db, "apex")
    assert drain(make_dispatcher(), queue, NOW) == [
        "apex", "kiosk", "orchard", "kiosk", "orchard", "orchard", "orchard",
    ]  # fmt: skip


def test_the_limit(db):
    queue, dispatcher = store(db, "orchard", count=3), make_dispatcher(limit=2)
    assert drain(dispatcher, queue, NOW) == ["orchard", "orchard"]
    assert queue.get(3).due == NOW + MINUTE
    assert dispatcher.postponed == 1
    assert drain(dispatcher, queue, NOW + MINUTE - SECOND) == []
    assert drain(dispatcher, queue, NOW + MINUTE) == ["orchard"]


def test_a_merchant_at_its_limit_does_not_stop_the_others(db):
    queue = store(db, "orchard", "kiosk", count=2)
    dispatcher = make_dispatcher(limit=2)
    dispatcher.remember([("kiosk", NOW)])
    assert drain(dispatcher, queue, NOW) == ["kiosk", "orchard", "orchard"]


def test_what_is_put_off_is_counted_over_all_merchants(db):
    queue, dispatcher = store(db, "orchard", "kiosk", count=3), make_dispatcher(limit=1)
    drain(dispatcher, queue, NOW)
    assert dispatcher.postponed == 4


def test_requests_of_an_earlier_run_count(db):
    queue, dispatcher = store(db, "orchard"), make_dispatcher(limit=2)
    dispatcher.remember([("orchard", NOW - 20 * SECOND), ("orchard", NOW - 10 * SECOND)])
    assert drain(dispatcher, queue, NOW) == []
    assert queue.get(1).due == NOW + 40 * SECOND


def test_a_merchant_that_another_process_emptied_is_passed_over(db, monkeypatch):
    queue = store(db, "orchard", "kiosk")
    monkeypatch.setattr(queue, "ready_merchants", lambda now: ["apex", "kiosk"])
    dispatcher = make_dispatcher(limit=1)
    assert dispatcher.next(queue, "ada", NOW).merchant == "kiosk"
    assert dispatcher.window.used("apex", NOW) == 0
