"""The desk works through a day on the command line."""

WHO = "a clerk at the payments desk"
SUBJECT = "Command line"
DETAIL = "The steps write five requests and a file of rates before the first command."

CHARGE = "charge request.json --key k1"

CASES = {
    "a charge": ([CHARGE], {}),
    "a charge twice": ([CHARGE, CHARGE], {}),
    "a charge of another file with the same key": ([CHARGE, "charge amex.json --key k1"], {}),
    "a declined charge": (["charge declined.json --key k1", "charge declined.json --key k1"], {}),
    "a charge without an answer": (["charge silent.json --key k1", "purge"], {}),
    "a file that is not there": (["charge absent.json --key k1"], {}),
    "a file that holds a list": (["charge list.json --key k1"], {}),
    "a file that is not JSON": (["charge paylane.toml --key k1"], {}),
    "no key": (["charge request.json"], {}),
    "a part refund": ([CHARGE, "refund ID 40 --key r1", "show ID"], {}),
    "a refund of the rest": ([CHARGE, "refund ID 40 --key r1", "refund ID --key r2", "show ID"], {}),
    "too large a refund": ([CHARGE, "refund ID 100.01 --key r1", "show ID"], {}),
    "a refund of nothing known": (["refund pay_404 --key r1"], {}),
    "a payment that is not there": (["show pay_404"], {}),
    "a conversion": (["convert USD100 EUR", "convert 100usd EUR"], {}),
    "a day that is over": ([CHARGE, "at 2024-03-05T17:00:00Z", "settle"], {}),
    "a day that is not over": ([CHARGE, "at 2024-03-05T16:59:59Z", "settle --day 2024-03-05"], {}),
    "the day before": ([CHARGE, "settle"], {}),
    "the last day that is over": ([CHARGE, "at 2024-03-06T09:00:00Z", "settle"], {}),
    "all merchants in yen and euros": ([CHARGE, "charge yen.json --key k2", "charge amex.json --key k3", "at 2024-03-06T09:00:00Z", "settle"], {}),
    "a day settled twice": ([CHARGE, "at 2024-03-06T09:00:00Z", "settle", "settle"], {}),
    "reports in JSON": ([CHARGE, "at 2024-03-06T09:00:00Z", "settle"], {"PAYLANE_SETTLEMENT_FORMAT": "json"}),
    "forgotten keys": ([CHARGE, "purge", "at 2024-03-06T12:00:00Z", "purge"], {}),
    "a key that is used again": ([CHARGE, "at 2024-03-06T12:00:00Z", CHARGE], {}),
    "a moment that is none": (["at noon", "purge"], {}),
    "another settings file": (["--config conf/p.toml purge", "--config conf/absent.toml purge"], {}),
    "a setting out of bounds": (["purge"], {"PAYLANE_EXCHANGE_MAX_HOPS": "9"}),
    "the version": (["--version"], {}),
    "an unknown command": (["list"], {}),
    "a day instead of a moment": (["at 2024-03-05", "purge"], {}),
    "no command": ([""], {}),
}


def journey(commands, environ):
    import contextlib
    import io
    import json
    from pathlib import Path

    from paylane.cli import main

    Path("paylane.toml").write_text('[merchants.acme]\n[merchants.kyoto]\ncurrency = "JPY"\n', encoding="utf-8")
    Path("conf").mkdir()
    Path("conf/p.toml").write_text('[storage]\ndatabase = "data/p.db"\n', encoding="utf-8")
    base = {"merchant": "acme", "amount": "100.00", "currency": "EUR", "descriptor": "Kraków", "card": {"token": "tok_1", "brand": "visa", "last4": "4242"}}
    changes = {"request": {}, "amex": {"amount": "EUR 50", "card": {"token": "tok_2", "brand": "amex"}}, "yen": {"merchant": "kyoto", "amount": 1500, "currency": "JPY"},
               "declined": {"card": {"token": "tok_poor", "brand": "visa"}}, "silent": {"card": {"token": "tok_silent", "brand": "visa"}}}
    for name, change in changes.items():
        Path(f"{name}.json").write_text(json.dumps({**base, **change}, ensure_ascii=False), encoding="utf-8")
    Path("list.json").write_text("[]", encoding="utf-8")
    rates = [{"source": "USD", "target": "EUR", "value": 0.92, "at": "2024-03-05T08:00:00Z"}]
    Path("rates.json").write_text(json.dumps({"rates": rates}), encoding="utf-8")
    moment, payment = "2024-03-05T12:00:00Z", "?"
    for command in commands:
        if command.startswith("at "):
            moment = command[3:]
            continue
        words = [payment if word == "ID" else word for word in command.split()]
        words = [word.replace("USD1", "USD 1").replace("0usd", "0 usd") for word in words]
        output = io.StringIO()
        with contextlib.redirect_stderr(output), contextlib.redirect_stdout(output):
            try:
                code = main(["--at", moment, *words], environ)
            except SystemExit as stop:
                code, output = f"stop {stop.code}", io.StringIO(output.getvalue() if "--version" in words else "")
        text = output.getvalue()
        print(f"{command} gives {code}\n{text}")
        payment = text.split()[0] if words and words[0] == "charge" and text.startswith("pay_") and payment == "?" else payment
    for file in sorted(Path(".").glob("settlements/**/*.*")):
        print(file.as_posix(), file.read_bytes())
    for file in (Path("network.jsonl"), Path("conf/data/p.db")):
        print(file.as_posix(), file.exists() and (file.suffix == ".db" or file.read_bytes()))
