from datetime import timedelta

import pytest
from builders import (
    LATER,
    NOW,
    make_charge,
    make_customer,
    make_desk,
    stored_charge,
    stored_customer,
)

from restdesk.desk import Settled
from restdesk.errors import (
    BadGateway,
    Conflict,
    Declined,
    Invalid,
    NotFound,
    Unavailable,
)
from restdesk.records import ChargeStatus, CustomerStatus


@pytest.fixture
def ask(db, clock, ids):
    """A desk with customer cus_0001, whose processor gives these answers."""

    def open_desk(*answers, **changes):
        desk = make_desk(db, clock, ids, *answers, **changes)
        stored_customer(desk.store)
        ids.count = 1
        return desk

    return open_desk


def body(**changes):
    return {"customer": "cus_0001", "amount": 10_000, "currency": "eur", **changes}


def test_new_customer(desk):
    customer = desk.create_customer(
        {"name": " Ana  Lima ", "email": "Ana@EXAMPLE.com", "metadata": {"a": 1, "b": ""}}
    )
    assert customer == make_customer(name="Ana Lima", email="Ana@example.com", metadata={"a": "1"})
    assert desk.store.customer("cus_0001") == customer


def test_names_and_addresses_are_needed(desk):
    for missing in ("name", "email"):
        given = {"name": "Ana", "email": "ana@example.com"}
        del given[missing]
        with pytest.raises(Invalid, match=f"{missing} is required"):
            desk.create_customer(given)

    assert desk.create_customer({"name": "a" * 100, "email": "a@example.com"}).name == "a" * 100
    assert desk.create_customer({"name": "b", "email": "b@example.com"}).name == "b"
    for name in ("", "a" * 101):
        with pytest.raises(Invalid):
            desk.create_customer({"name": name, "email": "c@example.com"})


def test_replacing_clears_what_is_left_out(desk, clock):
    customer = stored_customer(desk.store, status=CustomerStatus.BLOCKED, metadata={"a": "1"})
    clock.forward(days=1, minutes=90)
    replaced = desk.replace_customer(customer, {"name": "New", "email": "n@example.com"})
    assert replaced == make_customer(name="New", email="n@example.com", updated=LATER, version=2)
    assert desk.store.customer("cus_0001") == replaced


def test_updating_leaves_the_rest(desk, clock):
    customer = stored_customer(desk.store, metadata={"a": "1", "b": "2"})
    clock.forward(days=1, minutes=90)
    changed = desk.update_customer(customer, {"status": "blocked", "metadata": {"a": None}})
    assert changed == make_customer(
        status=CustomerStatus.BLOCKED, metadata={"b": "2"}, updated=LATER, version=2
    )
    assert desk.store.customer("cus_0001") == changed


def test_updating_without_changes(desk, clock):
    customer = stored_customer(desk.store)
    clock.forward(days=1)
    assert desk.update_customer(customer, {}) is customer
    assert desk.store.customer("cus_0001").version == 1


def test_metadata_has_a_limit(desk):
    customer = stored_customer(desk.store, metadata={"a": "1", "b": "2"})
    assert len(desk.update_customer(customer, {"metadata": {"c": "3"}}).metadata) == 3
    with pytest.raises(Invalid, match="At most 3 metadata keys"):
        desk.update_customer(customer, {"metadata": {"c": "3", "d": "4"}})


def test_deleting_a_customer(desk):
    stored_charge_of(desk, ChargeStatus.SUCCEEDED)
    desk.delete_customer(desk.store.customer("cus_0001"))
    with pytest.raises(NotFound):
        desk.store.customer("cus_0001")


def test_customer_with_pending_charges_stays(desk):
    stored_charge_of(desk, ChargeStatus.PENDING)
    with pytest.raises(Conflict, match="charges that are pending") as caught:
        desk.delete_customer(desk.store.customer("cus_0001"))
    assert caught.value.code == "charges_pending"
    other = stored_customer(desk.store, 2)
    desk.delete_customer(other)


def stored_charge_of(desk, status):
    stored_customer(desk.store)
    return stored_charge(desk.store, status=status)


def test_charge(ask):
    desk = ask("OK")
    charge = desk.charge(body(description=" May "))
    assert charge == make_charge(
        2, reference="ch_0002", description="May", fee=275, code="OK", version=2
    )
    assert desk.store.charge("ch_0002") == charge


def test_charge_that_is_pending(ask):
    desk = ask("WAIT")
    charge = desk.charge(body(), "ref7")
    assert (charge.status, charge.fee, charge.code) == (ChargeStatus.PENDING, 0, "WAIT")
    assert charge.reference == "ref7"
    assert desk.store.charge("ch_0002") == charge


def test_charge_that_is_declined(ask):
    desk = ask("NO")
    with pytest.raises(Declined, match="Refused by the bank") as caught:
        desk.charge(body())
    assert caught.value.code == "NO"
    charge = desk.store.charge("ch_0002")
    assert (charge.status, charge.fee, charge.code) == (ChargeStatus.FAILED, 0, "NO")


def test_charge_the_processor_does_not_take(ask, clock):
    desk = ask("BUSY", (200, b"?"))
    with pytest.raises(Unavailable):
        desk.charge(body())
    with pytest.raises(BadGateway):
        desk.charge(body())
    found = [desk.store.charge(charge_id) for charge_id in ("ch_0002", "ch_0003")]
    assert [charge.status for charge in found] == [ChargeStatus.FAILED] * 2
    assert [charge.code for charge in found] == ["BUSY", "processor_garbled"]


def test_charge_is_checked_before_the_processor_is_asked(ask):
    desk = ask()
    for changes, code in [
        ({"amount": 49}, "amount_too_small"),
        ({"amount": 500_001}, "amount_too_large"),
        ({"currency": "xyz"}, "currency_unknown"),
        ({"currency": "euro"}, "too_long"),
        ({"currency": "eu"}, "too_short"),
        ({"customer": "cus_9999"}, "missing_resource"),
        ({"description": "x" * 201}, "too_long"),
        ({"customer": "c" * 65}, "too_long"),
    ]:
        with pytest.raises(Invalid) as caught:
            desk.charge(body(**changes))
        assert (caught.value.code, caught.value.param) == (code, next(iter(changes)))
    assert desk.processor.transport.asked == []
    assert desk.store.pending() == []


def test_charge_with_a_long_description(ask):
    assert ask().charge(body(description="x" * 200)).description == "x" * 200


def test_charge_of_a_blocked_customer(desk):
    stored_customer(desk.store, status=CustomerStatus.BLOCKED)
    with pytest.raises(Conflict, match="cus_0001 is blocked") as caught:
        desk.charge(body())
    assert (caught.value.code, caught.value.param) == ("customer_blocked", "customer")


def test_updating_a_charge(desk, clock):
    charge = stored_charge_of(desk, ChargeStatus.SUCCEEDED)
    clock.forward(days=1, minutes=90)
    changed = desk.update_charge(charge, {"metadata": {"a": "1"}})
    assert changed == make_charge(metadata={"a": "1"}, updated=LATER, version=2)
    assert desk.update_charge(changed, {}) is changed
    with pytest.raises(Invalid, match="Unknown field: amount"):
        desk.update_charge(changed, {"amount": 5})


def test_refunds(desk, clock):
    charge = stored_charge_of(desk, ChargeStatus.SUCCEEDED)
    clock.forward(days=90)
    charge = desk.refund(charge, {"amount": 1})
    assert (charge.refunded, charge.updated) == (1, NOW + timedelta(days=90))
    assert desk.refund(charge, {}).status is ChargeStatus.REFUNDED
    assert desk.store.charge("ch_0001").refunded == 10_000


def test_refund_after_the_window(desk, clock):
    charge = stored_charge_of(desk, ChargeStatus.SUCCEEDED)
    clock.forward(days=90, seconds=1)
    with pytest.raises(Conflict, match="90 days"):
        desk.refund(charge, {})


def test_settling_pending_charges(ask, clock):
    desk = ask("OK", "NO", "WAIT", (200, b"?"), "OK")
    for number in range(1, 6):
        stored_charge(desk.store, number, status=ChargeStatus.PENDING)
    clock.forward(days=1, minutes=90)
    assert desk.settle() == Settled(succeeded=2, failed=1, waiting=1, unclear=1)
    found = [desk.store.charge(f"ch_000{number}") for number in range(1, 6)]
    assert [charge.status.value for charge in found] == [
        "succeeded", "failed", "pending", "pending", "succeeded"
    ]  # fmt: skip
    assert [charge.fee for charge in found] == [275, 0, 0, 0, 275]
    assert found[0].updated == LATER
    assert found[0].code == "OK"


def test_settling_stops_when_the_processor_is_down(ask):
    desk = ask("OK", TimeoutError())
    for number in range(1, 5):
        stored_charge(desk.store, number, status=ChargeStatus.PENDING)
    assert desk.settle() == Settled(succeeded=1, waiting=3)
    assert len(desk.processor.transport.asked) == 2
    assert desk.processor.transport.asked[0]["operation"] == "inquiry"
