from datetime import date, timedelta

from builders import PARTLY_PAID, SENT, make_invoice, make_line

from billcycle.aging import aging_report, bucket, late_fee
from billcycle.invoices import InvoiceState, Line
from billcycle.money import Money

DUE = date(2024, 3, 20)


def test_first_days_of_the_buckets():
    assert [bucket(days) for days in (1, 31, 61, 91)] == ["1-30", "31-60", "61-90", "over 90"]


def test_last_days_of_the_buckets():
    assert [bucket(days) for days in (0, 30, 60, 90)] == ["current", "1-30", "31-60", "61-90"]


def fees(*days):
    invoice = make_invoice(state=SENT)
    return [str(late_fee(invoice, DUE + timedelta(days=count))) for count in days]


def test_late_fee_starts_after_the_grace_period():
    assert fees(0, 5, 6) == ["EUR 0.00", "EUR 0.00", "EUR 1.00"]


def test_late_fee_grows_with_age():
    assert fees(31, 61, 91) == ["EUR 2.50", "EUR 4.00", "EUR 6.00"]


def test_late_fee_is_charged_on_what_is_owed():
    invoice = make_invoice(state=PARTLY_PAID, paid_minor=5000)
    assert late_fee(invoice, DUE + timedelta(days=40)) == Money(125, "EUR")

    invoice = make_invoice(state=InvoiceState.WRITTEN_OFF)
    assert late_fee(invoice, DUE + timedelta(days=40)) == Money(0, "EUR")


def test_aging_report():
    invoices = [
        make_invoice(state=SENT),
        make_invoice(state=SENT, due=DUE - timedelta(days=8)),
        make_invoice(state=SENT, due=DUE - timedelta(days=9), lines=(make_line(50),)),
        make_invoice(state=InvoiceState.PAID, due=DUE - timedelta(days=9)),
    ]
    report = aging_report(invoices, DUE, "EUR")
    assert [str(amount) for amount in report.values()] == [
        "EUR 100.00", "EUR 100.50", "EUR 0.00", "EUR 0.00", "EUR 0.00",
    ]  # fmt: skip
    assert list(report) == ["current", "1-30", "31-60", "61-90", "over 90"]


def test_aging_report_leaves_other_currencies_out():
    dollars = make_invoice(state=SENT, currency="USD", lines=(Line("Hosting", Money(5, "USD")),))
    report = aging_report([dollars], DUE, "EUR")
    assert report["current"] == Money(0, "EUR")
    assert aging_report([dollars], DUE, "USD")["current"] == Money(5, "USD")
