import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from parcelrate.conversion import Policy
from parcelrate.discounts import FreeShipping
from parcelrate.errors import SettingsError
from parcelrate.settings import Settings, load_settings

pytestmark = pytest.mark.usefixtures("usual_defaults")


def from_text(text, **environ):
    environ = {f"PARCELRATE_{name}": value for name, value in environ.items()}
    return Settings(tomllib.loads(text), environ, Path())


def from_environ(**environ):
    return from_text("", **environ)


def refused(name, text="", **environ):
    with pytest.raises(SettingsError) as caught:
        getattr(from_text(text, **environ), name)
    return str(caught.value)


def check_limits(name, variable, values, wrong):
    for value in values:
        getattr(from_environ(**{variable: value}), name)
    setting = variable.lower().replace("free_shipping_", "free_shipping.")
    setting = setting if "." in setting else setting.replace("_", ".", 1)
    for value in wrong:
        assert refused(name, **{variable: value}).startswith(f"{setting}: {value} is ")


CONVERSION = '[conversion]\npolicy = " cheapest"\nmax_hops = 2\nhop_fee_percent = 1.25\n'


def test_conversion_and_desk():
    settings = from_text(CONVERSION.replace(" cheapest", "Cheapest"))
    assert (settings.policy, settings.max_hops, settings.hop_fee) == (
        Policy.CHEAPEST, 2, Decimal("1.25"),
    )  # fmt: skip
    assert refused("policy", '[conversion]\npolicy = "fast"') == (
        "conversion.policy: 'fast' is none of direct, shortest, cheapest"
    )
    assert refused("policy", "[conversion]\npolicy = 5").startswith(
        "conversion.policy: '5' is none"
    )

    settings = from_text('[general]\ncurrency = "gbp"\nutc_offset_minutes = -210')
    assert settings.currency == "GBP"
    assert settings.zone.utcoffset(None) == -timedelta(hours=3, minutes=30)
    assert refused("currency", GENERAL_CURRENCY="pound") == (
        "general.currency: not a currency: 'pound'"
    )


def test_choices():
    assert [from_environ(ORDERS_DELIMITER=text).delimiter for text in ",;|"] == [",", ";", "|"]
    assert refused("delimiter", ORDERS_DELIMITER=":").startswith("orders.delimiter: ':' is none")

    assert from_environ(PRICING_UNKNOWN_COUNTRY="World").unknown_country == "world"
    assert refused("unknown_country", PRICING_UNKNOWN_COUNTRY="guess") == (
        "pricing.unknown_country: 'guess' is none of refuse, world"
    )


def test_bulk_tiers_lie_over_the_defaults():
    text = "[pricing.bulk]\n10 = 9\n50 = '20.5'"
    assert from_text(text).bulk == {
        5: Decimal(4), 10: Decimal(9), 25: Decimal(12), 50: Decimal("20.5"),
    }  # fmt: skip
    assert from_text("[pricing.bulk]\n7 = 100").bulk[7] == 100
    assert refused("bulk", "[pricing.bulk]\n7 = 101") == "pricing.bulk: 101 % from 7 parcels on"
    assert refused("bulk", "[pricing.bulk]\nmany = 5") == "pricing.bulk: 5 % from MANY parcels on"
    assert refused("bulk", "[pricing.bulk]\n7 = -1") == "pricing.bulk: not an amount: '-1'"


def test_free_shipping():
    text = '[free_shipping]\nthreshold = 99.5\nmax_weight = "5 lb"\n'
    free = from_text(text + "[free_shipping.countries]\nde = 50\nFR = '0'\n").free_shipping
    assert free == FreeShipping(
        Decimal("99.5"),
        {"AT": Decimal(60), "DE": Decimal(50), "SE": Decimal(90), "FR": Decimal(0)},
        2268,
    )
    assert refused("free_shipping", FREE_SHIPPING_MAX_WEIGHT="20") == (
        "free_shipping.max_weight: not a weight: '20'"
    )

    assert from_environ(FREE_SHIPPING_THRESHOLD=" Never ").free_shipping.threshold is None
    assert from_environ(FREE_SHIPPING_THRESHOLD="0").free_shipping.threshold == 0


def test_limits_of_whole_numbers():
    check_limits("zone", "GENERAL_UTC_OFFSET_MINUTES", ["-720", "840"], ["-721", "841"])
    check_limits("max_hops", "CONVERSION_MAX_HOPS", ["1", "5"], ["0", "6"])
    check_limits("valid_for", "QUOTES_VALID_HOURS", ["1", "720"], ["0", "721"])
    check_limits("page_size", "QUOTES_PAGE_SIZE", ["1", "500"], ["0", "501"])
    check_limits("max_age", "HISTORY_MAX_AGE_HOURS", ["1", "336"], ["0", "337"])
    check_limits("keep_days", "HISTORY_KEEP_DAYS", ["1", "4000"], ["0", "4001"])
    for text in ("2.5", "many", "1_0"):
        assert refused("keep_days", HISTORY_KEEP_DAYS=text) == (
            f"history.keep_days: not a whole number: {text!r}"
        )
    assert refused("max_hops", CONVERSION_MAX_HOPS="6") == (
        "conversion.max_hops: 6 is not within 1 to 5"
    )


def test_limits_of_decimals():
    check_limits("hop_fee", "CONVERSION_HOP_FEE_PERCENT", ["0", "10"], ["10.01"])
    check_limits("free_shipping", "FREE_SHIPPING_THRESHOLD", ["100000"], ["100000.01"])
    assert refused("hop_fee", CONVERSION_HOP_FEE_PERCENT="few") == (
        "conversion.hop_fee_percent: not an amount: 'few'"
    )


def test_units():
    settings = from_text(
        "[quotes]\nvalid_hours = 5\npage_size = 6\n[history]\nmax_age_hours = 7\nkeep_days = 8"
    )
    assert (settings.valid_for, settings.page_size) == (timedelta(hours=5), 6)
    assert (settings.max_age, settings.keep_days) == (timedelta(hours=7), 8)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    text = '[quotes]\ndatabase = "a/../b.db"\ncoupons = "~/c.json"\n[reports]\nfolder = "/srv/out"'
    write(tmp_path / "conf" / "desk.toml", text)
    settings = load_settings(Path("conf/desk.toml"), {"PARCELRATE_HISTORY_FOLDER": "old"})
    root = tmp_path.resolve()
    assert settings.database == root / "conf" / "b.db"
    assert settings.coupons == root / "home" / "c.json"
    assert settings.history == root / "conf" / "old"
    assert settings.reports == Path("/srv/out").resolve()
    assert load_settings(None, {}).reports == root / "reports"


def test_where_the_file_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    write(tmp_path / "home" / "desk.toml", "[history]\nkeep_days = 1")
    other = write(tmp_path / "other.toml", "[history]\nkeep_days = 2")
    environ = {"PARCELRATE_CONFIG": "~/desk.toml"}
    assert load_settings(None, environ).keep_days == 1
    assert load_settings(Path("~/desk.toml"), {}).keep_days == 1
    home = (tmp_path / "home").resolve()
    assert load_settings(None, environ).database == home / "quotes.db"
    assert load_settings(other, environ).keep_days == 2


def test_environment_wins_unless_it_is_empty(tmp_path):
    for environ in ({}, {"PARCELRATE_CONFIG": ""}):
        settings = load_settings(None, {**environ, "PARCELRATE_HISTORY_KEEP_DAYS": "9"})
        assert settings.keep_days == 9

    text = "[history]\nkeep_days = 7"
    assert from_text(text).keep_days == 7
    assert from_text(text, HISTORY_KEEP_DAYS=" 8 ").keep_days == 8
    assert from_text(text, HISTORY_KEEP_DAYS="").keep_days == 7


def fault_of(tmp_path, text):
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path / "desk.toml", text), {})
    return str(caught.value)


def test_file_that_cannot_be_used(tmp_path):
    with pytest.raises(SettingsError, match="^absent.toml: no such settings file$"):
        load_settings(tmp_path / "absent.toml", {})
    assert fault_of(tmp_path, "[history").startswith("desk.toml: not TOML: ")

    assert fault_of(tmp_path, "[histroy]") == "histroy: no such section"
    assert fault_of(tmp_path, "history = 5") == "history: no such section"
    other = "no such setting, or not of this kind"
    assert fault_of(tmp_path, "[history]\nkeep = 5") == f"history.keep: {other}"
    assert fault_of(tmp_path, "[pricing]\nbulk = 5") == f"pricing.bulk: {other}"
    assert fault_of(tmp_path, "[history.folder]\na = 5") == f"history.folder: {other}"


def test_file_is_utf_8(tmp_path, plain_machine):
    path = write(tmp_path / "desk.toml", '[pricing]\nunknown_country = "Köln"')
    with pytest.raises(SettingsError, match="'köln' is none of"):
        load_settings(path, {}).unknown_country
