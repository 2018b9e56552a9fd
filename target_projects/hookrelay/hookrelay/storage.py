"""The SQLite database: events before anything is sent, deliveries, attempts, alerts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_SECONDS = 5.0

SCHEMA = """
PRAGMA foreign_keys = ON;
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE IF NOT EXISTS events (
    id       TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    type     TEXT NOT NULL,
    created  TEXT NOT NULL,
    body     BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS endpoints (
    id       TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    state    TEXT NOT NULL,
    record   TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    id          INTEGER PRIMARY KEY,
    event_id    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    endpoint_id TEXT NOT NULL REFERENCES endpoints (id),
    merchant    TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending',
    due         TEXT NOT NULL,
    deadline    TEXT NOT NULL,
    failures    INTEGER NOT NULL DEFAULT 0,
    worker      TEXT,
    lease_until TEXT,
    note        TEXT NOT NULL DEFAULT '',
    UNIQUE (event_id, endpoint_id)
);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (state, merchant, due);
CREATE TABLE IF NOT EXISTS attempts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL,
    event_id    TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    merchant    TEXT NOT NULL,
    number      INTEGER NOT NULL,
    at          TEXT NOT NULL,
    status      INTEGER,
    error       TEXT NOT NULL,
    excerpt     TEXT NOT NULL,
    latency_ms  INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS alerts (
    id          INTEGER PRIMARY KEY,
    endpoint_id TEXT NOT NULL,
    merchant    TEXT NOT NULL,
    contact     TEXT NOT NULL,
    at          TEXT NOT NULL,
    text        TEXT NOT NULL,
    written     INTEGER NOT NULL DEFAULT 0
);
COMMIT;
"""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the database, made on first use with the folders above it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.executescript(SCHEMA)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; one inside another belongs to the outer one."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
