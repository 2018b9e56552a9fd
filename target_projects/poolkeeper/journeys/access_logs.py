"""The gateways' logs of a day are added up and written as report files."""

WHO = "a clerk at the finance desk"
SUBJECT = "Daily report"
DETAIL = "The report of the steps is made on the 6th of March 2024, at half past nine."


def line(user="ana", at="05/Mar/2024:09:30:00 +0000", request="GET /v1/orders HTTP/1.1",
         status=200, size=10, server="web-1", seconds="0.005"):
    return f'10.0.0.7 - {user} [{at}] "{request}" {status} {size} {server} {seconds}'


CASES = {
    "one request": ([line()], {}),
    "no logs": (None, {}),
    "an empty log": ([""], {}),
    "users": ([line("Zoe"), line("ana"), line("-"), line("Łukasz"), line("zoe"), line("STRASSE")], {}),
    "statuses": ([line(status=status) for status in (200, 301, 404, 428, 429, 430, 499, 500, 503, 599)], {}),
    "statuses that are none": ([line(status=status) for status in (99, 600, "x")], {}),
    "servers": ([line(server=name) for name in ("web-2", "WEB-1", "-", "web-2")], {}),
    "servers that are none": ([line(server="web_1")], {}),
    "sizes": ([line(size=size) for size in ("0", "-", "12345")], {}),
    "seconds": ([line(seconds=text, server=f"s{n}") for n, text in enumerate(("0.0004", "0.0005", "0.1425", "2", "-"))], {}),
    "slow requests": ([line(seconds=f"0.{n:03d}") for n in range(100, 0, -1)], {}),
    "slow requests, another percentile": ([line(seconds=f"0.{n:03d}") for n in range(1, 101)], {"REPORTS_PERCENTILE": "7"}),
    "five requests": ([line(seconds=f"0.0{n}") for n in (50, 10, 40, 20, 30)], {"REPORTS_PERCENTILE": "21"}),
    "requests that are none": ([line(request=text, status=400) for text in ("", "-", "get /a", "\\\\", "a\\")], {}),
    "quotes in a request": ([line(request=r"GET /say\"hi\" HTTP/1.1")], {}),
    "bytes that are no letters": ([line("jos\udce9"), line(request="GET /\udce9"), line()], {}),
    "addresses of IPv6": ([line().replace("10.0.0.7", "FE80::1")], {}),
    "the edges of the day": ([line(at=f"{at} +0000") for at in ("04/Mar/2024:23:59:59", "05/Mar/2024:00:00:00", "05/Mar/2024:23:59:59", "06/Mar/2024:00:00:00")], {}),
    "the edges of the day in India": ([line(at=f"{at} +0000") for at in ("04/Mar/2024:18:29:59", "04/Mar/2024:18:30:00", "05/Mar/2024:18:29:59", "05/Mar/2024:18:30:00")], {"REPORTS_UTC_OFFSET": "+05:30"}),
    "times in another zone": ([line(at="05/Mar/2024:23:59:59 -0330"), line(at="06/Mar/2024:01:00:00 +0200")], {}),
    "times that never were": ([line(at="31/Apr/2024:09:30:00 +0000"), line(at="yesterday")], {}),
    "bad lines": ([line(), "bad", "", line("bob")], {}),
    "as many bad lines as allowed": (["bad", line(), "bad"], {"LOGS_MAX_BAD_LINES": "2"}),
    "too many bad lines": (["bad", line(), "bad"], {"LOGS_MAX_BAD_LINES": "1"}),
    "another currency": ([line()], {"REPORTS_CURRENCY": "usd"}),
    "a user beyond the quota": ([line("batch")] * 3, {"LIMITS_DEFAULT_PLAN": "team"}),
    "an unknown plan": ([line()], {"LIMITS_DEFAULT_PLAN": "gold"}),
    "another name of the log": ([line()], {"LOGS_NAME": "edge.log"}),
    "reports in a folder of folders": ([line()], {"REPORTS_FOLDER": "out/daily/reports"}),
}


def journey(lines, environ):
    import contextlib
    import gzip
    import sys
    from pathlib import Path

    from poolkeeper.accesslog import log_files
    from poolkeeper.cli import main

    if lines is not None:
        Path("logs").mkdir()
        half = len(lines) // 2
        text = "\n".join(lines[half:]).encode("utf-8", "surrogateescape")
        Path("logs/access.log").write_bytes(text)
        Path("logs/access.log.2.gz").write_bytes(gzip.compress("\n".join(lines[:half]).encode("utf-8", "surrogateescape")))
        for name in ("access.log.10", "access.log.1", "error.log", "access.log.bak"):
            Path("logs", name).write_bytes(b"")
    environ = {f"POOLKEEPER_{name}": value for name, value in environ.items()}
    print([path.name for path in log_files(Path("logs"), "access.log")])
    with contextlib.redirect_stderr(sys.stdout):
        print("exit code", main(["--at", "2024-03-06T09:30:00Z", "report"], environ))
    for folder in ("reports/2024/03/05", "out/daily/reports/2024/03/05"):
        for path in sorted(Path(folder).glob("*.csv")):
            print(path.name, path.read_bytes())
