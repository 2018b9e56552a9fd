"""Risk looks at the daily sums by transaction type."""

WHO = "an analyst of the risk team"
SUBJECT = "Suspicious group"
DETAIL = "Each amount is booked twice in the steps, on two days of March."

CASES = {
    "charges just below the watch level": ("charge", ["7,999.99"], "watch"),
    "charges at the watch level": ("charge", ["8,000.00"], "watch"),
    "charges at the threshold": ("charge", ["10,000.00"], "alert"),
    "charges one cent above the threshold": ("charge", ["9,000.00", "1,000.01"], "alert"),
    "charges at three times the threshold": ("charge", ["30000"], "alert"),
    "charges above three times the threshold": ("charge", ["30000.01"], "block"),
    "refunds at a threshold of their own": ("refund", ["-2500"], "watch"),
    "refunds above a threshold of their own": ("refund", ["-2500", "-0.01"], "watch"),
    "as many disputes as are usual": ("dispute", ["-1"] * 4, "watch"),
    "more disputes than are usual": ("dispute", ["-1"] * 5, "watch"),
    "a large payout": ("payout", ["-20000"], "watch"),
    "a large transfer": ("transfer", ["20000"], "watch"),
    "a large fee": ("fee", ["-20000"], "watch"),
    "a large adjustment": ("adjustment", ["-9000", "9000"], "watch"),
    "nothing at all": ("charge", [], "clear"),
    "groups without any severity": ("payout", ["-5"], "clear"),
}


def journey(kind, amounts, severity):
    from datetime import date
    from decimal import Decimal
    from ledgerlines import fraud, kinds, money, reports
    from ledgerlines.validation import Payment

    kind = kinds.parse_type(kind)
    cents = [money.parse_amount(amount) for amount in amounts]
    payments = [Payment("pay_0000", kind, "USD", date(2024, 3, day), c, 2) for day in (5, 4) for c in cents]
    groups = fraud.aggregate(payments, "USD", {"USD": Decimal(1)})
    limits = fraud.Limits(1_000_000, {kinds.TransactionType.REFUND: 250_000}, max_count=4)
    findings = fraud.suspicious(groups, limits, kinds.Severity[severity.upper()])
    print(reports.render_text(reports.findings_table(findings, "USD")), end="")
    print([group.largest for group in groups.values()])
