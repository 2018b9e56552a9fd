import json
from datetime import timedelta

import pytest
from builders import MINUTE, NOW, hold, make_plan, make_pool, make_spec
from poolkeeper.errors import SnapshotError
from poolkeeper.limiter import RateLimiter
from poolkeeper.moments import UTC
from poolkeeper.plans import PlanBook
from poolkeeper.servers import ServerState, Session
from poolkeeper.snapshot import apply, capture, latest, load, save, snapshots

WEEK = timedelta(days=7)


@pytest.fixture
def limiter(clock):
    return RateLimiter(PlanBook([make_plan()]), clock, MINUTE, UTC)


def make_document(**changes):
    document = {
        "version": 2,
        "pool": "shop",
        "saved_at": "2024-03-05T09:30:00.000Z",
        "servers": [],
        "removed": [],
        "cursor": 0,
        "limits": {},
    }
    return {**document, **changes}


def saved_server(name, state="active", sessions=(), drain_until=None):
    rows = [[client, "2024-03-05T09:00:00.000Z", "2024-03-05T09:20:00.500Z"] for client in sessions]
    return {"id": name, "state": state, "drain_until": drain_until, "sessions": rows}


def names(paths):
    return [path.name for path in paths]


def test_capture(clock, limiter):
    pool = make_pool(clock, "a", "b", "c", "d")
    hold(pool, "a", "Łukasz")
    pool.strategy.cursor = 1
    pool.shutdown("d")
    pool.shutdown("c")
    pool.drain("a")
    limiter.check("ana")
    clock.forward(seconds=1)
    started = "2024-03-05T09:30:00.000Z"
    assert capture(pool, limiter, clock()) == {
        "version": 2,
        "pool": "shop",
        "saved_at": "2024-03-05T09:30:01.000Z",
        "servers": [
            {
                "id": "a",
                "state": "draining",
                "drain_until": "2024-03-05T09:35:00.000Z",
                "sessions": [["Łukasz", started, started]],
            },
            {"id": "b", "state": "active", "drain_until": None, "sessions": []},
        ],
        "removed": ["c", "d"],
        "cursor": 1,
        "limits": {"ana": {"day": "2024-03-05", "used": 1, "times": [started]}},
    }


def test_apply_restores_sessions(clock, limiter):
    pool = make_pool(clock, "a", "b")
    apply(make_document(servers=[saved_server("b", sessions=["c1"])]), pool, limiter)
    since, seen = NOW - 30 * MINUTE, NOW - timedelta(minutes=9, seconds=59.5)
    assert pool.homes() == {"c1": "b"}
    assert pool.member("b").sessions == {"c1": Session(since, seen)}


def test_apply_restores_states(clock, limiter):
    pool = make_pool(clock, "a", "b", "c")
    until = "2024-03-05T09:31:00.000Z"
    servers = [saved_server("a", "down"), saved_server("b", "draining", drain_until=until)]
    apply(make_document(servers=servers), pool, limiter)
    assert [member.state.value for member in pool] == ["down", "draining", "active"]
    assert [member.drain_until for member in pool] == [None, NOW + MINUTE, None]

    endless = saved_server("b", "draining", sessions=["c1"])
    pool = make_pool(clock, "a", "b")
    apply(make_document(servers=[endless]), pool, limiter)
    assert (pool.tick(), pool.homes()) == ([], {"c1": "b"})


def test_apply_leaves_removed_servers_out(clock, limiter):
    pool = make_pool(clock, "a", "b")
    apply(make_document(removed=["a", "z"]), pool, limiter)
    assert ([member.id for member in pool], pool.removed) == (["b"], {"a"})


def test_apply_passes_over_servers_that_are_not_in_the_file(clock, limiter):
    pool = make_pool(clock, "a")
    servers = [saved_server("z", sessions=["c1"]), saved_server("a", sessions=["c2"])]
    apply(make_document(servers=servers), pool, limiter)
    assert pool.homes() == {"c2": "a"}


def test_apply_goes_on_with_the_next_server(clock, limiter):
    pool = make_pool(clock, "a", "b", "c")
    apply(make_document(cursor=2), pool, limiter)
    assert pool.connect("c1") == "c"

    document = make_document()
    del document["cursor"]
    pool = make_pool(clock, "a", "b")
    apply(document, pool, limiter)
    assert pool.connect("c1") == "a"


def test_apply_restores_limits(clock, limiter):
    limits = {"ana": {"day": "2024-03-05", "used": 1, "times": ["2024-03-05T09:29:30.000Z"]}}
    apply(make_document(limits=limits), make_pool(clock, "a"), limiter)
    assert limiter.check("ana").remaining == 98


def test_what_is_applied_is_what_was_captured(clock, limiter):
    pool = make_pool(clock, make_spec("a"), make_spec("b"), make_spec("c"))
    for server, client in ("a1", "b2", "c3", "a4"):
        hold(pool, server, client)
    pool.drain("b")
    pool.fail("c")
    document = json.loads(json.dumps(capture(pool, limiter, clock())))
    again = make_pool(clock, "a", "b", "c")
    apply(document, again, limiter)
    assert capture(again, limiter, clock()) == document
    assert again.member("c").state is ServerState.DOWN


def test_save_names_the_pool_and_the_moment(tmp_path):
    path = save(make_document(saved_at="2024-03-05T23:59:58.900Z"), tmp_path, 3)
    assert path.name == "shop-20240305T235958Z.json"
    assert names(tmp_path.iterdir()) == [path.name]

    assert save(make_document(), tmp_path / "var" / "state", 3).is_file()


def test_save_keeps_letters(tmp_path, foreign_machine):
    path = save(make_document(servers=[saved_server("a", sessions=["Łukasz"])]), tmp_path, 3)
    assert '"Łukasz"'.encode() in path.read_bytes()
    assert b'\n "pool": "shop",' in path.read_bytes()
    assert load(path)["servers"][0]["sessions"][0][0] == "Łukasz"


def test_save_replaces_a_snapshot_of_the_same_second(tmp_path):
    save(make_document(cursor=1), tmp_path, 3)
    path = save(make_document(cursor=2), tmp_path, 3)
    assert (load(path)["cursor"], len(snapshots(tmp_path, "shop"))) == (2, 1)


def save_days(folder, *days, keep=9, **changes):
    for day in days:
        save(make_document(saved_at=f"2024-03-{day:02d}T09:30:00.000Z", **changes), folder, keep)


def test_save_keeps_the_newest_snapshots(tmp_path):
    save_days(tmp_path, 1, 2, 3, 4, keep=2)
    assert names(snapshots(tmp_path, "shop")) == [
        "shop-20240303T093000Z.json", "shop-20240304T093000Z.json",
    ]  # fmt: skip


def test_save_spares_the_snapshots_of_other_pools(tmp_path):
    save_days(tmp_path, 1, 2, pool="shop-eu")
    save_days(tmp_path, 3, 4, keep=1)
    assert len(snapshots(tmp_path, "shop-eu")) == 2


def test_snapshots_are_listed_oldest_first(tmp_path, backward_listing):
    save_days(tmp_path, 2, 10, 1)
    save_days(tmp_path / "old", 3)
    stamped = "shop-20240305T093000Z.json"
    for name in ("shop-20240305.json", f"{stamped}.part", f"{stamped}.json", "shop.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    days = [name[11:13] for name in names(snapshots(tmp_path, "shop"))]
    assert days == ["01", "02", "10"]


def test_load_refuses_what_it_can_not_use(tmp_path):
    path = tmp_path / "x.json"
    for text in ("", '{"version": 2', "[]", "{}", "7"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SnapshotError, match=r"x\.json is damaged"):
            load(path)
    path.write_bytes(b'{"version": 2, "pool": "\xe9"}')
    with pytest.raises(SnapshotError, match=r"x\.json is damaged"):
        load(path)

    with pytest.raises(SnapshotError, match=r"absent\.json is damaged"):
        load(tmp_path / "absent.json")

    for version in (1, 3):
        (tmp_path / "x.json").write_text(json.dumps({"version": version}), encoding="utf-8")
        with pytest.raises(SnapshotError, match=f"has version {version}, which is unknown"):
            load(tmp_path / "x.json")


def test_the_latest_snapshot(tmp_path):
    save_days(tmp_path, 1, 3, 2)
    assert latest(tmp_path, "shop", NOW, WEEK)["saved_at"] == "2024-03-03T09:30:00.000Z"
    assert latest(tmp_path, "api", NOW, WEEK) is None
    assert latest(tmp_path / "absent", "shop", NOW, WEEK) is None

    save_days(tmp_path, 1, 2)
    (tmp_path / "shop-20240303T093000Z.json").write_text("{", encoding="utf-8")
    (tmp_path / "shop-20240304T093000Z.json").write_text('{"version": 3}', encoding="utf-8")
    assert latest(tmp_path, "shop", NOW, WEEK)["saved_at"] == "2024-03-02T09:30:00.000Z"


def test_old_snapshots_are_not_used(tmp_path):
    save_days(tmp_path, 1)
    assert latest(tmp_path, "shop", NOW, timedelta(days=4)) is not None
    assert latest(tmp_path, "shop", NOW, timedelta(days=4) - timedelta(seconds=1)) is None
