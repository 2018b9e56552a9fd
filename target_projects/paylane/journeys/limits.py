"""A shop charges the least and the most that a currency allows, and a little less and more."""

WHO = "a developer of a shop"
SUBJECT = "Limits of a charge"
DETAIL = "Six amounts are tried, three at either limit."

CASES = {
    "the limits in Australian dollars": ("AUD", 50, 99999999),
    "the limits in dinars of Bahrain": ("BHD", 200, 99999999),
    "the limits in Canadian dollars": ("CAD", 50, 99999999),
    "the limits in francs": ("CHF", 50, 99999999),
    "the limits in euros": ("EUR", 50, 99999999),
    "the limits in pounds": ("GBP", 30, 99999999),
    "the limits in krónur": ("ISK", 100, 9999999),
    "the limits in yen": ("JPY", 50, 9999999),
    "the limits in dinars of Kuwait": ("KWD", 150, 99999999),
    "the limits in złoty": ("PLN", 200, 99999999),
    "the limits in kronor": ("SEK", 300, 99999999),
    "the limits in dollars": ("USD", 50, 99999999),
}


def journey(currency, least, most):
    from decimal import Decimal
    from pathlib import Path

    from paylane.currencies import find_currency
    from paylane.errors import RequestError
    from paylane.fees import charge_fee
    from paylane.intake import parse_charge
    from paylane.settings import load

    Path("paylane.toml").write_text("[merchants.acme]\n", encoding="utf-8")
    settings, known = load(environ={}), find_currency(currency.lower())
    print(known.name, known.digits, known.rounding)
    print("0.5 and 1.5 of the least unit:", [known.to_minor(Decimal(n).scaleb(-1 - known.digits)) for n in (4, 5, 15, 25, 29)])
    for amount in (least - 1, least, least + 1, most - 1, most, most + 1):
        record = {"merchant": "acme", "amount": amount, "currency": currency, "card": {"token": "tok_1", "brand": "jcb"}}
        try:
            accepted = parse_charge(record, settings).amount
            print(accepted, "fee", charge_fee(settings.fees, accepted, "jcb"), "or", charge_fee(settings.fees, accepted, "amex"))
        except RequestError as problem:
            print(problem.problems)
