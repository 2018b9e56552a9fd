"""Treasury asks what an amount is in another currency."""

WHO = "a colleague in treasury"
SUBJECT = "Exchanged amount"
DETAIL = "The clock of the steps stands at noon of the 5th of March 2024, in UTC."

USUAL = [("USD", "EUR", "0.9"), ("EUR", "GBP", "0.85")]

CASES = {
    "a direct rate": (USUAL, "USD 100", "EUR", {}),
    "a target in small letters": (USUAL, "USD 100", " eur ", {}),
    "an inverse rate": (USUAL, "EUR 100", "USD", {}),
    "a rate of its own beside the inverse one": ([*USUAL, ("EUR", "USD", "1.2")], "EUR 100", "USD", {}),
    "a chain": (USUAL, "USD 100", "GBP", {}),
    "a chain backwards": (USUAL, "GBP 100", "USD", {}),
    "a chain of three": ([*USUAL, ("GBP", "JPY", "190.5")], "USD 100", "JPY", {}),
    "a chain of four": ([*USUAL, ("GBP", "JPY", "190.5"), ("JPY", "KWD", "0.002")], "USD 100", "KWD", {}),
    "a chain of four that is allowed": ([*USUAL, ("GBP", "JPY", "190.5"), ("JPY", "KWD", "0.002")], "USD 100", "KWD", {"PAYLANE_EXCHANGE_MAX_HOPS": "4"}),
    "a chain of two that is not allowed": (USUAL, "USD 100", "GBP", {"PAYLANE_EXCHANGE_MAX_HOPS": "1"}),
    "a direct rate beside a better chain": ([*USUAL, ("USD", "GBP", "0.5")], "USD 100", "GBP", {}),
    "the better of two chains": ([*USUAL, ("USD", "CHF", "0.88"), ("CHF", "GBP", "0.9")], "USD 100", "GBP", {}),
    "the worse of two chains": ([*USUAL, ("USD", "SEK", "10"), ("SEK", "GBP", "0.05")], "USD 100", "GBP", {}),
    "two chains that give the same": ([*USUAL, ("USD", "CHF", "0.85"), ("CHF", "GBP", "0.9")], "USD 100", "GBP", {}),
    "a newer rate": ([("USD", "EUR", "0.8", "2024-03-05T10:00:00Z"), ("USD", "EUR", "0.7", "2024-03-05T11:00:00Z"), ("USD", "EUR", "0.6", "2024-03-05T09:00:00Z")], "USD 100", "EUR", {}),
    "two rates of one moment": ([*USUAL, ("USD", "EUR", "0.7")], "USD 100", "EUR", {}),
    "a rate that is just young enough": ([("USD", "EUR", "0.9", "2024-03-04T00:00:00Z")], "USD 100", "EUR", {}),
    "a rate that is a second too old": ([("USD", "EUR", "0.9", "2024-03-03T23:59:59Z")], "USD 100", "EUR", {}),
    "a rate in another time zone": ([("USD", "EUR", "0.9", "2024-03-04T01:00:00+01:00")], "USD 100", "EUR", {}),
    "a shorter age of rates": ([("USD", "EUR", "0.9", "2024-03-05T09:59:59Z")], "USD 100", "EUR", {"PAYLANE_EXCHANGE_MAX_AGE": "2h"}),
    "an old rate in a chain": ([("USD", "EUR", "0.9"), ("EUR", "GBP", "0.8", "2024-03-01T00:00:00Z")], "USD 100", "GBP", {}),
    "the same currency": (USUAL, "EUR 100", "EUR", {}),
    "the same currency without a rate": ([], "JPY 100", "JPY", {}),
    "a fee that is rounded up": (USUAL, "USD 1.01", "EUR", {}),
    "a fee of a quarter": (USUAL, "USD 100", "EUR", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0.25 %"}),
    "no fee": (USUAL, "USD 100", "EUR", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a cent, rounded to even": ([("USD", "GBP", "0.125")], "USD 1", "GBP", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a centime, rounded up": ([("USD", "CHF", "0.125")], "USD 1", "CHF", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a grosz, rounded up": ([("USD", "PLN", "0.125")], "USD 1", "PLN", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half an öre, rounded up": ([("USD", "SEK", "0.125")], "USD 1", "SEK", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a cent of Canada, rounded to even": ([("USD", "CAD", "0.125")], "USD 1", "CAD", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a cent of Australia, rounded to even": ([("USD", "AUD", "0.125")], "USD 1", "AUD", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a euro cent, rounded to even": ([("USD", "EUR", "0.125")], "USD 1", "EUR", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a fils, rounded to even": ([("USD", "KWD", "0.0125")], "USD 1", "KWD", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a fils of Bahrain, rounded to even": ([("USD", "BHD", "0.0125")], "USD 1", "BHD", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "half a króna, rounded up": ([("USD", "ISK", "0.5")], "USD 1", "ISK", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "yen, rounded down": ([("USD", "JPY", "150.99")], "USD 1", "JPY", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "a chain that is rounded once": ([("USD", "JPY", "150.4"), ("JPY", "KWD", "0.002")], "USD 0.01", "KWD", {"PAYLANE_EXCHANGE_FEE_PERCENT": "0"}),
    "a rate with no end": ([("EUR", "USD", "3")], "USD 900,000,000.00", "EUR", {}),
    "an amount that is too small": ([("USD", "KWD", "0.0004")], "USD 1", "KWD", {}),
    "nothing": (USUAL, "USD 0", "EUR", {}),
    "less than nothing": (USUAL, "USD -5", "EUR", {}),
    "a currency without a rate": (USUAL, "USD 5", "JPY", {}),
    "a currency on an island": ([*USUAL, ("JPY", "KWD", "0.002")], "USD 5", "JPY", {}),
    "an unknown currency": (USUAL, "USD 5", "XYZ", {}),
    "an amount without a currency": (USUAL, "5", "EUR", {}),
    "a rate of zero": ([("USD", "EUR", "0")], "USD 5", "EUR", {}),
    "a rate of a currency to itself": ([("USD", "USD", "1")], "USD 5", "EUR", {}),
    "no file of rates": (None, "USD 5", "EUR", {}),
}


def journey(rates, amount, target, environ):
    import json
    from pathlib import Path

    from paylane.exchange import Exchange
    from paylane.moments import FixedClock
    from paylane.money import parse_money
    from paylane.rendering import conversion_line
    from paylane.settings import load

    usual = "2024-03-05T08:00:00Z"
    if rates is not None:
        entries = [{"source": s, "target": t, "value": v, "at": (at or [usual])[0]} for s, t, v, *at in rates]
        Path("rates.json").write_text(json.dumps({"provider": "Banca Łódź", "rates": entries}, ensure_ascii=False), encoding="utf-8")
    exchange = Exchange.from_settings(load(environ=environ), FixedClock("2024-03-05T12:00:00Z"))
    result = exchange.convert(parse_money(amount), target)
    print(conversion_line(result))
    print(result.source, result.fee, result.target, result.rate, result.path)
