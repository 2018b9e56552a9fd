import sqlite3
from datetime import timedelta, timezone

import pytest
from builders import NOON, eur, make_offer, make_quote

from parcelrate.errors import QuoteError
from parcelrate.money import Money
from parcelrate.quotebook import QuoteBook, connect
from parcelrate.quotes import Line

DESK = timezone(timedelta(hours=1))
DAYS_3 = timedelta(days=3)


@pytest.fixture
def book(db):
    return QuoteBook(db, DAYS_3, DESK)


def hours(count):
    return timedelta(hours=count)


def test_quote_is_kept_as_it_was_given(book):
    lines = (Line("freight", eur(900)), Line("fuel", Money(5, "JPY")))
    offer = make_offer(4, Money(77, "KWD"), carrier="Łódź", lines=lines, coupon="SPRING")
    quote = book.add(offer, NOON)
    assert book.get(quote.id) == quote
    assert quote.offer == offer
    assert quote.valid_until.isoformat() == "2024-03-08T12:00:00+00:00"
    assert not quote.accepted


def test_quotes_are_valid_to_the_second(book):
    quote = book.add(make_offer(), NOON.replace(microsecond=250_000))
    assert quote.valid_until == NOON + DAYS_3


def test_numbers_begin_anew_each_day(book):
    moments = [NOON, NOON + hours(1), NOON + hours(24), NOON]
    assert [book.add(make_offer(), moment).id for moment in moments] == [
        "Q20240305-0001", "Q20240305-0002", "Q20240306-0001", "Q20240305-0003",
    ]  # fmt: skip


def test_day_is_that_of_the_desk(book, odd_zone):
    late = NOON.replace(hour=22, minute=59)
    assert book.add(make_offer(), late).id == "Q20240305-0001"
    assert book.add(make_offer(), late + timedelta(minutes=1)).id == "Q20240306-0001"


def test_get_by_number(book):
    book.add(make_offer(), NOON)
    assert book.get(" q20240305-0001 ").offer.order_id == "WEB-0001"
    with pytest.raises(QuoteError, match="^no quote Q20240305-0002$"):
        book.get("q20240305-0002")


def test_states():
    moment = NOON - timedelta(seconds=1)
    assert [make_quote().state(now) for now in (moment, NOON)] == ["open", "expired"]
    assert [make_quote(accepted=True).state(now) for now in (moment, NOON)] == ["accepted"] * 2


def test_accept(book):
    quote = book.add(make_offer(), NOON)
    other = book.add(make_offer(2), NOON)
    assert book.accept(quote.id.lower(), NOON + DAYS_3 - timedelta(seconds=1)).accepted
    assert book.get(quote.id).accepted
    assert not book.get(other.id).accepted


def test_accept_too_late_or_twice(book):
    quote = book.add(make_offer(), NOON)
    with pytest.raises(QuoteError, match=f"^{quote.id} is expired$"):
        book.accept(quote.id, NOON + DAYS_3)
    book.accept(quote.id, NOON)
    with pytest.raises(QuoteError, match=f"^{quote.id} is accepted$"):
        book.accept(quote.id, NOON)


def test_one_accepted_quote_for_an_order(book):
    first, second = book.add(make_offer(), NOON), book.add(make_offer(), NOON)
    book.accept(second.id, NOON)
    with pytest.raises(QuoteError, match=f"^WEB-0001 has {second.id} already$"):
        book.accept(first.id, NOON)


def page(book, *arguments):
    quotes, more = book.page(*arguments)
    return [quote.offer.order_id[-1] for quote in quotes], more


def test_pages(book):
    ids = [book.add(make_offer(number), NOON - hours(24 * number)).id for number in (1, 2, 3)]
    assert page(book, 5) == (["1", "2", "3"], False)
    assert page(book, 3) == (["1", "2", "3"], False)
    assert page(book, 2) == (["1", "2"], True)
    assert page(book, 2, ids[1].lower()) == (["3"], False)
    assert page(book, 1, ids[0]) == (["2"], True)
    assert page(book, 5, ids[2]) == ([], False)
    for unknown in ("x", ""):
        with pytest.raises(QuoteError, match=f"^no quote {unknown.upper()}$"):
            book.page(5, unknown)


def test_coupons_in_use(book):
    for number, coupon in ((1, "SPRING"), (2, "SPRING"), (2, "SPRING"), (3, "SHIP"), (4, None)):
        book.add(make_offer(number, coupon=coupon), NOON)
    uses = {"SPRING": {"WEB-0001", "WEB-0002"}, "SHIP": {"WEB-0003"}}
    assert book.coupon_uses(NOON + DAYS_3 - timedelta(seconds=1)) == uses
    assert book.coupon_uses(NOON + DAYS_3) == {}


def test_coupons_of_accepted_quotes_stay_in_use(book):
    quote = book.add(make_offer(coupon="SPRING"), NOON)
    book.add(make_offer(2, coupon="SPRING"), NOON)
    book.accept(quote.id, NOON)
    assert book.coupon_uses(NOON + DAYS_3) == {"SPRING": {"WEB-0001"}}


def test_two_desks_do_not_give_the_same_number(tmp_path, book, db):
    other = sqlite3.connect(tmp_path / "quotes.db", timeout=0)
    turned_away = []

    def meanwhile(statement):
        if statement.startswith("SELECT count"):
            try:
                QuoteBook(other, DAYS_3, DESK).add(make_offer(2), NOON)
            except sqlite3.OperationalError as problem:
                turned_away.append(str(problem))

    db.set_trace_callback(meanwhile)
    assert book.add(make_offer(1), NOON).id == "Q20240305-0001"
    db.set_trace_callback(None)
    assert turned_away == ["database is locked"]
    assert QuoteBook(other, DAYS_3, DESK).add(make_offer(2), NOON).id == "Q20240305-0002"
    other.close()


def test_quotes_outlive_the_program(tmp_path):
    path = tmp_path / "data" / "desk" / "quotes.db"
    db = connect(path)
    quote = QuoteBook(db, DAYS_3, DESK).add(make_offer(), NOON)
    db.close()
    db = connect(path)
    assert QuoteBook(db, DAYS_3, DESK).get(quote.id) == quote
    db.close()
