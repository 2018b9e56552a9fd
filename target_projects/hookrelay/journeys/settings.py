"""An operator changes the settings and lists what the relay will run with."""

WHO = "an engineer in operations"
SUBJECT = "Settings of the relay"
DETAIL = "A second settings file, other.toml, lies beside the first."

CASES = {
    "no settings at all": ("", {}),
    "a settings file": ('[worker]\nsize = 7\n[retry]\nbase = "2s"\nfactor = 3\n[limits]\nper_window = 5', {}),
    "other folders": ('[storage]\ndatabase = " a.db "\n[alerts]\nfolder = "~/mail"', {}),
    "the log": ('[log]\nexcerpt = 80\nread_limit = 2000', {}),
    "the dashboard": ('[dashboard]\npage = 10\npage_max = 50\nutc_offset_minutes = -90', {}),
    "times": ('[events]\nfuture_tolerance = "90s"\n[limits]\nwindow = "30s"\n[alerts]\nquiet = "0s"', {}),
    "waits": ('[worker]\ntimeout = "2.5s"\nlease = "3m"\n[retry]\ncap = "2h"\njitter_percent = 35\ngive_up = "2d"', {}),
    "a file and a variable": ("[worker]\nsize = 7", {"WORKER_SIZE": " 8 "}),
    "a file and an empty variable": ("[worker]\nsize = 7", {"WORKER_SIZE": " "}),
    "a file named by a variable": ("", {"SETTINGS": "other.toml"}),
    "a file named by a blank": ("[worker]\nsize = 7", {"SETTINGS": " "}),
    "a file that is not there": ("", {"SETTINGS": "none.toml"}),
    "a misspelt section": ("[wroker]\nsize = 1", {}),
    "a misspelt setting": ("[worker]\nsice = 1", {}),
    "a setting outside its section": ("worker = 1", {}),
    "half a section": ("[worker", {}),
    "one worker": ("", {"WORKER_SIZE": "1"}),
    "no worker": ("", {"WORKER_SIZE": "0"}),
    "thirty-two workers": ("", {"WORKER_SIZE": "32"}),
    "thirty-three workers": ("", {"WORKER_SIZE": "33"}),
    "four workers in words": ("", {"WORKER_SIZE": "four"}),
    "the shortest timeout": ("", {"WORKER_TIMEOUT": "100ms"}),
    "too short a timeout": ("", {"WORKER_TIMEOUT": "99ms"}),
    "the longest timeout": ("", {"WORKER_TIMEOUT": "1m"}),
    "too long a timeout": ("", {"WORKER_TIMEOUT": "61s"}),
    "a lease without a unit": ("", {"WORKER_LEASE": "120"}),
    "a lease as long as the timeout": ("", {"WORKER_LEASE": "10s"}),
    "the longest lease": ("", {"WORKER_LEASE": "60m"}),
    "too long a lease": ("", {"WORKER_LEASE": "3601s"}),
    "a lease of a second": ("", {"WORKER_LEASE": "1s", "WORKER_TIMEOUT": "500ms"}),
    "too short a lease": ("", {"WORKER_LEASE": "999ms", "WORKER_TIMEOUT": "500ms"}),
    "the shortest base": ("", {"RETRY_BASE": "100ms"}),
    "too short a base": ("", {"RETRY_BASE": "99ms"}),
    "the longest base": ("", {"RETRY_BASE": "1h"}),
    "too long a base": ("", {"RETRY_BASE": "61m"}),
    "a cap as low as the base": ("", {"RETRY_CAP": "1s"}),
    "a cap below the base": ("", {"RETRY_CAP": "999ms"}),
    "a cap below all bounds": ("", {"RETRY_CAP": "99ms", "RETRY_BASE": "100ms"}),
    "the highest cap": ("", {"RETRY_CAP": "1d"}),
    "too high a cap": ("", {"RETRY_CAP": "25h"}),
    "a factor of one": ("", {"RETRY_FACTOR": "1"}),
    "a factor of zero": ("", {"RETRY_FACTOR": "0"}),
    "a factor of ten": ("", {"RETRY_FACTOR": "10"}),
    "a factor of eleven": ("", {"RETRY_FACTOR": "11"}),
    "jitter of all": ("", {"RETRY_JITTER_PERCENT": "100"}),
    "jitter of more than all": ("", {"RETRY_JITTER_PERCENT": "101"}),
    "jitter of nothing": ("", {"RETRY_JITTER_PERCENT": "0"}),
    "jitter of less than nothing": ("", {"RETRY_JITTER_PERCENT": "-1"}),
    "an end after a minute": ("", {"RETRY_GIVE_UP": "1m"}),
    "an end that is too soon": ("", {"RETRY_GIVE_UP": "59s"}),
    "an end after a week": ("", {"RETRY_GIVE_UP": "7d"}),
    "an end that is too late": ("", {"RETRY_GIVE_UP": "169h"}),
    "one request": ("", {"LIMITS_PER_WINDOW": "1"}),
    "no request": ("", {"LIMITS_PER_WINDOW": "0"}),
    "ten thousand requests": ("", {"LIMITS_PER_WINDOW": "10000"}),
    "more requests": ("", {"LIMITS_PER_WINDOW": "10001"}),
    "the shortest window": ("", {"LIMITS_WINDOW": "1s"}),
    "too short a window": ("", {"LIMITS_WINDOW": "999ms"}),
    "the longest window": ("", {"LIMITS_WINDOW": "1h"}),
    "too long a window": ("", {"LIMITS_WINDOW": "61m"}),
    "clocks that are an hour ahead": ("", {"EVENTS_FUTURE_TOLERANCE": "1h"}),
    "clocks that are right": ("", {"EVENTS_FUTURE_TOLERANCE": "0s"}),
    "clocks that are too far ahead": ("", {"EVENTS_FUTURE_TOLERANCE": "61m"}),
    "the longest excerpt": ("", {"LOG_EXCERPT": "2000", "LOG_READ_LIMIT": "1048576"}),
    "too long an excerpt": ("", {"LOG_EXCERPT": "2001"}),
    "no excerpt": ("", {"LOG_EXCERPT": "0", "LOG_READ_LIMIT": "0"}),
    "less than no excerpt": ("", {"LOG_EXCERPT": "-1"}),
    "too much of an answer": ("", {"LOG_READ_LIMIT": "1048577"}),
    "a page of one": ("", {"DASHBOARD_PAGE": "1"}),
    "a page of none": ("", {"DASHBOARD_PAGE": "0"}),
    "a page as large as can be": ("", {"DASHBOARD_PAGE": "1000", "DASHBOARD_PAGE_MAX": "1000"}),
    "a page larger than the largest": ("", {"DASHBOARD_PAGE": "101"}),
    "a largest page of too much": ("", {"DASHBOARD_PAGE_MAX": "1001"}),
    "a page above all bounds": ("", {"DASHBOARD_PAGE": "1001", "DASHBOARD_PAGE_MAX": "1000"}),
    "a largest page of none": ("", {"DASHBOARD_PAGE_MAX": "0"}),
    "the largest and the smallest page of one": ("", {"DASHBOARD_PAGE": "1", "DASHBOARD_PAGE_MAX": "1"}),
    "the westernmost office": ("", {"DASHBOARD_UTC_OFFSET_MINUTES": "-720"}),
    "an office west of the westernmost": ("", {"DASHBOARD_UTC_OFFSET_MINUTES": "-721"}),
    "the easternmost office": ("", {"DASHBOARD_UTC_OFFSET_MINUTES": "840"}),
    "an office east of the easternmost": ("", {"DASHBOARD_UTC_OFFSET_MINUTES": "841"}),
    "a day of quiet": ("", {"ALERTS_QUIET": "1d"}),
    "more than a day of quiet": ("", {"ALERTS_QUIET": "25h"}),
}


def journey(text, environ):
    import os
    from dataclasses import asdict
    from pathlib import Path

    from hookrelay.settings import load_settings

    os.environ.update(HOME=os.path.abspath("home"), USERPROFILE=os.path.abspath("home"))
    Path("hookrelay.toml").write_text(text, encoding="utf-8")
    Path("other.toml").write_text("[worker]\nsize = 31\n", encoding="utf-8")
    settings = load_settings(environ={f"HOOKRELAY_{key}": value for key, value in environ.items()})
    for name, value in asdict(settings).items():
        print(f"{name}: {value.as_posix() if isinstance(value, Path) else value}")
