import sqlite3

import pytest
from hookrelay.storage import BUSY_SECONDS, connect, transaction


def events(db):
    return [row["id"] for row in db.execute("SELECT id FROM events ORDER BY id")]


def add(db, event_id):
    db.execute("INSERT INTO events VALUES (?, 'm', 't', 'c', x'00')", (event_id,))


def test_the_database_makes_its_folders(tmp_path):
    path = tmp_path / "var" / "lib" / "relay.db"
    db = connect(path)
    add(db, "a")
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    db.close()
    again = connect(path)
    assert events(again) == ["a"]
    again.close()


def test_a_database_in_memory_makes_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    connect(":memory:").close()
    assert list(tmp_path.iterdir()) == []


def test_a_transaction(db):
    with transaction(db):
        add(db, "a")
        add(db, "b")
    assert events(db) == ["a", "b"]
    assert not db.in_transaction


def test_a_transaction_that_fails_leaves_nothing(db):
    for error in [ValueError, KeyboardInterrupt]:
        with pytest.raises(error), transaction(db):
            add(db, "a")
            raise error
        assert (events(db), db.in_transaction) == ([], False)


def test_a_transaction_inside_another_belongs_to_it(db):
    with pytest.raises(ValueError), transaction(db):
        with transaction(db):
            add(db, "a")
        raise ValueError
    assert events(db) == []


def test_others_see_nothing_before_the_end(tmp_path):
    here, there = connect(tmp_path / "r.db"), connect(tmp_path / "r.db")
    with transaction(here):
        add(here, "a")
        assert events(there) == []
    assert events(there) == ["a"]
    here.close()
    there.close()


def test_a_delivery_needs_its_event(db):
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(
            "INSERT INTO deliveries (event_id, endpoint_id, merchant, due, deadline)"
            " VALUES ('e', 'p', 'm', 'd', 'd')"
        )


def test_writers_wait_for_each_other(monkeypatch):
    seen = {}
    real = sqlite3.connect

    def spy(path, **options):
        seen.update(options)
        return real(path, **options)

    monkeypatch.setattr(sqlite3, "connect", spy)
    connect(":memory:").close()
    assert seen["timeout"] == BUSY_SECONDS == 5.0
