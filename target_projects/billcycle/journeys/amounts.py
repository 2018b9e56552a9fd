"""A clerk types an amount, and the tax on it is worked out."""

WHO = "a clerk who books payments by hand"
SUBJECT = "Amount typed by a clerk"
DETAIL = "No invoice is needed for this: the amount is typed by itself."

CASES = {
    "a whole number": ("12", "EUR"),
    "two decimals": ("12.50", "EUR"),
    "one decimal": ("12.5", "EUR"),
    "zero": ("0", "EUR"),
    "one cent": ("0.01", "EUR"),
    "half a cent of tax": ("0.50", "EUR"),
    "a negative amount": ("-3.20", "EUR"),
    "commas between thousands": ("1,234.50", "EUR"),
    "commas between millions": ("12,345,678", "EUR"),
    "a long number without commas": ("1234567.89", "EUR"),
    "a currency in the text": ("USD 9.99", "EUR"),
    "a currency in small letters": ("gbp 9.99", "EUR"),
    "Swiss francs": ("100", "CHF"),
    "yen": ("1500", "JPY"),
    "yen with decimals": ("1500.5", "JPY"),
    "dinars with three decimals": ("1.234", "KWD"),
    "euros with three decimals": ("1.234", "EUR"),
    "two blanks after the currency": ("EUR  7", "EUR"),
    "blanks around it": (" 7 ", "EUR"),
    "a comma in the wrong place": ("1,23", "EUR"),
    "a currency that is not known": ("DOGE 5", "EUR"),
    "a currency after the number": ("12 EUR", "EUR"),
    "no text": ("", "EUR"),
}


def journey(text, currency):
    from decimal import Decimal

    from billcycle.money import Money, parse_money, total

    amount = parse_money(text, currency)
    print(amount, "or", amount.plain(), "and 21 % of it:", amount.percent(Decimal(21)))
    print("together with its tax:", total([amount, amount.percent(Decimal(21))], currency))
    print("less one:", amount - Money(1, currency), "is below it:", amount - Money(1, currency) < amount)
