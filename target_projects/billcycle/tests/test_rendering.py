from dataclasses import replace
from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest
from builders import PARTLY_PAID, SENT, make_invoice, make_line, make_settings

from billcycle.errors import ScheduleError
from billcycle.invoices import InvoiceState
from billcycle.jobs import Job, JobKind, JobState
from billcycle.moments import from_text
from billcycle.rendering import OPENINGS, compose, invoice_table
from billcycle.reminders import Step, Tone

TODAY = date(2024, 3, 20)
JOB = Job(
    id=1, key="the/key", kind=JobKind.INVOICE, number="INV-2024-0001", step=0,
    run_at=from_text("2024-03-01T20:00:00"), state=JobState.CLAIMED, attempts=1,
    worker="ada", lease_until=None, note="",
)  # fmt: skip
REMINDER = replace(JOB, kind=JobKind.REMINDER, step=10)


def test_invoice_mail():
    message = compose(JOB, make_invoice(), make_settings(), TODAY)
    assert message.subject == "Invoice INV-2024-0001 from Hartley Ltd"
    assert message.body.startswith(
        "Dear Orchard Farm,\n\nhere is invoice INV-2024-0001, payable by 2024-03-20.\n\n"
    )
    assert message.body.endswith("EUR 100.00\n")


def test_envelope():
    message = compose(JOB, make_invoice(), make_settings(), TODAY)
    assert (message.key, message.to) == ("the/key", "orchard@example.com")
    assert message.sender == "Hartley Ltd <billing@example.com>"


def test_filed_under_the_day_at_the_office():
    office = timezone(timedelta(hours=5))
    message = compose(JOB, make_invoice(), make_settings(office=office), TODAY)
    assert message.day == "2024-03-02"


def test_reminder_mail_has_the_subject_of_its_step():
    message = compose(REMINDER, make_invoice(state=SENT), make_settings(), TODAY)
    assert message.subject == "late INV-2024-0001"
    assert OPENINGS[Tone.FIRM] in message.body


def test_reminder_that_is_no_longer_in_the_schedule():
    settings = make_settings(schedule=(Step(9, "x"), Step(11, "y")))
    with pytest.raises(ScheduleError, match=r"no reminder at \+10 days"):
        compose(REMINDER, make_invoice(state=SENT), settings, TODAY)


def test_tone_of_reminders():
    for step, words in ((-7, "friendly note"), (0, "due today"), (30, "last reminder")):
        settings = make_settings(schedule=(Step(step, "x"),))
        message = compose(replace(REMINDER, step=step), make_invoice(state=SENT), settings, TODAY)
        assert words in message.body


def test_receipt_mail():
    job = replace(JOB, kind=JobKind.RECEIPT)
    invoice = make_invoice(state=InvoiceState.PAID, paid_minor=10000)
    message = compose(job, invoice, make_settings(), TODAY)
    assert message.subject == "Receipt for invoice INV-2024-0001"
    assert "thank you for your payment of EUR 100.00." in message.body


def test_late_reminder_names_the_fee():
    late = TODAY + timedelta(days=10)
    invoice = make_invoice(state=SENT, lines=(make_line(100),))
    message = compose(REMINDER, invoice, make_settings(), late)
    assert message.body.endswith("A late fee of EUR 0.01 is added.\n")


def test_fee_is_a_matter_of_late_reminders():
    message = compose(REMINDER, make_invoice(state=SENT), make_settings(), TODAY)
    assert "fee" not in message.body

    late = TODAY + timedelta(days=10)
    message = compose(JOB, make_invoice(state=SENT), make_settings(), late)
    assert "fee" not in message.body


def test_table_of_a_taxed_and_partly_paid_invoice():
    lines = (make_line(1000, quantity=Decimal("2.5"), tax_rate=Decimal("20")), make_line(500))
    table = invoice_table(make_invoice(lines=lines, state=PARTLY_PAID, paid_minor=1000))
    assert table.splitlines() == [
        "2.5 x Support                          EUR 25.00",
        "Support                                 EUR 5.00",
        "------------------------------------------------",
        "Tax                                     EUR 5.00",
        "Total                                  EUR 35.00",
        "Paid                                   EUR 10.00",
        "Balance                                EUR 25.00",
    ]


def test_table_of_a_plain_invoice_is_short():
    assert [row.split()[0] for row in invoice_table(make_invoice()).splitlines()] == [
        "Support", "-" * 48, "Total",
    ]  # fmt: skip

    line = replace(make_line(), description="x" * 60)
    assert invoice_table(make_invoice(lines=(line,))).splitlines()[0] == "x" * 37 + " EUR 100.00"
