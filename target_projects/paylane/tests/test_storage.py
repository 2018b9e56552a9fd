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


def ids(page):
    return [payment.id for payment in page.items]


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
    payment = make_payment(
        descriptor="Kraków", metadata={"a": "b"}, refunds=(make_refund(),), decline_reason="x"
    )
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
    assert ids(book.page(status=PaymentStatus.REFUNDED)) == ["pay_1"]
    assert book.get("pay_2").status is PaymentStatus.SUCCEEDED


def test_newest_first(book):
    fill(book, 3)
    assert ids(book.page()) == ["pay_3", "pay_2", "pay_1"]


def test_same_moment_by_id(book):
    for name in ("pay_b", "pay_c", "pay_a"):
        book.add(make_payment(id=name))
    assert ids(book.page(limit=2)) == ["pay_c", "pay_b"]
    assert ids(book.page(starting_after="pay_b")) == ["pay_a"]


def test_pages(book):
    fill(book, 5)
    first = book.page(limit=2)
    assert (ids(first), first.has_more) == (["pay_5", "pay_4"], True)
    second = book.page(limit=2, starting_after="pay_4")
    assert (ids(second), second.has_more) == (["pay_3", "pay_2"], True)
    last = book.page(limit=2, starting_after="pay_2")
    assert (ids(last), last.has_more) == (["pay_1"], False)


def test_page_that_is_just_full(book):
    fill(book, 2)
    page = book.page(limit=2)
    assert (len(page.items), page.has_more) == (2, False)


def test_new_payments_do_not_move_a_page(book):
    fill(book, 3)
    assert ids(book.page(limit=1)) == ["pay_3"]
    book.add(make_payment(id="pay_4", created_at=NOON + timedelta(minutes=1)))
    assert ids(book.page(limit=1, starting_after="pay_3")) == ["pay_2"]


def test_limits_of_a_page(book):
    fill(book, 101)
    assert len(book.page().items) == 10
    assert len(book.page(limit=0).items) == 1
    page = book.page(limit=1000)
    assert (len(page.items), page.has_more) == (100, True)


def test_pages_by_merchant_and_status(book):
    fill(book, 2)
    book.add(make_payment(id="pay_k", merchant="kyoto"))
    book.add(make_payment(id="pay_f", merchant="kyoto", status=PaymentStatus.FAILED))
    assert ids(book.page("kyoto")) == ["pay_k", "pay_f"]
    assert ids(book.page("kyoto", PaymentStatus.FAILED)) == ["pay_f"]
    assert ids(book.page("nobody")) == []
    assert ids(book.page("")) == []


def test_before_a_moment(book):
    fill(book, 3)
    book.add(make_payment(id="pay_k", merchant="kyoto"))
    before = book.before("acme", NOON + timedelta(seconds=3))
    assert [payment.id for payment in before] == ["pay_1", "pay_2"]


def test_transaction_is_all_or_nothing(db, book):
    with pytest.raises(KeyboardInterrupt), transaction(db):
        book.add(make_payment())
        raise KeyboardInterrupt
    assert not db.in_transaction
    assert ids(book.page()) == []


def test_inner_transaction_belongs_to_the_outer_one(db, book):
    with pytest.raises(NotFound), transaction(db):
        with transaction(db):
            book.add(make_payment())
        book.get("pay_2")
    assert ids(book.page()) == []

    with transaction(db):
        book.add(make_payment())
    assert not db.in_transaction
    assert ids(book.page()) == ["pay_1"]


def test_transaction_keeps_other_writers_out(tmp_path, monkeypatch):
    monkeypatch.setattr("paylane.storage.BUSY_S", 0.0)
    one, two = connect(tmp_path / "pay.db"), connect(tmp_path / "pay.db")
    with transaction(one), pytest.raises(sqlite3.OperationalError, match="locked"):
        PaymentBook(two).add(make_payment())
    one.close()
    two.close()
