"""A shop sends a charge request, and looks at what became of it."""

WHO = "a developer of a shop"
SUBJECT = "Charge request"
DETAIL = "Two merchants are set up in the steps; the card network is the sandbox."

CASES = {
    "an ordinary charge": ({},),
    "a merchant in capitals with blanks": ({"merchant": " ACME "},),
    "a merchant paid in yen": ({"merchant": "kyoto"},),
    "an unknown merchant": ({"merchant": "nobody"},),
    "a merchant that is no id": ({"merchant": "a!"},),
    "a merchant that is a number": ({"merchant": 5},),
    "no merchant": ({"merchant": None},),
    "minor units": ({"amount": 10000},),
    "minor units without a currency": ({"amount": 10000, "currency": None},),
    "a currency in the amount": ({"amount": "USD 12.50", "currency": None},),
    "two currencies": ({"amount": "USD 12.50"},),
    "a currency in small letters": ({"currency": " usd "},),
    "a currency that is a number": ({"currency": 978},),
    "yen": ({"amount": "1500", "currency": "JPY"},),
    "yen in minor units": ({"amount": 1500, "currency": "jpy"},),
    "dinars": ({"amount": "12.345", "currency": "KWD"},),
    "dinars of Bahrain, the least": ({"amount": "0.200", "currency": "BHD"},),
    "pounds": ({"currency": "GBP"},),
    "Australian dollars": ({"currency": "AUD"},),
    "Canadian dollars": ({"currency": "CAD"},),
    "francs": ({"currency": "CHF"},),
    "złoty": ({"currency": "PLN"},),
    "kronor": ({"currency": "SEK"},),
    "the least in euros": ({"amount": "0.50"},),
    "less than the least in euros": ({"amount": "0.49"},),
    "the least in pounds": ({"amount": "0.30", "currency": "GBP"},),
    "less than the least in pounds": ({"amount": "0.29", "currency": "GBP"},),
    "less than the least in złoty": ({"amount": "1.99", "currency": "PLN"},),
    "less than the least in kronor": ({"amount": "2.99", "currency": "SEK"},),
    "less than the least in dinars": ({"amount": "0.149", "currency": "KWD"},),
    "less than the least in krónur": ({"amount": "99", "currency": "ISK"},),
    "the most in euros": ({"amount": "999,999.99"},),
    "more than the most in euros": ({"amount": "1,000,000.00"},),
    "more than the most in yen": ({"amount": "10000000", "currency": "JPY"},),
    "an amount that is a fraction": ({"amount": 12.5},),
    "an amount that is true": ({"amount": True},),
    "an amount in words": ({"amount": "much"},),
    "no amount": ({"amount": None},),
    "a small amex charge": ({"amount": "0.50", "card": {"token": "tok_1", "brand": "amex"}},),
    "amex by its full name": ({"card": {"token": "tok_1", "brand": " American  Express "}},),
    "Mastercard in two words": ({"card": {"token": "tok_1", "brand": "Master Card"}},),
    "mc": ({"card": {"token": "tok_1", "brand": "mc"}},),
    "mastercard": ({"card": {"token": "tok_1", "brand": "mastercard"}},),
    "jcb": ({"card": {"token": "tok_1", "brand": "jcb"}},),
    "a brand that is a number": ({"card": {"token": "tok_1", "brand": 5}},),
    "digits that are a number": ({"card": {"token": "tok_1", "brand": "visa", "last4": 4242}},),
    "no token": ({"card": {"brand": "visa"}},),
    "diners": ({"card": {"token": "tok_1", "brand": "diners"}},),
    "a long token": ({"card": {"token": " tok_Visa_Gold_9 ", "brand": "VISA"}},),
    "a token that ends in an underscore": ({"card": {"token": "tok_a_", "brand": "visa"}},),
    "a card number instead of a token": ({"card": {"token": "4242424242424242", "brand": "visa"}},),
    "a card number instead of four digits": ({"card": {"token": "tok_1", "brand": "visa", "last4": "4000 1234"}},),
    "three digits": ({"card": {"token": "tok_1", "brand": "visa", "last4": "424"}},),
    "no digits": ({"card": {"token": "tok_1", "brand": "visa"}},),
    "a card that is text": ({"card": "tok_1"},),
    "no card": ({"card": None},),
    "a card that is declined": ({"card": {"token": "tok_declined", "brand": "visa"}},),
    "a card without money": ({"card": {"token": "tok_poor", "brand": "visa"}},),
    "a lost card": ({"card": {"token": "tok_lost", "brand": "visa"}},),
    "an expired card": ({"card": {"token": "tok_expired", "brand": "visa"}},),
    "a silent network": ({"card": {"token": "tok_silent", "brand": "visa"}},),
    "a descriptor": ({"descriptor": "  ACME \n Kraków "},),
    "a descriptor with forbidden characters": ({"descriptor": "<Joe's> \"Bar\" *\\"},),
    "a descriptor with a combining accent": ({"descriptor": "Cafe\u0301 de la Gare du No"},),
    "a descriptor of 22 characters": ({"descriptor": "x" * 22},),
    "a descriptor of 23 characters": ({"descriptor": "x" * 23},),
    "a field that we do not know": ({"tip": "5"},),
    "a request with everything wrong": ({"merchant": None, "amount": "0.10", "card": {"token": "y", "brand": "x"}, "tip": 1},),
}


def journey(changes):
    from datetime import timedelta, timezone
    from pathlib import Path

    from paylane.moments import FixedClock
    from paylane.network import SandboxNetwork
    from paylane.rendering import payment_details
    from paylane.service import PaymentService
    from paylane.settings import load
    from paylane.storage import connect

    Path("paylane.toml").write_text("[merchants.acme]\n[merchants.kyoto]\ncurrency = 'JPY'\n", encoding="utf-8")
    record = {"merchant": "acme", "amount": "100.00", "currency": "EUR",
              "card": {"token": "tok_visa_1", "brand": "visa", "last4": "4242"}}
    record = {name: value for name, value in {**record, **changes}.items() if value is not None}
    clock, network = FixedClock("2024-03-05T12:00:00Z"), SandboxNetwork()
    service = PaymentService(connect(":memory:"), load(environ={}), network, clock)
    outcome = service.charge("k1", record)
    print(payment_details(outcome.payment, timezone(timedelta(hours=1))))
    print("taken from the card:", network.balance(outcome.payment.currency), "again:", service.charge("k1", record).replayed)
