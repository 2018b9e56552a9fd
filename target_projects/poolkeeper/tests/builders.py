"""Plain objects for tests; every test names only what matters to it."""

from datetime import datetime, timedelta
from pathlib import Path

from poolkeeper.accesslog import Entry
from poolkeeper.moments import UTC
from poolkeeper.plans import Plan
from poolkeeper.pool import Pool
from poolkeeper.poolfile import PoolFile
from poolkeeper.servers import Member, ServerSpec, Session
from poolkeeper.settings import (
    HealthRules,
    LimitRules,
    LogRules,
    PoolRules,
    ReportRules,
    Settings,
    StateRules,
)
from poolkeeper.strategies import RoundRobin

START = "2024-03-05T09:30:00Z"
NOW = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def make_pool_rules(**changes):
    rules = {
        "folder": Path("unused-pools"),
        "strategy": "round-robin",
        "capacity": 40,
        "default_port": 9000,
        "virtual_nodes": 20,
        "drain_timeout": 5 * MINUTE,
        "session_ttl": 30 * MINUTE,
    }
    return PoolRules(**{**rules, **changes})


def make_health_rules(**changes):
    rules = {
        "accept": frozenset({200, 204}),
        "rise": 2,
        "fall": 3,
        "timeout": 2 * SECOND,
        "trust_new": True,
    }
    return HealthRules(**{**rules, **changes})


def make_settings(folder=Path("unused"), pool=None, health=None, users=None):
    return Settings(
        pool=pool or make_pool_rules(),
        health=health or make_health_rules(),
        limits=LimitRules("trial", 15 * MINUTE, users or {}),
        state=StateRules(folder / "state", 3, timedelta(days=1)),
        logs=LogRules(folder / "logs", "access.log", 10),
        reports=ReportRules(folder / "reports", UTC, "EUR", 95),
    )


def make_spec(name, **changes):
    fields = {"host": f"{name}.example", "port": 80}
    return ServerSpec(name, **{**fields, **changes})


def make_member(name, order=1, sessions=0, **spec):
    held = {f"{name}-client-{number}": Session(NOW, NOW) for number in range(sessions)}
    return Member(make_spec(name, **spec), order, sessions=held)


def make_pool(clock, *specs, strategy=None, **rules):
    """A round-robin pool; servers may be given by their names alone."""
    pool = Pool("shop", strategy or RoundRobin(), make_pool_rules(**rules), clock)
    for spec in specs:
        pool.join(make_spec(spec) if isinstance(spec, str) else spec)
    return pool


def hold(pool, server, *clients):
    """Put sessions on a server, without asking the strategy."""
    for client in clients:
        pool.put_back(client, server, Session(NOW, NOW))


def make_definition(*names, strategy="round-robin"):
    return PoolFile("shop", strategy, tuple(make_spec(name) for name in names))


def make_plan(name="free", requests=100, window=MINUTE, **changes):
    return Plan(name, requests, window, **changes)


def make_entry(**changes):
    fields = {
        "at": NOW,
        "user": "ana",
        "status": 200,
        "size": 10,
        "server": "web-1",
        "milliseconds": 5,
    }
    return Entry(**{**fields, **changes})
