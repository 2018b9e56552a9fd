"""Treasury states amounts in the currency of the books."""

WHO = "a colleague in treasury"
SUBJECT = "Converted amount"
DETAIL = "The rates are given in the steps."

CASES = {
    "euros to dollars": ("100.00", "EUR", "USD", "half_even"),
    "dollars to euros": ("100.00", "USD", "EUR", "half_even"),
    "dollars to yen": ("6.70", "usd", "JPY", "half_even"),
    "yen to euros": ("2500", "JPY", " EUR ", "half_even"),
    "the same currency": ("1,234.50", "GBP", "GBP", "half_even"),
    "a currency without a rate": ("1.00", "GBP", "USD", "half_even"),
    "no rate for the target": ("1.00", "USD", "CHF", "half_even"),
    "half a cent, rounded to even": ("0.01", "PTS2", "USD", "half_even"),
    "half a cent, rounded half up": ("0.01", "PTS2", "USD", "half_up"),
    "half a cent, rounded up": ("0.01", "PTS2", "USD", "up"),
    "half a cent, rounded down": ("0.01", "PTS2", "USD", "down"),
    "an unknown rounding mode": ("0.01", "PTS2", "USD", "sideways"),
    "dinars with three decimals": ("1.505", "KWD", "USD", "half_even"),
    "dollars to dinars of Bahrain": ("-12.00", "USD", "BHD", "half_even"),
    "won": ("5000", "KRW", "USD", "half_even"),
    "nothing": ("0.00", "EUR", "USD", "half_even"),
    "a code that is a number": ("1.00", "123", "USD", "half_even"),
    "a code of two letters": ("1.00", "US", "USD", "half_even"),
    "a code of five letters": ("1.00", "EUROS", "USD", "half_even"),
}


def journey(amount, source, target, rounding):
    from decimal import Decimal
    from ledgerlines import money

    prices = {"USD": 1, "EUR": "1.08", "JPY": "0.0067", "PTS2": "2.5", "KWD": 3, "BHD": 2, "KRW": "0.0008"}
    rates = {code: Decimal(price) for code, price in prices.items()}
    source, target = money.parse_currency(source), money.parse_currency(target)
    minor = money.parse_amount(amount, source)
    result = money.convert(minor, source, target, rates, rounding)
    print(money.format_amount(minor, source), "is", money.format_amount(result, target))
    print(money.percent_of(result, minor))
