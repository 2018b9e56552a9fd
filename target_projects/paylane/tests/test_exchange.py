from datetime import timedelta
from decimal import Decimal

import pytest
from builders import NOON, eur, make_settings, usd

from paylane.errors import CodecError, CurrencyError, ExchangeError, NoRoute
from paylane.exchange import Exchange, Rate, RateTable, Route, read_rates
from paylane.money import Money


def rate(pair, value, age="0", **changes):
    source, _, target = pair.partition("/")
    at = NOON - timedelta(hours=int(age))
    return Rate(source, target, Decimal(value), **{"at": at, **changes})


def table(*entries, max_hops=3):
    return RateTable([rate(*entry) for entry in entries], max_hops)


def exchange(*entries, clock, **changes):
    return Exchange(table(*entries), make_settings(**changes), clock)


CHAIN = [("USD/EUR", "0.9"), ("EUR/GBP", "0.8")]


def test_rates_that_make_no_sense():
    with pytest.raises(ExchangeError, match="^USD/EUR: a rate is more than zero$"):
        rate("USD/EUR", "0")
    with pytest.raises(ExchangeError, match="^USD/USD: a rate needs two currencies$"):
        rate("USD/USD", "1")


def test_direct_and_inverse_rates():
    assert table(*CHAIN).direct("USD", "EUR") == Decimal("0.9")
    assert table(*CHAIN).direct("USD", "GBP") is None

    assert table(("USD/EUR", "0.8")).direct("EUR", "USD") == Decimal("1.25")

    both = table(("USD/EUR", "0.9"), ("EUR/USD", "1.1"))
    assert both.direct("EUR", "USD") == Decimal("1.1")
    assert both.direct("USD", "EUR") == Decimal("0.9")


def test_newest_rate_counts():
    entries = [("USD/EUR", "0.8", "2"), ("USD/EUR", "0.9", "1"), ("USD/EUR", "0.7", "3")]
    assert table(*entries).direct("USD", "EUR") == Decimal("0.9")

    assert table(("USD/EUR", "0.8"), ("USD/EUR", "0.9")).direct("USD", "EUR") == Decimal("0.9")


def test_neighbours_in_both_directions():
    rates = table(("USD/EUR", "1"), ("EUR/GBP", "1"), ("CHF/EUR", "1"))
    assert rates.neighbours("EUR") == ["CHF", "GBP", "USD"]
    assert rates.neighbours("USD") == ["EUR"]
    assert rates.neighbours("JPY") == []


def test_route_within_a_currency():
    assert table().route("EUR", "EUR") == Route(("EUR",), Decimal(1))


def test_chain():
    assert table(*CHAIN).route("USD", "GBP") == Route(("USD", "EUR", "GBP"), Decimal("0.72"))


def test_chain_against_the_rates():
    way = table(("EUR/USD", "1.25"), ("GBP/EUR", "1.25")).route("USD", "GBP")
    assert way == Route(("USD", "EUR", "GBP"), Decimal("0.64"))


def test_direct_rate_comes_before_a_better_chain():
    way = table(*CHAIN, ("USD/GBP", "0.5")).route("USD", "GBP")
    assert way == Route(("USD", "GBP"), Decimal("0.5"))


def test_best_of_equally_short_chains():
    through_chf = [("USD/CHF", "0.9"), ("CHF/GBP", "0.9")]
    assert table(*CHAIN, *through_chf).route("USD", "GBP").path == ("USD", "CHF", "GBP")

    worse = [("USD/SEK", "10"), ("SEK/GBP", "0.05")]
    assert table(*CHAIN, *worse).route("USD", "GBP").path == ("USD", "EUR", "GBP")


def test_first_of_equally_good_chains():
    same = [("USD/CHF", "0.8"), ("CHF/GBP", "0.9")]
    assert table(*CHAIN, *same).route("USD", "GBP").path == ("USD", "CHF", "GBP")

    ones = ("USD/CHF", "USD/EUR", "CHF/SEK", "EUR/GBP", "SEK/JPY", "GBP/JPY")
    way = table(*((pair, "1") for pair in ones)).route("USD", "JPY")
    assert way.path == ("USD", "EUR", "GBP", "JPY")


def test_number_of_hops():
    long = [*CHAIN, ("GBP/JPY", "190"), ("JPY/KWD", "0.002")]
    assert table(*long).route("USD", "JPY").path == ("USD", "EUR", "GBP", "JPY")
    with pytest.raises(NoRoute, match="^no rate from USD to KWD in 3 hops$"):
        table(*long).route("USD", "KWD")
    assert len(table(*long, max_hops=4).route("USD", "KWD").path) == 5
    with pytest.raises(NoRoute, match="in 1 hops"):
        table(*long, max_hops=1).route("USD", "GBP")

    with pytest.raises(NoRoute, match="from USD to JPY"):
        table(*CHAIN, ("JPY/KWD", "1")).route("USD", "JPY")


def test_old_rates_do_not_count():
    rates = table(("USD/EUR", "0.9", "36"), ("EUR/GBP", "0.8", "37"))
    young = rates.fresh(NOON, timedelta(hours=36))
    assert young.direct("USD", "EUR") == Decimal("0.9")
    assert young.direct("EUR", "GBP") is None
    assert rates.direct("EUR", "GBP") is not None

    assert table(max_hops=2).fresh(NOON, timedelta(hours=1)).max_hops == 2


def test_conversion(clock):
    result = exchange(("USD/EUR", "0.9"), clock=clock).convert(usd(10000), "EUR")
    assert (result.source, result.fee, result.target) == (usd(10000), usd(100), eur(8910))
    assert (str(result.rate), result.path) == ("0.90000000", ("USD", "EUR"))


def test_conversion_through_a_chain(clock):
    result = exchange(*CHAIN, clock=clock).convert(usd(10000), " gbp ")
    assert result.target == Money(7128, "GBP")
    assert result.path == ("USD", "EUR", "GBP")


def test_chain_is_rounded_once(clock):
    entries = [("USD/JPY", "150.4"), ("JPY/KWD", "0.002")]
    result = exchange(*entries, clock=clock, exchange_percent=Decimal(0)).convert(usd(1), "KWD")
    assert result.target == Money(3, "KWD")


def test_shown_rate_has_eight_places_and_amounts_are_exact(clock):
    desk = exchange(("EUR/USD", "3"), clock=clock, exchange_percent=Decimal(0))
    result = desk.convert(usd(90000000000), "EUR")
    assert str(result.rate) == "0.33333333"
    assert result.target == eur(30000000000)


def test_rounding_is_that_of_the_target(clock):
    for value, target, minor in [
        ("0.125", "GBP", 12),
        ("0.125", "CHF", 13),
        ("150.99", "JPY", 150),
        ("0.0005", "KWD", 0),
        ("0.0015", "KWD", 2),
    ]:
        desk = exchange((f"USD/{target}", value), clock=clock, exchange_percent=Decimal(0))
        if minor:
            assert desk.convert(usd(100), target).target == Money(minor, target)
        else:
            with pytest.raises(ExchangeError, match="too little to exchange into KWD"):
                desk.convert(usd(100), target)


def test_fee_is_rounded_up(clock):
    desk = exchange(("USD/EUR", "1"), clock=clock)
    assert desk.convert(usd(101), "EUR").fee == usd(2)
    assert desk.convert(usd(100), "EUR").fee == usd(1)


def test_no_fee_within_a_currency(clock):
    result = exchange(clock=clock).convert(eur(101), "eur")
    assert (result.fee, result.target, result.path) == (eur(0), eur(101), ("EUR",))
    assert result.rate == 1


def test_amounts_that_cannot_be_exchanged(clock):
    desk = exchange(clock=clock)
    for minor in (0, -1):
        with pytest.raises(ExchangeError, match="cannot exchange EUR"):
            desk.convert(eur(minor), "EUR")
    assert desk.convert(eur(1), "EUR").target == eur(1)
    with pytest.raises(CurrencyError):
        desk.convert(eur(1), "XYZ")


def test_age_of_rates_is_that_of_the_settings(clock):
    desk = exchange(("USD/EUR", "1", "1"), clock=clock, rate_max_age=timedelta(hours=2))
    clock.forward("1h")
    assert desk.convert(usd(100), "EUR").target == eur(99)
    clock.forward("1s")
    with pytest.raises(NoRoute):
        desk.convert(usd(100), "EUR")


def test_file_of_rates(tmp_path):
    path = tmp_path / "rates.json"
    path.write_text(
        '{"provider": "feed", "rates": [{"source": "USD", "target": "EUR", "value": "0.90",'
        ' "at": "2024-03-05T13:00:00+01:00", "note": "ł"}]}',
        encoding="utf-8",
    )
    assert read_rates(path) == [rate("USD/EUR", "0.90")]


def test_file_of_rates_that_is_missing_or_faulty(tmp_path):
    assert read_rates(tmp_path / "rates.json") == []
    (tmp_path / "rates.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CodecError, match="^rates: missing$"):
        read_rates(tmp_path / "rates.json")
