"""A day at the desk with the packaged settings and tariffs, by the command line."""

import io
from pathlib import Path

from builders import NOON

from parcelrate.cli import main

SAMPLES = Path(__file__).parent.parent / "samples"


def run(*arguments):
    out = io.StringIO()
    code = main([str(argument) for argument in arguments], {}, out, NOON)
    return code, out.getvalue().splitlines()


def test_day_at_the_desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("load", SAMPLES / "rates.txt")[0] == 0
    assert run("convert", "100", "USD", "SEK")[1] == [
        "USD 100.00 = SEK 1,046.81 by FedEx",
        "USD -FedEx-> EUR -Svea Post-> SEK",
    ]
    code, lines = run("quote", SAMPLES / "orders.csv")
    assert code == 1
    assert [" ".join(line.split()[1:5]) for line in lines[1:5]] == [
        "WEB-1001 DHL 11.14 EUR",
        "WEB-1002 DHL 35.26 GBP",
        "WEB-1003 Svea Post 984.20",
        "WEB-1004 FedEx 80.46 USD",
    ]
    assert lines[-1] == "WEB-1005: unknown country QQ"
    assert run("accept", "Q20240305-0002")[1] == ["WEB-1002: GBP 35.26 by DHL"]
    assert run("quotes", "--save")[1][-1] == "saved: quotes-2024-03-05.txt"
