from builders import LATER, make_charge, make_customer

from restdesk.records import (
    ChargeStatus,
    CustomerStatus,
    random_id,
    show_charge,
    show_customer,
)


def test_net_amount():
    assert make_charge(fee=275).net == 9_725
    assert make_charge(status=ChargeStatus.PENDING).net == 0
    assert make_charge(status=ChargeStatus.FAILED, fee=275).net == 0


def test_records_as_the_api_shows_them():
    customer = make_customer(updated=LATER, status=CustomerStatus.BLOCKED, note="VIP")
    assert show_customer(customer) == {
        "id": "cus_0001",
        "object": "customer",
        "name": "Customer 1",
        "email": "c1@example.com",
        "status": "blocked",
        "note": "VIP",
        "created": 1_709_283_600,
        "updated": 1_709_375_400,
    }

    charge = make_charge(fee=275, code="OK", description="May", updated=LATER)
    assert show_charge(charge) == {
        "id": "ch_0001",
        "object": "charge",
        "customer": "cus_0001",
        "amount": 10_000,
        "currency": "eur",
        "status": "succeeded",
        "description": "May",
        "fee": 275,
        "net": 9_725,
        "processor_code": "OK",
        "created": 1_709_283_600,
        "updated": 1_709_375_400,
    }


def test_random_ids(monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda size: "ab" * size)
    assert random_id("cus") == "cus_abababababababab"
