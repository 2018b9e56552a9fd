from dataclasses import replace

import pytest
from builders import (
    LATER,
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
        {"name": " Ana  Lima ", "email": "Ana@EXAMPLE.com", "note": "x" * 500}
    )
    assert customer == make_customer(name="Ana Lima", email="Ana@example.com", note="x" * 500)
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
    with pytest.raises(Invalid, match="note has at most 500 characters"):
        desk.create_customer({"name": "c", "email": "c@example.com", "note": "x" * 501})


def test_replacing_clears_what_is_left_out(desk, clock):
    customer = stored_customer(desk.store, status=CustomerStatus.BLOCKED, note="old")
    clock.forward(days=1, minutes=90)
    replaced = desk.replace_customer(customer, {"name": "New", "email": "n@example.com"})
    assert replaced == make_customer(name="New", email="n@example.com", updated=LATER, version=2)
    assert desk.store.customer("cus_0001") == replaced


def test_updating_leaves_the_rest(desk, clock):
    customer = stored_customer(desk.store, note="old")
    clock.forward(days=1, minutes=90)
    changed = desk.update_customer(customer, {"status": "blocked"})
    assert changed == make_customer(
        status=CustomerStatus.BLOCKED, note="old", updated=LATER, version=2
    )
    assert desk.store.customer("cus_0001") == changed
    assert desk.update_customer(changed, {"note": None}).note == ""


def test_updating_without_changes(desk, clock):
    customer = stored_customer(desk.store)
    clock.forward(days=1)
    assert desk.update_customer(customer, {}) is customer
    assert desk.store.customer("cus_0001").version == 1


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
    charge = desk.charge(body(customer=" cus_0001 ", currency=" eur ", description=" May "))
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


def test_same_reference_gets_the_same_charge(ask):
    desk = ask("WAIT")
    first = desk.charge(body(), "ref7")
    desk.store.save_customer(
        replace(desk.store.customer("cus_0001"), status=CustomerStatus.BLOCKED)
    )
    assert desk.charge(body(), "ref7") == first
    assert len(desk.processor.transport.asked) == 1


def test_same_reference_for_another_charge(ask):
    desk = ask()
    stored_customer(desk.store, 2)
    desk.charge(body(description="May"), "ref7")
    for changes in (
        {"amount": 9_999},
        {"currency": "jpy"},
        {"customer": "cus_0002"},
        {"description": ""},
    ):
        with pytest.raises(Conflict, match="used for another charge") as caught:
            desk.charge(body(**{"description": "May", **changes}), "ref7")
        assert caught.value.code == "key_reused"


def test_reference_of_a_failed_charge_is_tried_again(ask):
    desk = ask("BUSY", "NO", "OK")
    for problem in (Unavailable, Declined):
        with pytest.raises(problem):
            desk.charge(body(), "ref7")
    assert desk.charge(body(), "ref7").status is ChargeStatus.SUCCEEDED
    assert {message["reference"] for message in desk.processor.transport.asked} == {"ref7"}


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
