from datetime import timedelta

import pytest
from builders import LATER, NOW, make_charge, make_customer

from restdesk.errors import Conflict, Invalid
from restdesk.records import (
    MOVES,
    ChargeStatus,
    CustomerStatus,
    move,
    random_id,
    refund,
    show_charge,
    show_customer,
)

WINDOW = timedelta(days=90)
PENDING, SUCCEEDED, FAILED = ChargeStatus.PENDING, ChargeStatus.SUCCEEDED, ChargeStatus.FAILED
PARTLY, REFUNDED = ChargeStatus.PARTLY_REFUNDED, ChargeStatus.REFUNDED


def test_moves_of_a_charge():
    moved = move(make_charge(status=PENDING), SUCCEEDED, LATER, fee=7)
    assert (moved.status, moved.updated, moved.created, moved.fee) == (SUCCEEDED, LATER, NOW, 7)
    assert move(make_charge(status=PENDING), FAILED, LATER).status is FAILED

    for start, end in [(SUCCEEDED, PENDING), (SUCCEEDED, FAILED), (PENDING, REFUNDED)]:
        with pytest.raises(Conflict, match=f"A {start.value} charge cannot become {end.value}"):
            move(make_charge(status=start), end, LATER)

    assert [state for state in ChargeStatus if not MOVES[state]] == [FAILED, REFUNDED]


def test_refund_of_a_part():
    changed = refund(make_charge(), 4_000, LATER, WINDOW)
    assert (changed.status, changed.refunded, changed.updated) == (PARTLY, 4_000, LATER)


def test_refund_of_the_rest():
    partly = make_charge(status=PARTLY, refunded=4_000)
    for amount in (6_000, None):
        changed = refund(partly, amount, LATER, WINDOW)
        assert (changed.status, changed.refunded) == (REFUNDED, 10_000)
    assert refund(partly, 5_999, LATER, WINDOW).status is PARTLY

    with pytest.raises(Invalid, match="Only 6000 is left to refund") as caught:
        refund(make_charge(status=PARTLY, refunded=4_000), 6_001, LATER, WINDOW)
    assert (caught.value.code, caught.value.param) == ("refund_too_large", "amount")


def test_refund_that_is_refused():
    for state in (PENDING, FAILED):
        with pytest.raises(Conflict) as caught:
            refund(make_charge(status=state), 100, LATER, WINDOW)
        assert caught.value.code == "charge_state"
    with pytest.raises(Conflict, match="A refunded charge cannot become refunded"):
        refund(make_charge(status=REFUNDED, refunded=10_000), None, LATER, WINDOW)

    assert refund(make_charge(), None, NOW + WINDOW, WINDOW).status is REFUNDED
    with pytest.raises(Conflict, match="Refunds end 90 days after the charge") as caught:
        refund(make_charge(), None, NOW + WINDOW + timedelta(seconds=1), WINDOW)
    assert caught.value.code == "refund_too_late"


def test_net_amount():
    assert make_charge(fee=275).net == 9_725
    assert make_charge(status=PARTLY, fee=275, refunded=5_000).net == 10_000 - 5_000 - 138
    assert make_charge(status=REFUNDED, fee=275, refunded=10_000).net == 0

    assert make_charge(status=PENDING).net == 0
    assert make_charge(status=FAILED).net == 0


def test_records_as_the_api_shows_them():
    customer = make_customer(updated=LATER, status=CustomerStatus.BLOCKED, metadata={"a": "b"})
    assert show_customer(customer) == {
        "id": "cus_0001",
        "object": "customer",
        "name": "Customer 1",
        "email": "c1@example.com",
        "status": "blocked",
        "metadata": {"a": "b"},
        "created": 1_709_283_600,
        "updated": 1_709_375_400,
    }

    charge = make_charge(
        status=PARTLY, refunded=1_000, fee=275, code="OK", description="May", updated=LATER
    )
    assert show_charge(charge) == {
        "id": "ch_0001",
        "object": "charge",
        "customer": "cus_0001",
        "amount": 10_000,
        "currency": "eur",
        "status": "partly_refunded",
        "description": "May",
        "metadata": {},
        "amount_refunded": 1_000,
        "fee": 275,
        "net": 10_000 - 1_000 - 248,
        "processor_code": "OK",
        "created": 1_709_283_600,
        "updated": 1_709_375_400,
    }


def test_copies():
    customer, charge = make_customer(metadata={"a": "b"}), make_charge(metadata={"a": "b"})
    show_customer(customer)["metadata"]["a"] = "c"
    show_charge(charge)["metadata"].clear()
    assert customer.metadata == charge.metadata == {"a": "b"}

    first, second = make_customer(1), make_customer(2)
    assert first.metadata == {}
    assert first.metadata is not second.metadata


def test_random_ids(monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda size: "ab" * size)
    assert random_id("cus") == "cus_abababababababab"
