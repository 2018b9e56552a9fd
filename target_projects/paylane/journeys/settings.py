"""An operator changes a setting and looks at what the service makes of it."""

WHO = "an operator of the payment service"
SUBJECT = "Settings of the service"
DETAIL = "A second settings file lies in the home folder, which the steps make."

CASES = {
    "no settings at all": ("", {}),
    "other places": ('[storage]\ndatabase = "data/../p.db"\n[exchange]\nrates = "~/r.json"\n[network]\njournal = "j"\n[settlement]\nfolder = "out"', {}),
    "other keys": ('[idempotency]\nkeep = "2d"\nlock = "1m 30s"\nmax_key_length = 100', {}),
    "other charges": ("[charges]\ndescriptor_length = 12", {}),
    "other refunds": ('[refunds]\nwindow = "90d"\nmax_per_payment = 2\nfee = "KEEP"', {}),
    "other fees": ('[fees]\npercent = "1.4"\n[fees.fixed]\nusd = 5\nJPY = 40\n[fees.brands]\nVisa = "0.1"\namex = 1', {}),
    "a place with a Polish letter": ('[storage]\ndatabase = "płatności.db"', {}),
    "refunds in a fraction": ("", {"REFUNDS_MAX_PER_PAYMENT": "0.5"}),
    "another exchange": ('[exchange]\nfee_percent = 2\nmax_age = "48h"\nmax_hops = 2', {}),
    "another settlement": ('[settlement]\ncurrency = "gbp"\nutc_offset = "Z"\ncutoff = "9:05"\nformat = "JSON"', {}),
    "merchants": ('[merchants.zoo]\n[merchants.acme]\ncurrency = "usd"', {}),
    "blanks around values": ('[storage]\ndatabase = " p.db "', {"REFUNDS_FEE": " keep ", "EXCHANGE_RATES": " ~/r.json "}),
    "merchants with digits and dashes": ('[merchants.acme-2]\n[merchants.shop_7]', {}),
    "a merchant with a very long id": ('[merchants.' + "a" * 33 + ']', {}),
    "a merchant with the longest id": ('[merchants.' + "a" * 32 + ']', {}),
    "a merchant in capitals": ('[merchants.ACME]', {}),
    "a merchant with too short an id": ('[merchants.ac]', {}),
    "a merchant with a field too many": ('[merchants.acme]\nowner = "x"', {}),
    "a merchant with an unknown currency": ('[merchants.acme]\ncurrency = "XYZ"', {}),
    "a merchant that is a number": ('[merchants]\nacme = 5', {}),
    "a file and a variable": ("[exchange]\nmax_hops = 1", {"EXCHANGE_MAX_HOPS": " 2 "}),
    "a variable that is empty": ("[exchange]\nmax_hops = 1", {"EXCHANGE_MAX_HOPS": ""}),
    "a variable that names a file": ("", {"CONFIG": "~/other.toml"}),
    "a variable that names no file": ("", {"CONFIG": "absent.toml"}),
    "a life of keys in capitals": ("", {"IDEMPOTENCY_KEEP": "2D"}),
    "the shortest life of keys": ("", {"IDEMPOTENCY_KEEP": "60m"}),
    "too short a life of keys": ("", {"IDEMPOTENCY_KEEP": "59m"}),
    "the longest life of keys": ("", {"IDEMPOTENCY_KEEP": "30d"}),
    "too long a life of keys": ("", {"IDEMPOTENCY_KEEP": "31d"}),
    "the shortest lock": ("", {"IDEMPOTENCY_LOCK": "5000ms"}),
    "too short a lock": ("", {"IDEMPOTENCY_LOCK": "4s"}),
    "the longest lock": ("", {"IDEMPOTENCY_LOCK": "15m"}),
    "too long a lock": ("", {"IDEMPOTENCY_LOCK": "15m 1s"}),
    "the shortest keys": ("", {"IDEMPOTENCY_MAX_KEY_LENGTH": "16"}),
    "keys that are too short": ("", {"IDEMPOTENCY_MAX_KEY_LENGTH": "15"}),
    "the longest keys": ("", {"IDEMPOTENCY_MAX_KEY_LENGTH": "255"}),
    "keys that are too long": ("", {"IDEMPOTENCY_MAX_KEY_LENGTH": "256"}),
    "the shortest descriptor": ("", {"CHARGES_DESCRIPTOR_LENGTH": "5"}),
    "too short a descriptor": ("", {"CHARGES_DESCRIPTOR_LENGTH": "4"}),
    "too long a descriptor": ("", {"CHARGES_DESCRIPTOR_LENGTH": "23"}),
    "the shortest window": ("", {"REFUNDS_WINDOW": "24h"}),
    "too short a window": ("", {"REFUNDS_WINDOW": "23h"}),
    "the longest window": ("", {"REFUNDS_WINDOW": "365d"}),
    "too long a window": ("", {"REFUNDS_WINDOW": "366d"}),
    "one refund": ("", {"REFUNDS_MAX_PER_PAYMENT": "1"}),
    "no refund": ("", {"REFUNDS_MAX_PER_PAYMENT": "0"}),
    "a hundred refunds": ("", {"REFUNDS_MAX_PER_PAYMENT": "100"}),
    "more than a hundred refunds": ("", {"REFUNDS_MAX_PER_PAYMENT": "101"}),
    "an unknown way with fees": ("", {"REFUNDS_FEE": "half"}),
    "no fee": ("", {"FEES_PERCENT": "0"}),
    "a fee below zero": ("", {"FEES_PERCENT": "-0.1"}),
    "the highest fee": ("", {"FEES_PERCENT": "20 %"}),
    "too high a fee": ("", {"FEES_PERCENT": "20.1"}),
    "a fee that is no number": ("", {"FEES_PERCENT": "NaN"}),
    "a fee in words": ("", {"FEES_PERCENT": "few"}),
    "the highest fee of the exchange": ("", {"EXCHANGE_FEE_PERCENT": "10"}),
    "too high a fee of the exchange": ("", {"EXCHANGE_FEE_PERCENT": "10.5"}),
    "a fixed fee below zero": ("[fees.fixed]\nEUR = -1", {}),
    "a fixed fee that is a fraction": ("[fees.fixed]\nEUR = 0.3", {}),
    "a fixed fee that is true": ("[fees.fixed]\nEUR = true", {}),
    "a fixed fee of an unknown currency": ("[fees.fixed]\nXYZ = 1", {}),
    "too high a fee of a brand": ("[fees.brands]\namex = 21", {}),
    "the youngest rates": ("", {"EXCHANGE_MAX_AGE": "1h"}),
    "rates that are too young": ("", {"EXCHANGE_MAX_AGE": "59m"}),
    "the oldest rates": ("", {"EXCHANGE_MAX_AGE": "7d"}),
    "rates that are too old": ("", {"EXCHANGE_MAX_AGE": "8d"}),
    "an age without a unit": ("", {"EXCHANGE_MAX_AGE": "36"}),
    "five hops": ("", {"EXCHANGE_MAX_HOPS": "5"}),
    "six hops": ("", {"EXCHANGE_MAX_HOPS": "6"}),
    "no hop": ("", {"EXCHANGE_MAX_HOPS": "0"}),
    "the desk at the date line": ("", {"SETTLEMENT_UTC_OFFSET": "+14:00"}),
    "the desk beyond the date line": ("", {"SETTLEMENT_UTC_OFFSET": "+14:01"}),
    "the desk in Newfoundland": ("", {"SETTLEMENT_UTC_OFFSET": "-0330"}),
    "the desk in utc": ("", {"SETTLEMENT_UTC_OFFSET": "utc"}),
    "the desk in Paris": ("", {"SETTLEMENT_UTC_OFFSET": "CET"}),
    "a cutoff at midnight": ("", {"SETTLEMENT_CUTOFF": "0:00"}),
    "a cutoff in the last minute": ("", {"SETTLEMENT_CUTOFF": "23:59"}),
    "a cutoff after the last minute": ("", {"SETTLEMENT_CUTOFF": "24:00"}),
    "a cutoff at seven in the evening": ("", {"SETTLEMENT_CUTOFF": "19:30"}),
    "an unknown format": ("", {"SETTLEMENT_FORMAT": "xls"}),
    "an unknown section": ("[fee]", {}),
    "an unknown setting": ("[refunds]\nwindows = 1", {}),
    "a section that is a value": ("fees = 5", {}),
    "a value that is a table": ("[refunds.window]\ndays = 5", {}),
    "a table that is a value": ("[fees]\nfixed = 5", {}),
    "a file that is not TOML": ("[fees", {}),
}


def journey(text, environ):
    import os
    from pathlib import Path

    from paylane.settings import load

    os.environ["HOME"] = str(Path("home").absolute())
    Path("home").mkdir()
    Path("home/other.toml").write_text("[exchange]\nmax_hops = 5", encoding="utf-8")
    Path("paylane.toml").write_text(text, encoding="utf-8")
    settings = load(environ={f"PAYLANE_{name}": value for name, value in environ.items()})
    fees, merchants = settings.fees, list(settings.merchants.values())
    for name, value in {**vars(settings), "fees": "", "merchants": merchants}.items():
        print(f"{name}: {value.as_posix() if isinstance(value, Path) else value}")
    print(fees.percent, sorted(fees.fixed.items()), sorted(fees.brands.items()), fees.on_refund)
