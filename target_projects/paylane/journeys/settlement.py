"""A merchant is sent the statement of a day."""

WHO = "the bookkeeper of a merchant"
SUBJECT = "Statement of a day"
DETAIL = "Three merchants are set up in the steps; the rates are given."

CASES = {
    "an empty day": ([], "acme", "2024-03-05", {}),
    "one charge": ([("12:00", "100", "EUR", None)], "acme", "2024-03-05", {}),
    "a charge and a full refund": ([("12:00", "100", "EUR", "100")], "acme", "2024-03-05", {}),
    "a charge and a part refund": ([("12:00", "100", "EUR", "40")], "acme", "2024-03-05", {}),
    "several charges": ([("12:00", "100", "EUR", None), ("09:00", "50", "EUR", "10"), ("15:00", "3.33", "EUR", None)], "acme", "2024-03-05", {}),
    "a charge just before the cutoff": ([("16:59", "100", "EUR", None)], "acme", "2024-03-05", {}),
    "a charge at the cutoff": ([("17:00", "100", "EUR", None)], "acme", "2024-03-05", {}),
    "a charge at the cutoff, the day after": ([("17:00", "100", "EUR", None)], "acme", "2024-03-06", {}),
    "a refund after the cutoff, the day after": ([("16:59", "100", "EUR", "40")], "acme", "2024-03-06", {}),
    "a refund after the cutoff": ([("16:59", "100", "EUR", "40")], "acme", "2024-03-05", {}),
    "a desk in India": ([("12:00", "100", "EUR", None), ("12:31", "7", "EUR", None)], "acme", "2024-03-05", {"PAYLANE_SETTLEMENT_UTC_OFFSET": "+05:30"}),
    "a desk in Newfoundland": ([("21:29", "100", "EUR", None), ("21:30", "7", "EUR", None)], "acme", "2024-03-05", {"PAYLANE_SETTLEMENT_UTC_OFFSET": "-03:30"}),
    "a cutoff at noon": ([("10:59", "100", "EUR", None), ("11:00", "7", "EUR", None)], "acme", "2024-03-05", {"PAYLANE_SETTLEMENT_CUTOFF": "12:00"}),
    "two currencies": ([("12:00", "100", "EUR", None), ("12:10", "50", "USD", None)], "acme", "2024-03-05", {}),
    "three currencies through chains": ([("12:00", "100", "EUR", None), ("12:10", "50", "USD", "5"), ("12:20", "80", "GBP", None)], "acme", "2024-03-05", {}),
    "a currency without a rate": ([("12:00", "100", "EUR", None), ("12:10", "50", "SEK", None)], "acme", "2024-03-05", {}),
    "a payout in yen": ([("12:00", "100", "EUR", None), ("12:10", "50", "USD", None), ("12:20", "900", "JPY", None)], "kyoto", "2024-03-05", {}),
    "no fee for the exchange": ([("12:00", "50", "USD", None)], "acme", "2024-03-05", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "another merchant": ([("12:00", "100", "EUR", None)], "other", "2024-03-05", {}),
    "a declined charge": ([("12:00", "100", "EUR", "declined")], "acme", "2024-03-05", {}),
    "amex": ([("12:00", "100", "EUR", "amex")], "acme", "2024-03-05", {}),
}


def journey(payments, merchant, day, environ):
    import json
    from datetime import date
    from pathlib import Path

    from paylane.codecs import to_json
    from paylane.exchange import Exchange
    from paylane.moments import FixedClock
    from paylane.network import SandboxNetwork
    from paylane.rendering import statement_text
    from paylane.service import PaymentService
    from paylane.settings import load
    from paylane.settlement import build_statement
    from paylane.storage import connect

    text = '[merchants.acme]\n[merchants.kyoto]\ncurrency = "jpy"\n[merchants.other]\n'
    Path("paylane.toml").write_text(text, encoding="utf-8")
    pairs = [("USD", "EUR", "0.92"), ("GBP", "USD", "1.25"), ("EUR", "JPY", "161.3")]
    rates = [{"source": s, "target": t, "value": v, "at": "2024-03-05T08:00:00Z"} for s, t, v in pairs]
    Path("rates.json").write_text(json.dumps({"rates": rates}), encoding="utf-8")
    settings = load(environ=environ)
    clock = FixedClock("2024-03-05T00:00:00Z")
    service = PaymentService(connect(":memory:"), settings, SandboxNetwork(), clock)
    for number, (at, amount, currency, extra) in enumerate(payments):
        clock.now = clock.now.replace(hour=int(at[:2]), minute=int(at[3:]))
        card = {"token": "tok_poor" if extra == "declined" else "tok_1", "brand": "amex" if extra == "amex" else "visa"}
        owner = "acme" if merchant == "other" else merchant
        payment = service.charge(f"k{number}", {"merchant": owner, "amount": amount, "currency": currency, "card": card}).payment
        if extra and extra[0].isdigit():
            clock.forward("1m")
            service.refund(f"r{number}", payment.id, extra)
    statement = build_statement(service.book, settings.merchants[merchant], date.fromisoformat(day), Exchange.from_settings(settings, clock), settings)
    print(statement_text(statement))
    print(to_json(statement, indent=1))
