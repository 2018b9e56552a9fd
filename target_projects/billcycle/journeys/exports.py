"""The accountants fetch the daily export from its folder."""

WHO = "an accountant"
SUBJECT = "Daily export"
DETAIL = "The steps remove old exports as of the 5th of March 2024."

CASES = {
    "the first export": (["2024-03-05"], "csv", 90),
    "two exports on one day": (["2024-03-05", "2024-03-05"], "csv", 90),
    "three exports on one day": (["2024-03-05"] * 3, "json", 90),
    "an export in JSON": (["2024-03-05"], "json", 90),
    "both formats": (["2024-12-31"], "both", 90),
    "days out of order": (["2024-03-05", "2023-12-31", "2024-10-01", "2024-02-29"], "csv", 9999),
    "the oldest day that is kept": (["2024-03-01", "2024-03-05"], "csv", 4),
    "a day that is one day too old": (["2024-03-01", "2024-03-05"], "csv", 3),
    "nothing kept": (["2024-03-01", "2024-03-04", "2024-03-05"], "csv", 0),
    "no export yet": ([], "csv", 90),
}


def journey(days, kind, keep_days):
    from datetime import date
    from pathlib import Path

    from billcycle.exports import list_days, prune, write_export
    from billcycle.records import from_record

    lines = [{"description": "Miód", "unit_price": "1,200", "quantity": 2}]
    invoice = from_record({"number": "INV-2024-0042B", "customer": 'Łódź "Café", Ltd', "email": "ana@example.com",
                           "issued": "2024-03-01", "state": "partly_paid", "paid_minor": 5000, "lines": lines})
    for day in days:
        for file in write_export([invoice], Path("exports"), date.fromisoformat(day), kind):
            print(file.as_posix(), file.read_bytes())
    print("removed:", [str(day) for day in prune(Path("exports"), date(2024, 3, 5), keep_days)])
    print("kept:", [str(day) for day in list_days(Path("exports"))])
