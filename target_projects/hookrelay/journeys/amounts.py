"""The payment services send amounts in many ways; the desk checks how they are taken."""

WHO = "a clerk at the payments desk"
SUBJECT = "Amounts in events"
DETAIL = "No event is needed for this: the amount is read by itself."

CASES = {
    "euros and cents": ("12.50", "EUR"),
    "a currency in small letters": ("12.50", " eur "),
    "blanks around the amount": (" 7.5 ", "EUR"),
    "thousands": ("1,250.00", "EUR"),
    "millions": ("1,234,567", "USD"),
    "thousands without commas": ("1234.5", "EUR"),
    "a whole number": (12, "EUR"),
    "nothing": ("0", "EUR"),
    "less than nothing": ("-0.05", "EUR"),
    "yen": ("1250", "JPY"),
    "yen with zeros": ("1250.00", "JPY"),
    "half a yen": ("0.5", "JPY"),
    "won": ("9", "KRW"),
    "Chilean pesos": ("15000", "CLP"),
    "Kuwaiti fils": ("1.234", "KWD"),
    "Bahraini fils": ("0.005", "BHD"),
    "Tunisian millimes": ("7.1", "TND"),
    "more decimals than fils": ("1.2345", "KWD"),
    "half a cent": ("12.505", "EUR"),
    "a cent and a zero": ("12.500", "EUR"),
    "a decimal comma": ("12,5", "EUR"),
    "a comma in the wrong place": ("1,2345", "EUR"),
    "a point at the end": ("1.", "EUR"),
    "a point at the beginning": (".5", "EUR"),
    "the currency behind it": ("12.50 EUR", "EUR"),
    "an exponent": ("1e3", "EUR"),
    "no amount": ("", "EUR"),
    "a float": (12.5, "EUR"),
    "yes instead of an amount": (True, "EUR"),
    "no currency": ("1", ""),
    "a currency of two letters": ("1", "EU"),
    "a currency of four letters": ("1", "EURO"),
    "a sign for the currency": ("1", "€"),
}


def journey(value, currency):
    from hookrelay.money import parse_amount

    amount = parse_amount(value, currency)
    print(amount.currency, amount.minor, "in the smallest unit")
