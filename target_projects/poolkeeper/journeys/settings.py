"""An operator changes a setting and looks at what poolkeeper makes of it."""

WHO = "an operator of the gateways"
SUBJECT = "Settings"
DETAIL = "The settings file is named by a variable."

CASES = {
    "no settings at all": ("", {}),
    "another pool section": ('[pool]\nfolder = "etc/pools"\nstrategy = "Round_Robin"\ncapacity = 9', {}),
    "other ports and points": ("[pool]\ndefault_port = 81\nvirtual_nodes = 7", {}),
    "other session times": ('[pool]\ndrain_timeout = "1h"\nsession_ttl = "2h"', {}),
    "other statuses": ("[health]\naccept = [200, 301]", {}),
    "another health section": ('[health]\nrise = 4\nfall = 5', {}),
    "other health times": ('[health]\ntimeout = "5s"', {}),
    "limits": ('[limits]\ndefault_plan = "Team"\nidle_after = "2m"', {}),
    "users": ('[users]\n"Łukasz@example.com" = "team"\nbob = 7', {}),
    "blanks around values": ('[logs]\nname = " edge.log "', {"LIMITS_DEFAULT_PLAN": " team "}),
    "state": ('[state]\nfolder = "../var"\nkeep = 9\nmax_age = "1d"', {}),
    "logs": ('[logs]\nfolder = "/var/log"\nname = "edge.log"\nmax_bad_lines = 0', {}),
    "reports": ('[reports]\nfolder = "out"\nutc_offset = "+05:30"\npercentile = 99', {}),
    "a variable over the file": ("[health]\nfall = 7", {"HEALTH_FALL": " 8 "}),
    "an empty variable": ("[health]\nfall = 7", {"HEALTH_FALL": " "}),
    "a strategy by a variable": ("", {"POOL_STRATEGY": "Consistent-Hash"}),
    "an unknown strategy": ("", {"POOL_STRATEGY": "random"}),
    "any capacity": ("", {"POOL_CAPACITY": "0"}),
    "the smallest capacity": ("", {"POOL_CAPACITY": "1"}),
    "the largest capacity": ("", {"POOL_CAPACITY": "100000"}),
    "too large a capacity": ("", {"POOL_CAPACITY": "100001"}),
    "a negative capacity": ("", {"POOL_CAPACITY": "-1"}),
    "the highest port": ("", {"POOL_DEFAULT_PORT": "65535"}),
    "the lowest port": ("", {"POOL_DEFAULT_PORT": "1"}),
    "port 0": ("", {"POOL_DEFAULT_PORT": "0"}),
    "a port too high": ("", {"POOL_DEFAULT_PORT": "65536"}),
    "one point": ("", {"POOL_VIRTUAL_NODES": "1"}),
    "no points": ("", {"POOL_VIRTUAL_NODES": "0"}),
    "a thousand points": ("", {"POOL_VIRTUAL_NODES": "1000"}),
    "a thousand and one points": ("", {"POOL_VIRTUAL_NODES": "1001"}),
    "no time to drain": ("", {"POOL_DRAIN_TIMEOUT": "0s"}),
    "a day to drain": ("", {"POOL_DRAIN_TIMEOUT": "24h"}),
    "more than a day to drain": ("", {"POOL_DRAIN_TIMEOUT": "86401s"}),
    "sessions of a minute": ("", {"POOL_SESSION_TTL": "60s"}),
    "sessions of less than a minute": ("", {"POOL_SESSION_TTL": "59s"}),
    "sessions of a week": ("", {"POOL_SESSION_TTL": "7d"}),
    "sessions of more than a week": ("", {"POOL_SESSION_TTL": "169h"}),
    "one status": ("", {"HEALTH_ACCEPT": "599"}),
    "the lowest status": ("", {"HEALTH_ACCEPT": "100, 204"}),
    "a status too low": ("", {"HEALTH_ACCEPT": "99"}),
    "a status too high": ("", {"HEALTH_ACCEPT": "200,600"}),
    "statuses with semicolons": ("", {"HEALTH_ACCEPT": "200;204"}),
    "rise and fall of one": ("", {"HEALTH_RISE": "1", "HEALTH_FALL": "1"}),
    "rise and fall of twenty": ("", {"HEALTH_RISE": "20", "HEALTH_FALL": "20"}),
    "a rise of zero": ("", {"HEALTH_RISE": "0"}),
    "a rise of twenty-one": ("", {"HEALTH_RISE": "21"}),
    "a fall of zero": ("", {"HEALTH_FALL": "0"}),
    "a fall of twenty-one": ("", {"HEALTH_FALL": "21"}),
    "half a failure": ("", {"HEALTH_FALL": "2.5"}),
    "the shortest timeout": ("", {"HEALTH_TIMEOUT": "50ms"}),
    "too short a timeout": ("", {"HEALTH_TIMEOUT": "49ms"}),
    "the longest timeout": ("", {"HEALTH_TIMEOUT": "1m"}),
    "too long a timeout": ("", {"HEALTH_TIMEOUT": "61s"}),
    "trust by yes": ("[health]\ntrust_new = false", {"HEALTH_TRUST_NEW": "Yes"}),
    "trust by on": ("[health]\ntrust_new = false", {"HEALTH_TRUST_NEW": "on"}),
    "trust by 1": ("[health]\ntrust_new = false", {"HEALTH_TRUST_NEW": "1"}),
    "trust by true": ("[health]\ntrust_new = false", {"HEALTH_TRUST_NEW": "true"}),
    "distrust by no": ("", {"HEALTH_TRUST_NEW": "no"}),
    "distrust by off": ("", {"HEALTH_TRUST_NEW": "OFF"}),
    "distrust by 0": ("", {"HEALTH_TRUST_NEW": "0"}),
    "distrust by false": ("", {"HEALTH_TRUST_NEW": "false"}),
    "trust by perhaps": ("", {"HEALTH_TRUST_NEW": "perhaps"}),
    "an idle time of a minute": ("", {"LIMITS_IDLE_AFTER": "1m"}),
    "an idle time of less than a minute": ("", {"LIMITS_IDLE_AFTER": "59s"}),
    "an idle time of a day": ("", {"LIMITS_IDLE_AFTER": "1d"}),
    "an idle time of more than a day": ("", {"LIMITS_IDLE_AFTER": "25h"}),
    "one snapshot": ("", {"STATE_KEEP": "1"}),
    "no snapshot": ("", {"STATE_KEEP": "0"}),
    "a hundred snapshots": ("", {"STATE_KEEP": "100"}),
    "a hundred and one snapshots": ("", {"STATE_KEEP": "101"}),
    "snapshots of a minute": ("", {"STATE_MAX_AGE": "1m"}),
    "snapshots of less than a minute": ("", {"STATE_MAX_AGE": "59s"}),
    "snapshots of a month": ("", {"STATE_MAX_AGE": "30d"}),
    "snapshots of more than a month": ("", {"STATE_MAX_AGE": "31d"}),
    "no bad line": ("", {"LOGS_MAX_BAD_LINES": "0"}),
    "less than no bad line": ("", {"LOGS_MAX_BAD_LINES": "-1"}),
    "very many bad lines": ("", {"LOGS_MAX_BAD_LINES": "100000"}),
    "too many bad lines": ("", {"LOGS_MAX_BAD_LINES": "100001"}),
    "the first percentile": ("", {"REPORTS_PERCENTILE": "1"}),
    "percentile 0": ("", {"REPORTS_PERCENTILE": "0"}),
    "the last percentile": ("", {"REPORTS_PERCENTILE": "100"}),
    "percentile 101": ("", {"REPORTS_PERCENTILE": "101"}),
    "another currency": ("", {"REPORTS_CURRENCY": "usd"}),
    "a currency of four letters": ("", {"REPORTS_CURRENCY": "euro"}),
    "an unknown zone": ("", {"REPORTS_UTC_OFFSET": "CET"}),
    "a duration without a unit": ("", {"POOL_SESSION_TTL": "300"}),
    "a folder in the home": ("", {"STATE_FOLDER": "~nobody-here/x"}),
    "a misspelt setting": ("[pool]\ncapacty = 5", {}),
    "a misspelt section": ("[pol]\ncapacity = 5", {}),
    "a setting outside its section": ("pool = 5", {}),
    "a file that is not TOML": ("[pool", {}),
}


def journey(text, environ):
    from pathlib import Path

    from poolkeeper.settings import load

    Path("etc").mkdir()
    Path("etc/poolkeeper.toml").write_text(text, encoding="utf-8")
    environ = {f"POOLKEEPER_{name}": value for name, value in environ.items()}
    settings = load(environ={**environ, "POOLKEEPER_CONFIG": "etc/poolkeeper.toml"})
    for section, rules in vars(settings).items():
        for name, value in vars(rules).items():
            if isinstance(value, frozenset):
                value = sorted(value)
            print(f"{section}.{name}: {value.as_posix() if isinstance(value, Path) else value}")
