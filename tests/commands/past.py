"""Attempts that were played in the past, written by hand."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bugbash.store import AttemptRow, Store

STEPS = ("reproduce", "isolate", "hypothesis", "verify", "clean up")
METHOD = STEPS[:4]
NOON = datetime(2026, 3, 2, 12, 0)


def on_day(day: int) -> float:
    """Noon of a day, counted from one in March 2026, in seconds since the epoch."""
    return (NOON + timedelta(days=day)).timestamp()


def ago(days: float) -> float:
    return time.time() - days * 86400


def grade(
    points: Mapping[str, int] | None = None,
    *,
    solved: bool = True,
    revealed: bool = False,
    recorded: bool = True,
    seconds: float = 600.0,
) -> dict[str, Any]:
    """A grade as `check --json` has it: all points for each step but those that are given."""
    earned = {**dict.fromkeys(STEPS, 12), **(points or {})}
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "points": earned[name] if recorded or name not in METHOD else 0,
            "max": 12,
            "observed": recorded or name not in METHOD,
            "evidence": [],
            "advice": "" if earned[name] == 12 else f"do better at {name}",
        }
        for name in STEPS
    ]
    fix = {"name": "fix", "points": 40 * solved, "max": 40, "observed": True}
    rows.append({**fix, "evidence": [], "advice": ""})
    return {
        "solved": solved,
        "score": None if revealed else sum(row["points"] for row in rows),
        "max_score": 100,
        "elapsed_s": seconds,
        "hints": 0,
        "dimensions": rows,
    }


def bug(mutator: str = "drop-guard", family: str = "logic", id: str = "b1") -> dict[str, Any]:
    return {"id": id, "mutator": mutator, "family": family, "difficulty": 0.1}


def scenario(*bugs: Mapping[str, Any], target: str = "billcycle", **more: Any) -> dict[str, Any]:
    values = {"target": target, "bugs": list(bugs or [bug()]), "blind": False, "mode": ""}
    return {**values, **more}


@dataclass
class Past:
    """A BUGBASH_HOME of its own in which attempts were played."""

    home: Path
    count: int = 0

    @property
    def env(self) -> dict[str, str]:
        return {"BUGBASH_HOME": str(self.home)}

    @property
    def store(self) -> Store:
        self.home.mkdir(exist_ok=True)
        return Store(self.home / "bugbash.db")

    def play(
        self,
        *grades: Mapping[str, Any],
        state: str = "solved",
        at: float | None = None,
        bugs: Iterable[Mapping[str, Any]] = (),
        target: str = "billcycle",
        typed: str = "",
        workspace: Path | None = None,
        **more: Any,
    ) -> str:
        """Add an attempt with its checks, `state` after them all; returns its id.

        `typed` is what was typed for the target, where that is not its name.

        It began at `at` (seconds since the epoch), its checks followed after ten minutes each.
        """
        self.count += 1
        id, began = f"{self.count:08x}", ago(1) if at is None else at
        store = self.store
        row = AttemptRow(id, target, str(workspace or f"/gone/{id}"), "/s", "open", began, None)
        store.add_attempt(row, scenario(*bugs, target=typed or target, **more))
        for one in grades:
            store.add_check(id, dict(one))
        store.close()
        connection = sqlite3.connect(self.home / "bugbash.db")
        query = "UPDATE checks SET at=? + 600 * (rowid - (SELECT min(rowid) FROM checks WHERE "
        connection.execute(f"{query}attempt=?)) WHERE attempt=?", (began, id, id))
        connection.commit()
        connection.close()
        self.set_state(id, state)
        return id

    def set_state(self, attempt: str, *states: str) -> None:
        store = self.store
        for state in states:
            store.set_state(attempt, state)
        store.close()
