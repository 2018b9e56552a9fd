import sqlite3
from datetime import date, timedelta, timezone

import pytest
from builders import make_record, make_settings

from billcycle.errors import InvoiceError, ScheduleError
from billcycle.invoices import InvoiceState
from billcycle.jobs import JobState
from billcycle.money import Money
from billcycle.reminders import Step
from billcycle.service import Billing
from billcycle.storage import connect

NUMBER = "INV-2024-0001"
MARCH_1 = date(2024, 3, 1)


@pytest.fixture
def sent(billing, clock, transport):
    """A service whose one invoice has gone out."""
    billing.draft(make_record())
    billing.schedule(NUMBER, MARCH_1)
    clock.forward("1h")
    billing.worker("ada", transport).poll()
    return billing


def days(billing):
    return [(job.key.split("/")[1], job.run_at.isoformat()[:16]) for job in billing.queue.jobs()]


def test_draft_gets_the_next_number_of_the_year(billing):
    assert billing.draft(make_record(number=None)).number == "INV-2024-0001"
    assert billing.book.get(NUMBER).state is InvoiceState.DRAFT

    billing.draft(make_record(number="INV-2024-0041"))
    assert billing.draft(make_record(number=None)).number == "INV-2024-0042"


def test_two_desks_never_give_out_the_same_number(tmp_path, settings, clock, monkeypatch):
    here, there = connect(tmp_path / "b.db"), connect(tmp_path / "b.db")
    there.execute("PRAGMA busy_timeout = 0")
    first, second = Billing(here, settings, clock), Billing(there, settings, clock)
    last_number = first.book.last_number

    def meanwhile():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.draft(make_record(number=None))
        return last_number()

    monkeypatch.setattr(first.book, "last_number", meanwhile)
    assert first.draft(make_record(number=None)).number == "INV-2024-0001"
    assert second.draft(make_record(number=None)).number == "INV-2024-0002"
    here.close()
    there.close()


def test_draft_takes_the_usual_currency(db, clock):
    billing = Billing(db, make_settings(currency="USD"), clock)
    assert billing.draft(make_record()).currency == "USD"
    assert billing.draft(make_record(number=None, currency="GBP")).currency == "GBP"


def test_schedule_plans_mail_and_reminders(billing):
    billing.draft(make_record())
    keys = billing.schedule(NUMBER, MARCH_1)
    assert keys == [f"{NUMBER}/invoice", f"{NUMBER}/reminder-5", f"{NUMBER}/reminder+10"]
    assert billing.book.get(NUMBER).state is InvoiceState.SCHEDULED
    assert [job.step for job in billing.queue.jobs()] == [0, -5, 10]
    assert days(billing) == [
        ("invoice", "2024-03-01T09:00"),
        ("reminder-5", "2024-03-15T09:00"),
        ("reminder+10", "2024-03-30T09:00"),
    ]


def test_reminders_before_or_on_the_day_of_the_invoice_are_left_out(billing):
    billing.draft(make_record())
    billing.schedule(NUMBER, date(2024, 3, 15))
    assert [key for key, _ in days(billing)] == ["invoice", "reminder+10"]


def test_reminder_on_the_day_after_the_invoice_is_planned(billing):
    billing.draft(make_record())
    billing.schedule(NUMBER, date(2024, 3, 14))
    assert [key for key, _ in days(billing)] == ["invoice", "reminder-5", "reminder+10"]


def test_weekends_are_skipped_when_the_settings_say_so(db, clock):
    billing = Billing(db, make_settings(skip_weekends=True), clock)
    billing.draft(make_record())
    billing.schedule(NUMBER, date(2024, 3, 2))
    assert [day[:10] for _, day in days(billing)] == ["2024-03-04", "2024-03-15", "2024-04-01"]


def test_mail_goes_out_in_the_morning_of_the_office(db, clock):
    office = timezone(timedelta(hours=-5))
    billing = Billing(db, make_settings(office=office), clock)
    billing.draft(make_record())
    billing.schedule(NUMBER, date(2024, 3, 4))
    assert days(billing)[0] == ("invoice", "2024-03-04T14:00")


def test_sending_today_after_the_usual_hour_means_now(billing, clock):
    billing.draft(make_record())
    clock.forward("7h")
    billing.schedule(NUMBER, MARCH_1)
    assert days(billing)[0] == ("invoice", "2024-03-01T15:00")


def test_yesterday_is_too_late(billing):
    billing.draft(make_record())
    with pytest.raises(ScheduleError, match="has passed"):
        billing.schedule(NUMBER, date(2024, 2, 29))
    assert billing.book.get(NUMBER).state is InvoiceState.DRAFT


def test_scheduling_twice_is_refused(billing):
    billing.draft(make_record())
    billing.schedule(NUMBER, MARCH_1)
    with pytest.raises(InvoiceError, match="waiting to be sent and cannot become"):
        billing.schedule(NUMBER, MARCH_1)


def test_part_payment_keeps_the_reminders(sent):
    invoice = sent.pay(NUMBER, "30")
    assert (invoice.state, invoice.balance) == (InvoiceState.PARTLY_PAID, Money(7000, "EUR"))
    assert sent.book.get(NUMBER) == invoice
    assert sent.queue.counts()["waiting"] == 2


def test_settled_invoice_gets_a_receipt_and_no_reminders(sent, transport, clock):
    sent.pay(NUMBER, "100.00")
    clock.forward("40d")
    sent.worker("ada", transport).drain()
    assert transport.subjects()[1:] == ["Receipt for invoice INV-2024-0001"]
    assert sent.queue.get(f"{NUMBER}/reminder+10").note == "paid"


def test_overpayment_changes_nothing(sent):
    with pytest.raises(InvoiceError):
        sent.pay(NUMBER, "100.01")
    assert sent.book.get(NUMBER).paid == Money(0, "EUR")


def test_void_stops_planned_mail(billing):
    billing.draft(make_record())
    billing.schedule(NUMBER, MARCH_1)
    assert billing.cancel(NUMBER) == 3
    assert billing.book.get(NUMBER).state is InvoiceState.VOID
    assert {job.state for job in billing.queue.jobs()} == {JobState.SKIPPED}
    assert billing.queue.jobs()[0].note == "void"


def test_write_off(sent):
    assert sent.cancel(NUMBER, write_off=True) == 2
    assert sent.book.get(NUMBER).state is InvoiceState.WRITTEN_OFF


def test_preview_shows_what_is_to_come(billing, clock):
    billing.draft(make_record())
    clock.forward("14d")
    assert billing.preview(NUMBER) == [
        "2024-03-15 soon due INV-2024-0001",
        "2024-03-30 late INV-2024-0001",
    ]
    clock.forward("1d")
    assert billing.preview(NUMBER) == ["2024-03-30 late INV-2024-0001"]


def test_preview_knows_about_weekends(db, clock):
    settings = make_settings(skip_weekends=True, schedule=(Step(10, "x"),))
    billing = Billing(db, settings, clock)
    billing.draft(make_record())
    assert billing.preview(NUMBER) == ["2024-04-01 x"]


def test_today_is_the_day_at_the_office(db, clock):
    office = timezone(timedelta(hours=-9))
    assert Billing(db, make_settings(office=office), clock).today() == date(2024, 2, 29)


def test_aging_of_the_book(sent, clock):
    assert sent.aging()["current"] == Money(10000, "EUR")
    clock.forward("50d")
    assert sent.aging()["31-60"] == Money(10000, "EUR")


def test_weekends_are_kept_unless_they_are_to_be_skipped(billing):
    billing.draft(make_record())
    billing.schedule(NUMBER, date(2024, 3, 2))  # a Saturday
    assert days(billing)[0] == ("invoice", "2024-03-02T09:00")


REFUSED = {
    "receipt": "CREATE TEMP TRIGGER t BEFORE INSERT ON jobs WHEN new.kind = 'receipt' "
    "BEGIN SELECT RAISE(ABORT, 'disk'); END",
    "skipped": "CREATE TEMP TRIGGER t BEFORE UPDATE ON jobs WHEN new.state = 'skipped' "
    "BEGIN SELECT RAISE(ABORT, 'disk'); END",
}


def test_payment_whose_receipt_cannot_be_planned_is_not_booked(sent, db):
    db.execute(REFUSED["receipt"])
    with pytest.raises(sqlite3.DatabaseError):
        sent.pay(NUMBER, "100.00")
    assert sent.book.get(NUMBER).state is InvoiceState.SENT


def test_cancelling_stops_the_mails_or_nothing(sent, db):
    db.execute(REFUSED["skipped"])
    with pytest.raises(sqlite3.DatabaseError):
        sent.cancel(NUMBER)
    assert sent.book.get(NUMBER).state is InvoiceState.SENT
