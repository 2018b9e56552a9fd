from datetime import timedelta

import pytest
from builders import MINUTE, NOW, hold, make_pool, make_spec
from poolkeeper.errors import NoCapacity, ServerError
from poolkeeper.pool import Move
from poolkeeper.servers import ServerState, Session
from poolkeeper.strategies import ConsistentHash, LeastConnections

ACTIVE, DRAINING, DOWN = ServerState.ACTIVE, ServerState.DRAINING, ServerState.DOWN


def connect(pool, *clients):
    return [pool.connect(client) for client in clients]


def sessions(pool, server):
    return sorted(pool.member(server).sessions)


def test_connect(clock):
    pool = make_pool(clock, "a", "b")
    assert connect(pool, "c1", "c2", "c3") == ["a", "b", "a"]
    assert sessions(pool, "a") == ["c1", "c3"]

    pool = make_pool(clock, "a", "b")
    assert connect(pool, "c1", " c1 ", "c1", "c2") == ["a", "a", "a", "b"]


def test_connecting_again_refreshes_the_session(clock):
    pool = make_pool(clock, "a")
    pool.connect("c1")
    clock.forward(minutes=7)
    pool.connect("c1")
    assert pool.member("a").sessions["c1"] == Session(since=NOW, seen=NOW + 7 * MINUTE)


def test_disconnect_tells_the_server(clock):
    pool = make_pool(clock, "a")
    hold(pool, "a", "c1")
    assert pool.disconnect(" c1") == "a"
    assert (pool.home_of("c1"), sessions(pool, "a")) == (None, [])

    assert make_pool(clock, "a").disconnect("c1") is None


def test_homes_of_clients(clock):
    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    hold(pool, "b", "c2")
    assert [pool.home_of(client) for client in ("c2 ", "c1", "c3")] == ["b", "a", None]

    pool = make_pool(clock, "a")
    hold(pool, "a", "c1")
    pool.homes().clear()
    assert pool.homes() == {"c1": "a"}


def test_full_servers_are_passed_over(clock):
    pool = make_pool(clock, make_spec("a", capacity=1), make_spec("b", capacity=2))
    assert connect(pool, "c1", "c2", "c3") == ["a", "b", "b"]
    with pytest.raises(NoCapacity, match="no server of pool shop takes sessions"):
        pool.connect("c4")
    assert pool.home_of("c4") is None


def test_servers_of_the_zone_come_first(clock):
    pool = make_pool(
        clock, make_spec("a", zone="us"), make_spec("b", zone="eu", capacity=1), make_spec("c")
    )
    assert pool.connect("c1", "eu") == "b"
    assert pool.connect("c2", "eu") == "c"
    assert pool.connect("c3", "mars") == "a"

    pool = make_pool(clock, "a", make_spec("b", zone="eu"))
    assert pool.connect("c1", " EU ") == "b"

    pool = make_pool(clock, make_spec("a", zone="us"), make_spec("b"))
    assert connect(pool, "c1", "c2") == ["a", "b"]


def test_servers_join_once(clock):
    pool = make_pool(clock, "a", "b")
    with pytest.raises(ServerError, match="a is in the pool already"):
        pool.join(make_spec("a"))
    assert [(member.id, member.order) for member in pool] == [("a", 1), ("b", 2)]


def test_a_server_may_join_without_being_used_yet(clock):
    pool = make_pool(clock, "a")
    pool.join(make_spec("b"), ServerState.STARTING)
    assert connect(pool, "c1", "c2") == ["a", "a"]
    pool.resume("b")
    assert pool.connect("c3") == "b"


def test_members_by_name(clock):
    pool = make_pool(clock, "web-1")
    assert pool.member(" WEB-1 ").id == "web-1"
    with pytest.raises(ServerError, match="no server 'web-2' in pool shop"):
        pool.member("web-2")


def test_a_draining_server_keeps_its_clients_and_gets_no_new_ones(clock):
    pool = make_pool(clock, "a", "b")
    connect(pool, "c1", "c2")
    assert pool.drain("a").state is DRAINING
    assert connect(pool, "c1", "c3", "c4") == ["a", "b", "b"]

    pool = make_pool(clock, "a", "b")
    assert pool.drain("a").drain_until == NOW + 5 * MINUTE


def test_the_last_active_server_is_not_drained(clock):
    pool = make_pool(clock, "a", "b")
    pool.fail("b")
    with pytest.raises(ServerError, match="a is the last active server of pool shop"):
        pool.drain("a")
    assert pool.member("a").state is ACTIVE

    pool.join(make_spec("c"))
    pool.drain("a")
    assert (pool.resume("a").state, pool.member("a").drain_until) == (ACTIVE, None)
    assert pool.connect("c1") == "a"


def test_drains_end_when_their_time_is_over(clock):
    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    hold(pool, "b", "c2")
    pool.drain("a")
    clock.forward(seconds=299)
    assert pool.tick() == []
    clock.forward(seconds=1)
    assert pool.tick() == [Move("c1", "a", "b")]
    assert [member.id for member in pool] == ["b"]


def test_drains_end_when_nothing_is_left(clock):
    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    pool.drain("a")
    pool.tick()
    assert [member.id for member in pool] == ["a", "b"]
    pool.disconnect("c1")
    assert pool.tick() == []
    assert [member.id for member in pool] == ["b"]
    assert pool.removed == {"a"}


def test_shutdown_moves_sessions_and_removes_the_server(clock):
    pool = make_pool(clock, "a", "b", "c")
    hold(pool, "a", "c1", "c4")
    hold(pool, "b", "c2")
    hold(pool, "c", "c3")
    leaving = pool.member("a")
    assert pool.shutdown("a") == [Move("c1", "a", "b"), Move("c4", "a", "c")]
    assert leaving.state is ServerState.REMOVED
    assert pool.homes() == {"c1": "b", "c2": "b", "c3": "c", "c4": "c"}
    assert ([member.id for member in pool], pool.removed) == (["b", "c"], {"a"})


def test_moved_sessions_keep_their_times(clock):
    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    clock.forward(minutes=7)
    pool.shutdown("a")
    assert pool.member("b").sessions == {"c1": Session(NOW, NOW)}


def test_the_oldest_sessions_move_first(clock):
    pool = make_pool(clock, "a")
    hold(pool, "a", "m", "b")
    pool.put_back("z", "a", Session(NOW - MINUTE, NOW))
    pool.join(make_spec("x", capacity=3))
    assert [move.client for move in pool.shutdown("a")] == ["z", "b", "m"]


def test_sessions_move_within_their_zone(clock):
    pool = make_pool(clock, make_spec("a", zone="eu"), make_spec("b"), make_spec("c", zone="eu"))
    hold(pool, "a", "c1")
    assert pool.shutdown("a") == [Move("c1", "a", "c")]


def test_shutdown_without_room_changes_nothing(clock):
    pool = make_pool(clock, "a")
    hold(pool, "a", "c1", "c2", "c3")
    pool.join(make_spec("b", capacity=1))
    pool.join(make_spec("c", capacity=1))
    with pytest.raises(NoCapacity, match="room for 2 of 3 sessions of a"):
        pool.shutdown("a")
    assert (pool.member("a").state, sessions(pool, "a")) == (ACTIVE, ["c1", "c2", "c3"])

    pool = make_pool(clock, "a")
    hold(pool, "a", "c1")
    pool.join(make_spec("b"), DOWN)
    with pytest.raises(NoCapacity, match="room for 0 of 1 sessions"):
        pool.shutdown("a")


def test_shutdown_with_just_enough_room(clock):
    pool = make_pool(clock, "a")
    hold(pool, "a", "c1", "c2")
    pool.join(make_spec("b", capacity=2))
    assert [move.target for move in pool.shutdown("a")] == ["b", "b"]

    pool = make_pool(clock, "a")
    hold(pool, "a", "c1", "c2")
    pool.join(make_spec("b", capacity=1))
    pool.join(make_spec("c"))
    assert [move.target for move in pool.shutdown("a")] == ["b", "c"]


def test_shutdown_of_servers_in_any_state(clock):
    pool = make_pool(clock, "a", "b", "c")
    pool.drain("a")
    pool.fail("b")
    assert pool.shutdown("a") + pool.shutdown("b") + pool.shutdown("c") == []
    assert list(pool) == []


def test_a_failing_server_loses_its_sessions_to_others(clock):
    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    hold(pool, "b", "c2")
    assert pool.fail("a") == [Move("c1", "a", "b")]
    assert (pool.member("a").state, sessions(pool, "a")) == (DOWN, [])

    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    pool.drain("a")
    assert pool.fail("a") == [Move("c1", "a", "b")]
    assert pool.removed == {"a"}


def test_sessions_without_room_are_dropped(clock):
    pool = make_pool(clock, "a")
    hold(pool, "a", "c1", "c2")
    pool.join(make_spec("b", capacity=1))
    assert pool.fail("a") == [Move("c1", "a", "b"), Move("c2", "a", None)]
    assert pool.homes() == {"c1": "b"}


def test_a_server_that_is_up_again_takes_sessions(clock):
    pool = make_pool(clock, "a", "b", strategy=LeastConnections())
    pool.fail("a")
    connect(pool, "c1", "c2")
    pool.resume("a")
    assert connect(pool, "c3", "c4", "c5") == ["a", "a", "a"]


def test_idle_sessions_are_dropped(clock):
    pool = make_pool(clock, "a", "b")
    hold(pool, "a", "c1")
    hold(pool, "b", "c3")
    pool.put_back("c2", "b", Session(NOW, NOW + timedelta(seconds=1)))
    clock.forward(seconds=1799)
    assert pool.tick() == []
    clock.forward(seconds=1)
    assert pool.tick() == [Move("c1", "a", None), Move("c3", "b", None)]
    assert pool.homes() == {"c2": "b"}


def test_counts(clock):
    pool = make_pool(clock, "a", "b", "c")
    pool.join(make_spec("d"), ServerState.STARTING)
    hold(pool, "b", "c1", "c2")
    pool.fail("a")
    assert pool.counts() == {"starting": 1, "active": 2, "draining": 0, "down": 1, "sessions": 2}


def test_removed_servers(clock):
    pool = make_pool(clock, "a", "b")
    pool.shutdown("a")
    pool.join(make_spec("a"))
    assert ([(member.id, member.order) for member in pool], pool.removed) == (
        [("b", 2), ("a", 3)],
        set(),
    )

    pool = make_pool(clock, "a", "b")
    pool.forget("a")
    pool.forget("z")
    assert ([member.id for member in pool], pool.removed) == (["b"], {"a"})


def test_the_ring_knows_who_came_and_went(clock):
    pool = make_pool(clock, "a", "b", strategy=ConsistentHash(5))
    assert len(pool.strategy.ring) == 10
    pool.shutdown("a")
    assert len(pool.strategy.ring) == 5
    pool.fail("b")
    assert len(pool.strategy.ring) == 5


def test_sessions_are_put_back(clock):
    pool = make_pool(clock, "a", "b")
    pool.put_back("c1", "b", Session(NOW - MINUTE, NOW))
    assert (pool.connect("c1"), sessions(pool, "b")) == ("b", ["c1"])
