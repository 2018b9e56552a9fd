"""The pool as its users meet it: a day at the gate, a server that goes, a minute of requests."""

from collections import Counter
from dataclasses import replace

import pytest
from builders import make_definition, make_pool, make_settings, make_spec
from poolkeeper.cli import main
from poolkeeper.keeper import Keeper
from poolkeeper.strategies import ConsistentHash, LeastConnections

SERVERS = [f"web-{number}" for number in range(10)]
CLIENTS = [f"client-{number}" for number in range(1000)]


@pytest.fixture
def ten_servers(clock):
    pool = make_pool(clock, *SERVERS, strategy=ConsistentHash(200))
    for client in CLIENTS:
        pool.connect(client)
    return pool


def test_every_server_has_its_share_of_the_clients(ten_servers):
    held = Counter(ten_servers.homes().values())
    assert sum(held.values()) == 1000
    assert min(held.values()) >= 70
    assert max(held.values()) <= 140


def test_nine_of_ten_clients_stay_when_a_server_leaves(ten_servers):
    before = ten_servers.homes()
    moves = ten_servers.shutdown("web-4")
    after = ten_servers.homes()
    moved = {client for client in CLIENTS if before[client] != after[client]}
    assert moved == {move.client for move in moves}
    assert {before[client] for client in moved} == {"web-4"}
    assert 50 <= len(moved) <= 140
    assert len({after[client] for client in moved}) >= 5


def test_few_clients_move_when_a_server_comes(clock, ten_servers):
    before = ten_servers.homes()
    eleven = make_pool(clock, *SERVERS, "web-10", strategy=ConsistentHash(200))
    after = {client: eleven.connect(client) for client in CLIENTS}
    moved = {client for client in CLIENTS if before[client] != after[client]}
    assert {after[client] for client in moved} == {"web-10"}
    assert 50 <= len(moved) <= 140


def test_heavier_servers_get_more_clients(clock):
    pool = make_pool(clock, make_spec("a", weight=3), make_spec("b"), strategy=ConsistentHash(200))
    held = Counter(pool.connect(client) for client in CLIENTS)
    assert 680 <= held["a"] <= 820


def test_least_connections_evens_long_sessions_out(clock):
    pool = make_pool(clock, "a", "b", "c", strategy=LeastConnections())
    for client in CLIENTS[:30]:
        pool.connect(client)
    for client, server in pool.homes().items():
        if server == "b":
            pool.disconnect(client)
    assert {pool.connect(client) for client in CLIENTS[100:110]} == {"b"}
    assert Counter(pool.homes().values()) == {"a": 10, "b": 10, "c": 10}


def test_a_hundred_requests_a_minute_for_every_user(clock):
    limits = replace(make_settings().limits, default_plan="free")
    keeper = Keeper(make_definition("a"), replace(make_settings(), limits=limits), clock)
    allowed = Counter()
    for _ in range(150):
        clock.forward(milliseconds=200)
        for user in ("ana", "bob"):
            allowed[user] += keeper.handle(user, user).status == 200
    assert allowed == {"ana": 100, "bob": 100}
    reply = keeper.handle("ana", "ana")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "31")
    clock.forward(seconds=30)
    assert keeper.handle("ana", "ana").status == 429
    clock.forward(milliseconds=200)
    assert keeper.handle("ana", "ana").status == 200


def test_a_day_at_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    (tmp_path / "pools.d").mkdir()
    (tmp_path / "pools.d" / "shop.pool").write_text(
        "pool shop\nstrategy round-robin\nserver a h1\nserver b h2\nserver c h3\n", encoding="utf-8"
    )

    def run(minute, *command):
        code = main(["--at", f"2024-03-05T09:{minute:02d}:00Z", *command], {})
        return code, capsys.readouterr().out.splitlines()

    servers = [run(0, "connect", client)[1][0] for client in ("c1", "c2", "Łukasz", "c4")]
    assert servers == ["200 a", "200 b", "200 c", "200 a"]
    run(1, "drain", "a")
    assert run(2, "connect", "c5")[1][0] == "200 b"
    assert run(3, "connect", "c1")[1][0] == "200 a"
    assert run(4, "shutdown", "c") == (0, ["Łukasz: c -> b", "1 sessions moved"])
    assert run(10, "tick")[1] == ["0 sessions moved"]
    assert run(11, "tick")[1] == ["c1: a -> b", "c4: a -> b", "2 sessions moved"]
    assert run(12, "status") == (
        0,
        [
            "b            active       5/250    weight 1   h2:8080",
            "1 active, 5 sessions",
        ],
    )
