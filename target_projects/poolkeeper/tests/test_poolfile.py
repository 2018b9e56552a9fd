from pathlib import Path

import pytest
from builders import make_pool_rules
from poolkeeper.errors import PoolFileError, PoolkeeperError
from poolkeeper.poolfile import find_pools, parse_pool, read_pool
from poolkeeper.servers import ServerSpec

RULES = make_pool_rules()
SHOP = "pool shop\nserver web-1 10.0.0.1\n"


def server(line):
    (spec,) = parse_pool(f"pool shop\nserver {line}\n", RULES).servers
    return spec


def problem(text):
    with pytest.raises(PoolFileError) as caught:
        parse_pool(text, RULES)
    return str(caught.value)


def test_servers_with_and_without_options():
    spec = server("web-1 10.0.0.1:8443 weight=3 capacity=500 zone=eu-a1")
    assert spec == ServerSpec("web-1", "10.0.0.1", 8443, 3, 500, "eu-a1")

    assert server("web-1 10.0.0.1") == ServerSpec("web-1", "10.0.0.1", 9000, 1, 40, "")

    spec = server("WEB-1 App.Example ZONE=EU Capacity=7 weight=2")
    assert spec == ServerSpec("web-1", "app.example", 9000, 2, 7, "eu")

    assert [server(f"w a capacity={word}").capacity for word in ("unlimited", "Any")] == [
        None,
        None,
    ]


def test_limits_of_options():
    assert [server(f"w a weight={number}").weight for number in (1, 100)] == [1, 100]
    assert [server(f"w a capacity={number}").capacity for number in (1, 100_000)] == [1, 100_000]
    for option, limits in (("weight", (0, 101)), ("capacity", (0, 100_001))):
        for number in limits:
            said = problem(f"pool p\nserver w a {option}={number}")
            column = len("server w a ") + len(option) + 2
            assert said.startswith(f"line 2, column {column}: {number} is not within 1 to 100")

    for text in ("x", "1.5", "-1"):
        assert problem(f"pool p\nserver w a weight={text}") == (
            f"line 2, column 19: not a whole number: '{text}'"
        )

    assert problem("pool p\nserver w a  colour=red") == (
        "line 2, column 13: unknown option 'colour=red'"
    )
    assert "unknown option 'zone=eu!'" in problem("pool p\nserver w a zone=eu!")
    assert "unknown option 'weight='" in problem("pool p\nserver w a weight=")

    assert (
        problem("pool p\nserver w a weight=1 WEIGHT=2")
        == "line 2, column 21: weight is there twice"
    )


def test_zones():
    for text in ("eu", "europewe", "eu-a-12345678"):
        assert server(f"w a zone={text}").zone == text
    for text in ("e", "europewes", "1eu", "eu-", "eu-123456789", "eu_a", "eu-a.b"):
        assert problem(f"pool p\nserver w a zone={text}") == (
            f"line 2, column 17: not a zone: '{text}'"
        )


def test_servers_in_the_order_of_the_file():
    assert parse_pool(SHOP, RULES).servers == (server("web-1 10.0.0.1"),)
    pool = parse_pool("server b h1\nserver a h2\npool shop\nserver c h3", RULES)
    assert [(spec.id, spec.host) for spec in pool.servers] == [
        ("b", "h1"),
        ("a", "h2"),
        ("c", "h3"),
    ]

    assert (
        problem("pool p\nserver w a\nserver W b") == "line 3, column 8: server w is there already"
    )

    assert parse_pool(SHOP, RULES).strategy == "round-robin"
    assert parse_pool(SHOP + "strategy Consistent_Hash", RULES).strategy == "consistent-hash"
    assert problem("strategy  random") == "line 1, column 11: unknown strategy 'random'"

    text = "# żółw\n\n  POOL shop # name\n\tServer web-1 a#server web-2 b\n"
    pool = parse_pool(text, RULES)
    assert (pool.name, [(spec.id, spec.host) for spec in pool.servers]) == (
        "shop",
        [("web-1", "a")],
    )


def test_line_ends_of_other_systems():
    for end in ("\n", "\r\n", "\r"):
        assert parse_pool(SHOP.replace("\n", end), RULES) == parse_pool(SHOP, RULES)


def test_lines_that_make_no_sense():
    assert problem("pool") == "line 1, column 1: nothing after 'pool'"
    assert problem("\n  pools p") == "line 2, column 3: unknown word 'pools'"
    assert problem("pool p\nserver w") == "line 2, column 8: a server needs an endpoint"
    assert problem("pool p\nserver 1w a") == "line 2, column 8: not a server id: '1w'"
    assert problem("pool p\nserver w a:0") == "line 2, column 10: no such port: 0"

    with pytest.raises(PoolFileError) as caught:
        parse_pool("pool p\n server w a:b", RULES)
    error = caught.value
    assert (error.line, error.column, error.reason) == (2, 11, "not an endpoint: 'a:b'")
    with pytest.raises(PoolFileError) as caught:
        parse_pool("pool 1p", RULES)
    assert caught.value.reason == "not a server id: '1p'"

    assert parse_pool(SHOP.replace("shop", "Shop-2"), RULES).name == "shop-2"
    assert problem("pool p_1") == "line 1, column 6: not a server id: 'p_1'"
    assert problem("server w a") == "line 1, column 1: the pool has no name"
    assert problem("pool p\nserver w a\n pool q") == "line 3, column 2: a second pool in one file"

    assert problem("pool p") == "line 1, column 1: pool p has no server"


def test_pools_are_read(tmp_path, foreign_machine):
    (tmp_path / "shop.pool").write_bytes(f"# żółw\r\n{SHOP}".encode())
    assert read_pool(tmp_path / "shop.pool", RULES).name == "shop"

    pool = read_pool(Path(__file__).parent.parent / "samples" / "shop.pool", RULES)
    assert (pool.name, pool.strategy) == ("shop", "consistent-hash")
    assert [spec.capacity for spec in pool.servers] == [500, 500, 300, None]


def test_files_that_can_not_be_read(tmp_path):
    (tmp_path / "latin.pool").write_bytes(b"# \xe9\n")
    for name in ("latin.pool", "absent.pool"):
        with pytest.raises(PoolkeeperError, match=f"cannot read {name}"):
            read_pool(tmp_path / name, RULES)

    (tmp_path / "shop.pool").write_text("pool shop\nserver", encoding="utf-8")
    with pytest.raises(PoolkeeperError, match=r"shop\.pool: line 2, column 1: nothing after"):
        read_pool(tmp_path / "shop.pool", RULES)


def write_pools(folder, **names):
    for file, name in names.items():
        (folder / f"{file}.pool").write_text(SHOP.replace("shop", name), encoding="utf-8")


def test_pools_of_a_folder(tmp_path, backward_listing):
    write_pools(tmp_path, b="shop", c="api", a="web")
    (tmp_path / "notes.txt").write_text("pool x", encoding="utf-8")
    (tmp_path / "old").mkdir()
    write_pools(tmp_path / "old", d="old")
    assert list(find_pools(tmp_path, RULES)) == ["web", "shop", "api"]
    assert find_pools(tmp_path, RULES)["api"].name == "api"

    write_pools(tmp_path, b="shop", a="shop")
    with pytest.raises(PoolkeeperError, match=r"b\.pool: pool shop is there already"):
        find_pools(tmp_path, RULES)

    assert find_pools(tmp_path / "absent", RULES) == {}
