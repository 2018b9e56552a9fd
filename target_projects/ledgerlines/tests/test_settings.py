from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ledgerlines.errors import SettingsError
from ledgerlines.fraud import Limits
from ledgerlines.kinds import TransactionType
from ledgerlines.settings import Settings, load_settings, parse_duration, parse_size

EXAMPLE = Path(__file__).parent.parent / "ledgerlines.example.toml"


def assert_refused(variable, text, key, reason):
    with pytest.raises(SettingsError) as caught:
        load_settings(None, {f"LEDGERLINES_{variable}": text})
    assert (caught.value.key, caught.value.reason) == (key, reason)


def test_defaults():
    assert load_settings(None, {}) == Settings(
        base_currency="USD",
        report_folder=Path("reports"),
        rounding="half_even",
        strict=False,
        earliest=date(2015, 1, 1),
        max_problems=100,
        max_description=80,
        max_file_size=5_000_000,
        keep_processed=timedelta(days=90),
        limits=Limits(1_000_000, {}, 80, 3, 500),
        rates={"USD": Decimal(1)},
    )


def test_settings_made_in_code_have_the_same_defaults():
    assert Settings() == load_settings(None, {})
    assert Limits(1_000_000) == Settings().limits


def test_the_example_file():
    assert load_settings(EXAMPLE, {}) == Settings(
        base_currency="EUR",
        report_folder=EXAMPLE.parent / "out" / "reports",
        rounding="half_up",
        strict=True,
        earliest=date(2020, 1, 1),
        max_problems=250,
        max_description=120,
        max_file_size=8 * 1024 * 1024,
        keep_processed=timedelta(days=182),
        limits=Limits(
            1_500_000,
            {TransactionType.REFUND: 250_000, TransactionType.PAYOUT: 6_000_000},
            watch_percent=75,
            block_factor=4,
            max_count=300,
        ),
        rates={
            "EUR": Decimal(1),
            "USD": Decimal("0.92"),
            "GBP": Decimal("1.17"),
            "JPY": Decimal("0.0061"),
        },
    )


def test_the_environment_wins_over_the_file():
    environ = {"LEDGERLINES_FRAUD_WATCH_PERCENT": " 60 ", "FRAUD_BLOCK_FACTOR": "9"}
    settings = load_settings(EXAMPLE, environ)
    assert (settings.limits.watch_percent, settings.limits.block_factor) == (60, 4)


def test_the_environment_alone():
    settings = load_settings(None, {"LEDGERLINES_INTAKE_MAX_FILE_SIZE": "1kB"})
    assert settings.max_file_size == 1000


def test_an_empty_variable_is_not_an_absent_one():
    for name, reason in [
        ("validation.max_problems", "not a whole number: ''"),
        ("validation.strict", "neither yes nor no: ''"),
    ]:
        variable = f"LEDGERLINES_{name.replace('.', '_')}".upper()
        with pytest.raises(SettingsError, match=f"^{name}: {reason}$"):
            load_settings(EXAMPLE, {variable: ""})


def test_a_folder_from_the_environment_without_a_file(tmp_path):
    environ = {"LEDGERLINES_GENERAL_REPORT_FOLDER": str(tmp_path)}
    assert load_settings(None, environ).report_folder == tmp_path
    assert load_settings(EXAMPLE, environ).report_folder == tmp_path


def test_a_folder_below_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    environ = {"LEDGERLINES_GENERAL_REPORT_FOLDER": "~/finance"}
    assert load_settings(None, environ).report_folder == tmp_path / "finance"


def test_thresholds_have_the_decimals_of_the_base_currency(write):
    path = write("s.toml", '[general]\nbase_currency = "JPY"\n[fraud.thresholds]\nfee = 300\n')
    limits = load_settings(path, {}).limits
    assert (limits.threshold, limits.for_type(TransactionType.FEE)) == (10_000, 300)


def test_settings_are_read_as_utf_8(write, windows_text):
    path = write("s.toml", '[general]\nreport_folder = "/srv/Übersicht"\n')
    assert load_settings(path, {}).report_folder.name == "Übersicht"


def test_bounds_of_numbers():
    bounds = {
        "validation.max_problems": (1, 10_000),
        "validation.max_description": (10, 500),
        "fraud.watch_percent": (1, 100),
        "fraud.block_factor": (2, 100),
        "fraud.max_count": (1, 1_000_000),
    }
    for name, (low, high) in bounds.items():
        variable = f"LEDGERLINES_{name.replace('.', '_')}".upper()
        for value in (low, high):
            load_settings(None, {variable: str(value)})
        for value in (low - 1, high + 1):
            with pytest.raises(SettingsError, match=f"^{name}: {value} is not within"):
                load_settings(None, {variable: str(value)})


def test_numbers_that_are_none():
    with pytest.raises(SettingsError, match="fraud.watch_percent: 101 is not within 1 to 100"):
        load_settings(None, {"LEDGERLINES_FRAUD_WATCH_PERCENT": "101"})
    with pytest.raises(SettingsError, match="validation.max_problems: not a whole number: 'all'"):
        load_settings(None, {"LEDGERLINES_VALIDATION_MAX_PROBLEMS": "all"})


def test_flags(write):
    cases = {
        "1": True,
        "TRUE": True,
        "yes": True,
        " on ": True,
        "0": False,
        "False": False,
        "no": False,
        "OFF": False,
    }
    assert {
        text: load_settings(EXAMPLE, {"LEDGERLINES_VALIDATION_STRICT": text}).strict
        for text in cases
    } == cases
    assert load_settings(write("s.toml", "validation.strict = ' Yes '"), {}).strict
    with pytest.raises(SettingsError, match="validation.strict: neither yes nor no: 'maybe'"):
        load_settings(None, {"LEDGERLINES_VALIDATION_STRICT": "maybe"})


def test_durations():
    for text, seconds in [
        ("45s", 45),
        ("10 min", 600),
        ("5m", 300),
        ("12h", 43_200),
        ("1 hour", 3600),
        ("2 Hours", 7200),
        ("3d", 259_200),
        ("1 day", 86_400),
        ("2w", 1_209_600),
        ("1 week", 604_800),
        (" 3 Weeks ", 1_814_400),
    ]:
        assert parse_duration(text) == timedelta(seconds=seconds)
    for text in ["90", "2w 3d", "1.5h", "d"]:
        assert_refused("INTAKE_KEEP_PROCESSED", text, "intake", f"not a duration: '{text}'")


def test_sizes():
    cases = {
        "512": 512,
        " 7 B ": 7,
        "1kb": 1000,
        "1 KiB": 1024,
        "2MB": 2_000_000,
        "1MiB": 1_048_576,
        "3 GB": 3_000_000_000,
        "1GiB": 1_073_741_824,
    }
    assert {text: parse_size(text) for text in cases} == cases
    assert_refused("INTAKE_MAX_FILE_SIZE", "5 apples", "intake", "not a size: '5 apples'")


def test_a_missing_file(tmp_path):
    with pytest.raises(SettingsError, match="none.toml: no such settings file"):
        load_settings(tmp_path / "none.toml", {})


def test_a_broken_file(write):
    with pytest.raises(SettingsError, match="s.toml: not TOML"):
        load_settings(write("s.toml", "[general\n"), {})


def test_an_unknown_type_among_the_thresholds(write):
    with pytest.raises(SettingsError) as caught:
        load_settings(write("s.toml", "[fraud.thresholds]\ngift = 5\n"), {})
    assert caught.value.key == "fraud.thresholds.gift"
    assert caught.value.reason == "unknown transaction type: 'gift'"


def test_values_that_make_no_sense():
    for variable, text, reason in [
        ("GENERAL_BASE_CURRENCY", "dollars", "not a currency code: 'dollars'"),
        ("VALIDATION_EARLIEST", "long ago", "not a date: 'long ago'"),
        ("FRAUD_THRESHOLD", "a lot", "not an amount: 'a lot'"),
    ]:
        assert_refused(variable, text, "environment", reason)


def test_a_rate_that_is_no_number(write):
    with pytest.raises(SettingsError, match="^s.toml: "):
        load_settings(write("s.toml", '[general.rates]\nEUR = "par"\n'), {})
