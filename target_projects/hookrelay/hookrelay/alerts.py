"""Alerts to merchants whose endpoint failed for good: stored first, then written for the mailer."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hookrelay.endpoints import Endpoint
from hookrelay.moments import from_text, to_text
from hookrelay.storage import transaction


class AlertBox:
    def __init__(self, db: sqlite3.Connection, quiet: timedelta) -> None:
        self.db = db
        self.quiet = quiet

    def put(self, endpoint: Endpoint, text: str, now: datetime) -> bool:
        """Store an alert; False when the endpoint had one less than the quiet time ago."""
        last = self.db.execute(
            "SELECT max(at) AS at FROM alerts WHERE endpoint_id = ?", (endpoint.id,)
        ).fetchone()["at"]
        if last is not None and now - from_text(last) < self.quiet:
            return False
        self.db.execute(
            "INSERT INTO alerts (endpoint_id, merchant, contact, at, text) VALUES (?, ?, ?, ?, ?)",
            (endpoint.id, endpoint.merchant, endpoint.contact, to_text(now), text),
        )
        return True

    def waiting(self) -> list[sqlite3.Row]:
        return self.db.execute("SELECT * FROM alerts WHERE written = 0 ORDER BY id").fetchall()

    def write(self, folder: Path, zone: timezone) -> list[Path]:
        """Append what waits to the files of the days it was raised on; the files, each once."""
        touched: dict[Path, None] = {}
        with transaction(self.db):
            for row in self.waiting():
                path = day_file(folder, from_text(row["at"]).astimezone(zone))
                path.parent.mkdir(parents=True, exist_ok=True)
                entry = {
                    name: row[name] for name in ("at", "merchant", "endpoint_id", "contact", "text")
                }
                with path.open("a", encoding="utf-8", newline="\n") as out:
                    out.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self.db.execute("UPDATE alerts SET written = 1 WHERE id = ?", (row["id"],))
                touched[path] = None
        return list(touched)


def day_file(folder: Path, local: datetime) -> Path:
    return folder / f"{local:%Y-%m}" / f"alerts-{local:%Y-%m-%d}.jsonl"
