from datetime import time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from paylane.errors import SettingsError
from paylane.settings import Merchant, clean_id, defaults, load


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    """The current folder holds no settings file unless the test writes one."""
    monkeypatch.chdir(tmp_path)


def from_text(text, name="paylane.toml", **environ):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load(path, environ)


def from_environ(**environ):
    return load(environ={f"PAYLANE_{name}": value for name, value in environ.items()})


def refused(text="", **environ):
    with pytest.raises(SettingsError) as caught:
        from_text(text, **{f"PAYLANE_{name}": value for name, value in environ.items()})
    return str(caught.value)


def check_limits(name, allowed, refused):
    for value in allowed:
        from_environ(**{name: value})
    setting = name.lower().replace("_", ".", 1)
    for value in refused:
        with pytest.raises(SettingsError, match=f"^{setting} must lie between"):
            from_environ(**{name: value})


def test_default_keys_and_requests():
    settings = load(environ={})
    assert settings.key_life == timedelta(hours=24)
    assert settings.key_lock == timedelta(minutes=1)
    assert settings.max_key_length == 64
    assert settings.descriptor_length == 22


def test_default_refunds_and_fees():
    settings = load(environ={})
    assert (settings.refund_window, settings.max_refunds) == (timedelta(days=180), 10)
    assert (settings.fees.percent, settings.fees.on_refund) == (Decimal("2.9"), "proportional")
    assert settings.fees.fixed == {
        "AUD": 30, "CAD": 30, "CHF": 30, "EUR": 25, "GBP": 20,
        "KWD": 100, "PLN": 100, "SEK": 180, "USD": 30,
    }  # fmt: skip
    assert settings.fees.brands == {"amex": Decimal("0.6"), "jcb": Decimal("0.35")}


def test_default_exchange():
    settings = load(environ={})
    assert settings.exchange_percent == Decimal(1)
    assert settings.rate_max_age == timedelta(hours=36)
    assert settings.max_hops == 3


def test_default_settlement():
    settings = load(environ={})
    assert settings.desk == timezone(timedelta(hours=1))
    assert settings.cutoff == time(18, 0)
    assert settings.report_format == "csv"
    assert settings.merchants == {}


def test_default_places(tmp_path):
    settings = load(environ={})
    places = (settings.database, settings.rates, settings.journal, settings.reports)
    names = ("paylane.db", "rates.json", "network.jsonl", "settlements")
    assert places == tuple(tmp_path.resolve() / name for name in names)


def test_defaults_are_read_as_utf8_from_any_folder(tmp_path, monkeypatch, fresh_data):
    real = Path.read_text
    encodings = []

    def read_text(path, encoding=None, errors=None):
        encodings.append(encoding)
        return real(path, encoding, errors)

    monkeypatch.setattr(Path, "read_text", read_text)
    assert defaults()["exchange"]["max_hops"] == 3
    assert encodings == ["utf-8"]


def test_places_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    settings = from_text('[storage]\ndatabase = "data/../pay.db"', "conf/p.toml")
    assert settings.database == tmp_path.resolve() / "conf" / "pay.db"
    assert settings.reports == tmp_path.resolve() / "conf" / "settlements"
    monkeypatch.chdir("/")
    assert settings.database.parent.name == "conf"


def test_places_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    settings = from_environ(SETTLEMENT_FOLDER="~/out", EXCHANGE_RATES="/srv/rates.json")
    assert settings.reports == (tmp_path / "home" / "out").resolve()
    assert settings.rates == Path("/srv/rates.json").resolve()


def test_where_the_file_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    from_text("[exchange]\nmax_hops = 1", "paylane.toml")
    from_text("[exchange]\nmax_hops = 2", "home/p.toml")
    from_text("[exchange]\nmax_hops = 4", "given.toml")
    assert load(environ={}).max_hops == 1
    assert load(environ={"PAYLANE_CONFIG": ""}).max_hops == 1
    assert load(environ={"PAYLANE_CONFIG": "~/p.toml"}).max_hops == 2
    assert load(Path("~/p.toml"), {}).max_hops == 2
    assert load(Path("given.toml"), {"PAYLANE_CONFIG": "~/p.toml"}).max_hops == 4


def test_file_is_read_as_utf8(plain_machine):
    text = '[storage]\ndatabase = "płatności.db"\n'
    Path("paylane.toml").write_bytes(text.encode("utf-8"))
    assert load(environ={}).database.name == "płatności.db"


def test_folder_is_no_settings_file(tmp_path):
    (tmp_path / "paylane.toml").mkdir()
    assert load(environ={}).max_hops == 3


def test_environment_wins_unless_it_is_empty():
    text = "[refunds]\nmax_per_payment = 7"
    assert from_text(text).max_refunds == 7
    assert from_text(text, PAYLANE_REFUNDS_MAX_PER_PAYMENT=" 8 ").max_refunds == 8
    assert from_text(text, PAYLANE_REFUNDS_MAX_PER_PAYMENT="").max_refunds == 7


def test_file_that_cannot_be_used(tmp_path):
    with pytest.raises(SettingsError, match="^no settings file absent.toml$"):
        load(Path("conf/absent.toml"), {})
    assert refused("[fees\n").startswith("paylane.toml: ")
    assert refused("[fee]\n") == "unknown section [fee]"
    assert refused("fees = 5\n") == "fees must be a section"
    assert refused("[refunds]\nwindows = 1\n") == "unknown setting refunds.windows"
    assert refused("[refunds]\nwindow = {}\n") == "refunds.window has the wrong shape"
    assert refused("[fees]\nfixed = 5\n") == "fees.fixed has the wrong shape"


def test_limits_of_durations():
    check_limits("IDEMPOTENCY_KEEP", ["1h", "30d"], ["59m", "721h"])
    check_limits("IDEMPOTENCY_LOCK", ["5s", "15m"], ["4s", "901s"])
    check_limits("REFUNDS_WINDOW", ["24h", "365d"], ["23h", "366d"])
    check_limits("EXCHANGE_MAX_AGE", ["1h", "7d"], ["59m", "169h"])
    assert refused(EXCHANGE_MAX_AGE="9d") == "exchange.max_age must lie between 1h and 7d, got 9d"
    assert refused(EXCHANGE_MAX_AGE="36").startswith("exchange.max_age: not a duration: '36'")


def test_limits_of_counts():
    check_limits("IDEMPOTENCY_MAX_KEY_LENGTH", ["16", "255"], ["15", "256"])
    check_limits("CHARGES_DESCRIPTOR_LENGTH", ["5", "22"], ["4", "23"])
    check_limits("REFUNDS_MAX_PER_PAYMENT", ["1", "100"], ["0", "101"])
    check_limits("EXCHANGE_MAX_HOPS", ["1", "5"], ["0", "6"])
    for text in ("2.5", "many"):
        assert refused(REFUNDS_MAX_PER_PAYMENT=text) == (
            f"refunds.max_per_payment must be a whole number, got {text!r}"
        )


def test_percentages():
    check_limits("FEES_PERCENT", ["0", "20", "1.25 %"], ["-0.1", "20.1", "NaN"])
    check_limits("EXCHANGE_FEE_PERCENT", ["0", "10"], ["10.01"])
    assert from_environ(EXCHANGE_FEE_PERCENT="2.5%").exchange_percent == Decimal("2.5")
    assert refused(FEES_PERCENT="few") == "fees.percent must be a percentage, got 'few'"


def test_fees_of_currencies_and_brands():
    fees = from_text('[fees.fixed]\nusd = 5\nJPY = 0\n[fees.brands]\nVisa = "0.2"\namex = 1\n').fees
    assert (fees.fixed["USD"], fees.fixed["JPY"], fees.fixed["EUR"]) == (5, 0, 25)
    assert (fees.brands["visa"], fees.brands["amex"], fees.brands["jcb"]) == (
        Decimal("0.2"), Decimal(1), Decimal("0.35"),
    )  # fmt: skip
    for value in ("-1", "0.3", "true", '"30"'):
        assert refused(f"[fees.fixed]\nEUR = {value}\n").startswith("fees.fixed.EUR must be minor")
    assert refused("[fees.fixed]\nXYZ = 1\n") == "fees.fixed: unknown currency 'XYZ'"
    assert refused("[fees.brands]\namex = 21\n").startswith("fees.brands.amex must lie between")


def test_words():
    assert from_environ(REFUNDS_FEE=" Keep ").fees.on_refund == "keep"
    formats = [from_environ(SETTLEMENT_FORMAT=word).report_format for word in ("csv", "JSON")]
    assert formats == ["csv", "json"]
    assert refused(SETTLEMENT_FORMAT="xls") == ("settlement.format must be one of csv, json: 'xls'")


def test_time_of_the_desk():
    settings = from_environ(SETTLEMENT_UTC_OFFSET="-03:30", SETTLEMENT_CUTOFF="0:00")
    assert settings.desk == timezone(-timedelta(hours=3, minutes=30))
    assert settings.cutoff == time(0, 0)
    assert refused(SETTLEMENT_CUTOFF="6 pm").startswith("settlement.cutoff: not a time of the day")
    assert refused(SETTLEMENT_UTC_OFFSET="CET").startswith("settlement.utc_offset: not an offset")


def test_merchants():
    text = '[merchants.zoo]\n[merchants.ACME]\ncurrency = "usd"\n'
    merchants = from_text(text).merchants
    assert list(merchants) == ["acme", "zoo"]
    assert list(merchants.values()) == [
        Merchant("acme", "USD"),
        Merchant("zoo", "EUR"),
    ]
    other = from_text(text, PAYLANE_SETTLEMENT_CURRENCY="gbp").merchants
    assert [merchant.currency for merchant in other.values()] == ["USD", "GBP"]


def test_faulty_merchants():
    assert refused("[merchants.a]\n") == "merchants.a is no merchant"
    assert refused("[merchants]\nacme = 1\n") == "merchants.acme is no merchant"
    assert refused("[merchants.acme]\nowner = 1\ncity = 2\nzip = 3\nfax = 4\nvat = 5\n") == (
        "merchants.acme: unknown city, fax, owner, vat, zip"
    )
    assert refused('[merchants.acme]\ncurrency = "XYZ"\n') == (
        "merchants.acme: unknown currency 'XYZ'"
    )
    assert refused(SETTLEMENT_CURRENCY="XYZ") == "settlement.currency: unknown currency 'XYZ'"


def test_ids_of_merchants():
    for text in ("abc", "a-1_b", " ACME ", "a" * 32):
        assert clean_id(text) == text.strip().lower()
    for text in ("ab", "a" * 33, "1abc", "a.b", "łódź", ""):
        assert clean_id(text) is None
