"""Idempotency keys: a request that comes again gets the answer that it got the first time.

The row of a key is written before the request is worked on and completed afterwards, so that a twin
that comes in between is told to wait. A worker that died leaves the key locked for `lock` only.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from datetime import datetime, timedelta

from .errors import Conflict, Invalid
from .moments import from_text, to_text
from .storage import transaction
from .wire import Request, Response

HEADER = "idempotency-key"

_KEY = re.compile(r"[!-~]{1,255}")


def read_key(request: Request) -> str | None:
    given = request.headers.get(HEADER)
    if given is None:
        return None
    key = given.strip()
    if not _KEY.fullmatch(key):
        raise Invalid("Idempotency-Key has 1 to 255 printable characters", "idempotency_key")
    return key


def fingerprint(request: Request) -> str:
    """The same for the same request, however its JSON is laid out."""
    body = json.dumps(request.json(), sort_keys=True)
    text = "\n".join((request.method, request.path, body))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Replays:
    def __init__(self, db: sqlite3.Connection, keep: timedelta, lock: timedelta) -> None:
        self.db = db
        self.keep = keep
        self.lock = lock

    def begin(self, owner: str, key: str, print_: str, now: datetime) -> Response | None:
        """The earlier answer, or None: then work on the request, and finish or release the key."""
        with transaction(self.db):
            row = self.db.execute(
                "SELECT * FROM replays WHERE owner = ? AND key = ?", (owner, key)
            ).fetchone()
            if row is not None and self._over(row, now):
                self.release(owner, key)
                row = None
            if row is None:
                self.db.execute(
                    "INSERT INTO replays (owner, key, fingerprint, created) VALUES (?, ?, ?, ?)",
                    (owner, key, print_, to_text(now)),
                )
                return None
        if row["fingerprint"] != print_:
            raise Conflict("This Idempotency-Key was used for another request", "key_reused")
        if row["status"] is None:
            raise Conflict(
                "The first request is still being worked on", "key_in_use", retry_after=1
            )
        headers = {**json.loads(row["headers"]), "Idempotent-Replayed": "true"}
        return Response(row["status"], json.loads(row["body"]), headers)

    def finish(self, owner: str, key: str, response: Response) -> None:
        """Keep the answer; one that says that we failed is not kept, so that a retry can pass."""
        if response.status >= 500:
            self.release(owner, key)
            return
        self.db.execute(
            "UPDATE replays SET status = ?, headers = ?, body = ? WHERE owner = ? AND key = ?",
            (
                response.status,
                json.dumps(response.headers),
                json.dumps(response.body),
                owner,
                key,
            ),
        )

    def release(self, owner: str, key: str) -> None:
        self.db.execute("DELETE FROM replays WHERE owner = ? AND key = ?", (owner, key))

    def purge(self, now: datetime) -> int:
        """Remove the keys whose time is over; how many those were."""
        rows = self.db.execute("SELECT * FROM replays").fetchall()
        over = [row for row in rows if self._over(row, now)]
        for row in over:
            self.release(row["owner"], row["key"])
        return len(over)

    def _over(self, row: sqlite3.Row, now: datetime) -> bool:
        lasts = self.lock if row["status"] is None else self.keep
        return now >= from_text(row["created"]) + lasts
