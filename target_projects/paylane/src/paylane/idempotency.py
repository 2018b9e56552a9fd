"""Idempotency keys: the first request with a key acts, later ones get its answer.

A key belongs to one merchant. The UNIQUE constraint of the table decides between two requests that
come at the same time; the loser is told to come back. When the winner dies on the way, its lock
runs out and the next request goes on under the same reference, so that the card network recognises
what it has done already.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .codecs import encode
from .errors import KeyConflict, KeyInUse, RequestError
from .moments import from_text, to_text
from .storage import transaction

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]*")
_DIGITS = 16


@dataclass(frozen=True)
class Claim:
    """The right to act on a key, or with `response` the answer that was given before."""

    merchant: str
    key: str
    reference: str
    attempt: int = 1
    response: str | None = None


class KeyStore:
    def __init__(self, db: sqlite3.Connection, life: timedelta, lock: timedelta) -> None:
        self.db = db
        self.life = life
        self.lock = lock

    def claim(
        self, merchant: str, key: str, fingerprint: str, now: datetime, prefix: str = "pay"
    ) -> Claim:
        """Take the key, or find the answer that it has.

        Raises KeyConflict when it was used for something else, KeyInUse when its first request
        has not been answered yet.
        """
        with transaction(self.db):
            self._forget_expired(now, merchant, key)
            reference = make_reference(prefix, merchant, key, now)
            lock_end = to_text(now + self.lock)
            try:
                self.db.execute(
                    "INSERT INTO keys (merchant, key, fingerprint, reference, locked_until)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (merchant, key, fingerprint, reference, lock_end),
                )
            except sqlite3.IntegrityError:
                return self._known(merchant, key, fingerprint, now)
            return Claim(merchant, key, reference)

    def complete(self, claim: Claim, response: str, now: datetime) -> None:
        """Keep the answer; the life of the key begins.

        Raises KeyInUse when another request has taken the key over in the meantime.
        """
        changed = self.db.execute(
            "UPDATE keys SET response = ?, expires_at = ?"
            " WHERE merchant = ? AND key = ? AND attempt = ? AND response IS NULL",
            (response, to_text(now + self.life), claim.merchant, claim.key, claim.attempt),
        ).rowcount
        if changed == 0:
            raise KeyInUse(claim.key, self.lock)

    def release(self, claim: Claim, now: datetime) -> None:
        """Let the next request go on at once."""
        self.db.execute(
            "UPDATE keys SET locked_until = ?"
            " WHERE merchant = ? AND key = ? AND attempt = ? AND response IS NULL",
            (to_text(now), claim.merchant, claim.key, claim.attempt),
        )

    def purge(self, now: datetime) -> int:
        """Forget the keys whose life is over; how many those were."""
        return self._forget_expired(now)

    def __len__(self) -> int:
        count: int = self.db.execute("SELECT count(*) FROM keys").fetchone()[0]
        return count

    def _forget_expired(
        self, now: datetime, merchant: str | None = None, key: str | None = None
    ) -> int:
        # A key without an answer has no end yet: nobody knows whether its charge was made.
        return self.db.execute(
            "DELETE FROM keys WHERE expires_at <= ?"
            " AND (? IS NULL OR merchant = ?) AND (? IS NULL OR key = ?)",
            (to_text(now), merchant, merchant, key, key),
        ).rowcount

    def _known(self, merchant: str, key: str, fingerprint: str, now: datetime) -> Claim:
        row = self.db.execute(
            "SELECT * FROM keys WHERE merchant = ? AND key = ?", (merchant, key)
        ).fetchone()
        if row["fingerprint"] != fingerprint:
            raise KeyConflict(f"key {key} was used for another request")
        if row["response"] is not None:
            return Claim(merchant, key, row["reference"], row["attempt"], row["response"])
        locked_until = from_text(row["locked_until"])
        if locked_until > now:
            raise KeyInUse(key, locked_until - now)
        self.db.execute(
            "UPDATE keys SET attempt = attempt + 1, locked_until = ?"
            " WHERE merchant = ? AND key = ?",
            (to_text(now + self.lock), merchant, key),
        )
        return Claim(merchant, key, row["reference"], row["attempt"] + 1)


def clean_key(text: str, max_length: int) -> str:
    """The key without the blanks around it. Raises RequestError when it is not fit to be one."""
    key = text.strip()
    if not key:
        raise RequestError({"key": "is missing"})
    if len(key) > max_length:
        raise RequestError({"key": f"is longer than {max_length} characters"})
    if _KEY.fullmatch(key) is None:
        raise RequestError({"key": "may hold letters, digits and _.:- alone"})
    return key


def fingerprint(operation: str, payload: Any) -> str:
    """Equal for equal requests, whatever the order of their fields."""
    canonical = json.dumps(
        [operation, encode(payload)], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def make_reference(prefix: str, merchant: str, key: str, now: datetime) -> str:
    """The id of what the key will make; a key that is used again after its life gives another."""
    seed = "\n".join((prefix, merchant, key, to_text(now)))
    return f"{prefix}_{hashlib.sha256(seed.encode('utf-8')).hexdigest()[:_DIGITS]}"
