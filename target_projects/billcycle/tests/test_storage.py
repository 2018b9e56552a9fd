from datetime import date

import pytest
from builders import SENT, make_invoice

from billcycle.errors import InvoiceError
from billcycle.storage import InvoiceBook, connect, transaction


@pytest.fixture
def book(db):
    return InvoiceBook(db)


def numbers(invoices):
    return [invoice.number for invoice in invoices]


def test_database_folder_is_made(tmp_path):
    path = tmp_path / "var" / "lib" / "billing.db"
    connect(path).close()
    assert path.is_file()


def test_database_is_kept(tmp_path):
    path = tmp_path / "billing.db"
    first = connect(path)
    InvoiceBook(first).add(make_invoice(customer="Łódź Café"))
    first.close()
    second = connect(path)
    assert InvoiceBook(second).get("INV-2024-0001") == make_invoice(customer="Łódź Café")
    second.close()


def test_numbers_are_unique(book):
    book.add(make_invoice())
    with pytest.raises(InvoiceError, match="INV-2024-0001 exists already"):
        book.add(make_invoice(customer="Other"))

    with pytest.raises(InvoiceError, match="there is no invoice INV-2024-0009"):
        book.get("INV-2024-0009")


def test_save_changes_one_invoice(book):
    book.add(make_invoice())
    book.save(make_invoice(state=SENT, customer="Orchard Ltd"))
    assert numbers(book.find(SENT, "Orchard Ltd")) == ["INV-2024-0001"]
    assert book.find(customer="Orchard Farm") == []

    book.add(make_invoice(number="INV-2024-0002"))
    book.save(make_invoice(state=SENT))
    assert numbers(book.find(SENT)) == ["INV-2024-0001"]
    assert numbers(book.find()) == ["INV-2024-0001", "INV-2024-0002"]


def test_find_sorts_by_due_date_then_number(book):
    book.add(make_invoice(number="INV-2024-0003", due=date(2024, 3, 9)))
    book.add(make_invoice(number="INV-2024-0002", due=date(2024, 3, 10)))
    book.add(make_invoice(number="INV-2024-0001", due=date(2024, 3, 10)))
    assert numbers(book.find()) == ["INV-2024-0003", "INV-2024-0001", "INV-2024-0002"]


def test_last_number_goes_by_sequence_not_by_text(book):
    assert book.last_number() is None
    for number in ("INV-2024-9999", "INV-2024-10000", "INV-2023-12345"):
        book.add(make_invoice(number=number))
    assert book.last_number() == "INV-2024-10000"


def test_failed_transactions_leave_nothing(db, book):
    with pytest.raises(KeyboardInterrupt), transaction(db):
        book.add(make_invoice())
        raise KeyboardInterrupt
    assert book.find() == []
    assert not db.in_transaction

    with pytest.raises(LookupError), transaction(db):
        with transaction(db):
            book.add(make_invoice())
        raise LookupError
    assert book.find() == []


def test_good_transaction_is_seen_by_others(tmp_path):
    here, there = connect(tmp_path / "b.db"), connect(tmp_path / "b.db")
    with transaction(here):
        InvoiceBook(here).add(make_invoice())
        assert InvoiceBook(there).find() == []
    assert numbers(InvoiceBook(there).find()) == ["INV-2024-0001"]
    here.close()
    there.close()
