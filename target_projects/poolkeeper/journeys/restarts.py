"""The gateway is restarted and goes on from a snapshot."""

WHO = "an operator of the gateways"
SUBJECT = "Restart from a snapshot"
DETAIL = "Two snapshots are kept in the steps."

CASES = {
    "sessions": (["c1", "Łukasz", "c3"], "1s", "", "abc"),
    "a drained server": (["c1", "drain a"], "1s", "", "abc"),
    "a failed server": (["c1", "c2", "fail b"], "1s", "", "abc"),
    "a server that was shut down": (["c1", "shutdown a", "c2"], "1s", "", "abc"),
    "a server that is back in the file": (["shutdown a"], "1s", "", "abcd"),
    "a server that left the file": (["c1", "c2", "c3"], "1s", "", "ac"),
    "a new server in the file": (["c1"], "1s", "", "abcd"),
    "no sessions": ([], "1s", "", "abc"),
    "a restart a day later": (["c1", "c2"], "1d", "", "abc"),
    "a restart a week later": (["c1", "c2"], "7d", "", "abc"),
    "a restart more than a week later": (["c1", "c2"], "7d1ms", "", "abc"),
    "a newer snapshot that is damaged": (["c1"], "1s", '{"version": 2', "abc"),
    "a newer snapshot of another version": (["c1"], "1s", '{"version": 3}', "abc"),
    "a newer snapshot of nothing": (["c1"], "1s", "[]", "abc"),
    "a newer snapshot without a version": (["c1"], "1s", "{}", "abc"),
    "more snapshots than are kept": (["c1", "save", "c2", "save", "c3", "save", "c4"], "1s", "", "abc"),
}


def journey(steps, wait, newer, after):
    from pathlib import Path

    from poolkeeper.keeper import Keeper
    from poolkeeper.moments import ManualClock
    from poolkeeper.poolfile import parse_pool
    from poolkeeper.settings import load

    def keeper(names):
        text = "pool shop\nstrategy round-robin\n" + "".join(f"server {n} h{n}\n" for n in names)
        return Keeper(parse_pool(text, settings.pool), settings, clock)

    clock = ManualClock("2024-03-05T09:30:00.500Z")
    settings = load(environ={"POOLKEEPER_STATE_FOLDER": "var/state", "POOLKEEPER_STATE_KEEP": "2"})
    first = keeper("abc")
    for step in steps:
        word, _, server = step.partition(" ")
        if server:
            print(step, getattr(first.pool, word)(server))
        elif word == "save":
            first.save()
            clock.forward("1m")
        else:
            print(step, first.handle("ana", step))
    first.save()
    for path in sorted(Path("var/state").iterdir()):
        print(path.name, path.read_bytes().decode("utf-8"))
    clock.forward(wait)
    if newer:
        Path("var/state/shop-20240306T000000Z.json").write_text(newer, encoding="utf-8")
    second = keeper(after)
    print("restored:", second.restore(), sorted(second.pool.homes().items()))
    print([(member.id, member.state.value, member.drain_until) for member in second.pool])
    print(second.handle("ana", "new"), second.handle("ana", "c1"), sorted(second.pool.removed))
    clock.forward("10m")
    print("tick:", second.tick(), "users:", len(second.limiter))
