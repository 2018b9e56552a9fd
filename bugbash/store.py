"""The SQLite database under BUGBASH_HOME: attempts, trials, baselines."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bugbash.errors import EnvironmentProblem
from bugbash.resources import home

_MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE attempts (
        id TEXT PRIMARY KEY,
        target TEXT NOT NULL,
        workspace TEXT NOT NULL,
        staging TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('building', 'open', 'solved', 'revealed', 'removed')),
        created REAL NOT NULL,
        minutes INTEGER,
        scenario TEXT NOT NULL
    ) STRICT;
    CREATE TABLE checks (
        attempt TEXT NOT NULL REFERENCES attempts(id),
        at REAL NOT NULL,
        grade TEXT NOT NULL
    ) STRICT;
    CREATE INDEX checks_by_attempt ON checks(attempt, at);
    CREATE TABLE facts (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
    """,
    "ALTER TABLE attempts ADD COLUMN ended TEXT",
    "ALTER TABLE checks ADD COLUMN past INTEGER NOT NULL DEFAULT 0",
)
FINISHED = ("solved", "revealed", "removed")
"""The states of attempts that are over."""
_COLUMNS = "id, target, workspace, staging, state, created, minutes"
_SCENARIO = ("target", "bugs", "blind", "mode", "written")
_GRADE = ("solved", "score", "max_score", "elapsed_s", "hints", "dimensions")
"""What `played` reads of a scenario and of a grade."""


@dataclass(frozen=True)
class AttemptRow:
    """One learner's go at one scenario, without the scenario itself."""

    id: str
    target: str
    workspace: str
    staging: str
    state: str
    created: float
    """Seconds since the epoch."""
    minutes: int | None


@dataclass(frozen=True)
class PlayedRow:
    """An attempt with the parts of its scenario and its grades that say how it went."""

    row: AttemptRow
    ended: str | None
    """The state before its workspace was removed; None where it was not."""
    scenario: dict[str, Any]
    checks: tuple[tuple[float, dict[str, Any]], ...]
    """(seconds since the epoch, grade) of every check, the oldest first.

    `past` in a grade: whether the workspace has been reset since.
    """


class Store:
    """One connection. Every method is one transaction; a killed process loses at most its own."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "bugbash.db"
        self._lock = threading.RLock()
        try:
            # The threads of one scan share it, one transaction at a time.
            self._connection = sqlite3.connect(
                self.path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._write_ahead()
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._migrate()
        except sqlite3.Error as error:
            raise EnvironmentProblem(_unusable(self.path, error)) from error

    def _write_ahead(self) -> None:
        """Turn on the write-ahead log.

        SQLite's timeout does not hold where two processes do so to a new database: the one that
        comes second is told at once that it is locked (https://sqlite.org/wal.html).
        """
        for pause in (*[0.05] * 200, None):
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if pause is None or "locked" not in str(error):
                    raise
                time.sleep(pause)

    def _migrate(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            raise EnvironmentProblem(
                f"{self.path} was written by a newer bugbash: upgrade bugbash, or set "
                "BUGBASH_HOME to another folder."
            )
        if version == len(_MIGRATIONS):
            return
        with self._transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for number, script in enumerate(_MIGRATIONS[version:], version + 1):
                for statement in script.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={number}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:  # a full disk rolls back by itself
                        self._connection.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise EnvironmentProblem(_unusable(self.path, error)) from error

    def _rows(self, query: str, values: tuple[str, ...]) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise EnvironmentProblem(_unusable(self.path, error)) from error

    def close(self) -> None:
        self._connection.close()

    def add_attempt(self, row: AttemptRow, scenario: dict[str, Any]) -> None:
        """Note an attempt before its workspace is built, so that a killed `new` can be found."""
        with self._transaction() as connection:
            connection.execute(
                f"INSERT INTO attempts ({_COLUMNS}, scenario) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    row.id,
                    row.target,
                    row.workspace,
                    row.staging,
                    row.state,
                    row.created,
                    row.minutes,
                    json.dumps(scenario),
                ),
            )

    def set_state(self, attempt: str, state: str) -> None:
        """Change the state; what it was before `removed` is kept, for the history."""
        with self._transaction() as connection:
            if state == "removed":
                query = "UPDATE attempts SET ended=state WHERE id=? AND state<>'removed'"
                connection.execute(query, (attempt,))
            connection.execute("UPDATE attempts SET state=? WHERE id=?", (state, attempt))

    def set_workspace(self, attempt: str, workspace: Path) -> None:
        with self._transaction() as connection:
            connection.execute(
                "UPDATE attempts SET workspace=? WHERE id=?", (str(workspace), attempt)
            )

    def forget_attempt(self, attempt: str) -> None:
        with self._transaction() as connection:
            _forget(connection, attempt)

    def forget_finished(self, attempts: Iterable[str]) -> int:
        """Drop those of these attempts that are finished, all or none; returns how many."""
        gone = 0
        with self._transaction() as connection:
            for attempt in attempts:
                query = f"SELECT 1 FROM attempts WHERE id=? AND state IN {FINISHED}"
                if connection.execute(query, (attempt,)).fetchone():
                    _forget(connection, attempt)
                    gone += 1
        return gone

    def attempt(self, attempt: str) -> AttemptRow | None:
        rows = self._attempts("WHERE id=?", (attempt,))
        return rows[0] if rows else None

    def attempts(self) -> list[AttemptRow]:
        """Every attempt, the oldest first."""
        return self._attempts("ORDER BY created, id", ())

    def _attempts(self, clause: str, values: tuple[str, ...]) -> list[AttemptRow]:
        rows = self._rows(f"SELECT {_COLUMNS} FROM attempts {clause}", values)
        return [AttemptRow(*row) for row in rows]

    def played(self, states: tuple[str, ...]) -> list[PlayedRow]:
        """The attempts in these states with how they went, the oldest first: one query for all."""
        scenario = ", ".join(f"'$.{key}'" for key in _SCENARIO)
        grade = ", ".join(f"'$.{key}'" for key in _GRADE)
        graded = f"json_group_array(json_array(at, past, json_extract(grade, {grade})))"
        query = (
            f"SELECT ended, json_extract(scenario, {scenario}), "
            f"(SELECT {graded} FROM checks WHERE attempt=attempts.id), {_COLUMNS} "
            f"FROM attempts WHERE state IN ({', '.join('?' * len(states))}) ORDER BY created, id"
        )
        return [
            PlayedRow(
                row=AttemptRow(*columns),
                ended=ended,
                scenario=dict(zip(_SCENARIO, json.loads(parts), strict=True)),
                checks=tuple(_checks(json.loads(checks))),
            )
            for ended, parts, checks, *columns in self._rows(query, states)
        ]

    def scenario_of(self, attempt: str) -> dict[str, Any] | None:
        """The scenario as `add_attempt` was given it; it holds the answer."""
        rows = self._rows("SELECT scenario FROM attempts WHERE id=?", (attempt,))
        return json.loads(rows[0][0]) if rows else None

    def add_check(self, attempt: str, grade: dict[str, Any]) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO checks (attempt, at, grade) VALUES (?, ?, ?)",
                (attempt, time.time(), json.dumps(grade)),
            )

    def open_again(self, attempt: str) -> None:
        """An attempt starts again: what it was graded so far counts in its history alone."""
        with self._transaction() as connection:
            connection.execute("UPDATE checks SET past=1 WHERE attempt=?", (attempt,))
            connection.execute(
                "UPDATE attempts SET state='open' WHERE id=? AND state='solved'", (attempt,)
            )

    def checks_of(self, attempt: str) -> list[dict[str, Any]]:
        """The grades of every `check` since the last reset, the oldest first."""
        query = "SELECT grade FROM checks WHERE attempt=? AND NOT past ORDER BY at, rowid"
        rows = self._rows(query, (attempt,))
        return [json.loads(row[0]) for row in rows]

    def fact(self, kind: str, key: str) -> Any | None:
        """What was found out before under this content key (a baseline, a trial), or None."""
        rows = self._rows("SELECT value FROM facts WHERE kind=? AND key=?", (kind, key))
        return json.loads(rows[0][0]) if rows else None

    def set_fact(self, kind: str, key: str, value: Any) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)",
                (kind, key, json.dumps(value), time.time()),
            )

    def forget_facts(self) -> int:
        """Drop every cached result; returns how many there were."""
        with self._transaction() as connection:
            return connection.execute("DELETE FROM facts").rowcount


def _forget(connection: sqlite3.Connection, attempt: str) -> None:
    connection.execute("DELETE FROM checks WHERE attempt=?", (attempt,))
    connection.execute("DELETE FROM attempts WHERE id=?", (attempt,))


def _checks(rows: list[Any]) -> Iterator[tuple[float, dict[str, Any]]]:
    for at, past, values in sorted(rows, key=lambda row: row[0]):
        yield at, {"past": bool(past), **dict(zip(_GRADE, values, strict=True))}


def _unusable(path: Path, error: sqlite3.Error) -> str:
    hint = "check that the folder can be written to"
    if "full" in str(error):
        hint = "free some space"
    elif "malformed" in str(error) or "not a database" in str(error):
        hint = "it is damaged; move it away to start a new one"
    return f"bugbash's database {path} can't be used ({error}): {hint}, or set BUGBASH_HOME."
