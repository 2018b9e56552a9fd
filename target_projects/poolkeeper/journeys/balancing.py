"""Clients come and go, and servers too."""

WHO = "the team behind the web shop"
SUBJECT = "Clients and their servers"
DETAIL = "The servers themselves are well."

NAMES = ("web-1", "web-2", "web-3")
RULES = ("round-robin", "least-connections", "consistent-hash")
STORIES = {
    "six clients": ["+6"],
    "a client that comes twice": ["+2", "+2", "c1"],
    "a client that leaves": ["+4", "-c2", "-c9", "+6"],
    "a server that is drained": ["+6", "drain web-2", "+9", "5m", "tick"],
    "a drain that has nothing left": ["+3", "drain web-1", "-c1", "-c2", "-c3", "tick"],
    "a drain that is called off": ["+3", "drain web-1", "resume web-1", "+7", "tick"],
    "a drain a second before its end": ["+3", "drain web-1", "299s", "tick", "1s", "tick"],
    "a server that is shut down": ["+7", "shutdown web-1", "+9"],
    "all servers shut down": ["+2", "shutdown web-1", "shutdown web-2", "shutdown web-3"],
    "a server that fails": ["+7", "fail web-3", "+9", "resume web-3", "+12"],
    "a server that fails while it drains": ["+7", "drain web-3", "fail web-3", "+9"],
    "all servers fail": ["+3", "fail web-1", "fail web-2", "fail web-3", "c9"],
    "the last active server": ["fail web-1", "fail web-2", "drain web-3"],
    "a server that is full": ["+8", "c9", "shutdown web-1"],
    "too little room for a shutdown": ["+13", "shutdown web-3"],
    "just enough room for a failure": ["+12", "fail web-1"],
    "idle clients": ["+3", "1s", "c2", "1799s", "tick", "1s", "tick"],
    "an unknown server": ["drain web-9"],
    "a failed server that is drained": ["fail web-1", "drain web-1"],
    "a server that is shut down twice": ["shutdown web-1", "shutdown web-1"],
    "clients of a zone": ["c1@eu", "c2@eu", "c3@ EU ", "c4@us", "c5@eu", "c6@mars", "fail web-2"],
    "a client without an id": [" "],
    "a client with a long id": ["x" * 128, "x" * 129],
    "a client with letters of its own": ["Łukasz 17", " łukasz 17 "],
}
CASES = {
    f"{story}, {rule}": (rule, steps) for story, steps in STORIES.items() for rule in RULES[:2]
}
for story in list(STORIES)[:10:2]:
    CASES[f"{story}, {RULES[2]}"] = (RULES[2], STORIES[story])


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
