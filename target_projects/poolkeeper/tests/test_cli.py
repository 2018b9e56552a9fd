import pytest
from poolkeeper.cli import main
from poolkeeper.moments import ManualClock

POOL = "pool shop\nserver web-1 10.0.0.1 capacity=2\nserver web-2 10.0.0.2:81 weight=3\n"
AT = "2024-03-05T09:30:00Z"
LINE = '10.0.0.7 - ana [{}:09:30:00 +0000] "GET /a HTTP/1.1" 200 10 web-1 0.005\n'


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """Runs commands in a folder with one pool; gives the exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pools.d").mkdir()
    (tmp_path / "pools.d" / "shop.pool").write_text(POOL, encoding="utf-8")

    def run(command, at=AT, **environ):
        code = main(["--at", at, *command.split()], environ)
        output = capsys.readouterr()
        return code, (output.out + output.err).splitlines()

    return run


def test_connect(desk):
    assert desk("connect c1") == (0, ["200 web-1", "X-RateLimit-Remaining: 99"])
    assert desk("connect c2") == (0, ["200 web-2", "X-RateLimit-Remaining: 99"])


def test_limits_are_those_of_the_user(desk):
    desk("connect c1 --user ana")
    code, lines = desk("connect c2 --user ana", POOLKEEPER_LIMITS_DEFAULT_PLAN="trial")
    assert (code, lines) == (0, ["200 web-2", "X-RateLimit-Remaining: 28"])


def test_too_many_requests(desk):
    for _ in range(5):
        desk("connect c1", POOLKEEPER_LIMITS_DEFAULT_PLAN="trial")
    code, lines = desk("connect c1", POOLKEEPER_LIMITS_DEFAULT_PLAN="trial")
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
            "web-1        active       1/2      weight 1   10.0.0.1:8080",
            "web-2        active       0/250    weight 3   10.0.0.2:81",
            "2 active, 1 sessions",
        ],
    )


def test_drain_and_resume(desk):
    line = "web-1        draining     0/2      weight 1   10.0.0.1:8080"
    assert desk("drain web-1") == (0, [f"{line} until 2024-03-05T09:40:00.000Z"])
    assert desk("resume web-1") == (0, [line.replace("draining", "active  ")])


def test_tick_ends_a_drain(desk):
    desk("connect c1")
    desk("drain web-1")
    assert desk("tick", "2024-03-05T09:40:00Z") == (
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


def test_check(desk):
    code, lines = desk("check pools.d/shop.pool", POOLKEEPER_POOL_CAPACITY="0")
    assert (code, lines) == (
        0,
        [
            "pool shop, least-connections",
            "web-1        active       0/2      weight 1   10.0.0.1:8080",
            "web-2        active       0/any    weight 3   10.0.0.2:81",
        ],
    )


def test_which_pool(desk, tmp_path):
    (tmp_path / "pools.d" / "api.pool").write_text(POOL.replace("shop", "api"), encoding="utf-8")
    assert desk("status") == (1, ["poolkeeper: which pool? There are api, shop"])
    assert desk("--pool API status")[0] == 0
    assert desk("--pool web status") == (1, ["poolkeeper: no pool 'web'; there are api, shop"])

    assert desk("status", POOLKEEPER_POOL_FOLDER="etc") == (1, ["poolkeeper: no pool files in etc"])


def test_a_settings_file(desk, tmp_path):
    (tmp_path / "pk.toml").write_text("[pool]\ncapacity = 7\n", encoding="utf-8")
    lines = desk("--config pk.toml status")[1]
    assert lines[1] == "web-2        active       0/7      weight 3   10.0.0.2:81"


def write_log(tmp_path, *days):
    (tmp_path / "logs").mkdir()
    text = "".join(LINE.format(day) for day in days)
    (tmp_path / "logs" / "access.log").write_text(text, encoding="utf-8")


def test_report_of_yesterday(desk, tmp_path):
    write_log(tmp_path, "03/Mar/2024", "04/Mar/2024", "04/Mar/2024", "05/Mar/2024")
    folder = "2024/03/04"
    files = [f"{folder}/{name}.csv" for name in ("servers", "users", "routes")]
    assert desk("report") == (0, [*files, "2 requests, 0 bad lines"])


def test_report_of_a_day(desk, tmp_path):
    write_log(tmp_path, "03/Mar/2024", "bad", "04/Mar/2024")
    code, lines = desk("report --day 2024-03-03")
    assert (code, lines[0], lines[-1]) == (1, "2024/03/03/servers.csv", "1 requests, 1 bad lines")


def test_report_removes_old_days(desk, tmp_path):
    for day in ("2024/01/02", "2024/01/03"):
        (tmp_path / "reports" / day).mkdir(parents=True)
    assert desk("report", POOLKEEPER_REPORTS_KEEP_DAYS="62")[1][3:] == [
        "removed 2024-01-02", "0 requests, 0 bad lines",
    ]  # fmt: skip


def test_report_settings(desk, tmp_path):
    write_log(tmp_path, "04/Mar/2024")
    desk("report", POOLKEEPER_REPORTS_CURRENCY="usd", POOLKEEPER_REPORTS_UTC_OFFSET="+14:30")
    environ = {"POOLKEEPER_REPORTS_CURRENCY": "usd", "POOLKEEPER_REPORTS_UTC_OFFSET": "+14:00"}
    assert desk("report", "2024-03-05T10:00:00Z", **environ)[1][0] == "2024/03/05/servers.csv"
    desk("report --day 2024-03-04", **environ)
    users = (tmp_path / "reports/2024/03/04/users.csv").read_text(encoding="utf-8")
    assert users.splitlines()[1] == "ana,free,1,0,0,0.00,USD"


def test_too_many_bad_lines(desk, tmp_path):
    write_log(tmp_path, "bad", "bad")
    assert desk("report", POOLKEEPER_LOGS_MAX_BAD_LINES="1") == (
        1, ["poolkeeper: more than 1 bad lines"],
    )  # fmt: skip


def test_the_clock_is_used_without_a_rehearsal(desk, capsys):
    assert main(["drain", "web-1"], {}, ManualClock("2024-03-05T10:00:00Z")) == 0
    assert capsys.readouterr().out.endswith("until 2024-03-05T10:10:00.000Z\n")


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == "poolkeeper 1.8.2\n"
