"""Snapshots: the state of a pool on disk, so that a restart loses no session.

A file a snapshot, `shop-20240305T093000Z.json`; a few are kept, as any of them may be damaged.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .errors import SnapshotError
from .limiter import RateLimiter
from .moments import UTC, parse_moment, show_moment
from .pool import Pool
from .servers import ServerState, Session

VERSION = 2
_NAME = re.compile(r"(?P<pool>.+)-(?P<stamp>\d{8}T\d{6}Z)\.json")


def capture(pool: Pool, limiter: RateLimiter, now: datetime) -> dict[str, Any]:
    """The state as JSON will have it; sessions are [client, since, seen]."""
    servers = []
    for member in pool:
        until = member.drain_until
        sessions = [
            [client, show_moment(session.since), show_moment(session.seen)]
            for client, session in member.sessions.items()
        ]
        servers.append(
            {
                "id": member.id,
                "state": member.state.value,
                "drain_until": show_moment(until) if until is not None else None,
                "sessions": sessions,
            }
        )
    return {
        "version": VERSION,
        "pool": pool.name,
        "saved_at": show_moment(now),
        "servers": servers,
        "removed": sorted(pool.removed),
        "cursor": pool.strategy.cursor,
        "limits": limiter.export(),
    }


def apply(document: dict[str, Any], pool: Pool, limiter: RateLimiter) -> None:
    """Put a state into a pool that has just been made from its file.

    Sessions on servers that are not in the file any more are left out: their clients come again.
    """
    known = {member.id for member in pool}
    for server in document["servers"]:
        if server["id"] not in known:
            continue
        member = pool.member(server["id"])
        member.state = ServerState(server["state"])
        if server["drain_until"] is not None:
            member.drain_until = parse_moment(server["drain_until"])
        for client, since, seen in server["sessions"]:
            pool.put_back(client, member.id, Session(parse_moment(since), parse_moment(seen)))
    for name in document["removed"]:
        pool.forget(name)
    pool.strategy.cursor = document.get("cursor", 0)
    limiter.restore(document["limits"])


def save(document: dict[str, Any], folder: Path, keep: int) -> Path:
    """Write a snapshot in one piece, then remove all but the `keep` newest of its pool."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = parse_moment(document["saved_at"])
    path = folder / f"{document['pool']}-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
    for old in snapshots(folder, document["pool"])[:-keep]:
        old.unlink()
    return path


def snapshots(folder: Path, pool: str) -> list[Path]:
    """The snapshots of a pool, oldest first."""
    found = []
    for path in folder.glob("*.json"):
        match = _NAME.fullmatch(path.name)
        if match is not None and match["pool"] == pool:
            found.append(path)
    return sorted(found)


def load(path: Path) -> dict[str, Any]:
    """Read a snapshot. Raises SnapshotError."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = document["version"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SnapshotError(f"{path.name} is damaged") from None
    if version != VERSION:
        raise SnapshotError(f"{path.name} has version {version}, which is unknown")
    return document


def latest(folder: Path, pool: str, now: datetime, max_age: timedelta) -> dict[str, Any] | None:
    """The newest snapshot that can be read, unless it is older than `max_age`."""
    for path in reversed(snapshots(folder, pool)):
        try:
            document = load(path)
        except SnapshotError:
            continue
        if now - parse_moment(document["saved_at"]) > max_age:
            return None
        return document
    return None
