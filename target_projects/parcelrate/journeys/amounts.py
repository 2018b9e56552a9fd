"""The shop hands over amounts as customers and colleagues write them."""

WHO = "a developer of the shop"
SUBJECT = "Amount"
DETAIL = "No order is needed for this: the amount is read by itself."

CASES = {
    "two decimals": ("12.50", "EUR", "7.5"),
    "one decimal": ("12.5", "usd", "0.5"),
    "thousands": ("1,234,567.89", " EUR ", "10"),
    "thousands without a comma": ("1234567", "EUR", "10"),
    "a comma in the wrong place": ("1,23", "EUR", "10"),
    "too long a group": ("12,3456", "EUR", "10"),
    "a cent": ("0.01", "EUR", "50"),
    "a zero too many": ("1.500", "EUR", "5"),
    "three decimals": ("1.505", "EUR", "5"),
    "yen": ("1,500", "JPY", "0.5"),
    "half a yen": ("1.5", "JPY", "5"),
    "won": ("99", "KRW", "5"),
    "krónur": ("99", "ISK", "5"),
    "dinars of Kuwait": ("0.125", "KWD", "12.5"),
    "dinars of Bahrain": ("1.005", "BHD", "10"),
    "dinars of Tunisia": ("1.005", "TND", "10"),
    "half a cent of discount": ("0.30", "EUR", "5"),
    "half a cent of a larger discount": ("0.50", "EUR", "5"),
    "blanks before": ("  5", "EUR", "10 "),
    "blanks behind": ("5  ", "EUR", " 10"),
    "hundreds of thousands": ("123,456", "EUR", "10"),
    "nothing": ("0", "EUR", "10"),
    "less than nothing": ("-1", "EUR", "10"),
    "an exponent": ("1e3", "EUR", "10"),
    "no digit before the point": (".5", "EUR", "10"),
    "no digit after the point": ("5.", "EUR", "10"),
    "no amount": ("", "EUR", "10"),
    "a word": ("NaN", "EUR", "10"),
    "a currency of two letters": ("1", "EU", "10"),
    "a currency of four letters": ("1", "EURO", "10"),
    "a currency with a sign": ("1", "U$D", "10"),
}


def journey(text, currency, percent):
    from parcelrate.money import Money, parse_currency, parse_decimal

    money = Money.parse(text, parse_currency(currency))
    part = money.percent(parse_decimal(percent))
    print(money, "|", part, "|", money + -part, "|", (money * 3).plain(), "|", money.minor, money.amount)
    print(money + Money(1, "SEK"))
