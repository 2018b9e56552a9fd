"""Invoices, reminders and receipts go out while time passes and payments come in."""

WHO = "a customer of the branch"
SUBJECT = "Mail that goes out"
DETAIL = "Nothing is really mailed in the steps: the relay keeps the messages in memory."

CASES = {
    "the morning of the day": ("2024-03-01", {}, [("1h", None)]),
    "one second too early": ("2024-03-01", {}, [("3599s", None)]),
    "a second round an hour later": ("2024-03-01", {}, [("1h", None), ("1h", None)]),
    "a day in the future": ("2024-03-04", {}, [("1d", None), ("2d", None), ("1h", None)]),
    "a day in the past": ("2024-02-29", {}, [("1h", None)]),
    "a Saturday": ("2024-03-02", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "yes"}, [("25h", None), ("2d", None)]),
    "an office in Chile": ("2024-03-01", {"BILLCYCLE_MAIL_UTC_OFFSET": "-03:00"}, [("1h", None), ("3h", None)]),
    "the whole schedule": ("2024-03-01", {}, [("1h", None), ("12d", None), ("7d", None), ("14d", None), ("16d", None)]),
    "an invoice sent after its first reminder": ("2024-03-13", {}, [("13d", None), ("8d", None)]),
    "an invoice sent on the day before its first reminder": ("2024-03-12", {}, [("12d", None), ("1d", None)]),
    "a part payment": ("2024-03-01", {}, [("1h", "30"), ("12d", None), ("7d", None)]),
    "a full payment": ("2024-03-01", {}, [("1h", "150.00"), ("1h", None), ("40d", None)]),
    "two payments": ("2024-03-01", {}, [("1h", "100"), ("13d", "50"), ("7d", None)]),
    "one cent too much": ("2024-03-01", {}, [("1h", "150.01")]),
    "a payment of nothing": ("2024-03-01", {}, [("1h", "0")]),
    "a payment before the invoice is sent": ("2024-03-01", {}, [("5m", "150")]),
    "a reminder with a fee": ("2024-03-01", {}, [("1h", None), ("50d", None)]),
    "a batch of one": ("2024-03-01", {"BILLCYCLE_WORKER_BATCH": "1"}, [("1h", None), ("60d", None)]),
}


def journey(send_on, environ, steps):
    from datetime import date

    from billcycle.mail import MemoryTransport
    from billcycle.moments import FrozenClock
    from billcycle.service import Billing
    from billcycle.settings import load
    from billcycle.storage import connect

    clock, relay = FrozenClock("2024-03-01T08:00:00Z"), MemoryTransport()
    billing = Billing(connect(":memory:"), load(environ=environ), clock)
    line = {"description": "Support", "unit_price": "50", "quantity": "2.5", "tax_rate": 20}
    billing.draft({"customer": "Orchard Farm", "email": "orchard@example.com",
                   "issued": "2024-03-01", "due": "2024-03-20", "lines": [line]})
    billing.schedule("INV-2024-0001", date.fromisoformat(send_on))
    for wait, payment in steps:
        clock.forward(wait)
        print(billing.worker("ada", relay).drain(), billing.queue.counts())
        print(billing.pay("INV-2024-0001", payment).state if payment else billing.preview("INV-2024-0001"))
    for message in relay.delivered.values():
        print(f"{message.day} {message.key}: {message.subject}\n{message.body}")
    print(billing.outbox.sent())
