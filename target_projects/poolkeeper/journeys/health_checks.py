"""The probers look at a server every few seconds."""

WHO = "an operator of the gateways"
SUBJECT = "Health of a server"
DETAIL = "The pool of the steps has two servers; the second one has had a good probe."

G, B = (200, 10), (503, 10)
CASES = {
    "good probes": (True, [G, G, G]),
    "good probes of a new server": (False, [G, G, G]),
    "one good probe of a new server": (False, [G]),
    "bad probes": (True, [B, B, B, B]),
    "two bad probes": (True, [B, B]),
    "bad probes of a new server": (False, [B, B, B, G, G]),
    "a good probe between bad ones": (True, [B, B, G, B, B]),
    "a bad probe between good ones": (False, [G, B, G, G]),
    "a server that is down and up again": (True, [B, B, B, G, G]),
    "a server that is down and not yet up again": (True, [B, B, B, G]),
    "no answers": (True, [(None, 0)] * 3),
    "answers without content": (False, [(204, 10)] * 2),
    "redirects": (True, [(301, 10)] * 3),
    "quick failures of a new server": (False, [(500, 0)] * 3),
    "answers just within the timeout": (True, [(200, 2000)] * 3),
    "answers just over the timeout": (True, [(200, 2001)] * 3),
    "slow failures": (True, [(500, 1500)] * 3),
    "a probe that comes late": (False, [G, (200, 10, 0), G]),
    "a probe from the past": (False, [G, G[:1] + (10, -5), (200, 10, 0)]),
    "no probes": (True, []),
}


def journey(trust, probes):
    from datetime import timedelta

    from poolkeeper.health import HealthMonitor, Probe
    from poolkeeper.keeper import Keeper
    from poolkeeper.moments import ManualClock
    from poolkeeper.poolfile import parse_pool
    from poolkeeper.settings import load

    clock = ManualClock("2024-03-05T09:30:00Z")
    environ = {"POOLKEEPER_HEALTH_TRUST_NEW": str(trust)}
    settings = load(environ=environ)
    keeper = Keeper(parse_pool("pool p\nserver a h1\nserver b h2", settings.pool), settings, clock)
    monitor = HealthMonitor(settings.health)
    monitor.record(Probe("b", clock(), 200))
    print(keeper.handle("ana", "c1"))
    for status, latency, *at in probes:
        clock.forward("1s")
        when = clock() + timedelta(seconds=at[0] - 1) if at else clock()
        probe = Probe("a", when, status, timedelta(milliseconds=latency))
        print(monitor.passes(probe), monitor.record(probe).value, keeper.observe([probe]))
        print(" ", keeper.pool.counts())
    print(keeper.handle("bob", "c2"), keeper.handle("bob", "c1"))
