"""The packaged defaults."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path


from parcelrate import settings as module
from parcelrate.conversion import Policy
from parcelrate.settings import defaults, load_settings


def packaged(section):
    """As in the file, whatever its limits: a fault in one section concerns its test alone."""
    file = Path(module.__file__).with_name("defaults.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))[section]


def test_default_conversion():
    assert packaged("conversion") == {
        "policy": "shortest", "max_hops": 3, "hop_fee_percent": "0.5",
    }  # fmt: skip


def test_default_desk():
    assert packaged("general") == {"currency": "EUR", "utc_offset_minutes": 60}
    assert packaged("orders") == {"delimiter": ","}


def test_default_discounts():
    assert packaged("pricing") == {
        "unknown_country": "refuse", "bulk": {"5": "4", "10": "7.5", "25": "12"},
    }  # fmt: skip
    assert packaged("free_shipping") == {
        "threshold": "150.00", "max_weight": "20kg",
        "countries": {"AT": "60.00", "DE": "45.00", "SE": "90.00"},
    }  # fmt: skip


def test_default_quotes_and_files():
    assert packaged("quotes") == {
        "database": "quotes.db", "coupons": "coupons.json", "valid_hours": 72, "page_size": 50,
    }  # fmt: skip
    assert packaged("history") == {"folder": "rates", "max_age_hours": 36, "keep_days": 400}
    assert packaged("reports") == {"folder": "reports"}


def test_defaults_are_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert (settings.currency, settings.zone.utcoffset(None)) == ("EUR", timedelta(minutes=60))
    assert (settings.policy, settings.hop_fee) == (Policy.SHORTEST, Decimal("0.5"))
    assert settings.delimiter == ","
    assert settings.unknown_country == "refuse"


def test_defaults_are_read_from_any_folder(tmp_path, monkeypatch, plain_machine):
    monkeypatch.chdir(tmp_path)
    defaults.cache_clear()
    assert sorted(defaults())[:2] == ["conversion", "free_shipping"]
