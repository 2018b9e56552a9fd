"""The database: one schema for all, nothing committed is ever lost, and trouble is one sentence."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash import store as module
from bugbash.errors import EnvironmentProblem
from bugbash.store import AttemptRow, Store

ROW = AttemptRow("a1", "billcycle", "/w", "/s", "open", 100.0, 45)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bugbash.db"


def python(code: str, path: Path) -> subprocess.Popen[str]:
    """Another process, with a Store on the same file as `store`."""
    head = "import sys, time; from pathlib import Path; from bugbash.store import *\n"
    head += "store = Store(Path(sys.argv[1]))\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + code, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def value_of(path: Path, query: str) -> Any:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchone()[0]
    finally:
        connection.close()


def test_a_new_database_is_in_wal_mode_and_has_the_newest_schema(path: Path) -> None:
    Store(path).close()
    assert value_of(path, "PRAGMA journal_mode") == "wal"
    assert value_of(path, "PRAGMA user_version") == len(module._MIGRATIONS)


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    Store(path).add_attempt(ROW, {})
    assert Store(path).attempts() == [ROW]


def test_an_older_schema_is_brought_up_to_date_with_its_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(path).add_attempt(ROW, {"bugs": []})
    more = ("CREATE TABLE later (a TEXT); CREATE TABLE last (b TEXT)", "DROP TABLE last")
    monkeypatch.setattr(module, "_MIGRATIONS", (*module._MIGRATIONS, *more))
    assert Store(path).attempts() == [ROW]
    assert value_of(path, "PRAGMA user_version") == len(module._MIGRATIONS)
    assert value_of(path, "SELECT count(*) FROM later") == 0
    assert value_of(path, "SELECT count(*) FROM sqlite_master WHERE name='last'") == 0


def test_attempts_of_the_first_schema_are_played_ones(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "_MIGRATIONS", module._MIGRATIONS[:1])
        Store(path).add_attempt(ROW, {"target": "billcycle", "bugs": []})
        Store(path).add_check("a1", {"solved": True, "score": 90})
    store = Store(path)
    (played,) = store.played(("open",))
    assert (played.row, played.ended) == (ROW, None)
    assert (played.scenario["target"], played.scenario["bugs"]) == ("billcycle", [])
    ((_, grade),) = played.checks
    assert (grade["solved"], grade["score"], grade["dimensions"]) == (True, 90, None)
    store.set_state("a1", "solved")
    store.set_state("a1", "removed")
    assert [one.ended for one in store.played(("removed",))] == ["solved"]
    assert store.played(("open", "solved")) == []


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(path).add_attempt(ROW, {})
    before = value_of(path, "PRAGMA user_version")
    more = ("CREATE TABLE later (a TEXT)", "CREATE TABLE attempts (a TEXT)")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_MIGRATIONS", (*module._MIGRATIONS, *more))
        with pytest.raises(EnvironmentProblem):
            Store(path)
    assert value_of(path, "PRAGMA user_version") == before
    assert value_of(path, "SELECT count(*) FROM sqlite_master WHERE name='later'") == 0
    assert Store(path).attempts() == [ROW]


def test_a_newer_schema_is_refused_and_left_alone(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "home" / "bugbash.db"
    path.parent.mkdir()
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    done = run("list", env={"BUGBASH_HOME": str(path.parent)}, code=3)
    assert "newer bugbash" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert value_of(path, "PRAGMA user_version") == 99


def test_everything_that_is_written_is_read_back(path: Path) -> None:
    store = Store(path)
    store.add_attempt(ROW, {"bugs": ["ü"]})
    store.add_attempt(AttemptRow("a0", "x", "", "", "building", 50.0, None), {})
    store.set_state("a1", "solved")
    store.set_workspace("a1", Path("/moved"))
    store.add_check("a1", {"score": 1})
    store.add_check("a1", {"score": 2})
    store.set_fact("trial", "k", [1])
    store.set_fact("trial", "k", [2])
    store.close()
    again = Store(path)
    assert [row.id for row in again.attempts()] == ["a0", "a1"]
    assert again.attempt("a1") == AttemptRow("a1", "billcycle", "/moved", "/s", "solved", 100.0, 45)
    assert again.scenario_of("a1") == {"bugs": ["ü"]}
    assert again.checks_of("a1") == [{"score": 1}, {"score": 2}]
    assert again.fact("trial", "k") == [2]
    assert again.fact("baseline", "k") is None
    assert again.forget_facts() == 1
    again.forget_attempt("a1")
    assert again.attempt("a1") is None
    assert again.checks_of("a1") == []


def test_a_state_that_does_not_exist_is_refused(path: Path) -> None:
    store = Store(path)
    store.add_attempt(ROW, {})
    with pytest.raises(EnvironmentProblem):
        store.set_state("a1", "sovled")
    assert store.attempts() == [ROW]


def test_processes_that_open_a_new_database_at_once_all_can_write(path: Path) -> None:
    code = "for n in range(50): store.set_fact(sys.argv[1][-1:], f'{NAME}-{n}', n)\n"
    writers = [python(f"NAME = {number}\n{code}", path) for number in range(6)]
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    assert value_of(path, "SELECT count(*) FROM facts") == 300


def test_threads_of_one_process_share_a_store(path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    store = Store(path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.set_fact("t", str(n), n), range(200)))
        found = list(pool.map(lambda n: store.fact("t", str(n)), range(200)))
    assert found == list(range(200))


def test_kill_in_the_middle_of_a_transaction_loses_that_one_alone(path: Path) -> None:
    store = Store(path)
    store.set_fact("before", "k", 1)
    writer = python(
        "store.set_fact('done', 'k', 1)\n"
        "with store._transaction() as connection:\n"
        "    connection.execute(\"INSERT INTO facts VALUES ('half', 'k', '1', 0)\")\n"
        "    print('inside', flush=True)\n"
        "    time.sleep(60)\n",
        path,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "inside\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    store.set_fact("after", "k", 1)
    kinds = ("before", "done", "half", "after")
    assert [store.fact(kind, "k") for kind in kinds] == [1, 1, None, 1]


def test_kill_at_any_moment_keeps_every_write_that_was_answered(path: Path) -> None:
    writer = python(
        "n = 0\nwhile True:\n"
        "    store.set_fact('n', str(n), 'x' * 3000)\n"
        "    print(n, flush=True)\n"
        "    n += 1\n",
        path,
    )
    assert writer.stdout is not None
    answered = [int(writer.stdout.readline()) for _ in range(120)]
    writer.send_signal(signal.SIGKILL)
    answered += [int(line) for line in writer.communicate()[0].splitlines()]
    store = Store(path)
    assert all(store.fact("n", str(number)) == "x" * 3000 for number in answered)
    assert value_of(path, "PRAGMA integrity_check") == "ok"


def overwritten(path: Path) -> None:
    path.write_bytes(b"this is no database\n" * 300)


def torn(path: Path) -> None:
    """Good first page, rubbish in all others: only reading finds out."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [overwritten, torn, cut_off, a_folder], ids=lambda f: f.__name__)
def test_a_damaged_database_is_one_line_that_says_what_to_do(
    damage: Callable[[Path], None], run: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "home" / "bugbash.db"
    path.parent.mkdir()
    store = Store(path)
    for number in range(40):
        row = AttemptRow(f"a{number}", "billcycle", "/w", "/s", "open", float(number), None)
        store.add_attempt(row, {"x": "y" * 500})
    store.close()
    assert not path.with_name("bugbash.db-wal").exists()
    damage(path)
    done = run("list", env={"BUGBASH_HOME": str(path.parent)}, code=3)
    assert str(path) in done.stderr
    assert "BUGBASH_HOME" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_full_disk_is_said_and_what_was_written_stays(path: Path) -> None:
    store = Store(path)
    store.set_fact("small", "k", 1)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(EnvironmentProblem, match="free some space"):
        store.set_fact("large", "k", "x" * 100_000)
    assert store.fact("small", "k") == 1
    store._connection.execute("PRAGMA max_page_count=100000")
    store.set_fact("large", "k", 2)
    assert store.fact("large", "k") == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_can_not_be_written_to_is_one_line(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    tmp_path.chmod(0o500)
    done = run("list", env={"BUGBASH_HOME": str(tmp_path / "home")}, code=3)
    assert "BUGBASH_HOME" in done.stderr


@pytest.mark.parametrize("name", ["a file", "below a file"])
def test_a_home_that_can_not_be_is_one_line(
    name: str, run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    home = tmp_path / "file" if name == "a file" else tmp_path / "file" / "below"
    done = run("list", env={"BUGBASH_HOME": str(home)}, code=3)
    assert "set BUGBASH_HOME" in done.stderr
    assert len(done.stderr.splitlines()) == 1
