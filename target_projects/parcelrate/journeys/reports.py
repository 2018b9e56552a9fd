"""The controllers collect the lists of quotes."""

WHO = "a controller"
SUBJECT = "List of quotes"
DETAIL = "An empty list is written in the steps before the one in question."

CASES = {
    "one quote": ([("DHL", 1250, "EUR", False)], "2024-03-05T11:59", "."),
    "one quote at the end of its time": ([("DHL", 1250, "EUR", False)], "2024-03-05T12:00", "."),
    "one quote after its time": ([("DHL", 1250, "EUR", False)], "2024-03-05T12:01", "."),
    "an accepted quote": ([("DHL", 1250, "EUR", True)], "2024-03-06T12:00", "."),
    "a quote of 0": ([("DHL", 0, "EUR", False), ("UPS", 0, "EUR", True)], "2024-03-05T11:00", "."),
    "two quotes of a carrier": ([("DHL", 1250, "EUR", True), ("DHL", 123456, "EUR", False)], "2024-03-05T11:00", "."),
    "two carriers": ([("UPS", 1250, "EUR", True), ("DHL", 50, "EUR", False)], "2024-03-05T11:00", "."),
    "carriers that alternate": ([("UPS", 1, "EUR", True), ("DHL", 2, "EUR", False), ("UPS", 3, "EUR", True)], "2024-03-05T11:00", "."),
    "two currencies": ([("DHL", 1250, "USD", True), ("DHL", 50, "EUR", False)], "2024-03-05T11:00", "."),
    "yen and dinars": ([("DHL", 1250, "JPY", True), ("DHL", 50, "KWD", False)], "2024-03-05T11:00", "."),
    "a carrier from Łódź": ([("Łódź", 0, "EUR", False)], "2024-03-05T11:00", "."),
    "a folder that is not there": ([("DHL", 1, "EUR", False)], "2024-03-05T11:00", "a/b"),
    "the last minute of February": ([("DHL", 1, "EUR", False)], "2024-02-29T22:59", "a"),
    "the first minute of March": ([("DHL", 1, "EUR", False)], "2024-02-29T23:00", "a"),
    "no quotes": ([], "2024-03-05T11:00", "."),
}


def journey(quotes, moment, folder):
    from datetime import datetime, timedelta, timezone
    from pathlib import Path

    from parcelrate.money import Money
    from parcelrate.quotebook import Quote
    from parcelrate.quotes import Offer
    from parcelrate.reports import totals, write_report

    until, now = (datetime.fromisoformat(f"{text}:00+00:00") for text in ("2024-03-05T12:00", moment))
    found = []
    for number, (carrier, minor, currency, accepted) in enumerate(quotes):
        offer = Offer(f"WEB-{number:03d}", carrier, (), Money(minor, currency), currency)
        found.append(Quote(f"Q20240302-{number:04d}", offer, until, accepted))
    write_report([], Path(folder), now, timezone.utc)
    path = write_report(found, Path(folder), now, timezone(timedelta(hours=1)))
    print(path.as_posix())
    print(path.read_bytes())
    print([(carrier, count, str(money)) for carrier, count, money in totals(found)])
