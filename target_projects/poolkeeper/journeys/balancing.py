"""Clients come and go, and servers too."""

WHO = "a developer of the web shop"
SUBJECT = "Clients and their servers"
DETAIL = "The pool of the steps has three servers, two of them in the zone eu."

CASES = {
    "six clients, round-robin": ("round-robin", ["+6"]),
    "six clients, least-connections": ("least-connections", ["+6"]),
    "a client that comes twice, round-robin": ("round-robin", ["+2", "+2", "c1"]),
    "a client that comes twice, least-connections": ("least-connections", ["+2", "+2", "c1"]),
    "a client that leaves, round-robin": ("round-robin", ["+4", "-c2", "-c9", "+6"]),
    "a client that leaves, least-connections": ("least-connections", ["+4", "-c2", "-c9", "+6"]),
    "a server that is drained, round-robin": ("round-robin", ["+6", "drain web-2", "+9", "5m", "tick"]),
    "a server that is drained, least-connections": ("least-connections", ["+6", "drain web-2", "+9", "5m", "tick"]),
    "a drain that has nothing left, round-robin": ("round-robin", ["+3", "drain web-1", "-c1", "-c2", "-c3", "tick"]),
    "a drain that has nothing left, least-connections": ("least-connections", ["+3", "drain web-1", "-c1", "-c2", "-c3", "tick"]),
    "a drain that is called off, round-robin": ("round-robin", ["+3", "drain web-1", "resume web-1", "+7", "tick"]),
    "a drain that is called off, least-connections": ("least-connections", ["+3", "drain web-1", "resume web-1", "+7", "tick"]),
    "a drain a second before its end, round-robin": ("round-robin", ["+3", "drain web-1", "299s", "tick", "1s", "tick"]),
    "a drain a second before its end, least-connections": (
        "least-connections",
        ["+3", "drain web-1", "299s", "tick", "1s", "tick"],
    ),
    "a server that is shut down, round-robin": ("round-robin", ["+7", "shutdown web-1", "+9"]),
    "a server that is shut down, least-connections": ("least-connections", ["+7", "shutdown web-1", "+9"]),
    "all servers shut down, round-robin": ("round-robin", ["+2", "shutdown web-1", "shutdown web-2", "shutdown web-3"]),
    "all servers shut down, least-connections": (
        "least-connections",
        ["+2", "shutdown web-1", "shutdown web-2", "shutdown web-3"],
    ),
    "a server that fails, round-robin": ("round-robin", ["+7", "fail web-3", "+9", "resume web-3", "+12"]),
    "a server that fails, least-connections": ("least-connections", ["+7", "fail web-3", "+9", "resume web-3", "+12"]),
    "a server that fails while it drains, round-robin": ("round-robin", ["+7", "drain web-3", "fail web-3", "+9"]),
    "a server that fails while it drains, least-connections": ("least-connections", ["+7", "drain web-3", "fail web-3", "+9"]),
    "servers that all fail, round-robin": ("round-robin", ["+3", "fail web-1", "fail web-2", "fail web-3", "c9"]),
    "servers that all fail, least-connections": ("least-connections", ["+3", "fail web-1", "fail web-2", "fail web-3", "c9"]),
    "the last active server, round-robin": ("round-robin", ["fail web-1", "fail web-2", "drain web-3"]),
    "the last active server, least-connections": ("least-connections", ["fail web-1", "fail web-2", "drain web-3"]),
    "a server that is full, round-robin": ("round-robin", ["+8", "c9", "shutdown web-1"]),
    "a server that is full, least-connections": ("least-connections", ["+8", "c9", "shutdown web-1"]),
    "too little room for a shutdown, round-robin": ("round-robin", ["+13", "shutdown web-3"]),
    "too little room for a shutdown, least-connections": ("least-connections", ["+13", "shutdown web-3"]),
    "just enough room for a failure, round-robin": ("round-robin", ["+12", "fail web-1"]),
    "just enough room for a failure, least-connections": ("least-connections", ["+12", "fail web-1"]),
    "idle clients, round-robin": ("round-robin", ["+3", "1s", "c2", "1799s", "tick", "1s", "tick"]),
    "idle clients, least-connections": ("least-connections", ["+3", "1s", "c2", "1799s", "tick", "1s", "tick"]),
    "an unknown server, round-robin": ("round-robin", ["drain web-9"]),
    "an unknown server, least-connections": ("least-connections", ["drain web-9"]),
    "a failed server that is drained, round-robin": ("round-robin", ["fail web-1", "drain web-1"]),
    "a failed server that is drained, least-connections": ("least-connections", ["fail web-1", "drain web-1"]),
    "a server that is shut down twice, round-robin": ("round-robin", ["shutdown web-1", "shutdown web-1"]),
    "a server that is shut down twice, least-connections": ("least-connections", ["shutdown web-1", "shutdown web-1"]),
    "clients of a zone, round-robin": ("round-robin", ["c1@eu", "c2@eu", "c3@ EU ", "c4@us", "c5@eu", "c6@mars", "fail web-2"]),
    "clients of a zone, least-connections": (
        "least-connections",
        ["c1@eu", "c2@eu", "c3@ EU ", "c4@us", "c5@eu", "c6@mars", "fail web-2"],
    ),
    "a client without an id, round-robin": ("round-robin", [" "]),
    "a client without an id, least-connections": ("least-connections", [" "]),
    "a client with a long id, round-robin": (
        "round-robin",
        [
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    ),
    "a client with a long id, least-connections": (
        "least-connections",
        [
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    ),
    "a client with letters of its own, round-robin": ("round-robin", ["Łukasz 17", " łukasz 17 "]),
    "a client with letters of its own, least-connections": ("least-connections", ["Łukasz 17", " łukasz 17 "]),
    "six clients, consistent-hash": ("consistent-hash", ["+6"]),
    "a client that leaves, consistent-hash": ("consistent-hash", ["+4", "-c2", "-c9", "+6"]),
    "a drain that has nothing left, consistent-hash": ("consistent-hash", ["+3", "drain web-1", "-c1", "-c2", "-c3", "tick"]),
    "a drain a second before its end, consistent-hash": ("consistent-hash", ["+3", "drain web-1", "299s", "tick", "1s", "tick"]),
    "all servers shut down, consistent-hash": ("consistent-hash", ["+2", "shutdown web-1", "shutdown web-2", "shutdown web-3"]),
}


def journey(strategy, steps):
    from datetime import timedelta
    from pathlib import Path

    from poolkeeper.moments import ManualClock
    from poolkeeper.pool import Pool
    from poolkeeper.servers import ServerSpec
    from poolkeeper.settings import PoolRules
    from poolkeeper.strategies import make_strategy

    clock = ManualClock("2024-03-05T09:30:00Z")
    rules = PoolRules(Path("x"), strategy, 9, 80, 40, timedelta(minutes=5), timedelta(minutes=30))
    pool = Pool("shop", make_strategy(strategy, 40), rules, clock)
    pool.join(ServerSpec("web-1", "h1", 80, 2, 6, "eu"))
    pool.join(ServerSpec("web-2", "h2", 80, 1, 4, "eu"))
    pool.join(ServerSpec("web-3", "h3", 80, 1, 8 if "+12" in steps else 3))
    for step in steps:
        word, _, rest = step.partition(" ")
        if word in ("drain", "shutdown", "fail", "resume"):
            print(step, "->", getattr(pool, word)(rest))
        elif step == "tick":
            print("tick ->", pool.tick())
        elif step[0] == "-":
            print(step, "->", pool.disconnect(step[1:]))
        elif step[0] == "+":
            found = [pool.connect(f"c{number}") for number in range(1, int(step[1:]) + 1)]
            print(step, "->", " ".join(found))
        elif step[0].isdigit():
            clock.forward(step)
        else:
            client, _, zone = step.partition("@")
            print(client.strip()[:20], "->", pool.connect(client, zone), pool.home_of(client))
    print(pool.counts(), sorted(pool.removed))
    for member in pool:
        print(member.id, member.state.value, member.free, member.load, sorted(member.sessions))
