import io
import sqlite3
from datetime import timedelta

import pytest
from builders import NOW, make_charge

from restdesk.access import KeyRing, Scope
from restdesk.app import build_app
from restdesk.cli import main
from restdesk.cli import run as run_as_a_program
from restdesk.desk import Desk
from restdesk.errors import Conflict, Unauthorised
from restdesk.records import ChargeStatus
from restdesk.storage import Store, connect


@pytest.fixture
def run(tmp_path, monkeypatch, clock):
    """Runs commands in an empty folder; gives exit code and lines."""
    monkeypatch.chdir(tmp_path)
    tokens = iter(["a" * 16, "b" * 16, "c" * 16])

    def run(*arguments, **environ):
        out = io.StringIO()
        environ = {f"RESTDESK_{name}": value for name, value in environ.items()}
        code = main(arguments, environ, out, clock, lambda: next(tokens))
        return code, out.getvalue().splitlines()

    return run


@pytest.fixture
def store(run, tmp_path):
    store = Store(connect(str(tmp_path / "restdesk.db")))
    yield store
    store.db.close()


@pytest.fixture
def ring(store):
    return KeyRing(store.db)


def test_new_key(run, ring):
    code, [line] = run("keys", "add", " shop ", "--scopes", "charges:write,customers:read")
    assert code == 0
    assert line == "key_603ba9c50fa8 rk_aaaaaaaaaaaaaaaa until 2025-03-01"
    key = ring.find("rk_aaaaaaaaaaaaaaaa", NOW)
    assert (key.id, key.name, key.plan) == ("key_603ba9c50fa8", "shop", "basic")
    assert key.scopes == {Scope.CHARGES_WRITE, Scope.CUSTOMERS_READ}
    assert (key.created, key.expires) == (NOW, NOW + timedelta(days=365))


def test_new_key_with_a_plan_and_an_end(run, ring):
    line = run("keys", "add", "a", "--scopes", "*", "--plan", "BULK", "--lasts", "10d")[1][0]
    assert line.endswith("until 2024-03-11")
    assert ring.find("rk_aaaaaaaaaaaaaaaa", NOW).plan == "bulk"
    line = run("keys", "add", "b", "--scopes", "*", "--lasts", "400d")[1][0]
    assert line.endswith("until 2025-03-01")


def test_keys_that_cannot_be(run):
    assert run("keys", "add", "a", "--scopes", "") == (1, ["refused: a key needs a scope"])
    assert run("keys", "add", "a", "--scopes", "*", "--plan", "x") == (
        1,
        ["refused: there is no plan 'x'"],
    )
    assert run("keys", "revoke", "key_9") == (
        1,
        ["refused: there is no such key in use: key_9"],
    )


def test_revoked_key(run, ring):
    key_id = run("keys", "add", "a", "--scopes", "*")[1][0].split()[0]
    run("keys", "add", "b", "--scopes", "*")
    assert run("keys", "revoke", key_id) == (0, [f"{key_id} is revoked"])
    with pytest.raises(Unauthorised, match="has expired"):
        ring.find("rk_aaaaaaaaaaaaaaaa", NOW)
    assert ring.find("rk_bbbbbbbbbbbbbbbb", NOW).name == "b"


def test_settle(run, store):
    store.add_charge(make_charge(1, status=ChargeStatus.PENDING))
    assert run("settle") == (0, ["succeeded=1 failed=0 waiting=0 unclear=0"])
    assert store.charge("ch_0001").fee == 315


def test_settings_and_arguments_that_are_no_good(run, tmp_path, capsys):
    (tmp_path / "desk.toml").write_text("[page]\n", encoding="utf-8")
    assert run("--config", "desk.toml", "settle") == (2, ["settings: unknown section [page]"])

    for arguments in ([], ["keys"], ["keys", "add", "a"], ["keys", "revoke"]):
        with pytest.raises(SystemExit) as caught:
            run(*arguments)
        assert caught.value.code == 2


def test_settling_at_the_same_time_as_others(run, monkeypatch):
    def settle(desk):
        raise Conflict("ch_0001 was changed by somebody else", "version_conflict")

    monkeypatch.setattr(Desk, "settle", settle)
    assert run("settle") == (1, ["refused: ch_0001 was changed by somebody else"])


def test_database_is_closed(run, monkeypatch):
    apps = []

    def build(*arguments):
        apps.append(build_app(*arguments))
        return apps[0]

    monkeypatch.setattr("restdesk.cli.build_app", build)
    run("settle")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        apps[0].desk.settle()


def test_program(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["restdesk", "settle"])
    monkeypatch.setenv("RESTDESK_PAGES_MAX_LIMIT", "0")
    with pytest.raises(SystemExit) as caught:
        run_as_a_program()
    assert caught.value.code == 2
    assert capsys.readouterr().out.startswith("settings: pages.max_limit must lie")
