from datetime import date

import pytest

from billcycle.errors import InvoiceError
from billcycle.money import Money
from billcycle.terms import month_end, parse_terms

ISSUED = date(2024, 1, 15)


def due(*texts):
    return [parse_terms(text).due(ISSUED).isoformat() for text in texts]


def test_net_days():
    assert due("NET 30", "net7", " NET 180 ") == ["2024-02-14", "2024-01-22", "2024-07-13"]

    assert due("2/10 NET 30", "1.5 / 5, net 30", "NET 0") == [
        "2024-02-14",
        "2024-02-14",
        "2024-01-15",
    ]


def test_end_of_month_and_on_receipt():
    assert due("EOM", "eom + 15", "EOM+5") == ["2024-01-31", "2024-02-15", "2024-02-05"]

    assert due("on receipt", "On Receipt") == ["2024-01-15", "2024-01-15"]

    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
    assert month_end(date(2024, 12, 31)) == date(2024, 12, 31)


def test_unknown_terms():
    for text in ["", "30", "NET", "NET 1000", "EOM-5", "EOM+100", "2/ NET 30"]:
        with pytest.raises(InvoiceError, match="unknown payment terms"):
            parse_terms(text)


def test_terms_beyond_180_days():
    with pytest.raises(InvoiceError, match="beyond 180 days"):
        parse_terms("NET 181")


def test_discount_period_may_last_to_the_due_date_but_not_longer():
    assert parse_terms("1/14 NET 14").discount_days == 14
    with pytest.raises(InvoiceError, match="15 days outlasts NET 14"):
        parse_terms("1/15 NET 14")


def test_discount_for_payment_within_ten_days():
    terms, amount = parse_terms("2/10 NET 30"), Money(10000, "EUR")
    days = [date(2024, 1, day) for day in (15, 25, 26)]
    settled = [terms.early_payment(amount, ISSUED, day).minor for day in days]
    assert settled == [9800, 9800, 10000]

    for text in ("NET 30", "EOM", "on receipt"):
        assert parse_terms(text).early_payment(amount, ISSUED, ISSUED) == amount


def test_blanks_around_terms_do_not_count():
    texts = (" on receipt", "On Receipt ", " EOM+15", "EOM ")
    assert [parse_terms(text).days for text in texts] == [0, 0, 15, 0]
