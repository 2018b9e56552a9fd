import sqlite3
from datetime import timedelta

import pytest
from builders import NOON, make_payment, make_refund

from paylane.errors import NotFound, PaylaneError
from paylane.payments import PaymentStatus
from paylane.storage import PaymentBook, connect, transaction


@pytest.fixture
def book(db):
    return PaymentBook(db)


def fill(book, count, **changes):
    for number in range(1, count + 1):
        at = NOON + timedelta(seconds=number)
        book.add(make_payment(id=f"pay_{number}", created_at=at, **changes))


def ids(book, end=NOON + timedelta(days=1)):
    return [payment.id for payment in book.before("acme", end)]


def test_database_is_made_with_its_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "pay.db"
    for _ in range(2):
        connect(path).close()
    assert path.is_file()


def test_database_in_memory_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    connect(":memory:").close()
    assert list(tmp_path.iterdir()) == []


def test_two_connections_see_the_same(tmp_path):
    one, two = connect(tmp_path / "pay.db"), connect(tmp_path / "pay.db")
    PaymentBook(one).add(make_payment())
    assert PaymentBook(two).get("pay_1") == make_payment()
    one.close()
    two.close()


def test_payment_comes_back_as_it_was(book):
    payment = make_payment(descriptor="Kraków", refunds=(make_refund(),), decline_reason="x")
    book.add(payment)
    assert book.get(" pay_1 ") == payment


def test_unknown_payment(book):
    with pytest.raises(NotFound, match="^no payment pay_1$"):
        book.get("pay_1")
    with pytest.raises(NotFound, match="^no payment pay_1$"):
        book.save(make_payment())


def test_payment_twice(book):
    book.add(make_payment())
    with pytest.raises(PaylaneError, match="^pay_1 exists already$"):
        book.add(make_payment())


def test_saved_change_is_found(book):
    fill(book, 2)
    book.save(make_payment(status=PaymentStatus.REFUNDED))
    assert book.get("pay_1").status is PaymentStatus.REFUNDED
    assert book.get("pay_2").status is PaymentStatus.SUCCEEDED


def test_before_a_moment(book):
    fill(book, 3)
    book.add(make_payment(id="pay_k", merchant="kyoto"))
    assert ids(book, NOON + timedelta(seconds=3)) == ["pay_1", "pay_2"]


def test_same_moment_by_id(book):
    for name in ("pay_b", "pay_c", "pay_a"):
        book.add(make_payment(id=name))
    assert ids(book) == ["pay_a", "pay_b", "pay_c"]


def test_oldest_first(book):
    for number, minutes in ((1, 5), (2, 1), (3, 9)):
        at = NOON + timedelta(minutes=minutes)
        book.add(make_payment(id=f"pay_{number}", created_at=at))
    assert ids(book) == ["pay_2", "pay_1", "pay_3"]


def test_transaction_is_all_or_nothing(db, book):
    with pytest.raises(KeyboardInterrupt), transaction(db):
        book.add(make_payment())
        raise KeyboardInterrupt
    assert not db.in_transaction
    assert ids(book) == []


def test_inner_transaction_belongs_to_the_outer_one(db, book):
    with pytest.raises(NotFound), transaction(db):
        with transaction(db):
            book.add(make_payment())
        book.get("pay_2")
    assert ids(book) == []

    with transaction(db):
        book.add(make_payment())
    assert not db.in_transaction
    assert ids(book) == ["pay_1"]


def test_transaction_keeps_other_writers_out(tmp_path, monkeypatch):
    monkeypatch.setattr("paylane.storage.BUSY_S", 0.0)
    one, two = connect(tmp_path / "pay.db"), connect(tmp_path / "pay.db")
    assert two.execute("PRAGMA busy_timeout").fetchone()[0] == 0
    with transaction(one), pytest.raises(sqlite3.OperationalError, match="locked"):
        PaymentBook(two).add(make_payment())
    one.close()
    two.close()
