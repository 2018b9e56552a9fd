"""Support looks up what an amount is, and what its fee would be."""

WHO = "a colleague in support"
SUBJECT = "Amounts and fees"
DETAIL = "The currencies are those that come with the service."

CASES = {
    "the smallest euros": (50, "EUR", "2.9"),
    "one cent less": (49, " eur ", "2.9"),
    "the largest euros": (99999999, "EUR", "2.9"),
    "one cent more": (100000000, "EUR", "2.9"),
    "the smallest dollars": (50, "usd", "2.9"),
    "the largest dollars": (99999999, "USD", "2.9"),
    "the smallest pounds": (30, "GBP", "2.9"),
    "too few pence": (29, "GBP", "2.9"),
    "the smallest yen": (50, "JPY", "2.9"),
    "too few yen": (49, "JPY", "2.9"),
    "the largest yen": (9999999, "JPY", "3.5"),
    "too many yen": (10000000, "JPY", "2.9"),
    "the smallest dinars": (150, "KWD", "2.9"),
    "too few dinars": (149, "KWD", "2.9"),
    "the largest dinars": (99999990, "KWD", "2.9"),
    "too many dinars": (99999991, "KWD", "2.9"),
    "a fee of half a cent": (100, "EUR", "2.5"),
    "a fee of another half a cent": (300, "EUR", "2.5"),
    "a fee of just less than half a cent": (99, "EUR", "2.5"),
    "a fee that is all": (50, "USD", "60"),
    "no share": (1000, "USD", "0"),
    "an unknown currency": (1250, "XYZ", "2.9"),
    "nothing": (0, "EUR", "2.9"),
}


def journey(minor, code, percent):
    from decimal import Decimal
    from restdesk import money

    currency = money.find_currency(code, money.load_currencies())
    fee = money.fee_for(minor, currency, Decimal(percent))
    print(minor, currency.code, money.format_amount(minor, currency), "fee", money.format_amount(fee, currency))
    print("may be charged:", money.check_amount(minor, currency))
