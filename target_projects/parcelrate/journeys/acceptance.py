"""Customers come back to the quotes that they were given."""

WHO = "a clerk at the quotes desk"
SUBJECT = "Quote book"
DETAIL = "The steps open the book three times, on three days of March."

CASES = {
    "one quote": ([("WEB-001", None, "05T12:00")], [], None, 5),
    "three quotes of a day": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "05T12:00"), ("WEB-003", None, "05T13:00")], [], None, 5),
    "quotes of several days": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "06T12:00"), ("WEB-003", None, "05T13:00")], [], None, 5),
    "the last minute of the day": ([("WEB-001", None, "05T22:59"), ("WEB-002", None, "05T23:00")], [], None, 5),
    "a quote that is accepted": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "05T12:00")], [(" q20240305-0001", "05T13:00")], None, 5),
    "a quote that is accepted at the last moment": ([("WEB-001", None, "05T12:00")], [("Q20240305-0001", "07T11:59")], None, 5),
    "a quote that is accepted too late": ([("WEB-001", None, "05T12:00")], [("Q20240305-0001", "07T12:00")], None, 5),
    "a quote that is accepted twice": ([("WEB-001", None, "05T12:00")], [("Q20240305-0001", "05T13:00"), ("Q20240305-0001", "05T13:00")], None, 5),
    "two quotes of an order": ([("WEB-001", None, "05T12:00"), ("WEB-001", None, "05T12:30")], [("Q20240305-0002", "05T13:00"), ("Q20240305-0001", "05T13:00")], None, 5),
    "an unknown number": ([("WEB-001", None, "05T12:00")], [("q20240305-0002", "05T13:00")], None, 5),
    "a full page": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "04T12:00")], [], None, 2),
    "a page and one more": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "04T12:00"), ("WEB-003", None, "03T12:00")], [], None, 2),
    "the second page": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "04T12:00"), ("WEB-003", None, "03T12:00")], [], "q20240304-0001", 2),
    "a page behind the last quote": ([("WEB-001", None, "05T12:00"), ("WEB-002", None, "04T12:00")], [], "Q20240304-0001", 2),
    "a page behind an unknown quote": ([("WEB-001", None, "05T12:00")], [], "Q1", 2),
    "a page behind an empty number": ([("WEB-001", None, "05T12:00")], [], "", 2),
    "coupons": ([("WEB-001", "SPRING", "05T12:00"), ("WEB-002", "SPRING", "05T12:00"), ("WEB-002", "SPRING", "06T12:00"), ("WEB-003", "SHIP", "06T12:00")], [], None, 5),
    "a coupon that is used": ([("WEB-001", "SPRING", "03T12:00"), ("WEB-002", "SPRING", "03T12:00")], [("Q20240303-0001", "03T13:00")], None, 5),
    "no quotes": ([], [], None, 5),
}


def journey(given, accepted, after, limit):
    from contextlib import closing
    from datetime import datetime, timedelta, timezone
    from pathlib import Path

    from parcelrate.errors import QuoteError
    from parcelrate.money import Money
    from parcelrate.quotebook import QuoteBook, connect
    from parcelrate.quotes import Line, Offer
    from parcelrate.reports import render_text, write_report

    desk = timezone(timedelta(hours=1))
    for moment in ("05T14:00", "07T12:00", "08T12:00"):
        now = datetime.fromisoformat(f"2024-03-{moment}:00+00:00")
        with closing(connect(Path("data/desk/quotes.db"))) as db:
            book = QuoteBook(db, timedelta(hours=48), desk)
            for order, coupon, at in given:
                offer = Offer(order, "Łódź", (Line("freight", Money(1250, "KWD")), Line("fuel", Money(10, "KWD"))), Money(123456, "EUR"), "KWD -A-> EUR", coupon)
                print(book.add(offer, datetime.fromisoformat(f"2024-03-{at}:00+00:00")))
            for number, at in accepted:
                try:
                    print(book.accept(number, datetime.fromisoformat(f"2024-03-{at}:00+00:00")).accepted)
                except QuoteError as problem:
                    print(problem)
            print({coupon: sorted(orders) for coupon, orders in book.coupon_uses(now).items()})
            quotes, more = book.page(limit, after)
        path = write_report(quotes, Path("out/lists"), now, desk)
        print(path.as_posix(), more, path.read_bytes().decode() == render_text(quotes, now))
        print(render_text(quotes, now))
        given, accepted = [], []
