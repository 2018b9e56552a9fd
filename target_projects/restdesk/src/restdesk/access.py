"""Who may do what, and how often: API keys, scopes, rate limits."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .errors import Forbidden, TooManyRequests, Unauthorised
from .moments import Clock, from_text, to_text
from .settings import Plan

_SECRET = re.compile(r"rk_[A-Za-z0-9]{16,64}")


class Scope(Enum):
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CHARGES_READ = "charges:read"
    CHARGES_WRITE = "charges:write"


# Whoever may write may read.
IMPLIED = {
    Scope.CUSTOMERS_WRITE: Scope.CUSTOMERS_READ,
    Scope.CHARGES_WRITE: Scope.CHARGES_READ,
}


@dataclass(frozen=True)
class ApiKey:
    id: str
    name: str
    scopes: frozenset[Scope]
    plan: str
    created: datetime
    expires: datetime


def parse_scopes(text: str) -> frozenset[Scope]:
    """Read `customers:read, charges:write`; `*` is everything."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    if not names:
        raise ValueError("a key needs a scope")
    if "*" in names:
        return frozenset(Scope)
    return frozenset(Scope(name) for name in names)


def require(key: ApiKey, needed: Scope) -> None:
    granted = key.scopes | {IMPLIED[scope] for scope in key.scopes if scope in IMPLIED}
    if needed not in granted:
        raise Forbidden(f"The key {key.name!r} lacks {needed.value}", "scope_missing")


def parse_authorization(header: str | None) -> str:
    """The secret of `Bearer SECRET`."""
    words = (header or "").split()
    if not words:
        raise Unauthorised("Send your API key: Authorization: Bearer ...", "key_missing")
    if words[0].lower() != "bearer":
        raise Unauthorised(f"Not an authorization scheme of ours: {words[0]}", "key_invalid")
    if len(words) != 2 or not _SECRET.fullmatch(words[1]):
        raise Unauthorised("This is not an API key", "key_invalid")
    return words[1]


def digest(secret: str) -> str:
    """What the database holds instead of the secret."""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


class KeyRing:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def add(self, key: ApiKey, secret: str) -> None:
        self.db.execute(
            "INSERT INTO api_keys (id, name, digest, scopes, plan, created, expires)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                key.id,
                key.name,
                digest(secret),
                ",".join(sorted(scope.value for scope in key.scopes)),
                key.plan,
                to_text(key.created),
                to_text(key.expires),
            ),
        )

    def find(self, secret: str, now: datetime) -> ApiKey:
        row = self.db.execute(
            "SELECT * FROM api_keys WHERE digest = ?", (digest(secret),)
        ).fetchone()
        if row is None:
            raise Unauthorised("There is no such API key", "key_invalid")
        key = _key(row)
        if now >= key.expires:
            raise Unauthorised("This API key has expired", "key_expired")
        return key

    def revoke(self, key_id: str, now: datetime) -> bool:
        """Let a key end now; whether there is one that had not ended yet."""
        changed = self.db.execute(
            "UPDATE api_keys SET expires = ? WHERE id = ? AND expires > ?",
            (to_text(now), key_id, to_text(now)),
        )
        return changed.rowcount > 0


class Limiter:
    """At most so many requests of one key within a window that slides with the time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._seen: dict[str, deque[datetime]] = {}

    def check(self, key_id: str, plan: Plan) -> int:
        """Count a request in; how many more are free. A refused request does not count."""
        now = self.clock()
        seen = self._seen.setdefault(key_id, deque())
        while seen and seen[0] <= now - plan.window:
            seen.popleft()
        if len(seen) >= plan.requests:
            wait = seen[0] + plan.window - now
            raise TooManyRequests(
                f"More than {plan.requests} requests in {plan.window}",
                "rate_limited",
                retry_after=wait / timedelta(seconds=1),
            )
        seen.append(now)
        return plan.requests - len(seen)


def _key(row: sqlite3.Row) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        scopes=parse_scopes(row["scopes"]),
        plan=row["plan"],
        created=from_text(row["created"]),
        expires=from_text(row["expires"]),
    )
