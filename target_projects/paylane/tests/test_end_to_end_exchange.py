"""From the file of the rate feed to what the desk and the merchants are told."""

import json

import pytest
from builders import AT, make_record


@pytest.fixture
def feed(tmp_path):
    """Bring the rates of now: `feed({"USD/EUR": "0.9"})`."""

    def feed(rates):
        entries = []
        for pair, value in rates.items():
            source, _, target = pair.partition("/")
            entries.append({"source": source, "target": target, "value": value, "at": AT})
        (tmp_path / "rates.json").write_text(json.dumps({"rates": entries}), encoding="utf-8")

    return feed


def test_rate_of_the_pair(run, feed):
    feed({"USD/EUR": 0.9})
    assert run("convert", "100 usd", "eur") == (
        0, "USD 100.00 = EUR 89.10 (fee USD 1.00, rate 0.90000000, USD > EUR)\n",
    )  # fmt: skip
    assert run("convert", "EUR 100", "USD") == (
        0, "EUR 100.00 = USD 110.00 (fee EUR 1.00, rate 1.11111111, EUR > USD)\n",
    )  # fmt: skip


def test_chain_as_long_as_the_pair_has_no_rate(run, feed):
    chain = {"USD/EUR": "0.9", "EUR/GBP": "0.8"}
    feed(chain)
    assert run("convert", "USD 100", "GBP") == (
        0, "USD 100.00 = GBP 71.28 (fee USD 1.00, rate 0.72000000, USD > EUR > GBP)\n",
    )  # fmt: skip

    feed({**chain, "USD/GBP": "0.7"})
    assert run("convert", "USD 100", "GBP") == (
        0, "USD 100.00 = GBP 69.30 (fee USD 1.00, rate 0.70000000, USD > GBP)\n",
    )  # fmt: skip


def test_no_rates_that_lead_there(run, feed):
    refused = 1, "paylane: no rate from USD to GBP in 3 hops\n"
    assert run("convert", "USD 1", "GBP") == refused
    feed({"USD/EUR": "0.9", "CHF/GBP": "0.9"})
    assert run("convert", "USD 1", "GBP") == refused

    feed({"USD/EUR": "0.9", "EUR/GBP": "0.8"})
    assert run("convert", "USD 1", "GBP", at="2024-03-07T00:00:00Z")[0] == 0
    assert run("convert", "USD 1", "GBP", at="2024-03-07T00:00:01Z") == refused
    assert run("convert", "USD 1", "GBP", PAYLANE_EXCHANGE_MAX_HOPS="1") == (
        1, "paylane: no rate from USD to GBP in 1 hops\n",
    )  # fmt: skip


def test_payout_through_a_chain(run, feed, tmp_path):
    record = make_record(merchant="kyoto", currency="USD")
    (tmp_path / "request.json").write_text(json.dumps(record), encoding="utf-8")
    run("charge", "request.json", "--key", "k1")
    feed({"USD/EUR": "0.9", "EUR/JPY": "160"})
    _, text = run("settle", at="2024-03-05T17:00:00Z")
    assert text.splitlines()[-3:] == [
        "  USD 96.80 = JPY 13,799 (fee USD 0.97, rate 144.00000000, USD > EUR > JPY)",
        "  payout JPY 13,799",
        "  2024/03/05/kyoto.csv",
    ]
