import pytest
from builders import make_member
from poolkeeper.errors import NoCapacity, SettingsError
from poolkeeper.strategies import (
    STRATEGIES,
    ConsistentHash,
    LeastConnections,
    RoundRobin,
    make_strategy,
)

A, B, C = (make_member(name, order) for order, name in enumerate("abc", 1))


def choose(strategy, times, *candidates):
    return "".join(strategy.choose("client", candidates).id for _ in range(times))


def test_round_robin_takes_turns():
    assert choose(RoundRobin(), 7, A, B, C) == "abcabca"

    strategy = RoundRobin()
    strategy.cursor = 2
    assert choose(strategy, 2, A, B, C) == "ca"
    assert strategy.cursor == 1


def test_round_robin_goes_on_when_a_server_is_missing():
    strategy = RoundRobin()
    assert choose(strategy, 2, A, B, C) == "ab"
    assert choose(strategy, 2, A, B) == "ab"
    assert choose(strategy, 1, A, C) == "c"


def test_round_robin_goes_on_when_a_server_returns():
    strategy = RoundRobin()
    assert choose(strategy, 1, B, C) == "b"
    assert choose(strategy, 3, A, B, C) == "cab"


def test_least_connections():
    busy, idle = make_member("a", 1, sessions=2), make_member("b", 2, sessions=1)
    assert choose(LeastConnections(), 1, busy, idle) == "b"

    first, second = make_member("z", 1, sessions=1), make_member("b", 2, sessions=1)
    assert choose(LeastConnections(), 1, second, first) == "z"


def test_least_connections_by_weight():
    strong, weak = make_member("a", 1, sessions=5, weight=3), make_member("b", 2, sessions=2)
    assert choose(LeastConnections(), 1, strong, weak) == "a"
    strong = make_member("a", 1, sessions=7, weight=3)
    assert choose(LeastConnections(), 1, strong, weak) == "b"


def test_consistent_hash_asks_the_ring():
    strategy = ConsistentHash(20)
    for member in (A, B, C):
        strategy.joined(member)
    for number in range(20):
        walk = list(strategy.ring.walk(f"client-{number}"))
        assert strategy.choose(f"client-{number}", [A, B, C]).id == walk[0]
        others = [member for member in (A, B, C) if member.id != walk[0]]
        assert strategy.choose(f"client-{number}", others).id == walk[1]


def test_consistent_hash_counts_weights():
    strategy = ConsistentHash(20)
    strategy.joined(make_member("a", weight=4))
    assert len(strategy.ring) == 80


def test_consistent_hash_without_a_server_on_the_ring():
    strategy = ConsistentHash(20)
    strategy.joined(A)
    strategy.left(A)
    with pytest.raises(NoCapacity, match="no server of the ring"):
        strategy.choose("client", [A])


def test_strategies_by_name():
    kinds = [type(make_strategy(name, 7)) for name in STRATEGIES]
    assert kinds == [RoundRobin, LeastConnections, ConsistentHash]
    assert make_strategy("consistent-hash", 7).ring.virtual_nodes == 7

    with pytest.raises(SettingsError, match="unknown strategy 'random'"):
        make_strategy("random", 7)
