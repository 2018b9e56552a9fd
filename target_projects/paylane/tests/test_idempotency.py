from datetime import timedelta

import pytest
from builders import NOON, eur

from paylane.errors import KeyConflict, KeyInUse, RequestError
from paylane.idempotency import Claim, KeyStore, clean_key, fingerprint, make_reference

SECOND, DAY = timedelta(seconds=1), timedelta(hours=24)


@pytest.fixture
def keys(db):
    return KeyStore(db, life=DAY, lock=timedelta(seconds=60))


def claim(keys, key="k", print_="f", now=NOON, merchant="acme"):
    return keys.claim(merchant, key, print_, now)


def test_first_request_takes_the_key(keys):
    taken = claim(keys)
    assert taken == Claim("acme", "k", make_reference("pay", "acme", "k", NOON))
    assert (taken.attempt, taken.response) == (1, None)

    assert keys.claim("acme", "r", "f", NOON, prefix="ref").reference.startswith("ref_")


def test_second_request_has_to_wait(keys):
    claim(keys)
    with pytest.raises(KeyInUse, match="^key k is in use, try again later$") as caught:
        claim(keys, now=NOON + 20 * SECOND)
    assert caught.value.retry_after == timedelta(seconds=40)


def test_answer_is_given_again(keys):
    first = claim(keys)
    keys.complete(first, "done", NOON)
    again = claim(keys, now=NOON + SECOND)
    assert (again.response, again.reference) == ("done", first.reference)


def test_empty_answer_is_an_answer(keys):
    keys.complete(claim(keys), "", NOON)
    assert claim(keys).response == ""


def test_other_payload_is_a_conflict(keys):
    first = claim(keys)
    with pytest.raises(KeyConflict, match="^key k was used for another request$"):
        claim(keys, print_="g")
    keys.complete(first, "done", NOON)
    with pytest.raises(KeyConflict):
        claim(keys, print_="g", now=NOON + DAY - SECOND)


def test_keys_of_two_merchants(keys):
    claim(keys)
    assert claim(keys, print_="g", merchant="kyoto").attempt == 1
    assert len(keys) == 2


def test_upper_and_lower_case_are_two_keys(keys):
    claim(keys)
    assert claim(keys, key="K").reference != claim(keys, key="l").reference


def test_claim_is_one_transaction(keys):
    statements = []
    claim(keys)
    keys.db.set_trace_callback(statements.append)
    claim(keys, now=NOON + 60 * SECOND)
    assert (statements[0], statements[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    assert len(statements) == 6


def test_life_of_a_key(keys):
    first = claim(keys)
    keys.complete(first, "done", NOON + SECOND)
    assert claim(keys, now=NOON + DAY).response == "done"
    again = claim(keys, print_="g", now=NOON + DAY + SECOND)
    assert (again.response, again.attempt) == (None, 1)
    assert again.reference != first.reference


def test_expiry_of_one_key_leaves_others(keys):
    for key in ("k", "m"):
        keys.complete(claim(keys, key), "done", NOON)
    keys.complete(claim(keys, merchant="kyoto"), "done", NOON)
    claim(keys, now=NOON + DAY)
    assert len(keys) == 3


def test_lock_runs_out(keys):
    first = claim(keys)
    with pytest.raises(KeyInUse):
        claim(keys, now=NOON + 59 * SECOND)
    second = claim(keys, now=NOON + 60 * SECOND)
    assert (second.attempt, second.reference) == (2, first.reference)


def test_lock_of_the_second_is_its_own(keys):
    claim(keys)
    claim(keys, now=NOON + 60 * SECOND)
    with pytest.raises(KeyInUse):
        claim(keys, now=NOON + 119 * SECOND)
    assert claim(keys, now=NOON + 120 * SECOND).attempt == 3


def test_slow_one_cannot_answer_after_a_takeover(keys):
    first = claim(keys)
    second = claim(keys, now=NOON + 60 * SECOND)
    with pytest.raises(KeyInUse) as caught:
        keys.complete(first, "slow", NOON)
    assert caught.value.retry_after == timedelta(seconds=60)
    keys.complete(second, "quick", NOON)
    with pytest.raises(KeyInUse):
        keys.complete(second, "again", NOON)
    assert claim(keys).response == "quick"


def test_released_key_is_free_at_once(keys):
    first = claim(keys)
    keys.release(first, NOON + SECOND)
    second = claim(keys, now=NOON + SECOND)
    assert (second.attempt, second.reference) == (2, first.reference)


def test_release_by_a_slow_one_changes_nothing(keys):
    first = claim(keys)
    claim(keys, now=NOON + 60 * SECOND)
    keys.release(first, NOON + 61 * SECOND)
    with pytest.raises(KeyInUse):
        claim(keys, now=NOON + 62 * SECOND)


def test_release_after_the_answer_changes_nothing(keys):
    first = claim(keys)
    keys.complete(first, "done", NOON)
    keys.release(first, NOON)
    assert claim(keys).response == "done"


def test_key_without_an_answer_does_not_expire(keys):
    first = claim(keys)
    assert keys.purge(NOON + 100 * DAY) == 0
    assert claim(keys, now=NOON + 100 * DAY).reference == first.reference


def test_purge(keys):
    for key, seconds in (("a", 0), ("b", 1), ("c", 2)):
        keys.complete(claim(keys, key), "done", NOON + seconds * SECOND)
    assert keys.purge(NOON + DAY + SECOND) == 2
    assert len(keys) == 1
    assert claim(keys, "c", now=NOON + DAY + SECOND).response == "done"


def test_keys_that_are_fit():
    for text in ("6f1c2a90", "A", "0", "zZ-19_aA.b:c", "x" * 20):
        assert clean_key(f" {text}\n", 20) == text


def test_keys_that_are_not():
    for text, problem in (
        ("", "key is missing"),
        (" \t", "key is missing"),
        ("x" * 21, "key is longer than 20 characters"),
        ("-a", "key may hold letters, digits and _.:- alone"),
        ("a b", "key may hold letters, digits and _.:- alone"),
        ("kłucz", "key may hold letters, digits and _.:- alone"),
    ):
        with pytest.raises(RequestError) as caught:
            clean_key(text, 20)
        assert str(caught.value) == problem


def test_fingerprints():
    assert fingerprint("charge", {"a": 1, "b": 2}) == fingerprint("charge", {"b": 2, "a": 1})

    prints = {
        fingerprint("charge", {"a": "1"}),
        fingerprint("refund", {"a": "1"}),
        fingerprint("charge", {"a": 1}),
        fingerprint("charge", {"a": "ł"}),
        fingerprint("charge", {"a": eur(1)}),
        fingerprint("charge", {}),
    }
    assert len(prints) == 6

    digest = fingerprint("charge", {"name": "Łódź", "amount": eur(1)})
    assert digest == ("3f7521d327384b6a8ce74dcba080437f535b60d7f764600a62b6b375c90a1f7b")


def test_references():
    assert make_reference("pay", "acme", "k", NOON) == "pay_19151b229aada920"
    others = {
        make_reference("ref", "acme", "k", NOON),
        make_reference("pay", "kyoto", "k", NOON),
        make_reference("pay", "acme", "l", NOON),
        make_reference("pay", "acme", "k", NOON + SECOND),
    }
    assert len(others) == 4
