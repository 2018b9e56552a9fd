"""The accountants fetch settlement reports from their folders."""

WHO = "an accountant"
SUBJECT = "Settlement reports"
DETAIL = "The steps write no more than one movement of each kind for a day."

CASES = {
    "the first report": (["2024-03-05"], "acme", "csv"),
    "two reports of one day": (["2024-03-05", "2024-03-05"], "acme", "csv"),
    "three reports of one day": (["2024-03-05"] * 3, "acme", "csv"),
    "a report in JSON": (["2024-03-05"], "acme", "json"),
    "three reports in JSON of one day": (["2024-03-05"] * 3, "acme", "json"),
    "a merchant with an accent": (["2024-03-05"], "café", "csv"),
    "a merchant with an accent in JSON": (["2024-03-05"], "café", "json"),
    "a merchant with a capital": (["2024-03-05"], "Acme", "csv"),
    "days of several years": (["2024-03-05", "2023-12-31", "2024-10-01", "2024-02-29"], "acme", "csv"),
    "a day without movements": (["2024-03-10"], "acme", "csv"),
    "a day without movements in JSON": (["2024-03-10"], "acme", "json"),
}


def journey(days, merchant, kind):
    from datetime import date
    from pathlib import Path

    from paylane.codecs import read_json
    from paylane.moments import from_text
    from paylane.money import parse_money
    from paylane.reports import write_statement
    from paylane.settlement import Movement, MovementKind, Statement

    root = Path("shared/settlements")
    for day in days:
        sale = Movement(from_text(f"{day}T09:30:00+01:00"), "pay_ł", MovementKind.CHARGE, parse_money("EUR 1,234.56"), parse_money("EUR 2.25"))
        back = Movement(from_text(f"{day}T10:30:00Z"), "ref_1", MovementKind.REFUND, parse_money("JPY -500"), parse_money("JPY 0"))
        movements = () if day.endswith("10") else (sale, back)
        statement = Statement(merchant, date.fromisoformat(day), movements, (), (), (), parse_money("EUR 1,232.31"))
        file = write_statement(statement, root, kind)
        print(file.as_posix(), file.read_bytes())
        if kind == "json":
            print("read again:", read_json(Statement, file) == statement)
    print(sorted(file.name for file in root.glob("*/*/*/*")))
