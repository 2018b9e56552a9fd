import io

import pytest
from builders import NOW, Clock, make_charge, make_customer

from restdesk.cli import main
from restdesk.records import ChargeStatus
from restdesk.storage import Store, connect


@pytest.fixture
def run(tmp_path, monkeypatch, clock):
    """Runs commands in an empty folder; gives exit code and lines."""
    monkeypatch.chdir(tmp_path)
    tokens = iter(["a" * 16, "b" * 16, "c" * 16])

    def run(*arguments, at=clock, **environ):
        out = io.StringIO()
        environ = {f"RESTDESK_{name}": value for name, value in environ.items()}
        code = main(arguments, environ, out, at, lambda: next(tokens))
        return code, out.getvalue().splitlines()

    return run


@pytest.fixture
def store(run, tmp_path):
    store = Store(connect(str(tmp_path / "restdesk.db")))
    store.add_customer(make_customer())
    yield store
    store.db.close()


def test_new_key(run):
    code, [line] = run("keys", "add", " shop ", "--scopes", "charges:write,customers:read")
    assert code == 0
    assert line == "key_603ba9c50fa8 rk_aaaaaaaaaaaaaaaa until 2025-03-01"
    assert run("keys", "list")[1] == [
        "key_603ba9c50fa8  shop  basic  charges:write customers:read  2025-03-01"
    ]


def test_new_key_with_a_plan_and_an_end(run):
    line = run("keys", "add", "a", "--scopes", "*", "--plan", "BULK", "--lasts", "10d")[1][0]
    assert line.endswith("until 2024-03-11")
    assert "  bulk  " in run("keys", "list")[1][0]
    line = run("keys", "add", "b", "--scopes", "*", "--lasts", "400d")[1][0]
    assert line.endswith("until 2025-03-01")


def test_keys_that_cannot_be(run):
    assert run("keys", "add", "a", "--scopes", "") == (2, ["not understood: a key needs a scope"])
    assert run("keys", "add", "a", "--scopes", "*", "--plan", "x") == (
        2,
        ["not understood: there is no plan 'x'"],
    )
    assert run("keys", "revoke", "key_9") == (2, ["not understood: there is no key key_9"])


def test_revoked_key(run):
    key_id = run("keys", "add", "a", "--scopes", "*")[1][0].split()[0]
    run("keys", "add", "b", "--scopes", "*")
    assert run("keys", "revoke", key_id) == (0, [f"{key_id} is revoked"])
    assert [line.split()[1] for line in run("keys", "list")[1]] == ["b"]
    assert [line.split()[-1] for line in run("keys", "list", "--all")[1]] == [
        "expired",
        "2025-03-01",
    ]


def test_settle(run, store):
    store.add_charge(make_charge(1, status=ChargeStatus.PENDING))
    store.db.execute(
        "INSERT INTO replays (owner, key, fingerprint, created) VALUES ('o', 'k', 'f', ?)",
        ("2024-03-01T08:59:00.000+00:00",),
    )
    assert run("settle") == (0, ["succeeded=1 failed=0 waiting=0 unclear=0", "purged=1"])
    assert store.charge("ch_0001").fee == 315


def test_refund(run, store):
    store.add_charge(make_charge(1))
    assert run("refund", "ch_0001", "12.5") == (0, ["ch_0001 partly_refunded: 12.50 EUR refunded"])
    assert run("refund", "ch_0001") == (0, ["ch_0001 refunded: 100.00 EUR refunded"])


def test_refund_that_is_refused(run, store):
    store.add_charge(make_charge(1))
    assert run("refund", "ch_0001", "100.01") == (1, ["refused: Only 10000 is left to refund"])
    assert run("refund", "ch_0002") == (1, ["refused: There is no charge ch_0002"])
    assert run("refund", "ch_0001", "x") == (1, ["refused: Not an amount: 'x'"])


def test_export_of_yesterday(run, store, tmp_path):
    store.add_charge(make_charge(1, created=NOW))
    assert run("export", at=Clock("2024-03-02T23:59:59+00:00")) == (
        0,
        [
            "2024/03/charges-2024-03-01.csv (1 charges)",
            "2024/03/totals-2024-03-01.json (1 charges)",
        ],
    )
    assert (tmp_path / "exports" / "2024" / "03" / "charges-2024-03-01.csv").is_file()


def test_export_counts_days_of_the_office(run, store):
    store.add_charge(make_charge(1, created=NOW))
    for office, line in [
        ("+14:00", "2024/03/charges-2024-03-01.csv (1 charges)"),
        ("-10:00", "2024/02/charges-2024-02-29.csv (1 charges)"),
    ]:
        at = Clock("2024-03-01T10:00:00+00:00" if office[0] == "+" else "2024-03-01T10:30:00+00:00")
        assert run("export", at=at, EXPORT_UTC_OFFSET=office)[1][0] == line


def test_export_of_a_day(run, store):
    assert (
        run("export", "--day", "2024-02-10")[1][0] == "2024/02/charges-2024-02-10.csv (0 charges)"
    )
    assert run("export", "--day", "2024-02-30")[0] == 2


def test_traffic(run, tmp_path):
    (tmp_path / "logs").mkdir()
    for day, status in [(1, 200), (2, 404)]:
        line = f"2024-03-0{day}T09:00:00Z req_0001 - GET / {status} 12ms\n"
        (tmp_path / "logs" / f"access-2024-03-0{day}.log").write_text(line, encoding="utf-8")
    assert run("traffic") == (0, ["2 requests on 2 days, 0 unreadable", "  200: 1", "  404: 1"])
    assert run("traffic", "--days", "1")[1] == ["1 requests on 1 days, 0 unreadable", "  404: 1"]


def test_settings_and_arguments_that_are_no_good(run, tmp_path, capsys):
    (tmp_path / "desk.toml").write_text("[page]\n", encoding="utf-8")
    assert run("--config", "desk.toml", "settle") == (2, ["settings: unknown section [page]"])

    for arguments in ([], ["keys"], ["keys", "add", "a"], ["refund"], ["traffic", "--days", "x"]):
        with pytest.raises(SystemExit) as caught:
            run(*arguments)
        assert caught.value.code == 2
