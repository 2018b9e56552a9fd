from datetime import time, timedelta
from pathlib import Path

import pytest

from billcycle.errors import SettingsError
from billcycle.reminders import Step
from billcycle.settings import load


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def from_file(tmp_path, text, **environ):
    file = tmp_path / "billing.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ)


FILE = {
    "database": ("storage", '"a.db"', "a.db"),
    "spool": ("storage", '"out"', "out"),
    "lease": ("worker", '"20m"', "0:20:00"),
    "clock_skew": ("worker", '"45s"', "0:00:45"),
    "batch": ("worker", "7", "7"),
    "max_attempts": ("worker", "9", "9"),
    "retry_base": ("worker", '"2m"', "0:02:00"),
    "retry_cap": ("worker", '"3h"', "3:00:00"),
    "sender": ("mail", '"ar@example.org"', "ar@example.org"),
    "send_time": ("mail", '"07:45"', "07:45:00"),
    "utc_offset": ("mail", '"+05:30"', "UTC+05:30"),
    "skip_weekends": ("mail", "true", "True"),
    "folder": ("export", '"out/daily"', "out/daily"),
    "format": ("export", '"json"', "json"),
    "keep_days": ("export", "14", "14"),
    "currency": ("billing", '"usd"', "USD"),
}
FIELDS = {"utc_offset": "office", "folder": "export_folder", "format": "export_format"}


def shown(settings, key, tmp_path):
    value = getattr(settings, FIELDS.get(key, key))
    return value.relative_to(tmp_path).as_posix() if isinstance(value, Path) else str(value)


@pytest.mark.parametrize("section", ["storage", "worker", "mail", "export", "billing"])
def test_settings_from_file_and_environment(section, tmp_path):
    keys = [key for key in FILE if FILE[key][0] == section]
    expected = [FILE[key][2] for key in keys]
    lines = [f"{key} = {FILE[key][1]}" for key in keys]
    settings = from_file(tmp_path, "\n".join([f"[{section}]", *lines]))
    assert [shown(settings, key, tmp_path) for key in keys] == expected

    variables = {f"BILLCYCLE_{section}_{key}".upper(): FILE[key][1].strip('"') for key in keys}
    settings = from_file(tmp_path, "", **variables)
    assert [shown(settings, key, tmp_path) for key in keys] == expected


def test_environment_wins_over_the_file_unless_empty(tmp_path):
    settings = from_file(tmp_path, "[worker]\nbatch = 7\n", BILLCYCLE_WORKER_BATCH=" 8 ")
    assert settings.batch == 8

    settings = from_file(tmp_path, "[worker]\nbatch = 7\n", BILLCYCLE_WORKER_BATCH="")
    assert settings.batch == 7


def test_home_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("USERPROFILE", "/home/ana")
    settings = from_file(tmp_path, '[storage]\ndatabase = "~/billing.db"\n')
    assert settings.database == Path("/home/ana/billing.db")


def test_usual_file_in_the_current_folder(tmp_path):
    Path("billcycle.toml").write_text("[worker]\nbatch = 3\n", encoding="utf-8")
    assert load(environ={}).batch == 3


def test_variable_names_the_file_unless_a_path_is_given(tmp_path):
    Path("billcycle.toml").write_text("[worker]\nbatch = 3\n", encoding="utf-8")
    Path("other.toml").write_text("[worker]\nbatch = 4\n", encoding="utf-8")
    assert load(environ={"BILLCYCLE_CONFIG": "other.toml"}).batch == 4

    Path("other.toml").write_text("[worker]\nbatch = 4\n", encoding="utf-8")
    settings = from_file(tmp_path, "[worker]\nbatch = 5\n", BILLCYCLE_CONFIG="other.toml")
    assert settings.batch == 5


def test_faulty_file(tmp_path):
    with pytest.raises(SettingsError, match="no settings file absent.toml"):
        load(Path("absent.toml"), {})

    with pytest.raises(SettingsError, match="billing.toml: "):
        from_file(tmp_path, "[worker\n")
    with pytest.raises(SettingsError, match="worker has the wrong shape"):
        from_file(tmp_path, "worker = 5\n")
    with pytest.raises(SettingsError, match="reminders has the wrong shape"):
        from_file(tmp_path, "[reminders]\noffset = 1\n")


def test_unknown_names_in_the_file(tmp_path):
    with pytest.raises(SettingsError, match=r"unknown section \[wrker\]"):
        from_file(tmp_path, "[wrker]\n")
    with pytest.raises(SettingsError, match="unknown setting worker.leese"):
        from_file(tmp_path, "[worker]\nleese = '5m'\n")


def test_faulty_reminder_in_the_file(tmp_path):
    with pytest.raises(SettingsError, match="needs an offset and a subject"):
        from_file(tmp_path, "[[reminders]]\noffset = 1\n")
    with pytest.raises(SettingsError, match="not a reminder offset"):
        from_file(tmp_path, "[[reminders]]\noffset = 'soon'\nsubject = 'x'\n")


def check_limits(name, allowed, refused):
    for value in allowed:
        load(environ={f"BILLCYCLE_{name}": value})
    setting = name.lower().replace("_", ".", 1)
    for value in refused:
        with pytest.raises(SettingsError, match=f"{setting} must lie between"):
            load(environ={f"BILLCYCLE_{name}": value})


def test_limits_of_lease_and_skew():
    check_limits("WORKER_LEASE", ["62s", "1h"], ["9s", "61m"])
    check_limits("WORKER_CLOCK_SKEW", ["0s", "149s"], ["301s"])


def test_limits_of_counts():
    check_limits("WORKER_BATCH", ["1", "500"], ["0", "501"])
    check_limits("WORKER_MAX_ATTEMPTS", ["1", "10"], ["0", "11"])
    check_limits("EXPORT_KEEP_DAYS", ["0", "3650"], ["3651"])
    with pytest.raises(SettingsError, match="between 0 and 3650, got 3651"):
        load(environ={"BILLCYCLE_EXPORT_KEEP_DAYS": "3651"})


def test_limits_of_retries():
    check_limits("WORKER_RETRY_BASE", ["1s", "1h"], ["0s", "61m"])
    check_limits("WORKER_RETRY_CAP", ["1m", "3d"], ["0s", "73h"])


def test_lease_must_outlast_twice_the_skew():
    with pytest.raises(SettingsError, match="more than twice"):
        load(environ={"BILLCYCLE_WORKER_LEASE": "60s"})

    short = {"BILLCYCLE_WORKER_LEASE": "10s", "BILLCYCLE_WORKER_CLOCK_SKEW": "4s"}
    assert load(environ=short).lease == timedelta(seconds=10)
    long = {"BILLCYCLE_WORKER_LEASE": "20m", "BILLCYCLE_WORKER_CLOCK_SKEW": "5m"}
    assert load(environ=long).clock_skew == timedelta(minutes=5)


def test_retry_cap_is_not_below_the_base():
    with pytest.raises(SettingsError, match="must not be below"):
        load(environ={"BILLCYCLE_WORKER_RETRY_CAP": "59s"})

    environ = {"BILLCYCLE_WORKER_RETRY_BASE": "1s", "BILLCYCLE_WORKER_RETRY_CAP": "1s"}
    assert load(environ=environ).retry_cap == timedelta(seconds=1)


def test_not_a_count(tmp_path):
    for text in ("", "-1", "2.5", "many"):
        with pytest.raises(SettingsError, match="worker.batch must be a whole number"):
            from_file(tmp_path, f"[worker]\nbatch = '{text}'\n")


def test_switch_words():
    def switch(word):
        return load(environ={"BILLCYCLE_MAIL_SKIP_WEEKENDS": word}).skip_weekends

    assert [switch(word) for word in ("yes", "True", "on", "1")] == [True] * 4
    assert [switch(word) for word in ("no", "False", "OFF", "0")] == [False] * 4
    with pytest.raises(SettingsError, match="mail.skip_weekends must be yes or no, got 'maybe'"):
        switch("maybe")


def test_export_formats():
    words = ["csv", "Json", "BOTH"]
    kinds = [load(environ={"BILLCYCLE_EXPORT_FORMAT": word}).export_format for word in words]
    assert kinds == ["csv", "json", "both"]


def test_unknown_words():
    with pytest.raises(SettingsError, match="must be csv, json or both, got 'xls'"):
        load(environ={"BILLCYCLE_EXPORT_FORMAT": "xls"})

    with pytest.raises(SettingsError, match="unknown currency 'DOGE'"):
        load(environ={"BILLCYCLE_BILLING_CURRENCY": "doge"})


def test_send_time():
    times = [load(environ={"BILLCYCLE_MAIL_SEND_TIME": t}).send_time for t in ("0:00", "23:59")]
    assert times == [time(0, 0), time(23, 59)]

    for text in ("9", "9:5", "nine:00", "09:xx", ":30"):
        with pytest.raises(SettingsError, match="mail.send_time must look like"):
            load(environ={"BILLCYCLE_MAIL_SEND_TIME": text})
    for text in ("24:00", "12:60"):
        with pytest.raises(SettingsError, match="not a time of the day"):
            load(environ={"BILLCYCLE_MAIL_SEND_TIME": text})


def test_schedule_from_the_file(tmp_path, ascii_machine):
    text = (
        "[[reminders]]\noffset = 3\nsubject = 'b'\n[[reminders]]\noffset = '-2w'\nsubject = 'a'\n"
    )
    assert from_file(tmp_path, text).schedule == (Step(3, "b"), Step(-14, "a"))

    text = "[[reminders]]\noffset = 1\nsubject = 7\n"
    assert from_file(tmp_path, text).schedule == (Step(1, "7"),)

    text = "[[reminders]]\noffset = 0\nsubject = 'Heute fällig: {amount}'\n"
    assert from_file(tmp_path, text).schedule == (Step(0, "Heute fällig: {amount}"),)


def test_example_file_says_what_the_defaults_are():
    example = Path(__file__).parent.parent / "billcycle.example.toml"
    settings = load(example, {})
    defaults = load(environ={})
    assert settings.schedule == defaults.schedule
    assert (settings.lease, settings.retry_cap) == (defaults.lease, defaults.retry_cap)


def test_example_file_names_every_default():
    example = Path(__file__).parent.parent / "billcycle.example.toml"
    folders = ("database", "spool", "export_folder")
    settings, defaults = vars(load(example, {})), vars(load(environ={}))
    assert [name for name in defaults if settings[name] != defaults[name]] == [*folders]


def test_folder_of_the_usual_name_is_no_settings_file(tmp_path, monkeypatch):
    (tmp_path / "billcycle.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load(environ={}).keep_days == 90


def test_minutes_have_two_digits():
    with pytest.raises(SettingsError):
        load(environ={"BILLCYCLE_MAIL_SEND_TIME": "9:005"})
