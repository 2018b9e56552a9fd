from decimal import Decimal

import pytest
from builders import rate

from parcelrate.errors import RateSyntaxError
from parcelrate.ratestrings import Rate, format_rates, parse_rates


def fault(text):
    with pytest.raises(RateSyntaxError) as caught:
        parse_rates(text)
    return str(caught.value)


def test_entries_in_their_order():
    assert parse_rates("USD:CAD:DHL:5, USD:GBP:FedEx:3, EUR:USD:UPS:8") == [
        Rate("USD", "CAD", "DHL", Decimal(5)),
        Rate("USD", "GBP", "FedEx", Decimal(3)),
        Rate("EUR", "USD", "UPS", Decimal(8)),
    ]


def test_what_does_not_matter():
    assert parse_rates("\n usd : cad:\tSvea Post :0.75\n") == [
        rate("USD", "CAD", "0.75", "Svea Post")
    ]

    assert parse_rates("USD:CAD:DHL:5,\n") == [rate("USD", "CAD", "5")]


def test_remarks():
    text = "#\n# morning, rates\nUSD:CAD:DHL:5,\n \t# EUR:CAD:DHL:1,\nEUR:USD:DHL:2"
    assert parse_rates(text) == [rate("USD", "CAD", "5"), rate("EUR", "USD", "2")]

    assert fault("# ab\nUSD:CAD:DHL:0") == "not a rate: '0' at position 18"


def test_empty_entries():
    assert fault("") == "an empty entry at position 1"
    assert fault(" ,") == "an empty entry at position 1"

    assert fault("USD:CAD:DHL:5,,EUR:CAD:DHL:5") == "an empty entry at position 15"


def test_wrong_number_of_fields():
    assert fault("USD:CAD:DHL:5, USD:GBP:3") == "3 fields instead of 4 at position 16"
    assert fault("USD:CAD:DHL:5:6") == "5 fields instead of 4 at position 1"

    assert fault("USD:usd:DHL:5") == "usd into itself at position 5"
    assert fault("usd:USD:DHL:5") == "USD into itself at position 5"


def test_position_of_a_currency():
    assert fault("USD:CAD:DHL:5, US:GBP:DHL:3") == "not a currency: 'US' at position 16"
    assert fault("USD:CAD:DHL:5, USD: G:DHL:3") == "not a currency: 'G' at position 21"
    assert fault("US :GBP:DHL:3") == "not a currency: 'US' at position 1"


def test_position_of_a_carrier():
    assert fault("USD:CAD::5") == "not a carrier: '' at position 9"
    assert fault("USD:CAD:  7-11:5") == "not a carrier: '7-11' at position 11"

    names = ["D", "Årstad", "Smith & Co. 2-Day", "O'Neil", "x" * 24]
    assert [parse_rates(f"USD:CAD:{name}:5")[0].carrier for name in names] == names
    for name in ("x" * 25, "_x", "a/b"):
        assert fault(f"USD:CAD:{name}:5").startswith("not a carrier")


def test_position_of_a_rate():
    assert fault("USD:CAD:DHL: x") == "not a rate: 'x' at position 14"
    caught = pytest.raises(RateSyntaxError, parse_rates, "USD:CAD:DHL:").value
    assert caught.position == 13

    for text in ("0.00000001", "999999999", "1.50"):
        assert parse_rates(f"USD:CAD:DHL:{text}")[0].value == Decimal(text)
    for text in ("0", "0.000", "-1", "1e3", "1.", ".5", "1.123456789", "1000000000"):
        assert fault(f"USD:CAD:DHL:{text}").startswith("not a rate")


def test_repeated_entry_comes_once():
    assert parse_rates("USD:CAD:DHL:5, USD:CAD:dhl:5.0") == [rate("USD", "CAD", "5")]
    assert len(parse_rates("USD:CAD:Groß:5, USD:CAD:GROSS:5")) == 1


def test_two_rates_for_a_pair():
    rates = parse_rates("USD:CAD:DHL:5, USD:CAD:UPS:4")
    assert [found.carrier for found in rates] == ["DHL", "UPS"]

    assert fault("USD:CAD:DHL:5,  usd:cad:dhl:6") == "another rate of dhl at position 17"


def test_written():
    rates = [
        rate("USD", "GBP", "3"),
        rate("USD", "CAD", "5", "UPS"),
        rate("EUR", "USD", "8"),
        rate("USD", "CAD", "5.10", "dhl"),
    ]
    assert format_rates(rates) == (
        "EUR:USD:DHL:8,\nUSD:CAD:dhl:5.1,\nUSD:CAD:UPS:5,\nUSD:GBP:DHL:3\n"
    )

    assert format_rates([rate("USD", "IDR", "15000.0")]) == "USD:IDR:DHL:15000\n"
    assert format_rates([rate("IDR", "USD", "0.00000100")]) == "IDR:USD:DHL:0.000001\n"
