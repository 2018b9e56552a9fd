from dataclasses import replace

import pytest
from builders import make_pool_rules, make_settings, make_spec
from poolkeeper import cli
from poolkeeper.cli import main
from poolkeeper.moments import ManualClock, parse_zone
from poolkeeper.poolfile import PoolFile

POOL = "pool shop\nserver web-1 10.0.0.1 capacity=2\nserver web-2 10.0.0.2:81 weight=3\n"
AT = "2024-03-05T09:30:00Z"
LINE = '10.0.0.7 - ana [{}:09:30:00 +0000] "GET /a HTTP/1.1" 200 10 web-1 0.005\n'


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """Runs commands on a pool of two servers; gives the exit code and what was printed."""
    servers = (
        make_spec("web-1", host="10.0.0.1", capacity=2),
        make_spec("web-2", host="10.0.0.2", weight=3),
    )
    shop = PoolFile("shop", "least-connections", servers)
    monkeypatch.setattr(cli, "find_pools", lambda folder, rules: {"shop": shop})

    def run(command, at=AT, **changes):
        settings = replace(make_settings(tmp_path), **changes)
        monkeypatch.setattr(cli, "load", lambda path, environ: settings)
        code = main(["--at", at, *command.split()], {})
        output = capsys.readouterr()
        return code, (output.out + output.err).splitlines()

    return run


def test_connect(desk):
    assert desk("connect c1") == (0, ["200 web-1", "X-RateLimit-Remaining: 29"])
    assert desk("connect c2") == (0, ["200 web-2", "X-RateLimit-Remaining: 29"])


def test_limits_are_those_of_the_user(desk):
    desk("connect c1 --user ana")
    assert desk("connect c2 --user ana") == (0, ["200 web-2", "X-RateLimit-Remaining: 28"])


def test_too_many_requests(desk):
    for _ in range(5):
        desk("connect c1")
    code, lines = desk("connect c1")
    assert (code, lines[0], lines[-1]) == (1, "429 -", "X-RateLimit-Reason: burst")


def test_disconnect(desk):
    desk("connect c1")
    assert desk("disconnect c1") == (0, ["left web-1"])
    assert desk("disconnect c1") == (0, ["left nothing"])


def test_status(desk):
    desk("connect c1")
    assert desk("status") == (
        0,
        [
            "web-1        active       1/2      weight 1   10.0.0.1:80",
            "web-2        active       0/any    weight 3   10.0.0.2:80",
            "2 active, 1 sessions",
        ],
    )


def test_drain_and_resume(desk):
    line = "web-1        draining     0/2      weight 1   10.0.0.1:80"
    assert desk("drain web-1") == (0, [f"{line} until 2024-03-05T09:35:00.000Z"])
    assert desk("resume web-1") == (0, [line.replace("draining", "active  ")])


def test_tick_ends_a_drain(desk):
    desk("connect c1")
    desk("drain web-1")
    assert desk("tick", "2024-03-05T09:35:00Z") == (
        0, ["c1: web-1 -> web-2", "1 sessions moved"],
    )  # fmt: skip


def test_shutdown(desk):
    desk("connect c1")
    assert desk("shutdown web-1") == (0, ["c1: web-1 -> web-2", "1 sessions moved"])
    code, lines = desk("status")
    assert (code, lines[1:]) == (0, ["1 active, 1 sessions"])


def test_fail(desk):
    assert desk("fail web-9") == (1, ["poolkeeper: no server 'web-9' in pool shop"])
    desk("connect c1")
    assert desk("fail web-2") == (0, ["0 sessions moved"])
    assert desk("fail web-1") == (1, ["c1: web-1 -> dropped", "1 sessions moved"])
    code, lines = desk("status")
    assert (code, lines[2]) == (1, "2 down")


def test_check(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.pool").write_text(POOL, encoding="utf-8")
    assert desk("check shop.pool", pool=make_pool_rules(capacity=None)) == (
        0,
        [
            "pool shop, round-robin",
            "  1 web-1        active       0/2      weight 1   10.0.0.1:9000",
            "  2 web-2        active       0/any    weight 3   10.0.0.2:81",
        ],
    )


def test_which_pool(desk, monkeypatch):
    pools = {name: PoolFile(name, "round-robin", (make_spec(name),)) for name in ("api", "shop")}
    monkeypatch.setattr(cli, "find_pools", lambda folder, rules: pools)
    assert desk("status") == (1, ["poolkeeper: which pool? There are api, shop"])
    code, lines = desk("--pool API status")
    assert (code, lines[-1]) == (0, "1 active")
    assert desk("--pool web status") == (1, ["poolkeeper: no pool 'web'; there are api, shop"])
    assert desk("--pool= status") == (1, ["poolkeeper: no pool ''; there are api, shop"])

    pools.clear()
    assert desk("status") == (1, ["poolkeeper: no pool files in unused-pools"])


def test_where_settings_come_from(desk, monkeypatch, tmp_path):
    asked = []

    def load(path, environ):
        asked.append((path.name, environ))
        return make_settings(tmp_path)

    desk("status")
    monkeypatch.setattr(cli, "load", load)
    assert main(["--config", "etc/pk.toml", "--at", AT, "status"], {"A": "b"}) == 0
    assert asked == [("pk.toml", {"A": "b"})]


def write_log(tmp_path, *days):
    (tmp_path / "logs").mkdir()
    text = "".join(LINE.format(day) for day in days)
    (tmp_path / "logs" / "access.log").write_text(text, encoding="utf-8")


def test_report_of_yesterday(desk, tmp_path):
    write_log(tmp_path, "03/Mar/2024", "04/Mar/2024", "04/Mar/2024", "05/Mar/2024")
    files = ["2024/03/04/servers.csv", "2024/03/04/users.csv"]
    assert desk("report") == (0, [*files, "2 requests, 0 bad lines"])


def test_report_of_a_day(desk, tmp_path):
    write_log(tmp_path, "03/Mar/2024", "bad", "04/Mar/2024")
    code, lines = desk("report --day 2024-03-03")
    assert (code, lines[0], lines[-1]) == (1, "2024/03/03/servers.csv", "1 requests, 1 bad lines")


def test_report_settings(desk, tmp_path):
    write_log(tmp_path, "04/Mar/2024")
    rules = replace(make_settings(tmp_path).reports, zone=parse_zone("+14:00"), currency="USD")
    assert desk("report", "2024-03-05T10:00:00Z", reports=rules)[1][0] == "2024/03/05/servers.csv"
    desk("report --day 2024-03-04", reports=rules)
    users = (tmp_path / "reports/2024/03/04/users.csv").read_text(encoding="utf-8")
    assert users.splitlines()[1] == "ana,trial,1,0,0,0.00,USD"


def test_too_many_bad_lines(desk, tmp_path):
    write_log(tmp_path, "bad", "bad")
    rules = replace(make_settings(tmp_path).logs, max_bad_lines=1)
    assert desk("report", logs=rules) == (1, ["poolkeeper: more than 1 bad lines"])


def test_the_clock_is_used_without_a_rehearsal(desk, capsys):
    desk("status")
    assert main(["drain", "web-1"], {}, ManualClock("2024-03-05T10:00:00Z")) == 0
    assert capsys.readouterr().out.endswith("until 2024-03-05T10:05:00.000Z\n")


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == "poolkeeper 1.8.2\n"
