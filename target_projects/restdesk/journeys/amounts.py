"""Support looks up what an amount is, and what its fee would be."""

WHO = "support"
SUBJECT = "Amounts and fees"
DETAIL = "The accountants get the same figures."

CASES = {
    "a round amount": ("100", "EUR", "2.9"),
    "an amount with cents": ("12.50", "eur", "2.9"),
    "an amount with one decimal": ("12.5", " EUR ", "2.9"),
    "an amount with a comma": ("1,234.56", "USD", "2.9"),
    "a large amount with commas": ("999,999.99", "GBP", "2.9"),
    "the largest amount": ("999999.99", "EUR", "2.9"),
    "one cent more than the largest amount": ("1000000", "EUR", "2.9"),
    "the smallest amount": ("0.50", "EUR", "0"),
    "one cent less than the smallest amount": ("0.49", "EUR", "0"),
    "the smallest amount in pounds": ("0.30", "GBP", "2.9"),
    "the smallest amount in yen": ("50", "JPY", "2.9"),
    "too few yen": ("49", "JPY", "2.9"),
    "yen": ("12345", "JPY", "3.5"),
    "yen with decimals": ("12.0", "JPY", "2.9"),
    "dinars": ("12.345", "KWD", "2.9"),
    "dinars with four decimals": ("12.3456", "KWD", "2.9"),
    "the smallest amount in dinars": ("0.150", "KWD", "2.9"),
    "three decimals": ("12.345", "EUR", "2.9"),
    "a fee of half a cent": ("1.00", "EUR", "2.5"),
    "a fee of another half a cent": ("3.00", "EUR", "2.5"),
    "a fee that is all": ("0.50", "USD", "60"),
    "no share": ("10.00", "USD", "0"),
    "an unknown currency": ("12.50", "XYZ", "2.9"),
    "a misplaced comma": ("12,50", "EUR", "2.9"),
    "an amount below zero": ("-12.50", "EUR", "2.9"),
    "an amount without digits": ("", "EUR", "2.9"),
    "an amount that ends with a point": ("12.", "EUR", "2.9"),
    "blanks around the amount": (" 12 ", "EUR", "2.9"),
}


def journey(text, code, percent):
    from decimal import Decimal
    from restdesk import money
    from restdesk.settings import load

    currency = money.find_currency(code, load(environ={}).currencies)
    minor = money.parse_amount(text, currency)
    fee = money.fee_for(minor, currency, Decimal(percent))
    print(minor, currency.code, money.format_amount(minor, currency), "fee", money.format_amount(fee, currency))
    print("kept after refunds:", [money.fee_kept(fee, part, minor) for part in (0, 1, minor // 2, minor - 1, minor)])
    print("may be charged:", money.check_amount(minor, currency))
