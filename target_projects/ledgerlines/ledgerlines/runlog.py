"""The log of intake runs: one JSON object a line, only ever added to."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledgerlines.dates import Clock, stamp, utc_now


def record(log: Path, event: str, name: str, clock: Clock = utc_now, **detail: Any) -> None:
    entry = {"at": stamp(clock()), "event": event, "file": name, **detail}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", newline="\n") as out:
        out.write(json.dumps(entry, ensure_ascii=False) + "\n")


def entries(log: Path) -> Iterator[dict[str, Any]]:
    """Entries, oldest first. A last line cut short by a crash is left out."""
    if not log.exists():
        return
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                return
            yield json.loads(line)


def latest(log: Path, count: int, event: str | None = None) -> list[dict[str, Any]]:
    """The last `count` entries, newest first; only those of `event` when it is given."""
    wanted = (entry for entry in entries(log) if event is None or entry["event"] == event)
    return list(reversed(deque(wanted, maxlen=count)))
