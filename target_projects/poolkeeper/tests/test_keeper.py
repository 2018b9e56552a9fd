from datetime import timedelta

import pytest
from builders import (
    MINUTE,
    NOW,
    SECOND,
    hold,
    make_definition,
    make_health_rules,
    make_pool_rules,
    make_settings,
    make_spec,
)
from poolkeeper.errors import PlanError, ServerError
from poolkeeper.health import Probe
from poolkeeper.keeper import Keeper, Reply, plan_book
from poolkeeper.pool import Move
from poolkeeper.servers import ServerState
from poolkeeper.strategies import ConsistentHash


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path)


@pytest.fixture
def keeper(settings, clock):
    return Keeper(make_definition("a", "b"), settings, clock)


def probes(server, *statuses):
    return [Probe(server, NOW + at * SECOND, status) for at, status in enumerate(statuses)]


def test_a_request_gets_a_server(keeper):
    assert keeper.handle("ana", "c1") == Reply(200, "a", {"X-RateLimit-Remaining": "29"})
    assert keeper.handle("ana", "c2").server == "b"


def test_too_many_requests(keeper):
    for _ in range(5):
        keeper.handle("ana", "c1")
    headers = {
        "X-RateLimit-Remaining": "25",
        "Retry-After": "1",
        "X-RateLimit-Reason": "burst",
    }
    assert keeper.handle("ana", "c9") == Reply(429, None, headers)
    assert keeper.pool.home_of("c9") is None


def test_no_server_for_a_request(keeper):
    keeper.pool.fail("a")
    keeper.pool.fail("b")
    headers = {"X-RateLimit-Remaining": "29", "Retry-After": "5"}
    assert keeper.handle("ana", "c1") == Reply(503, None, headers)


def test_the_zone_of_a_request(keeper):
    keeper.pool.join(make_spec("c", zone="eu"))
    assert keeper.handle("ana", "c1", "eu").server == "c"


def test_a_failing_server_is_taken_out_once(keeper):
    hold(keeper.pool, "a", "c1")
    assert keeper.observe(probes("a", 500, None, 503, 500)) == [Move("c1", "a", "b")]
    assert keeper.pool.member("a").state is ServerState.DOWN


def test_a_server_that_answers_again_comes_back(keeper):
    keeper.pool.fail("a")
    keeper.observe(probes("a", 200, 204, 200))
    assert keeper.pool.member("a").state is ServerState.ACTIVE


def test_good_probes_do_not_call_off_a_drain(keeper):
    keeper.pool.drain("a")
    assert keeper.observe(probes("a", 200, 200)) == []
    assert keeper.pool.member("a").state is ServerState.DRAINING

    with pytest.raises(ServerError, match="no server 'z'"):
        keeper.observe(probes("z", 200))


def test_new_servers_may_have_to_prove_themselves(tmp_path, clock):
    settings = make_settings(tmp_path, health=make_health_rules(trust_new=False))
    keeper = Keeper(make_definition("a", "b"), settings, clock)
    assert keeper.handle("ana", "c1").status == 503
    keeper.observe(probes("b", 200, 200))
    assert keeper.handle("ana", "c1").server == "b"


def test_tick_ends_idle_sessions_and_forgets_idle_users(keeper, clock):
    keeper.handle("ana", "c1")
    clock.forward(hours=15)
    assert keeper.tick() == [Move("c1", "a", None)]
    assert len(keeper.limiter) == 0


def test_idle_time_and_zone_of_the_limits(tmp_path, clock):
    keeper = Keeper(make_definition("a"), make_settings(tmp_path), clock)
    keeper.limiter.restore(
        {"ana": {"day": "2024-03-04", "used": 9, "times": ["2024-03-05T09:20Z"]}}
    )
    keeper.tick()
    assert len(keeper.limiter) == 1
    clock.forward(minutes=5)
    keeper.tick()
    assert len(keeper.limiter) == 0


def test_strategy_and_points_of_the_ring(tmp_path, clock):
    settings = make_settings(tmp_path, pool=make_pool_rules(virtual_nodes=7))
    keeper = Keeper(make_definition("a", "b", strategy="consistent-hash"), settings, clock)
    assert isinstance(keeper.pool.strategy, ConsistentHash)
    assert len(keeper.pool.strategy.ring) == 14


def test_a_restart_loses_nothing(keeper, settings, clock):
    keeper.handle("ana", "c1")
    keeper.pool.shutdown("a")
    assert keeper.save().name == "shop-20240305T093000Z.json"
    again = Keeper(make_definition("a", "b"), settings, clock)
    assert again.restore() is True
    assert again.pool.homes() == {"c1": "b"}
    assert again.handle("ana", "c1").headers == {"X-RateLimit-Remaining": "28"}
    assert [member.id for member in again.pool] == ["b"]


def test_nothing_to_restore(keeper, clock):
    assert keeper.restore() is False

    keeper.save()
    clock.forward(days=1)
    assert keeper.restore() is True
    clock.forward(seconds=1)
    assert keeper.restore() is False


def test_snapshots_that_are_kept(keeper, settings, clock):
    for _ in range(5):
        keeper.save()
        clock.forward(seconds=1)
    assert len(list(settings.state.folder.iterdir())) == 3


def test_who_has_which_plan(tmp_path):
    plans = plan_book(make_settings(tmp_path, users={"bob": "team"}))
    assert (plans.plan_of("ana").name, plans.plan_of("BOB").name) == ("trial", "team")
    assert plans.plan("trial").window == timedelta(minutes=1) == MINUTE
    with pytest.raises(PlanError, match="no plan 'gold'"):
        plan_book(make_settings(tmp_path, users={"bob": "gold"}))
