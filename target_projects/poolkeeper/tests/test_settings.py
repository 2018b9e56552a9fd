from datetime import timedelta
from pathlib import Path

import pytest
from poolkeeper.errors import SettingsError
from poolkeeper.settings import load


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def from_file(tmp_path, text, **environ):
    file = tmp_path / "pk.toml"
    file.write_bytes(text.encode())
    return load(file, environ)


def set_to(name, value):
    return load(environ={f"POOLKEEPER_{name}": value})


def test_the_defaults():
    settings = load(environ={})
    pool, health, limits = settings.pool, settings.health, settings.limits
    assert (pool.folder, pool.strategy) == (Path("pools.d"), "least-connections")
    assert (pool.capacity, pool.default_port, pool.virtual_nodes) == (250, 8080, 200)
    assert (pool.drain_timeout, pool.session_ttl) == (timedelta(minutes=10), timedelta(minutes=45))
    assert (health.accept, health.rise, health.fall) == ({200, 204}, 2, 3)
    assert (health.timeout, health.trust_new) == (timedelta(seconds=2), True)
    assert (limits.default_plan, limits.idle_after) == ("free", timedelta(minutes=15))
    assert limits.users == {}

    state, logs, reports = settings.state, settings.logs, settings.reports
    assert (state.folder, state.keep, state.max_age) == (Path("state"), 5, timedelta(days=7))
    assert (logs.folder, logs.name, logs.max_bad_lines) == (Path("logs"), "access.log", 100)
    assert (reports.folder, reports.currency, reports.percentile) == (Path("reports"), "EUR", 95)
    assert reports.zone.utcoffset(None) == timedelta(0)


def test_the_example_file():
    example = Path(__file__).parent.parent / "poolkeeper.example.toml"
    shown = load(example, {})
    assert (shown.health.rise, shown.health.fall, shown.health.timeout.seconds) == (2, 3, 2)
    assert (shown.pool.strategy, shown.pool.folder.name) == ("least-connections", "pools.d")
    assert shown.pool.session_ttl == timedelta(minutes=45)
    assert shown.reports.zone.utcoffset(None) == timedelta(hours=1)
    assert shown.limits.users == {"@partner.example": "team", "nightly-export": "batch"}


FILE = {
    "pool": ('strategy = "Round_Robin"', "default_port = 81", "virtual_nodes = 7"),
    "health": ("accept = [200, 301]", "rise = 4", "fall = 5", 'timeout = "3s"'),
    "limits": ('default_plan = "Team"', 'idle_after = "2m"'),
    "state": ("keep = 9", 'max_age = "1d"'),
    "logs": ('name = "edge.log"', "max_bad_lines = 0"),
    "reports": ('currency = "usd"', 'utc_offset = "+05:30"', "percentile = 99"),
}
READ = {
    "pool": {"strategy": "round-robin", "default_port": 81, "virtual_nodes": 7},
    "health": {"accept": {200, 301}, "rise": 4, "fall": 5, "timeout": timedelta(seconds=3)},
    "limits": {"default_plan": "team", "idle_after": timedelta(minutes=2)},
    "state": {"keep": 9, "max_age": timedelta(days=1)},
    "logs": {"name": "edge.log", "max_bad_lines": 0},
    "reports": {"currency": "USD", "percentile": 99},
}


def read(settings, section):
    rules = getattr(settings, section)
    return {key: getattr(rules, key) for key in READ[section]}


def test_sections_of_the_file_and_of_the_environment(tmp_path):
    for section, lines in FILE.items():
        text = "\n".join([f"[{section}]", *lines])
        assert read(from_file(tmp_path, text), section) == READ[section]

        environ = {}
        for line in lines:
            key, _, value = line.partition(" = ")
            environ[f"POOLKEEPER_{section}_{key}".upper()] = value.strip('"[]')
        assert read(load(environ=environ), section) == READ[section]


def test_the_environment_wins_over_the_file_unless_empty(tmp_path):
    for variable, fall in ((" 8 ", 8), (" ", 7), ("", 7)):
        settings = from_file(tmp_path, "[health]\nfall = 7\n", POOLKEEPER_HEALTH_FALL=variable)
        assert settings.health.fall == fall

    text = '[pool]\nstrategy = " round-robin "\n[logs]\nname = " edge.log "\n'
    settings = from_file(tmp_path, text, POOLKEEPER_LIMITS_DEFAULT_PLAN=" team ")
    assert (settings.pool.strategy, settings.logs.name) == ("round-robin", "edge.log")
    assert settings.limits.default_plan == "team"


def test_folders(tmp_path, monkeypatch):
    (tmp_path / "etc").mkdir()
    settings = from_file(tmp_path / "etc", '[state]\nfolder = "../var"\n')
    assert settings.state.folder.resolve() == (tmp_path / "var").resolve()
    assert settings.logs.folder == tmp_path / "etc" / "logs"

    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert set_to("STATE_FOLDER", "~/state").state.folder == tmp_path / "home" / "state"
    assert set_to("STATE_FOLDER", str(tmp_path)).state.folder == tmp_path
    with pytest.raises(SettingsError, match=r"state\.folder: Could not determine home"):
        set_to("STATE_FOLDER", "~nobody-of-this-name/state")


def test_which_file_is_read(tmp_path, monkeypatch):
    usual = Path("poolkeeper.toml")
    usual.mkdir()
    assert load(environ={}).state.keep == 5
    usual.rmdir()
    usual.write_text("[state]\nkeep = 11\n", encoding="utf-8")
    assert load(environ={}).state.keep == 11

    (tmp_path / "other.toml").write_text("[state]\nkeep = 12\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert load(environ={"POOLKEEPER_CONFIG": " ~/other.toml "}).state.keep == 12
    assert load(environ={"POOLKEEPER_CONFIG": " "}).state.keep == 11
    assert from_file(tmp_path, "", POOLKEEPER_CONFIG="other.toml").state.keep == 5


def test_files_that_can_not_be_used(tmp_path, foreign_machine):
    users = from_file(tmp_path, '[users]\n"Łukasz@example.com" = "team" # żółw\nBob = 7\n')
    assert users.limits.users == {"Łukasz@example.com": "team", "Bob": "7"}

    with pytest.raises(SettingsError, match=r"no settings file absent\.toml"):
        load(Path("etc/absent.toml"), {})
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(SettingsError, match=r"latin\.toml: "):
        load(tmp_path / "latin.toml", {})

    for text, said in {
        "[pool\n": r"pk\.toml: ",
        "[pol]\n": r"unknown section \[pol\]",
        "[pool]\ncapacty = 5\n": r"unknown setting pool\.capacty",
        "pool = 5\n": "pool is not a section",
    }.items():
        with pytest.raises(SettingsError, match=said):
            from_file(tmp_path, text)


def check_limits(name, allowed, refused):
    for value in allowed:
        set_to(name, value)
    setting = name.lower().replace("_", ".", 1)
    for value in refused:
        with pytest.raises(SettingsError, match=f"{setting}: {value} is not within"):
            set_to(name, value)


def test_limits_of_settings():
    check_limits("POOL_CAPACITY", ["1", "100000"], ["-1", "100001"])
    assert set_to("POOL_CAPACITY", "0").pool.capacity is None
    check_limits("POOL_DEFAULT_PORT", ["1", "65535"], ["0", "65536"])
    check_limits("POOL_VIRTUAL_NODES", ["1", "1000"], ["0", "1001"])
    check_limits("POOL_DRAIN_TIMEOUT", ["0s", "1d"], ["86401s"])
    check_limits("POOL_SESSION_TTL", ["1m", "7d"], ["59s", "169h"])

    check_limits("HEALTH_RISE", ["1", "20"], ["0", "21"])
    check_limits("HEALTH_FALL", ["1", "20"], ["0", "21"])
    check_limits("HEALTH_TIMEOUT", ["50ms", "1m"], ["49ms", "61s"])
    check_limits("LIMITS_IDLE_AFTER", ["1m", "1d"], ["59s", "25h"])

    check_limits("STATE_KEEP", ["1", "100"], ["0", "101"])
    check_limits("STATE_MAX_AGE", ["1m", "30d"], ["59s", "31d"])
    check_limits("LOGS_MAX_BAD_LINES", ["0", "100000"], ["-1", "100001"])
    check_limits("REPORTS_PERCENTILE", ["1", "100"], ["0", "101"])


def test_values_that_are_no_good():
    for name, value, said in (
        ("POOL_STRATEGY", "Random", "pool.strategy is none of round-robin, least-connections, "),
        ("POOL_SESSION_TTL", "300", "pool.session_ttl: not a duration: '300'"),
        ("HEALTH_FALL", "many", "health.fall: not a whole number: 'many'"),
        ("HEALTH_FALL", "2.5", "health.fall: not a whole number"),
        ("HEALTH_TRUST_NEW", "Maybe", "health.trust_new: neither yes nor no: 'maybe'"),
        ("HEALTH_ACCEPT", "99", "health.accept: statuses lie within 100 to 599"),
        ("HEALTH_ACCEPT", "200,600", "health.accept: statuses lie within 100 to 599"),
        ("HEALTH_ACCEPT", "200;204", "health.accept: statuses are numbers"),
        ("REPORTS_CURRENCY", "EURO", "reports.currency: not a currency: 'EURO'"),
        ("REPORTS_CURRENCY", "E1R", "reports.currency: not a currency"),
        ("REPORTS_UTC_OFFSET", "CET", "reports.utc_offset: not a distance from UTC: 'CET'"),
    ):
        with pytest.raises(SettingsError, match=said):
            set_to(name, value)

    words = ("1", "true", "YES", "on", "0", "False", "no", "off")
    flags = [set_to("HEALTH_TRUST_NEW", word).health.trust_new for word in words]
    assert flags == [True] * 4 + [False] * 4
    assert set_to("HEALTH_ACCEPT", "100, 599").health.accept == {100, 599}
