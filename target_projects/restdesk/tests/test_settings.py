import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from restdesk.errors import SettingsError
from restdesk.settings import load, parse_size


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def from_file(text, **environ):
    Path("desk.toml").write_text(text, encoding="utf-8")
    return load(Path("desk.toml"), environ)


def from_environ(**environ):
    return load(environ={f"RESTDESK_{name}": value for name, value in environ.items()})


def test_default_server(tmp_path):
    settings = from_environ()
    assert settings.database == str(tmp_path.resolve() / "restdesk.db")
    assert settings.access_log == tmp_path.resolve() / "logs"
    assert settings.max_body == 65_536
    assert settings.maintenance is False
    assert settings.maintenance_retry == timedelta(minutes=2)


def test_default_pages_keys_and_replays():
    settings = from_environ()
    assert (settings.default_limit, settings.max_limit) == (10, 100)

    settings = from_environ()
    assert (settings.default_plan, settings.key_max_age) == ("basic", timedelta(days=365))
    assert settings.replay_keep == timedelta(hours=24)
    assert settings.replay_lock == timedelta(minutes=1)


def test_default_charges_and_processor():
    settings = from_environ()
    assert settings.fee_percent == Decimal("2.9")
    assert settings.refund_window == timedelta(days=180)
    assert settings.max_metadata == 20

    settings = from_environ()
    assert settings.processor_url == "sandbox"
    assert settings.processor_timeout == timedelta(seconds=10)
    assert settings.processor_retry_after == timedelta(seconds=30)


def test_default_retries_and_export(tmp_path):
    retries = from_environ().retries
    assert (retries.max_attempts, retries.base) == (4, timedelta(milliseconds=500))
    assert (retries.cap, retries.patience) == (timedelta(seconds=8), timedelta(minutes=1))

    settings = from_environ()
    assert settings.export_folder == tmp_path.resolve() / "exports"
    assert settings.office.utcoffset(None) == timedelta(0)


def test_default_plans_and_currencies():
    plans = from_environ().plans
    assert {name: plan.requests for name, plan in plans.items()} == {
        "basic": 100,
        "bulk": 1000,
        "trial": 25,
    }
    assert {plan.window for plan in plans.values()} == {timedelta(minutes=1)}

    found = from_environ().currencies
    assert {code: currency.exponent for code, currency in found.items()} == {
        "EUR": 2,
        "GBP": 2,
        "JPY": 0,
        "KWD": 3,
        "USD": 2,
    }
    limits = {code: (currency.minimum, currency.maximum) for code, currency in found.items()}
    assert limits == {
        "EUR": (50, 99_999_999),
        "GBP": (30, 99_999_999),
        "JPY": (50, 9_999_999),
        "KWD": (150, 99_999_990),
        "USD": (50, 99_999_999),
    }
    assert [currency.fixed_fee for currency in found.values()] == [25, 20, 40, 90, 30]
    assert [currency.code for currency in found.values()] == list(found)


FILE = [
    ("server", "access_log", '"var/log"', "access_log"),
    ("server", "max_body", '"2KB"', "max_body"),
    ("server", "maintenance", "true", "maintenance"),
    ("server", "maintenance_retry", '"7m"', "maintenance_retry"),
    ("pages", "default_limit", "7", "default_limit"),
    ("pages", "max_limit", "70", "max_limit"),
    ("keys", "default_plan", '"Bulk"', "default_plan"),
    ("keys", "max_age", '"7d"', "key_max_age"),
    ("idempotency", "keep", '"7h"', "replay_keep"),
    ("idempotency", "lock", '"7s"', "replay_lock"),
    ("charges", "fee_percent", '"7.5 %"', "fee_percent"),
    ("charges", "refund_window", '"77d"', "refund_window"),
    ("charges", "max_metadata", "17", "max_metadata"),
    ("processor", "url", '"https://bank.example"', "processor_url"),
    ("processor", "timeout", '"17s"', "processor_timeout"),
    ("processor", "retry_after", '"27s"', "processor_retry_after"),
    ("export", "folder", '"out/daily"', "export_folder"),
    ("export", "utc_offset", '"+05:30"', "office"),
]
SHOWN = {
    "server": ["var/log", "2048", "True", "0:07:00"],
    "pages": ["7", "70"],
    "keys": ["bulk", "7 days, 0:00:00"],
    "idempotency": ["7:00:00", "0:00:07"],
    "charges": ["7.5", "77 days, 0:00:00", "17"],
    "processor": ["https://bank.example", "0:00:17", "0:00:27"],
    "export": ["out/daily", "UTC+05:30"],
}


def shown(settings, section):
    values = [getattr(settings, field) for name, _, _, field in FILE if name == section]
    here = Path.cwd().resolve()
    return [
        value.relative_to(here).as_posix() if isinstance(value, Path) else str(value)
        for value in values
    ]


@pytest.mark.parametrize("section", SHOWN)
def test_settings_from_file_and_environment(section):
    keys = [(key, value) for name, key, value, _ in FILE if name == section]
    lines = [f"{key} = {value}" for key, value in keys]
    assert shown(from_file("\n".join([f"[{section}]", *lines])), section) == SHOWN[section]

    variables = {f"{section}_{key}".upper(): value.strip('"') for key, value in keys}
    assert shown(from_environ(**variables), section) == SHOWN[section]


def test_retries_from_the_file():
    text = '[client]\nmax_attempts = 7\nbase = "70ms"\ncap = "7s"\npatience = "17s"\n'
    retries = from_file(text).retries
    assert retries.max_attempts == 7
    spans = (retries.base, retries.cap, retries.patience)
    assert [span.total_seconds() for span in spans] == [0.07, 7, 17]


def test_environment_wins_over_the_file_unless_empty():
    text = "[pages]\ndefault_limit = 7\n"
    assert from_file(text, RESTDESK_PAGES_DEFAULT_LIMIT=" 8 ").default_limit == 8
    assert from_file(text, RESTDESK_PAGES_DEFAULT_LIMIT="  ").default_limit == 7

    settings = from_file("[charges]\nfee_percent = 0\n", RESTDESK_SERVER_MAINTENANCE="no")
    assert (settings.fee_percent, settings.maintenance) == (Decimal(0), False)
    text = "[currencies.EUR]\nfixed_fee = 0\n[server]\nmaintenance = false\n"
    assert from_file(text).currencies["EUR"].fixed_fee == 0


def test_plans_of_the_file_join_the_usual_ones():
    text = '[plans.Huge]\nrequests = 5000\nwindow = "1h"\n[plans.BASIC]\nrequests = 50\n'
    plans = from_file(text).plans
    assert list(plans) == ["basic", "bulk", "huge", "trial"]
    assert (plans["huge"].requests, plans["huge"].window) == (5000, timedelta(hours=1))
    assert (plans["basic"].requests, plans["basic"].window) == (50, timedelta(minutes=1))


def test_currencies_of_the_file():
    text = "[currencies.chf]\nexponent = 2\nminimum = 10\nmaximum = 1000\nfixed_fee = 5\n"
    found = from_file(text, RESTDESK_CURRENCIES_CHF_MINIMUM="20").currencies
    assert sorted(found) == ["CHF", "EUR", "GBP", "JPY", "KWD", "USD"]
    assert (found["CHF"].code, found["CHF"].minimum, found["CHF"].maximum) == ("CHF", 20, 1000)

    with pytest.raises(SettingsError, match="currencies.CHF.minimum is missing"):
        from_file("[currencies.CHF]\nexponent = 2\n")


def test_places_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "desk.toml"
    file.write_text('[server]\ndatabase = "../data/desk.db"\n', encoding="utf-8")
    settings = load(file, {})
    assert settings.database == str(tmp_path.resolve() / "data" / "desk.db")
    assert settings.export_folder == tmp_path.resolve() / "etc" / "exports"

    settings = from_environ(EXPORT_FOLDER="out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert settings.export_folder.is_absolute()
    assert settings.export_folder == tmp_path.resolve() / "out"


def test_places_in_the_home_folder(tmp_path, monkeypatch):
    home = tmp_path.resolve() / "ana"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert from_environ(EXPORT_FOLDER="~/out").export_folder == home / "out"

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "mine.toml").write_text("[pages]\nmax_limit = 44\n", encoding="utf-8")
    assert from_environ(CONFIG="~/mine.toml").max_limit == 44


def test_database_in_memory():
    assert from_environ(SERVER_DATABASE=":memory:").database == ":memory:"


def test_which_file():
    Path("restdesk.toml").write_text("[pages]\nmax_limit = 30\n", encoding="utf-8")
    assert from_environ().max_limit == 30
    assert from_environ(CONFIG="").max_limit == 30

    Path("restdesk.toml").write_text("[pages]\nmax_limit = 30\n", encoding="utf-8")
    Path("other.toml").write_text("[pages]\nmax_limit = 40\n", encoding="utf-8")
    assert from_environ(CONFIG="other.toml").max_limit == 40
    assert from_file("[pages]\nmax_limit = 50\n", RESTDESK_CONFIG="other.toml").max_limit == 50


def test_file_is_utf_8_wherever_it_is_read(windows_text):
    Path("desk.toml").write_bytes('[export]\nfolder = "Köln"\n'.encode())
    assert load(Path("desk.toml"), {}).export_folder.name == "Köln"


def test_faulty_files():
    with pytest.raises(SettingsError, match="no settings file absent.toml"):
        load(Path("absent.toml"), {})
    with pytest.raises(SettingsError, match="desk.toml: "):
        from_file("[pages\n")
    Path("latin.toml").write_bytes(b'[export]\nfolder = "K\xf6ln"\n')
    with pytest.raises(SettingsError, match="latin.toml: "):
        load(Path("latin.toml"), {})

    for text, complaint in [
        ("[page]\n", "unknown section [page]"),
        ("[pages]\nlimits = 5\n", "unknown setting pages.limits"),
        ("[plans.basic]\nrequest = 5\n", "unknown setting plans.basic.request"),
        ("pages = 5\n", "[pages] must be a table"),
        ("plans = 5\n", "[plans] must be a table"),
        ("[plans]\nbasic = 5\n", "[plans.basic] must be a table"),
    ]:
        with pytest.raises(SettingsError, match=re.escape(complaint)):
            from_file(text)


def check_limits(name, setting, allowed, refused):
    for value in allowed:
        from_environ(**{name: value})
    for value in refused:
        with pytest.raises(SettingsError, match=f"{setting} must lie between"):
            from_environ(**{name: value})


def test_limits_of_the_server_and_pages():
    check_limits("SERVER_MAX_BODY", "server.max_body", ["1KB", "10MB"], ["1023", "10485761"])
    check_limits(
        "SERVER_MAINTENANCE_RETRY", "server.maintenance_retry", ["1s", "1d"], ["999ms", "86401s"]
    )

    check_limits("PAGES_DEFAULT_LIMIT", "pages.default_limit", ["1", "100"], ["0", "1001"])
    check_limits("PAGES_MAX_LIMIT", "pages.max_limit", ["10", "1000"], ["0", "1001"])


def test_limits_of_keys_and_replays():
    check_limits("KEYS_MAX_AGE", "keys.max_age", ["1d", "1825d"], ["23h", "1826d"])
    check_limits("IDEMPOTENCY_KEEP", "idempotency.keep", ["1h", "7d"], ["59m", "169h"])
    check_limits("IDEMPOTENCY_LOCK", "idempotency.lock", ["1s", "10m"], ["999ms", "601s"])


def test_limits_of_charges_and_processor():
    check_limits(
        "CHARGES_FEE_PERCENT", "charges.fee_percent", ["0", "25"], ["-0.1", "25.01", "NaN"]
    )
    check_limits("CHARGES_REFUND_WINDOW", "charges.refund_window", ["1d", "730d"], ["23h", "731d"])
    check_limits("CHARGES_MAX_METADATA", "charges.max_metadata", ["1", "50"], ["0", "51"])

    check_limits("PROCESSOR_TIMEOUT", "processor.timeout", ["1s", "1m"], ["999ms", "61s"])
    check_limits("PROCESSOR_RETRY_AFTER", "processor.retry_after", ["1s", "10m"], ["0s", "601s"])


def test_limits_of_the_client():
    check_limits("CLIENT_MAX_ATTEMPTS", "client.max_attempts", ["1", "10"], ["0", "11"])
    check_limits("CLIENT_BASE", "client.base", ["50ms", "8s"], ["49ms", "10001ms"])
    check_limits("CLIENT_CAP", "client.cap", ["1s", "5m"], ["999ms", "301s"])
    check_limits("CLIENT_PATIENCE", "client.patience", ["1s", "1h"], ["999ms", "61m"])

    assert from_environ(CLIENT_BASE="10s", CLIENT_CAP="10s").retries.base == timedelta(seconds=10)


def test_limits_of_plans_and_currencies():
    check_limits("PLANS_BASIC_REQUESTS", "plans.basic.requests", ["1", "100000"], ["0", "100001"])
    check_limits("PLANS_BASIC_WINDOW", "plans.basic.window", ["1s", "1d"], ["999ms", "25h"])

    eur = "currencies.EUR"
    check_limits("CURRENCIES_EUR_EXPONENT", f"{eur}.exponent", ["0", "4"], ["5"])
    check_limits("CURRENCIES_EUR_MINIMUM", f"{eur}.minimum", ["25", "1000000"], ["0", "1000001"])
    check_limits("CURRENCIES_EUR_MAXIMUM", f"{eur}.maximum", ["50", str(10**12)], ["49"])
    check_limits("CURRENCIES_EUR_FIXED_FEE", f"{eur}.fixed_fee", ["0", "50"], ["51"])
    check_limits("CURRENCIES_EUR_MAXIMUM", f"{eur}.maximum", [], [str(10**12 + 1)])

    found = from_environ(CURRENCIES_EUR_MINIMUM="1", CURRENCIES_EUR_FIXED_FEE="0").currencies
    assert found["EUR"].minimum == 1


def test_values_of_the_wrong_kind():
    for variable, complaint in [
        ("PAGES_MAX_LIMIT", "pages.max_limit must be a whole number, got 'many'"),
        ("SERVER_MAINTENANCE", "server.maintenance must be yes or no, got 'many'"),
        ("SERVER_MAX_BODY", "server.max_body: not a size: 'many'"),
        ("CLIENT_CAP", "client.cap: not a duration: 'many'"),
        ("CHARGES_FEE_PERCENT", "charges.fee_percent is not a number: 'many'"),
        ("EXPORT_UTC_OFFSET", "export.utc_offset: not an offset from UTC: 'many'"),
    ]:
        with pytest.raises(SettingsError, match=re.escape(complaint)):
            from_environ(**{variable: "many"})

    for text in ("-1", "2.5", "1_0"):
        with pytest.raises(SettingsError, match="must be a whole number"):
            from_environ(PAGES_MAX_LIMIT=text)


def test_sizes_and_switches():
    def switch(word):
        return from_environ(SERVER_MAINTENANCE=word).maintenance

    assert [switch(word) for word in ("yes", "True", "ON", "1")] == [True] * 4
    assert [switch(word) for word in ("no", "False", "OFF", "0")] == [False] * 4

    sizes = {"512": 512, "512 B": 512, " 64kb ": 65_536, "2 MB": 2_097_152}
    assert {text: parse_size(text) for text in sizes} == sizes
    for text in ("", "KB", "1GB", "1.5KB", "-1"):
        with pytest.raises(ValueError, match="not a size"):
            parse_size(text)


def test_settings_that_go_together():
    with pytest.raises(SettingsError, match="default_limit must not be above"):
        from_environ(PAGES_DEFAULT_LIMIT="101")
    with pytest.raises(SettingsError, match="keys.default_plan: there is no plan 'huge'"):
        from_environ(KEYS_DEFAULT_PLAN="huge")
    with pytest.raises(SettingsError, match="client.cap must not be below"):
        from_environ(CLIENT_BASE="1001ms", CLIENT_CAP="1s")

    settings = from_environ(PAGES_DEFAULT_LIMIT="100", CLIENT_BASE="1s", CLIENT_CAP="1s")
    assert settings.default_limit == settings.max_limit == 100
    assert settings.retries.base == settings.retries.cap
