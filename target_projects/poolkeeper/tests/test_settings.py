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


def test_default_pool_settings():
    pool = load(environ={}).pool
    assert (pool.folder, pool.strategy) == (Path("pools.d"), "least-connections")
    assert (pool.capacity, pool.default_port, pool.virtual_nodes) == (250, 8080, 200)

    pool = load(environ={}).pool
    assert pool.drain_timeout == timedelta(minutes=10)
    assert pool.session_ttl == timedelta(minutes=45)


def test_default_health_settings():
    health = load(environ={}).health
    assert (health.accept, health.rise, health.fall) == ({200, 204}, 2, 3)
    assert health.trust_new is True

    health = load(environ={}).health
    assert (health.timeout, health.stale_after) == (timedelta(seconds=2), timedelta(seconds=45))
    assert health.slow_after == timedelta(milliseconds=800)


def test_default_limits_and_state():
    limits = load(environ={}).limits
    assert (limits.default_plan, limits.idle_after) == ("free", timedelta(minutes=15))
    assert limits.users == {}

    state = load(environ={}).state
    assert (state.folder, state.keep, state.max_age) == (Path("state"), 5, timedelta(days=7))


def test_default_log_and_report_settings():
    logs = load(environ={}).logs
    assert (logs.folder, logs.name, logs.max_bad_lines) == (Path("logs"), "access.log", 100)

    reports = load(environ={}).reports
    assert (reports.folder, reports.keep_days) == (Path("reports"), 62)
    assert (reports.currency, reports.percentile) == ("EUR", 95)
    assert reports.zone.utcoffset(None) == timedelta(0)


FILE = {
    "pool": ('strategy = "Round_Robin"', "default_port = 81", "virtual_nodes = 7"),
    "health": ("accept = [200, 301]", "rise = 4", "fall = 5", 'stale_after = "1m"'),
    "limits": ('default_plan = "Team"', 'idle_after = "2m"'),
    "state": ("keep = 9", 'max_age = "1d"'),
    "logs": ('name = "edge.log"', "max_bad_lines = 0"),
    "reports": ('currency = "usd"', "keep_days = 40", 'utc_offset = "+05:30"', "percentile = 99"),
}
READ = {
    "pool": {"strategy": "round-robin", "default_port": 81, "virtual_nodes": 7},
    "health": {"accept": {200, 301}, "rise": 4, "fall": 5, "stale_after": timedelta(minutes=1)},
    "limits": {"default_plan": "team", "idle_after": timedelta(minutes=2)},
    "state": {"keep": 9, "max_age": timedelta(days=1)},
    "logs": {"name": "edge.log", "max_bad_lines": 0},
    "reports": {"currency": "USD", "keep_days": 40, "percentile": 99},
}


def read(settings, section):
    rules = getattr(settings, section)
    return {key: getattr(rules, key) for key in READ[section]}


@pytest.mark.parametrize("section", FILE)
def test_a_section_of_the_file_and_of_the_environment(section, tmp_path):
    text = "\n".join([f"[{section}]", *FILE[section]])
    assert read(from_file(tmp_path, text), section) == READ[section]

    environ = {}
    for line in FILE[section]:
        key, _, value = line.partition(" = ")
        environ[f"POOLKEEPER_{section}_{key}".upper()] = value.strip('"[]')
    assert read(load(environ=environ), section) == READ[section]


def test_zones_and_statuses():
    zone = set_to("REPORTS_UTC_OFFSET", "-03:30").reports.zone
    assert zone.utcoffset(None) == timedelta(hours=-3, minutes=-30)
    with pytest.raises(SettingsError, match="reports.utc_offset: not a distance from UTC: 'CET'"):
        set_to("REPORTS_UTC_OFFSET", "CET")

    assert set_to("HEALTH_ACCEPT", "100, 599").health.accept == {100, 599}
    for text in ("99", "200,600"):
        with pytest.raises(SettingsError, match=r"health\.accept: statuses lie within 100 to 599"):
            set_to("HEALTH_ACCEPT", text)
    with pytest.raises(SettingsError, match=r"health\.accept: statuses are numbers"):
        set_to("HEALTH_ACCEPT", "200;204")


def test_the_environment_wins_over_the_file_unless_empty(tmp_path):
    assert (
        from_file(tmp_path, "[health]\nfall = 7\n", POOLKEEPER_HEALTH_FALL=" 8 ").health.fall == 8
    )

    assert from_file(tmp_path, "[health]\nfall = 7\n", POOLKEEPER_HEALTH_FALL=" ").health.fall == 7


def test_users_have_plans_and_the_file_is_utf_8(tmp_path, foreign_machine):
    users = from_file(tmp_path, '[users]\n"ana@example.com" = "team"\nBob = 7\n').limits.users
    assert users == {"ana@example.com": "team", "Bob": "7"}

    users = from_file(tmp_path, '[users]\n"Łukasz" = "team"  # żółw\n').limits.users
    assert users == {"Łukasz": "team"}


def test_folders_start_where_the_file_lies(tmp_path):
    (tmp_path / "etc").mkdir()
    settings = from_file(tmp_path / "etc", '[state]\nfolder = "../var"\n')
    assert settings.state.folder.resolve() == (tmp_path / "var").resolve()
    assert settings.logs.folder == tmp_path / "etc" / "logs"


def test_absolute_folders_and_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert set_to("STATE_FOLDER", "~/state").state.folder == tmp_path / "home" / "state"
    assert set_to("STATE_FOLDER", str(tmp_path)).state.folder == tmp_path

    with pytest.raises(SettingsError, match=r"state\.folder: Could not determine home"):
        set_to("STATE_FOLDER", "~nobody-of-this-name/state")


def test_the_usual_file(tmp_path):
    Path("poolkeeper.toml").write_text("[state]\nkeep = 11\n", encoding="utf-8")
    assert load(environ={}).state.keep == 11


def test_a_folder_of_the_usual_name_is_no_file():
    Path("poolkeeper.toml").mkdir()
    assert load(environ={}).state.keep == 5


def test_a_variable_names_the_file_unless_a_path_is_given(tmp_path, monkeypatch):
    Path("poolkeeper.toml").write_text("[state]\nkeep = 11\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text("[state]\nkeep = 12\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert load(environ={"POOLKEEPER_CONFIG": " ~/other.toml "}).state.keep == 12
    assert load(environ={"POOLKEEPER_CONFIG": ""}).state.keep == 11

    (tmp_path / "other.toml").write_text("[state]\nkeep = 12\n", encoding="utf-8")
    assert from_file(tmp_path, "", POOLKEEPER_CONFIG="other.toml").state.keep == 5


def test_files_that_can_not_be_read(tmp_path):
    with pytest.raises(SettingsError, match=r"no settings file absent\.toml"):
        load(Path("etc/absent.toml"), {})

    with pytest.raises(SettingsError, match=r"pk\.toml: "):
        from_file(tmp_path, "[pool\n")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(SettingsError, match=r"latin\.toml: "):
        load(tmp_path / "latin.toml", {})


def test_unknown_names(tmp_path):
    with pytest.raises(SettingsError, match=r"unknown section \[pol\]"):
        from_file(tmp_path, "[pol]\n")
    with pytest.raises(SettingsError, match=r"unknown setting pool\.capacty"):
        from_file(tmp_path, "[pool]\ncapacty = 5\n")
    with pytest.raises(SettingsError, match="pool is not a section"):
        from_file(tmp_path, "pool = 5\n")

    with pytest.raises(SettingsError, match=r"pool\.strategy: 'random' is none of round-robin, "):
        set_to("POOL_STRATEGY", "Random")

    for text in ("EURO", "E1R", "€"):
        with pytest.raises(SettingsError, match=r"reports\.currency: not a currency"):
            set_to("REPORTS_CURRENCY", text)


def test_no_capacity_is_any_number():
    assert set_to("POOL_CAPACITY", "0").pool.capacity is None
    assert set_to("POOL_CAPACITY", "1").pool.capacity == 1


def check_limits(name, allowed, refused):
    for value in allowed:
        set_to(name, value)
    setting = name.lower().replace("_", ".", 1)
    for value in refused:
        with pytest.raises(SettingsError, match=f"{setting}: {value} is not within"):
            set_to(name, value)


def test_limits_of_pool_settings():
    check_limits("POOL_CAPACITY", ["100000"], ["-1", "100001"])
    check_limits("POOL_DEFAULT_PORT", ["1", "65535"], ["0", "65536"])
    check_limits("POOL_VIRTUAL_NODES", ["1", "1000"], ["0", "1001"])

    check_limits("POOL_DRAIN_TIMEOUT", ["0s", "1d"], ["86401s"])
    check_limits("POOL_SESSION_TTL", ["1m", "7d"], ["59s", "169h"])


def test_limits_of_health_settings(tmp_path):
    check_limits("HEALTH_RISE", ["1", "20"], ["0", "21"])
    check_limits("HEALTH_FALL", ["1", "20"], ["0", "21"])

    check_limits("HEALTH_STALE_AFTER", ["1h"], ["1s", "61m"])
    check_limits("HEALTH_TIMEOUT", ["22s"], ["49ms", "61s"])
    check_limits("HEALTH_SLOW_AFTER", ["1ms"], ["0s", "61s"])
    text = '[health]\ntimeout = "{}"\nslow_after = "{}"\nstale_after = "{}"\n'
    from_file(tmp_path, text.format("50ms", "49ms", "2s"))
    from_file(tmp_path, text.format("1m", "59s", "2m"))


def test_limits_of_counts_and_ages():
    check_limits("STATE_KEEP", ["1", "100"], ["0", "101"])
    check_limits("LOGS_MAX_BAD_LINES", ["0", "100000"], ["-1", "100001"])

    check_limits("REPORTS_KEEP_DAYS", ["31", "3660"], ["30", "3661"])
    check_limits("REPORTS_PERCENTILE", ["1", "100"], ["0", "101"])

    check_limits("LIMITS_IDLE_AFTER", ["1m", "1d"], ["59s", "25h"])
    check_limits("STATE_MAX_AGE", ["1m", "30d"], ["59s", "31d"])


def test_not_a_number_not_a_duration():
    for text in ("many", "2.5", "5m"):
        with pytest.raises(SettingsError, match=r"health\.fall: not a whole number"):
            set_to("HEALTH_FALL", text)

    with pytest.raises(SettingsError, match=r"pool\.session_ttl: not a duration: '300'"):
        set_to("POOL_SESSION_TTL", "300")


def test_flags():
    def flags(*words):
        return [set_to("HEALTH_TRUST_NEW", word).health.trust_new for word in words]

    assert flags("1", "true", "YES", "on") == [True] * 4
    assert flags("0", "False", "no", "off") == [False] * 4
    with pytest.raises(SettingsError, match=r"health\.trust_new: neither yes nor no: 'maybe'"):
        flags("Maybe")


def test_times_of_health_go_together():
    assert set_to("HEALTH_SLOW_AFTER", "1999ms")
    with pytest.raises(SettingsError, match="slow_after must be below"):
        set_to("HEALTH_SLOW_AFTER", "2s")

    assert set_to("HEALTH_STALE_AFTER", "4s")
    with pytest.raises(SettingsError, match="stale_after must be at least twice"):
        set_to("HEALTH_STALE_AFTER", "3999ms")


def test_the_example_file():
    example = Path(__file__).parent.parent / "poolkeeper.example.toml"
    shown, defaults = load(example, {}), load(environ={})
    assert (shown.health, shown.pool.session_ttl) == (defaults.health, defaults.pool.session_ttl)
    assert (shown.pool.strategy, shown.pool.folder.name) == (defaults.pool.strategy, "pools.d")
    assert shown.reports.zone.utcoffset(None) == timedelta(hours=1)
    assert shown.limits.users == {"@partner.example": "team", "nightly-export": "batch"}


def test_blanks_around_values(tmp_path):
    text = '[pool]\nstrategy = " round-robin "\n[logs]\nname = " edge.log "\n'
    settings = from_file(tmp_path, text, POOLKEEPER_LIMITS_DEFAULT_PLAN=" team ")
    assert (settings.pool.strategy, settings.logs.name) == ("round-robin", "edge.log")
    assert settings.limits.default_plan == "team"
