"""An operator works on a pool at the command line."""

WHO = "an operator at the command line"
SUBJECT = "Commands"
DETAIL = "The pool of the steps has two servers."

CASES = {
    "clients": (["connect c1", "connect c2", "connect c3", "status"], {}),
    "a client that comes again": (["connect c1", "connect c1 --user ana", "disconnect c1", "disconnect c1"], {}),
    "clients of a zone": (["connect c1 --zone eu", "connect c2 --zone eu", "connect c3 --zone us"], {}),
    "a user's limits": (["connect c1 --user ana", "connect c2 --user ANA", "connect c3 --user bob"], {}),
    "a burst": (["connect c1"] * 6, {"LIMITS_DEFAULT_PLAN": "trial"}),
    "a drain": (["connect c1", "drain web-1", "status", "+10 tick", "+10 status"], {}),
    "a drain that is called off": (["drain web-1", "resume web-1", "+10 tick"], {}),
    "a drain that has time": (["connect c1", "drain web-1", "+9 tick"], {}),
    "a shutdown": (["connect c1", "shutdown web-1", "status", "connect c1"], {}),
    "a failure": (["connect c1", "fail WEB-1", "status", "resume web-1", "status"], {}),
    "a failure of all servers": (["connect c1", "fail web-2", "fail web-1", "status", "connect c1"], {}),
    "an unknown server": (["drain web-9"], {}),
    "a server that is down already": (["fail web-1", "fail web-1"], {}),
    "idle sessions": (["connect c1", "+44 tick", "+45 tick"], {}),
    "shorter sessions": (["connect c1", "+2 tick"], {"POOL_SESSION_TTL": "2m"}),
    "a check": (["check pools.d/shop.pool"], {}),
    "a check of an absent file": (["check absent.pool"], {}),
    "a check without capacity": (["check pools.d/shop.pool"], {"POOL_CAPACITY": "0"}),
    "a report of nothing": (["report", "report --day 2024-03-01"], {}),
    "no pools": (["status"], {"POOL_FOLDER": "absent"}),
    "a wrong setting": (["status"], {"HEALTH_FALL": "0"}),
    "a consistent pool": (["connect c1", "connect c2", "connect c3"], {"POOL_STRATEGY": "consistent-hash"}),
    "a pool that takes turns": (["connect c1", "connect c2", "connect c3", "connect c4"], {"POOL_STRATEGY": "round_robin"}),
    "new servers that are not trusted": (["connect c1", "resume web-2", "connect c1"], {"HEALTH_TRUST_NEW": "no"}),
}


def journey(commands, environ):
    import contextlib
    import sys
    from pathlib import Path

    from poolkeeper.cli import main

    Path("pools.d").mkdir()
    text = "pool shop\nserver web-1 10.0.0.1 capacity=2\nserver web-2 10.0.0.2:81 weight=3 zone=eu\n"
    Path("pools.d/shop.pool").write_text(text, encoding="utf-8")
    environ = {f"POOLKEEPER_{name}": value for name, value in environ.items()}
    for command in commands:
        minute, words = 0, command.split()
        if words[0].startswith("+"):
            minute = int(words.pop(0))
        with contextlib.redirect_stderr(sys.stdout):
            code = main(["--at", f"2024-03-05T09:{minute:02d}:00Z", *words], environ)
        print(command, "gives", code)
    print(sorted(path.as_posix() for path in Path().glob("state/*")))
