from dataclasses import FrozenInstanceError, asdict
from datetime import timedelta
from pathlib import Path

import pytest
from hookrelay.errors import SettingsError
from hookrelay.settings import Source, load_settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def from_file(tmp_path, text, **environ):
    file = tmp_path / "relay.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environ)


def values(settings, *names):
    return [asdict(settings)[name] for name in names]


def seconds(settings, *names):
    return [getattr(settings, name).total_seconds() for name in names]


def test_defaults_which_cannot_be_changed():
    settings = load_settings(environ={})
    assert values(settings, "database", "alert_folder") == [Path("hookrelay.db"), Path("alerts")]
    assert seconds(settings, "timeout", "lease", "future_tolerance") == [10, 120, 300]
    assert seconds(settings.retry, "base", "cap", "give_up") == [1, 6 * 3600, 72 * 3600]
    assert (settings.workers, settings.retry.factor, settings.retry.jitter) == (4, 2, 0.2)
    assert (settings.per_window, settings.window) == (60, timedelta(minutes=1))
    assert settings.quiet == timedelta(hours=1)
    assert values(settings, "excerpt", "read_limit", "page", "page_max") == [200, 16384, 25, 100]
    assert settings.zone.utcoffset(None) == timedelta(0)
    for holder, name in ((settings, "page"), (settings.retry, "factor")):
        with pytest.raises(FrozenInstanceError):
            setattr(holder, name, 3)


# setting: (in a file, what it is then)
GIVEN = {
    "storage": {"database": ('"a.db"', "a.db")},
    "events": {"future_tolerance": ('"90s"', "0:01:30")},
    "worker": {"size": ("7", "7"), "timeout": ('"2.5s"', "0:00:02.500000"),
               "lease": ('"3m"', "0:03:00")},
    "retry": {"base": ('"2s"', "0:00:02"), "factor": ("3", "3"), "cap": ('"2h"', "2:00:00"),
              "jitter_percent": ("35", "0.35"), "give_up": ('"2d"', "2 days, 0:00:00")},
    "limits": {"per_window": ("5", "5"), "window": ('"30s"', "0:00:30")},
    "log": {"excerpt": ("80", "80"), "read_limit": ("2000", "2000")},
    "dashboard": {"page": ("10", "10"), "page_max": ("50", "50"),
                  "utc_offset_minutes": ("-90", "UTC-01:30")},
    "alerts": {"folder": ('"mail"', "mail"), "quiet": ('"0s"', "0:00:00")},
}  # fmt: skip
FIELDS = {
    "worker.size": "workers", "alerts.folder": "alert_folder",
    "dashboard.utc_offset_minutes": "zone", "retry.jitter_percent": "jitter",
}  # fmt: skip


def shown(settings, section, key, folder):
    holder = settings.retry if section == "retry" else settings
    value = getattr(holder, FIELDS.get(f"{section}.{key}", key))
    return value.relative_to(folder).as_posix() if isinstance(value, Path) else str(value)


def check_both_ways(section, tmp_path):
    keys = GIVEN[section]
    expected = {key: result for key, (_, result) in keys.items()}
    lines = [f"[{section}]", *(f"{key} = {text}" for key, (text, _) in keys.items())]
    settings = from_file(tmp_path, "\n".join(lines))
    assert {key: shown(settings, section, key, tmp_path) for key in keys} == expected

    variables = {
        f"HOOKRELAY_{section}_{key}".upper(): text.strip('"') for key, (text, _) in keys.items()
    }
    settings = from_file(tmp_path, "", **variables)
    assert {key: shown(settings, section, key, tmp_path) for key in keys} == expected


def test_settings_from_a_file_and_from_the_environment(tmp_path):
    for section in GIVEN:
        check_both_ways(section, tmp_path)


def test_where_the_file_is_looked_for(tmp_path, monkeypatch, windows_text):
    for name, size in (("hookrelay.toml", 3), ("other.toml", 5)):
        Path(name).write_text(f"[worker]\nsize = {size}\n", encoding="utf-8")
    assert load_settings(environ={}).workers == 3
    Path("hookrelay.toml").rename("old.toml")
    Path("hookrelay.toml").mkdir()
    assert load_settings(environ={}).workers == 4
    Path("hookrelay.toml").rmdir()
    Path("old.toml").rename("hookrelay.toml")
    assert load_settings(environ={"HOOKRELAY_SETTINGS": " "}).workers == 3
    assert load_settings(environ={"HOOKRELAY_SETTINGS": " other.toml "}).workers == 5
    text = '[worker]\nsize = 9\n[alerts]\nfolder = "Łódź"\n'
    settings = from_file(tmp_path, text, HOOKRELAY_SETTINGS="other.toml")
    assert (settings.workers, settings.alert_folder) == (9, tmp_path / "Łódź")

    monkeypatch.setenv("HOME", str(tmp_path / "ana"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "ana"))
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "r.toml").write_text("[worker]\nsize = 2\n", encoding="utf-8")
    assert load_settings(environ={"HOOKRELAY_SETTINGS": "~/r.toml"}).workers == 2


def source(given=None, environ=None, folder=Path(), default=""):
    """Where one setting, `log.size`, is looked up."""
    document = {} if given is None else {"log": {"size": given}}
    return Source({"log": {"size": default}}, document, environ or {}, folder)


def test_the_environment_wins_over_the_file_unless_it_is_empty():
    found = [source(7, {"HOOKRELAY_LOG_SIZE": text}).text("log.size") for text in (" 8 ", "", " ")]
    assert found == ["8", "7", "7"]
    assert source(" 7 ", default=6).text("log.size") == "7"
    assert source(0, default=6).text("log.size") == "0"
    assert source(default=6).text("log.size") == "6"


def test_numbers():
    assert [source(size).number("log.size", 1, 9) for size in (1, "9")] == [1, 9]
    for size, problem in [
        (0, r"log\.size must lie between 1 and 9, got 0"),
        (10, r"log\.size must lie between 1 and 9, got 10"),
        ("four", r"log\.size must be a whole number, got 'four'"),
        (2.5, r"log\.size must be a whole number, got '2\.5'"),
        (True, r"log\.size must be a whole number, got 'True'"),
    ]:
        with pytest.raises(SettingsError, match=problem):
            source(size).number("log.size", 1, 9)


def test_spans():
    for text, length in [("1s", 1), ("1h", 3600), ("1m 5s", 65)]:
        assert source(text).span("log.size", "1s", "1h") == timedelta(seconds=length)
    for text, problem in [
        ("999ms", r"log\.size must lie between 1s and 1h"),
        ("3601s", r"log\.size must lie between 1s and 1h"),
        ("120", r"log\.size: not a duration: '120'"),
    ]:
        with pytest.raises(SettingsError, match=problem):
            source(text).span("log.size", "1s", "1h")


def test_paths_start_at_the_files_folder(tmp_path, monkeypatch):
    assert source("../relay.db", folder=tmp_path).place("log.size") == tmp_path / "../relay.db"
    assert source("relay.db").place("log.size") == Path("relay.db")
    monkeypatch.setenv("HOME", str(tmp_path / "ana"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "ana"))
    assert source("~/out", folder=tmp_path).place("log.size") == tmp_path / "ana" / "out"


def test_files_that_do_not_fit(tmp_path):
    for text, problem in [
        ("[wroker]\nsize = 1", r"unknown section \[wroker\]"),
        ("[worker]\nsice = 1", r"unknown setting worker\.sice"),
        ("worker = 1", "worker is a section, not a setting"),
        ("[worker", r"relay\.toml: "),
    ]:
        with pytest.raises(SettingsError, match=problem):
            from_file(tmp_path, text)

    with pytest.raises(SettingsError, match=r"there is no settings file none\.toml"):
        load_settings(tmp_path / "none.toml", {})
    (tmp_path / "x.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(SettingsError, match=r"x\.toml: 'utf-8' codec"):
        load_settings(tmp_path / "x.toml", {})


BOUNDS = {
    "EVENTS_FUTURE_TOLERANCE": ("0s", "1h", None, "3601s"),
    "WORKER_SIZE": ("1", "32", "0", "33"),
    "WORKER_TIMEOUT": ("100ms", "1m", "99ms", "61s"),
    "WORKER_LEASE": ("11s", "1h", "999ms", "3601s"),
    "RETRY_BASE": ("100ms", "1h", "99ms", "3601s"),
    "RETRY_FACTOR": ("1", "10", "0", "11"),
    "RETRY_CAP": ("1s", "1d", "99ms", "86401s"),
    "RETRY_JITTER_PERCENT": ("0", "100", "-1", "101"),
    "RETRY_GIVE_UP": ("1m", "7d", "59s", "169h"),
    "LIMITS_PER_WINDOW": ("1", "10000", "0", "10001"),
    "LIMITS_WINDOW": ("1s", "1h", "999ms", "3601s"),
    "LOG_EXCERPT": ("0", "2000", "-1", "2001"),
    "LOG_READ_LIMIT": ("0", "1048576", None, "1048577"),
    "DASHBOARD_PAGE": ("1", "100", "0", "1001"),
    "DASHBOARD_PAGE_MAX": ("25", "1000", "0", "1001"),
    "DASHBOARD_UTC_OFFSET_MINUTES": ("-720", "840", "-721", "841"),
    "ALERTS_QUIET": ("0s", "1d", None, "86401s"),
}


def test_bounds():
    for name, (least, most, below, above) in BOUNDS.items():
        for value in (least, most):
            load_settings(environ={f"HOOKRELAY_{name}": value})
        problem = name.lower().replace("_", ".", 1) + " must lie between"
        for value in (below, above):
            if value is not None:
                with pytest.raises(SettingsError, match=problem):
                    load_settings(environ={f"HOOKRELAY_{name}": value})


def test_settings_that_do_not_go_together():
    with pytest.raises(SettingsError, match=r"worker\.lease must lie between 1s and 1h"):
        load_settings(environ={"HOOKRELAY_WORKER_LEASE": "999ms", "HOOKRELAY_WORKER_TIMEOUT": "1s"})
    low = {"HOOKRELAY_RETRY_CAP": "100ms", "HOOKRELAY_RETRY_BASE": "100ms"}
    assert load_settings(environ=low).retry.cap == timedelta(milliseconds=100)
    small = {"HOOKRELAY_DASHBOARD_PAGE": "1000", "HOOKRELAY_DASHBOARD_PAGE_MAX": "1000"}
    assert load_settings(environ=small).page == 1000
    small = {"HOOKRELAY_DASHBOARD_PAGE": "1", "HOOKRELAY_DASHBOARD_PAGE_MAX": "1"}
    assert load_settings(environ=small).page_max == 1
    quick = {"HOOKRELAY_WORKER_LEASE": "1s", "HOOKRELAY_WORKER_TIMEOUT": "999ms"}
    assert load_settings(environ=quick).lease == timedelta(seconds=1)

    for given, problem in [
        ({"WORKER_LEASE": "10s"}, r"worker\.lease must be longer than worker\.timeout"),
        ({"RETRY_CAP": "999ms"}, r"retry\.cap must not be below retry\.base"),
        ({"DASHBOARD_PAGE": "101"}, r"dashboard\.page must not be above dashboard\.page_max"),
    ]:
        with pytest.raises(SettingsError, match=problem):
            load_settings(environ={f"HOOKRELAY_{name}": value for name, value in given.items()})
