"""The accounts desk opens the report of a day."""

WHO = "the accounts desk"
SUBJECT = "Daily report"
DETAIL = "The figures of the days before were right."

CASES = {
    "a day without attempts": ([], {}, 30),
    "one merchant": ([("orchard", 1, 200, 40, 0)], {}, 30),
    "a refund": ([("orchard", 1, 200, 40, 0), ("orchard", 2, 200, 60, 1)], {}, 30),
    "an event that was delivered twice": ([("orchard", 1, 200, 40, 0), ("orchard", 1, 200, 40, 1)], {}, 30),
    "failures": ([("orchard", 1, 500, 40, 0), ("orchard", 1, None, 9000, 1), ("orchard", 1, 299, 40, 2)], {}, 30),
    "statuses at the edges": ([("orchard", 1, 199, 1, 0), ("orchard", 2, 300, 2, 1), ("orchard", 3, 200, 3, 2)], {}, 30),
    "a payment that failed": ([("orchard", 3, 200, 40, 0)], {}, 30),
    "several currencies": ([("orchard", 1, 200, 40, 0), ("orchard", 4, 200, 40, 1), ("orchard", 5, 200, 40, 2)], {}, 30),
    "disputes and payouts": ([("orchard", 6, 200, 40, 0), ("orchard", 7, 200, 40, 1), ("orchard", 8, 200, 40, 2)], {}, 30),
    "a new address": ([("orchard", 9, 200, 40, 0)], {}, 30),
    "several merchants": ([("zoo", 1, 200, 1, 0), ("apex", 1, 200, 2, 0), ("zoo", 1, 500, 3, 1), ("kiosk", 1, 200, 4, 0)], {}, 30),
    "twenty attempts": ([("orchard", 1, 200, 10, 0)] * 18 + [("orchard", 1, 200, 50, 1), ("orchard", 1, 200, 90, 1)], {}, 30),
    "twenty-one attempts": ([("orchard", 1, 200, 10, 0)] * 19 + [("orchard", 1, 200, 50, 1), ("orchard", 1, 200, 90, 1)], {}, 30),
    "one attempt above the free ones": ([("orchard", 1, 200, 40, 0)] * 3, {"FREE_ATTEMPTS": "2"}, 30),
    "as many attempts as are free": ([("orchard", 1, 200, 40, 0)] * 3, {"FREE_ATTEMPTS": "3"}, 30),
    "a thousand above the free ones": ([("orchard", 1, 200, 40, 0)] * 1001, {"FREE_ATTEMPTS": "1"}, 30),
    "a thousand and one above the free ones": ([("orchard", 1, 200, 40, 0)] * 1002, {"FREE_ATTEMPTS": "1"}, 30),
    "fees in yen": ([("orchard", 1, 200, 40, 0)], {"FREE_ATTEMPTS": "0", "CURRENCY": "JPY", "PRICE_PER_THOUSAND": "1.5"}, 30),
    "the ends of the day": ([("orchard", 1, 200, 40, -1), ("orchard", 1, 500, 50, 0), ("orchard", 1, 200, 60, 86399), ("orchard", 1, 200, 70, 86400)], {}, 30),
    "the ends of the day in the west": ([("orchard", 1, 200, 40, 3599), ("orchard", 1, 500, 50, 3600), ("orchard", 1, 200, 60, 89999), ("orchard", 1, 200, 70, 90000)], {"UTC_OFFSET_MINUTES": "-60"}, 30),
    "reports of thirty-one days": ([], {}, 31),
    "reports of a year": ([], {}, 366),
}


def journey(attempts, environ, keep):
    from datetime import UTC, date, datetime, timedelta
    from pathlib import Path

    from hookrelay.attempts import Attempt, AttemptLog
    from hookrelay.deliveries import DeliveryQueue
    from hookrelay.events import parse_event
    from hookrelay.reports import list_reports, percentile, prune_reports, report_path, write_report
    from hookrelay.settings import load_settings
    from hookrelay.storage import connect, transaction

    settings = load_settings(environ={f"HOOKRELAY_REPORTS_{key}": value for key, value in environ.items()})
    db, start, day = connect(":memory:"), datetime(2024, 3, 1, tzinfo=UTC), date(2024, 3, 1)
    kinds = ("payment.succeeded", "refund.created", "payment.failed", "payment.succeeded", "refund.failed",
             "dispute.opened", "dispute.won", "payout.paid", "customer.updated")
    for number, kind in enumerate(kinds, start=1):
        record = {"id": f"evt_000{number}", "type": kind, "merchant": "orchard", "created": "2024-03-01T00:00:00Z",
                  "amount": None if kind == "customer.updated" else number * 100, "currency": "KWD" if number in (4, 5) else "EUR"}
        DeliveryQueue(db, settings.retry.give_up, settings.lease).accept(parse_event(record, start), [], start)
    with transaction(db):
        for merchant, event, status, latency, second in attempts:
            AttemptLog(db).add(Attempt(1, f"evt_000{event}", "main", merchant, 1,
                                       start + timedelta(seconds=second), status, "", "", latency))
    print(write_report(db, day, settings).read_bytes().decode("utf-8"))
    print(write_report(db, day, settings).as_posix())
    for old in ("2024-01-29", "2024-01-30", "2024-01-31", "2023-03-01", "2023-02-28", "2024-02-30", "2024-02-29"):
        path = Path("reports", old[:4], old[5:7], f"deliveries-{old}.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    print(*list_reports(Path("reports")), report_path(Path("reports"), day).as_posix())
    print("removed", *prune_reports(Path("reports"), day, keep))
    print(*sorted(path.as_posix() for path in Path("reports").rglob("*")))
    print([percentile([30, 10, 20], percent) for percent in (0, 33, 34, 50, 67, 100)], percentile([], 95))
