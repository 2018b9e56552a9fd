"""The accountants fetch settlement reports from their folders."""

WHO = "the accountants"
SUBJECT = "Settlement reports"
DETAIL = "The shared drive has plenty of room."

CASES = {
    "the first report": (["2024-03-05"], "csv", 400),
    "two reports of one day": (["2024-03-05", "2024-03-05"], "csv", 400),
    "three reports of one day": (["2024-03-05"] * 3, "json", 400),
    "a report in JSON": (["2024-03-05"], "json", 400),
    "both formats": (["2024-12-31"], "both", 400),
    "days out of order": (["2024-03-05", "2023-12-31", "2024-10-01", "2024-02-29"], "csv", 4000),
    "the oldest day that is kept": (["2024-03-01", "2024-03-05"], "csv", 4),
    "a day that is one day too old": (["2024-03-01", "2024-03-05"], "csv", 3),
    "several days that are too old": (["2024-03-01", "2024-03-03", "2024-03-02", "2024-03-05"], "csv", 1),
    "everything but today is too old": (["2024-03-04", "2024-03-05"], "csv", 0),
    "no report yet": ([], "csv", 400),
}


def journey(days, kind, keep_days):
    from datetime import date
    from pathlib import Path

    from paylane.moments import from_text
    from paylane.money import parse_money
    from paylane.reports import list_days, prune, write_statement
    from paylane.settlement import Movement, MovementKind, Statement

    root = Path("shared/settlements")
    for name in ("2024/3/5", "2024/13/01", "2023/02/29", "draft/03/05", "2024/03/05b"):
        (root.parent / "other" / name).mkdir(parents=True)
    for day in days:
        sale = Movement(from_text(f"{day}T09:30:00+01:00"), "pay_ł", MovementKind.CHARGE, parse_money("EUR 1,234.56"), parse_money("EUR 2.25"))
        back = Movement(from_text(f"{day}T10:30:00Z"), "ref_1", MovementKind.REFUND, parse_money("JPY -500"), parse_money("JPY 0"))
        statement = Statement("acme" if kind == "csv" else "café", date.fromisoformat(day), date(2024, 3, 7), (sale, back), (), (), (), parse_money("EUR 1,232.31"))
        for file in write_statement(statement, root, kind):
            print(file.as_posix(), file.read_bytes())
    if days:
        print((root / "index.csv").read_bytes())
    print("removed:", [str(day) for day in prune(root, date(2024, 3, 5), keep_days)])
    print("kept:", [str(day) for day in list_days(root)], "elsewhere:", list_days(root.parent / "other"))
