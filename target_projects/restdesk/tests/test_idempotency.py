import json
from datetime import timedelta

import pytest
from builders import NOW

from restdesk.errors import Conflict, Invalid
from restdesk.idempotency import Replays, fingerprint, read_key
from restdesk.wire import Request, Response

CREATED = Response(201, {"name": "Łódź"}, {"ETag": '"1"'})
SECOND = timedelta(seconds=1)


@pytest.fixture
def replays(db):
    return Replays(db, keep=timedelta(hours=24), lock=timedelta(seconds=60))


def request_with(key):
    return Request("POST", "/v1/charges", headers={"idempotency-key": key})


def test_keys():
    assert read_key(request_with(" order-17/a ")) == "order-17/a"
    assert read_key(request_with("k" * 255)) == "k" * 255
    assert read_key(Request("POST", "/v1/charges")) is None

    for key in ("", "  ", "k" * 256, "a b", "ü", "a\tb"):
        with pytest.raises(Invalid) as caught:
            read_key(request_with(key))
        assert caught.value.code == "idempotency_key"


def test_fingerprint_is_that_of_the_content():
    def print_of(body, method="POST", path="/v1/charges"):
        return fingerprint(Request(method, path, body=json.dumps(body).encode()))

    first = print_of({"a": 1, "b": 2})
    assert print_of({"b": 2, "a": 1}) == first
    assert print_of({"a": 1, "b": 3}) != first
    assert print_of({"a": 1, "b": 2}, method="PUT") != first
    assert print_of({"a": 1, "b": 2}, path="/v1/customers") != first


def test_same_request_gets_the_same_answer(replays):
    assert replays.begin("key_1", "k", "print", NOW) is None
    replays.finish("key_1", "k", CREATED)
    assert replays.begin("key_1", "k", "print", NOW) == Response(
        201, {"name": "Łódź"}, {"ETag": '"1"', "Idempotent-Replayed": "true"}
    )


def test_another_request_under_the_same_key_is_a_conflict(replays):
    replays.begin("key_1", "k", "print", NOW)
    for _ in range(2):
        with pytest.raises(Conflict, match="used for another request") as caught:
            replays.begin("key_1", "k", "other", NOW)
        assert caught.value.code == "key_reused"
        replays.finish("key_1", "k", CREATED)


def test_twin_has_to_wait(replays):
    replays.begin("key_1", "k", "print", NOW)
    with pytest.raises(Conflict, match="still being worked on") as caught:
        replays.begin("key_1", "k", "print", NOW + 59 * SECOND)
    assert (caught.value.code, caught.value.retry_after) == ("key_in_use", 1)


def test_lock_of_a_worker_that_died_ends(replays):
    replays.begin("key_1", "k", "print", NOW)
    assert replays.begin("key_1", "k", "print", NOW + 60 * SECOND) is None
    with pytest.raises(Conflict):
        replays.begin("key_1", "k", "print", NOW + 119 * SECOND)


def test_answers_are_kept_for_a_while(replays):
    day = timedelta(hours=24)
    replays.begin("key_1", "k", "print", NOW)
    replays.finish("key_1", "k", CREATED)
    assert replays.begin("key_1", "k", "print", NOW + day - SECOND) is not None
    assert replays.begin("key_1", "k", "other", NOW + day) is None


def test_keys_belong_to_their_owner(replays):
    replays.begin("key_1", "k", "print", NOW)
    assert replays.begin("key_2", "k", "print", NOW) is None
    replays.finish("key_2", "k", CREATED)
    with pytest.raises(Conflict):
        replays.begin("key_1", "k", "print", NOW)


def test_our_own_failures_are_not_kept(replays):
    for status, kept in [(402, True), (499, True), (500, False), (503, False)]:
        replays.begin("key_1", str(status), "print", NOW)
        replays.finish("key_1", str(status), Response(status, {}))
        assert (replays.begin("key_1", str(status), "print", NOW) is not None) is kept


def test_released_key_is_free(replays):
    replays.begin("key_1", "k", "print", NOW)
    replays.begin("key_1", "other", "print", NOW)
    replays.release("key_1", "k")
    assert replays.begin("key_1", "k", "print", NOW) is None
    with pytest.raises(Conflict):
        replays.begin("key_1", "other", "print", NOW)


def test_purge_removes_what_is_over(replays):
    for number, key in enumerate(["done", "open"]):
        replays.begin("key_1", key, "print", NOW + number * SECOND)
    replays.finish("key_1", "done", CREATED)
    assert replays.purge(NOW + 60 * SECOND) == 0
    assert replays.purge(NOW + 61 * SECOND) == 1
    assert replays.purge(NOW + timedelta(hours=24)) == 1
    assert replays.purge(NOW + timedelta(hours=48)) == 0
