"""Somebody at the desk types an amount, and the system shows what it understood."""

WHO = "a clerk at the payments desk"
SUBJECT = "Amount typed at the desk"
DETAIL = "No request is needed for this: the amount is read by itself."

CASES = {
    "a whole number": ("12", "EUR"),
    "two decimals": ("12.50", "EUR"),
    "one decimal": ("12.5", "EUR"),
    "zero": ("0", "EUR"),
    "one cent": ("0.01", "EUR"),
    "half a cent of a per cent": ("1.50", "EUR"),
    "a negative amount": ("-3.20", "EUR"),
    "commas between thousands": ("1,234.50", "EUR"),
    "commas between millions": ("12,345,678", "EUR"),
    "three digits before the comma": ("123,456", "EUR"),
    "a long number without commas": ("1234567.89", "EUR"),
    "a currency before the number": ("USD 9.99", "EUR"),
    "a currency in small letters": ("gbp 9.99", "EUR"),
    "a currency after the number": ("9.99 usd", "EUR"),
    "two currencies": ("EUR 9.99 EUR", "EUR"),
    "two blanks after the currency": ("EUR  7", "EUR"),
    "blanks around it": (" 7 ", "EUR"),
    "yen": ("1500", "JPY"),
    "yen with decimals": ("1500.5", "JPY"),
    "dinars": ("1.234", "KWD"),
    "dinars of Bahrain": ("0.005", "BHD"),
    "krónur": ("2500", "ISK"),
    "euros with three decimals": ("1.234", "EUR"),
    "no currency": ("5", None),
    "a currency in the text alone": ("CHF 5", None),
    "an empty currency": ("5", ""),
    "a comma in the wrong place": ("1,23", "EUR"),
    "an unknown currency": ("XYZ 5", "EUR"),
    "an exponent": ("1e5", "EUR"),
    "a point alone": ("5.", "EUR"),
    "no text": ("", "EUR"),
}


def journey(text, currency):
    from decimal import Decimal

    from paylane.errors import MoneyError
    from paylane.money import Money, parse_money, total

    amount = parse_money(text, currency)
    cent = Money(1, amount.currency)
    print(amount, "or", amount.plain(), "or", amount.major, "something" if amount else "nothing")
    print("one per cent:", amount.percent(Decimal(1)), "rounded up:", amount.percent_up(Decimal(1)))
    print("with it:", total([amount, amount.percent(Decimal(1))], amount.currency), "less it:", -amount)
    try:
        print("less than a dollar?", amount < Money(100, "USD"))
    except MoneyError as problem:
        print(problem)
    print("less one:", amount - cent, "is that less?", amount - cent < amount, "back:", Money.of(amount.major, amount.currency))
