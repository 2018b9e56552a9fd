import json
from decimal import Decimal
from importlib import resources

import pytest
from builders import eur, make_carrier, make_order, parcel

from parcelrate.carriers import carriers, read_carrier
from parcelrate.errors import NoService
from parcelrate.money import Money
from parcelrate.regions import Place


def place(country="DE", *regions):
    return Place(country, regions)


def test_weight_is_rounded_up_to_steps():
    carrier = make_carrier(step_g=250)
    weights = [1, 249, 250, 251, 1000, 1001]
    assert [carrier.billable_g(parcel(weight, (1, 1, 1))) for weight in weights] == [
        250, 250, 250, 500, 1000, 1250,
    ]  # fmt: skip


def test_bulky_parcels_weigh_their_volume():
    carrier = make_carrier(divisor=5000, step_g=1)
    assert carrier.billable_g(parcel(1000, (300, 200, 100))) == 1200
    assert carrier.billable_g(parcel(1201, (300, 200, 100))) == 1201
    assert carrier.billable_g(parcel(1000, (301, 200, 100))) == 1204

    carrier = make_carrier(divisor=6000, step_g=1)
    assert carrier.billable_g(parcel(1, (100, 100, 100))) == 167


def test_price_of_a_country():
    carrier = make_carrier(countries={"DE": Decimal("4.90")}, regions={"EU": Decimal(9)})
    assert carrier.base_price(place("DE", "EU")) == eur(490)


def test_price_of_the_nearest_region():
    carrier = make_carrier(countries={}, regions={"EU": Decimal(9), "WORLD": Decimal(20)})
    assert carrier.base_price(place("FR", "NORDIC", "EU", "WORLD")) == eur(900)
    assert carrier.base_price(place("AU", "WORLD")) == eur(2000)

    with pytest.raises(NoService, match="^does not go to AU$"):
        make_carrier().base_price(place("AU", "WORLD"))


def test_price_of_nothing_is_a_price():
    carrier = make_carrier(countries={"DE": Decimal(0)}, regions={"EU": Decimal(9)})
    assert carrier.base_price(place("DE", "EU")) == eur(0)
    carrier = make_carrier(countries={}, regions={"A": Decimal(0), "B": Decimal(9)})
    assert carrier.base_price(place("FR", "A", "B")) == eur(0)


def test_price_is_in_the_currency_of_the_carrier():
    carrier = make_carrier(currency="JPY", countries={"DE": Decimal("800")})
    assert carrier.base_price(place()) == Money(800, "JPY")


def band_prices(*weights):
    carrier = make_carrier(bands=((500, Decimal(0)), (2000, Decimal("3.5"))), step_g=1)
    return [carrier.weight_price(parcel(weight, (1, 1, 1))).minor for weight in weights]


def test_bands_and_what_is_beyond():
    assert band_prices(1, 500, 501, 2000) == [0, 0, 350, 350]

    assert band_prices(2001, 3000, 3001, 5000) == [500, 500, 650, 800]


def test_bands_go_by_the_billable_weight():
    assert make_carrier(step_g=600).weight_price(parcel(700, (1, 1, 1))) == eur(300)
    assert make_carrier().weight_price(parcel(700, (300, 200, 100))) == eur(300)


def test_heaviest_parcel():
    carrier = make_carrier(max_weight_g=3000)
    assert carrier.weight_price(parcel(3000)) == eur(300)
    with pytest.raises(NoService, match="^takes no more than 3000 g$"):
        carrier.weight_price(parcel(3001))


def surcharges(remote=False, sides=(100, 100, 100), **changes):
    order = make_order(parcel=parcel(sides=sides), **changes)
    return make_carrier().surcharges_of(order, remote)


def test_longest_side():
    assert surcharges() == []

    assert surcharges(sides=(600, 600, 600)) == []
    assert surcharges(sides=(601, 1, 1)) == [("oversize", eur(900))]


def test_order_of_surcharges():
    found = surcharges(remote=True, sides=(700, 1, 1), flags=frozenset({"fragile"}))
    assert found == [("remote", eur(2000)), ("fragile", eur(200)), ("oversize", eur(900))]

    carrier = make_carrier(surcharges={name: Decimal(1) for name in "zyxwvab"})
    order = make_order(flags=frozenset("zyxwvab"))
    assert [name for name, _ in carrier.surcharges_of(order, False)] == list("abvwxyz")


def test_what_a_carrier_does_not_take():
    with pytest.raises(NoService, match="^takes no dangerous parcels$"):
        surcharges(flags=frozenset({"dangerous", "fragile"}))

    carrier = make_carrier(surcharges={"fragile": Decimal(0)})
    order = make_order(flags=frozenset({"fragile"}))
    assert carrier.surcharges_of(order, False) == [("fragile", eur(0))]


def test_prices_are_read_as_decimals():
    entry = {
        "name": "Post", "currency": "EUR", "divisor": 5000, "step_g": 100, "max_weight_g": 9000,
        "max_side_cm": 60, "fuel_percent": "18.5", "free_shipping": True, "per_kg": "1.40",
        "bands": {"5000": "7.20", "10000": "9", "500": "0"}, "surcharges": {"remote": "18"},
        "countries": {"DE": "5.90"}, "regions": {},
    }  # fmt: skip
    carrier = read_carrier("P", entry)
    assert (carrier.code, carrier.fuel_percent, carrier.per_kg) == (
        "P", Decimal("18.5"), Decimal("1.4"),
    )  # fmt: skip
    assert carrier.bands == ((500, Decimal(0)), (5000, Decimal("7.2")), (10000, Decimal(9)))
    assert carrier.countries == {"DE": Decimal("5.9")}
    assert isinstance(entry["per_kg"], str)


def packaged(code):
    """Read anew, so that a fault in one entry concerns its tests alone."""
    file = resources.files("parcelrate").joinpath("carriers.json")
    return json.loads(file.read_text(encoding="utf-8"))[code]


def terms(code):
    entry = packaged(code)
    names = ("currency", "divisor", "step_g", "max_weight_g", "max_side_cm", "fuel_percent")
    return [entry[name] for name in (*names, "per_kg", "free_shipping")]


def prices(code):
    entry = packaged(code)
    names = ("bands", "surcharges", "countries", "regions")
    return [" ".join(f"{key}={price}" for key, price in entry[name].items()) for name in names]


def test_tariff_of_dhl():
    assert terms("DHL") == ["EUR", 5000, 500, 70000, 120, "18.5", "1.40", True]

    assert prices("DHL") == [
        "500=0.00 2000=3.50 5000=7.20 10000=12.80",
        "remote=18.00 oversize=15.50 fragile=2.50 dangerous=95.00 signature=4.50",
        "DE=5.90 AT=8.40 US=24.00",
        "EU=11.90 EUROPE=16.50 WORLD=38.00",
    ]


def test_tariff_of_fedex():
    assert terms("FedEx") == ["USD", 5500, 1000, 68000, 110, "21", "2.10", False]

    assert prices("FedEx") == [
        "1000=0.00 3000=4.80 9000=14.20",
        "remote=22.40 oversize=30.00 fragile=0.00 signature=6.15",
        "US=9.80 CA=14.30",
        "AMERICA=27.50 EU=31.00 ASIA=35.20",
    ]


def test_tariff_of_svea_post():
    assert terms("Svea Post") == ["SEK", 6000, 250, 20000, 60, "0", "28", True]

    assert prices("Svea Post") == [
        "250=0 1000=39 3000=85",
        "oversize=120 fragile=25 signature=49",
        "SE=69 NO=129 DK=119",
        "NORDIC=139 EU=189",
    ]


def test_packaged_carriers_from_any_folder(tmp_path, monkeypatch, plain_machine):
    monkeypatch.chdir(tmp_path)
    carriers.cache_clear()
    assert [carrier.code for carrier in carriers()] == ["DHL", "FedEx", "Svea Post"]
    assert [carrier.name for carrier in carriers()] == [
        "DHL Express", "FedEx International", "Svea Post Utrikes – Återförsäljare",
    ]  # fmt: skip


def test_packaged_carriers_are_sorted_whatever_the_order_of_the_file(tmp_path, monkeypatch):
    entries = {code: packaged(code) for code in ("Svea Post", "DHL", "FedEx")}
    (tmp_path / "carriers.json").write_text(json.dumps(entries), encoding="utf-8")
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    found = carriers.__wrapped__()
    assert [carrier.code for carrier in found] == ["DHL", "FedEx", "Svea Post"]
