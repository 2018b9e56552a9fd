"""The desk works with the command line."""

WHO = "a clerk at the finance desk"
SUBJECT = "Command line"
DETAIL = "The steps make the four files that they need; the clock stands at the 4th of March 2024."

CASES = {
    "totals": (["totals", "day.txt"], {}),
    "totals with a report": (["totals", "day.txt", "--report", "csv"], {}),
    "a file that is not there": (["totals", "none.txt"], {}),
    "a check": (["check", "pay.csv"], {}),
    "a check that shows one problem": (["check", "pay.csv"], {"VALIDATION_MAX_PROBLEMS": "1"}),
    "a strict check": (["check", "pay.csv"], {"VALIDATION_STRICT": "yes"}),
    "a check of an earlier time": (["check", "pay.csv"], {"VALIDATION_EARLIEST": "2024-03-02"}),
    "a check of short descriptions": (["check", "pay.csv"], {"VALIDATION_MAX_DESCRIPTION": "10"}),
    "fraud": (["fraud", "pay.csv"], {}),
    "fraud from the watch level on": (["fraud", "pay.csv", "--at-least", "watch"], {}),
    "fraud from the block level on": (["fraud", "pay.csv", "--at-least", "block"], {}),
    "fraud in another currency": (["fraud", "pay.csv"], {"GENERAL_BASE_CURRENCY": "EUR"}),
    "sales": (["sales", "sales.csv"], {}),
    "sales in yen": (["sales", "sales.csv"], {"GENERAL_BASE_CURRENCY": "JPY"}),
    "sales of a region": (["sales", "sales.csv", "--region", "EU", "--by", "product"], {}),
    "sales of a product": (["sales", "sales.csv", "--product", "AB1", "--order", "label"], {}),
    "sales of a month": (["sales", "sales.csv", "--days", "2024-02"], {}),
    "the best sales": (["sales", "sales.csv", "--top", "1", "--min-revenue", "20"], {}),
    "the intake of an empty inbox": (["intake", "inbox"], {}),
    "the intake of this folder": (["intake", ".", "--archive", "a/b"], {}),
    "a setting out of bounds": (["totals", "day.txt"], {"FRAUD_MAX_COUNT": "0"}),
}


def journey(arguments, environ):
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from ledgerlines.cli import main

    rows = "id,type,ccy,date,amount,description\n"
    rows += "pay_0001,charge,USD,2024-03-01,9000,Jahresabo Köln\npay_0002,refund,USD,2024-03-04,-10000.01\n"
    rows += "pay_0002,dispute,USD,2024-03-02,-31000\npay_0003,fee,USD,2024-03-05,-1\npay_4,fee,USD,,1\n"
    Path("pay.csv").write_text(rows, encoding="utf-8")
    sold = "date,region,product,quantity,unit_price\n2024-02-29,EU,AB1,2,10\n2024-03-01,NA,AB2,1,5\n"
    Path("sales.csv").write_text(sold, encoding="utf-8")
    Path("payments_20240304.csv").write_text(rows, encoding="utf-8")
    Path("day.txt").write_text("1,10.00,0.30\n2,20.00\n", encoding="utf-8")
    environ = {f"LEDGERLINES_{name}": value for name, value in environ.items()}
    print(main(arguments, environ, sys.stdout, lambda: datetime(2024, 3, 4, 9, tzinfo=UTC)))
