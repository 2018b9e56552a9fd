"""Plain objects for tests; every test names only what matters to it."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

from billcycle.addresses import Address
from billcycle.invoices import Invoice, InvoiceState, Line
from billcycle.mail import Message
from billcycle.moments import UTC
from billcycle.money import Money
from billcycle.reminders import Step
from billcycle.settings import Settings

SETTINGS = Settings(
    database=Path("unused.db"),
    spool=Path("unused-spool"),
    lease=timedelta(minutes=5),
    clock_skew=timedelta(seconds=30),
    batch=10,
    max_attempts=3,
    retry_base=timedelta(minutes=1),
    retry_cap=timedelta(hours=1),
    sender=Address("billing", "example.com", "Hartley Ltd"),
    send_time=time(9, 0),
    office=UTC,
    skip_weekends=False,
    export_folder=Path("unused-exports"),
    export_format="csv",
    keep_days=90,
    currency="EUR",
    schedule=(Step(-5, "soon due {number}"), Step(10, "late {number}")),
)


def make_settings(**changes):
    return replace(SETTINGS, **changes)


def make_line(price=10000, **changes):
    return Line("Support", Money(price, "EUR"), **changes)


def make_invoice(**changes):
    fields = {
        "number": "INV-2024-0001",
        "customer": "Orchard Farm",
        "email": "orchard@example.com",
        "issued": date(2024, 3, 1),
        "due": date(2024, 3, 20),
        "lines": (make_line(),),
    }
    return Invoice(**{**fields, **changes})


def make_record(**changes):
    record = {
        "number": "INV-2024-0001",
        "customer": "Orchard Farm",
        "email": "orchard@example.com",
        "issued": "2024-03-01",
        "due": "2024-03-20",
        "lines": [{"description": "Support", "unit_price": "100.00"}],
    }
    record.update(changes)
    return {name: value for name, value in record.items() if value is not None}


def make_message(**changes):
    fields = {
        "key": "INV-2024-0001/invoice",
        "sender": "Hartley Ltd <billing@example.com>",
        "to": "orchard@example.com",
        "subject": "Invoice",
        "body": "Dear Orchard Farm\n",
        "day": "2024-03-01",
    }
    return Message(**{**fields, **changes})


SENT, PARTLY_PAID = InvoiceState.SENT, InvoiceState.PARTLY_PAID
ONE = Decimal(1)
