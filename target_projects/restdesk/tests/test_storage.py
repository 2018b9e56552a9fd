from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from builders import LATER, make_charge, make_customer, stored_charge, stored_customer

from restdesk.errors import Conflict, Invalid, NotFound
from restdesk.paging import Wanted
from restdesk.records import ChargeStatus, CustomerStatus
from restdesk.storage import Store, connect, transaction


def ids(page):
    return [row.id for row in page.rows]


def test_database_in_a_new_folder(tmp_path):
    file = tmp_path / "var" / "lib" / "desk.db"
    with closing(connect(str(file))) as db:
        stored_customer(Store(db))
    with closing(connect(str(file))) as db:
        assert Store(db).customer("cus_0001").name == "Customer 1"


def test_database_in_a_folder_that_exists(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    connect(":memory:").close()
    assert list(Path().iterdir()) == []

    monkeypatch.chdir(tmp_path)
    connect("desk.db").close()
    assert [path.name for path in Path().iterdir()] == ["desk.db"]


def test_customer_comes_back_as_it_was(store):
    zone = timezone(timedelta(hours=2))
    customer = stored_customer(
        store,
        name="Łódź Café",
        status=CustomerStatus.BLOCKED,
        note="Größe XL",
        updated=datetime(2024, 3, 1, 12, 0, 0, 250_000, tzinfo=zone),
    )
    assert store.customer("cus_0001") == customer


def test_charge_comes_back_as_it_was(store):
    stored_customer(store)
    charge = stored_charge(
        store,
        status=ChargeStatus.FAILED,
        description="Süß",
        fee=275,
        code="OK",
        updated=LATER,
    )
    assert store.charge("ch_0001") == charge


def test_unknown_ids(store):
    with pytest.raises(NotFound, match="There is no customer cus_0009") as caught:
        store.customer("cus_0009")
    assert caught.value.code == "missing_resource"
    with pytest.raises(NotFound, match="There is no charge ch_0009"):
        store.charge("ch_0009")

    with pytest.raises(Invalid, match="Nothing here is called cus_0009") as caught:
        store.customers(Wanted(2, "cus_0009"), {})
    assert (caught.value.code, caught.value.param) == ("cursor_unknown", "starting_after")

    assert store.charge_with("ref1") is None


def test_saving_counts_versions(store):
    saved = store.save_customer(replace(stored_customer(store), name="New"))
    assert saved.version == 2
    assert store.customer("cus_0001") == saved


def test_saving_an_old_version_is_a_conflict(store):
    customer = stored_customer(store)
    store.save_customer(replace(customer, name="First"))
    with pytest.raises(Conflict, match="cus_0001 was changed by somebody else") as caught:
        store.save_customer(replace(customer, name="Second"))
    assert caught.value.code == "version_conflict"
    assert store.customer("cus_0001").name == "First"


def test_saving_a_charge(store):
    stored_customer(store)
    charge = stored_charge(store)
    saved = store.save_charge(replace(charge, fee=5))
    assert (saved.version, store.charge("ch_0001")) == (2, saved)
    with pytest.raises(Conflict):
        store.save_charge(charge)


def test_email_belongs_to_one_customer(store):
    stored_customer(store, 1, email="Ana@example.com")
    with pytest.raises(Conflict, match="ana@example.com belongs to another") as caught:
        stored_customer(store, 2, email="ana@example.com")
    assert (caught.value.code, caught.value.param) == ("email_taken", "email")


def test_email_cannot_be_taken_over_by_a_change(store):
    stored_customer(store, 1)
    second = stored_customer(store, 2)
    with pytest.raises(Conflict, match="belongs to another"):
        store.save_customer(replace(second, email="C1@example.com"))


def test_email_of_a_deleted_customer_is_free_again(store):
    store.delete_customer(stored_customer(store, 1, email="ana@example.com"), LATER)
    stored_customer(store, 2, email="ana@example.com")
    assert ids(store.customers(Wanted(5), {})) == ["cus_0002"]


def test_deleted_customer_is_gone(store):
    customer = stored_customer(store)
    store.delete_customer(customer, LATER)
    with pytest.raises(NotFound):
        store.customer("cus_0001")
    with pytest.raises(Conflict):
        store.save_customer(customer)
    with pytest.raises(Conflict):
        store.delete_customer(customer, LATER)


def test_deleting_an_old_version_is_a_conflict(store):
    customer = stored_customer(store)
    store.save_customer(customer)
    with pytest.raises(Conflict):
        store.delete_customer(customer, LATER)
    assert store.customer("cus_0001").version == 2


def test_lists_are_newest_first(store):
    for number in (3, 1, 2):
        stored_customer(store, number)
    page = store.customers(Wanted(3), {})
    assert (ids(page), page.has_more, page.total) == (
        ["cus_0002", "cus_0001", "cus_0003"],
        False,
        None,
    )


def test_pages_by_cursor(store):
    for number in range(1, 6):
        stored_customer(store, number)
    page = store.customers(Wanted(2, "cus_0004"), {})
    assert (ids(page), page.has_more) == (["cus_0003", "cus_0002"], True)
    page = store.customers(Wanted(2, "cus_0003"), {})
    assert (ids(page), page.has_more) == (["cus_0002", "cus_0001"], False)
    assert ids(store.customers(Wanted(2, "cus_0001"), {})) == []


def test_cursor_that_was_deleted_keeps_its_place(store):
    customers = [stored_customer(store, number) for number in range(1, 5)]
    store.delete_customer(customers[2], LATER)
    assert ids(store.customers(Wanted(5, "cus_0003"), {})) == ["cus_0002", "cus_0001"]


def test_pages_by_number(store):
    for number in range(1, 6):
        stored_customer(store, number)
    page = store.customers(Wanted(2, None, 2), {})
    assert (ids(page), page.has_more, page.total) == (["cus_0003", "cus_0002"], True, 5)
    page = store.customers(Wanted(2, None, 3), {})
    assert (ids(page), page.has_more, page.total) == (["cus_0001"], False, 5)


def test_filters_of_customers(store):
    stored_customer(store, 1, status=CustomerStatus.BLOCKED)
    stored_customer(store, 2, email="Ana@example.com")
    assert ids(store.customers(Wanted(5), {"status": "blocked"})) == ["cus_0001"]
    assert ids(store.customers(Wanted(5), {"email": "ANA@example.com"})) == ["cus_0002"]
    page = store.customers(Wanted(5, None, 1), {"email": "x", "status": "active"})
    assert (ids(page), page.total) == ([], 0)


def test_filters_of_charges(store):
    stored_customer(store, 1)
    stored_customer(store, 2)
    stored_charge(store, 1)
    stored_charge(store, 2, customer="cus_0002", currency="JPY", created=LATER)
    for filters, found in [
        ({"customer": "cus_0001"}, ["ch_0001"]),
        ({"currency": "JPY"}, ["ch_0002"]),
        ({"status": "failed"}, []),
        ({"status": "succeeded", "currency": "EUR"}, ["ch_0001"]),
    ]:
        assert ids(store.charges(Wanted(5), filters)) == found


def test_cursor_goes_with_filters(store):
    for number in range(1, 5):
        state = CustomerStatus.BLOCKED if number == 2 else CustomerStatus.ACTIVE
        stored_customer(store, number, status=state)
    page = store.customers(Wanted(2, "cus_0004"), {"status": "active"})
    assert (ids(page), page.has_more) == (["cus_0003", "cus_0001"], False)


def test_pending_charges(store):
    for number in (1, 2):
        stored_customer(store, number)
    stored_charge(store, 1, status=ChargeStatus.PENDING)
    stored_charge(store, 2)
    stored_charge(store, 3, status=ChargeStatus.PENDING, customer="cus_0002")
    assert [charge.id for charge in store.pending()] == ["ch_0001", "ch_0003"]
    assert [charge.id for charge in store.pending("cus_0002")] == ["ch_0003"]


def test_charge_of_a_reference(store):
    stored_charge(store, 1, reference="order", status=ChargeStatus.FAILED)
    stored_charge(store, 2, reference="order", status=ChargeStatus.FAILED)
    assert store.charge_with("order") is None
    charge = stored_charge(store, 3, reference="order", status=ChargeStatus.PENDING)
    stored_charge(store, 4)
    assert store.charge_with("order") == charge


def test_reference_has_one_charge_at_a_time(store):
    stored_charge(store, 1, reference="order")
    with pytest.raises(Conflict, match="The same charge is being worked on") as caught:
        store.add_charge(make_charge(2, reference="order"))
    assert caught.value.code == "key_in_use"


def test_transaction_is_all_or_nothing(store):
    with pytest.raises(KeyboardInterrupt), transaction(store.db):
        stored_customer(store)
        raise KeyboardInterrupt
    assert ids(store.customers(Wanted(5), {})) == []
    assert not store.db.in_transaction


def test_transaction_is_written(tmp_path):
    database = str(tmp_path / "desk.db")
    with closing(connect(database)) as db:
        with transaction(db):
            Store(db).add_customer(make_customer())
        with closing(connect(database)) as other:
            assert Store(other).customer("cus_0001").version == 1
