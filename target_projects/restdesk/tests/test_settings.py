import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from restdesk.errors import SettingsError
from restdesk.money import load_currencies
from restdesk.settings import Plan, load, parse_percent, parse_plan, parse_size


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def from_file(text, **environ):
    Path("desk.toml").write_text(text, encoding="utf-8")
    return load(Path("desk.toml"), environ)


def from_environ(**environ):
    named = {f"RESTDESK_{name}": value for name, value in environ.items()}
    return load(environ={"RESTDESK_CONFIG": "", **named})


def test_default_server(tmp_path):
    settings = from_environ()
    assert settings.database == str(tmp_path.resolve() / "restdesk.db")
    assert settings.access_log == tmp_path.resolve() / "logs"
    assert settings.max_body == 65_536


def test_default_pages():
    settings = from_environ()
    assert (settings.default_limit, settings.max_limit) == (10, 100)


def test_default_keys_and_plans():
    settings = from_environ()
    assert (settings.default_plan, settings.key_max_age) == ("basic", timedelta(days=365))
    minute = timedelta(minutes=1)
    assert settings.plans == {
        "trial": Plan(25, minute),
        "basic": Plan(100, minute),
        "bulk": Plan(1000, minute),
    }


def test_default_charges_and_processor():
    settings = from_environ()
    assert settings.fee_percent == Decimal("2.9")
    assert settings.currencies == load_currencies()

    settings = from_environ()
    assert settings.processor_url == "sandbox"
    assert settings.processor_timeout == timedelta(seconds=10)
    assert settings.processor_retry_after == timedelta(seconds=30)


def test_default_retries():
    retries = from_environ().retries
    assert (retries.max_attempts, retries.base) == (4, timedelta(milliseconds=500))
    assert (retries.cap, retries.patience) == (timedelta(seconds=8), timedelta(minutes=1))


FILE = [
    ("server", "access_log", '"var/log"', "access_log"),
    ("server", "max_body", '"2KB"', "max_body"),
    ("pages", "default_limit", "7", "default_limit"),
    ("pages", "max_limit", "70", "max_limit"),
    ("keys", "default_plan", '"Bulk"', "default_plan"),
    ("keys", "max_age", '"7d"', "key_max_age"),
    ("charges", "fee_percent", '"7.5 %"', "fee_percent"),
    ("processor", "url", '" https://bank.example "', "processor_url"),
    ("processor", "timeout", '"17s"', "processor_timeout"),
    ("processor", "retry_after", '"27s"', "processor_retry_after"),
]
SHOWN = {
    "server": ["var/log", "2048"],
    "pages": ["7", "70"],
    "keys": ["bulk", "7 days, 0:00:00"],
    "charges": ["7.5"],
    "processor": ["https://bank.example", "0:00:17", "0:00:27"],
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

    assert from_file("[charges]\nfee_percent = 0\n").fee_percent == Decimal(0)


def test_plans():
    plans = from_file("[plans]\nbasic = ' 50 / 1h '\n", RESTDESK_PLANS_BULK="7/1d").plans
    assert plans == {
        "trial": Plan(25, timedelta(minutes=1)),
        "basic": Plan(50, timedelta(hours=1)),
        "bulk": Plan(7, timedelta(days=1)),
    }
    assert parse_plan("1/1ms") == Plan(1, timedelta(milliseconds=1))
    for text in ("0/1m", "5/0s"):
        with pytest.raises(ValueError, match="a plan of nothing"):
            parse_plan(text)
    for text in ("", "5", "5/", "/1m", "-5/1m", "5/1m/1m"):
        with pytest.raises(ValueError, match="not a"):
            parse_plan(text)


def test_places_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "desk.toml"
    file.write_text('[server]\ndatabase = "../data/desk.db"\n', encoding="utf-8")
    settings = load(file, {})
    assert settings.database == str(tmp_path.resolve() / "data" / "desk.db")
    assert settings.access_log == tmp_path.resolve() / "etc" / "logs"

    settings = from_environ(SERVER_ACCESS_LOG="out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert settings.access_log.is_absolute()
    assert settings.access_log == tmp_path.resolve() / "out"


def test_places_in_the_home_folder(tmp_path, monkeypatch):
    home = tmp_path.resolve() / "ana"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert from_environ(SERVER_ACCESS_LOG="~/out").access_log == home / "out"

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "mine.toml").write_text("[pages]\nmax_limit = 44\n", encoding="utf-8")
    assert from_environ(CONFIG="~/mine.toml").max_limit == 44


def test_database_in_memory():
    assert from_environ(SERVER_DATABASE=":memory:").database == ":memory:"


def test_which_file():
    Path("restdesk.toml").mkdir()
    assert load(environ={}).max_limit == 100
    Path("restdesk.toml").rmdir()

    Path("restdesk.toml").write_text("[pages]\nmax_limit = 30\n", encoding="utf-8")
    assert load(environ={}).max_limit == 30
    assert load(environ={"RESTDESK_CONFIG": ""}).max_limit == 30

    Path("restdesk.toml").write_text("[pages]\nmax_limit = 30\n", encoding="utf-8")
    Path("other.toml").write_text("[pages]\nmax_limit = 40\n", encoding="utf-8")
    assert from_environ(CONFIG="other.toml").max_limit == 40
    assert from_file("[pages]\nmax_limit = 50\n", RESTDESK_CONFIG="other.toml").max_limit == 50


def test_file_is_utf_8_wherever_it_is_read(windows_text):
    Path("desk.toml").write_bytes('[server]\naccess_log = "Łódź"\n'.encode())
    assert load(Path("desk.toml"), {}).access_log.name == "Łódź"


def test_faulty_files():
    with pytest.raises(SettingsError, match="no settings file absent.toml"):
        load(Path("absent.toml"), {})
    with pytest.raises(SettingsError, match="desk.toml: "):
        from_file("[pages\n")
    Path("latin.toml").write_bytes(b'[server]\naccess_log = "K\xf6ln"\n')
    with pytest.raises(SettingsError, match="latin.toml: "):
        load(Path("latin.toml"), {})

    for text, complaint in [
        ("[page]\n", "unknown section [page]"),
        ("[pages]\nlimits = 5\n", "unknown setting pages.limits"),
        ("[plans]\ngold = '5/1m'\n", "unknown setting plans.gold"),
        ("pages = 5\n", "[pages] must be a table"),
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
    check_limits("PAGES_DEFAULT_LIMIT", "pages.default_limit", ["1", "100"], ["0", "1001"])
    check_limits("PAGES_MAX_LIMIT", "pages.max_limit", ["10", "1000"], ["0", "1001"])


def test_limits_of_keys():
    check_limits("KEYS_MAX_AGE", "keys.max_age", ["1d", "1825d"], ["23h", "1826d"])


def test_limits_of_charges_and_processor():
    check_limits("CHARGES_FEE_PERCENT", "charges.fee_percent", ["0", "25"], ["25.01"])
    check_limits("PROCESSOR_TIMEOUT", "processor.timeout", ["1s", "1m"], ["999ms", "61s"])
    check_limits("PROCESSOR_RETRY_AFTER", "processor.retry_after", ["1s", "10m"], ["0s", "601s"])


def test_limits_of_the_client():
    check_limits("CLIENT_MAX_ATTEMPTS", "client.max_attempts", ["1", "10"], ["0", "11"])
    check_limits("CLIENT_BASE", "client.base", ["50ms", "8s"], ["49ms", "10001ms"])
    check_limits("CLIENT_CAP", "client.cap", ["1s", "5m"], ["999ms", "301s"])
    check_limits("CLIENT_PATIENCE", "client.patience", ["1s", "1h"], ["999ms", "61m"])

    assert from_environ(CLIENT_BASE="10s", CLIENT_CAP="10s").retries.base == timedelta(seconds=10)


def test_values_of_the_wrong_kind():
    for variable, complaint in [
        ("PAGES_MAX_LIMIT", "pages.max_limit: not a whole number: 'many'"),
        ("SERVER_MAX_BODY", "server.max_body: not a size: 'many'"),
        ("CLIENT_CAP", "client.cap: not a duration: 'many'"),
        ("CHARGES_FEE_PERCENT", "charges.fee_percent: not a percentage: 'many'"),
        ("PLANS_BULK", "plans.bulk: not a whole number: 'many'"),
    ]:
        with pytest.raises(SettingsError, match=re.escape(complaint)):
            from_environ(**{variable: "many"})

    for text in ("-1", "2.5", "1_0"):
        with pytest.raises(SettingsError, match="not a whole number"):
            from_environ(PAGES_MAX_LIMIT=text)


def test_percentages():
    for text, percent in [("2.9", "2.9"), (" 0% ", "0"), ("12.25 %", "12.25"), ("007", "7")]:
        assert parse_percent(text) == Decimal(percent)
    for text in ("", "-1", "1e1", "NaN", ".5", "5.", "2,9", "%"):
        with pytest.raises(ValueError, match="not a percentage"):
            parse_percent(text)


def test_sizes():
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
