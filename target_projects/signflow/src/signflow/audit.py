"""The audit trail: one JSON-lines file a document, only ever added to.

Every entry has the hash of the one before it, so that an entry which is changed, taken out or put
in later shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from .errors import AuditError
from .moments import to_text

GENESIS = "0" * 64
SYSTEM = "system"
NOWHERE = "-"
EVENTS = frozenset({
    "created", "sent", "viewed", "signed", "declined",
    "resent", "reminded", "completed", "expired", "voided",
})  # fmt: skip


@dataclass(frozen=True)
class Entry:
    number: int
    at: str
    document: str
    event: str
    actor: str
    address: str
    detail: str
    previous: str
    digest: str = ""


class AuditTrail:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, document: str) -> Path:
        return self.folder / f"{document}.jsonl"

    def append(
        self, document: str, event: str, actor: str, at: datetime,
        address: str = NOWHERE, detail: str = "",
    ) -> Entry:  # fmt: skip
        """Add an entry; ValueError for an event that is none of EVENTS."""
        if event not in EVENTS:
            raise ValueError(f"no such event: {event}")
        entries = self.entries(document)
        previous = entries[-1].digest if entries else GENESIS
        number = len(entries) + 1
        entry = seal(
            Entry(number, to_text(at), document, event, actor, address, detail.strip(), previous)
        )
        path = self.path(document)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        return entry

    def entries(self, document: str) -> list[Entry]:
        """All entries, oldest first, as they are in the file; none when there is no file."""
        try:
            text = self.path(document).read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except UnicodeDecodeError as problem:
            line = problem.object.count(b"\n", 0, problem.start) + 1
            raise AuditError(line, "is not UTF-8") from None
        if not text:
            return []
        # Not splitlines(): a detail may well contain a line separator (U+2028).
        lines = text.removesuffix("\n").split("\n")
        return [_parse(number, line) for number, line in enumerate(lines, start=1)]

    def verify(self, document: str) -> int:
        """The number of entries. Raises AuditError for the first that does not fit."""
        previous = GENESIS
        entries = self.entries(document)
        for line, entry in enumerate(entries, start=1):
            if entry.number != line:
                raise AuditError(line, f"entry {entry.number} is out of place")
            if entry.previous != previous:
                raise AuditError(line, "does not follow the entry before it")
            if seal(entry).digest != entry.digest:
                raise AuditError(line, "was changed")
            if entry.document != document:
                raise AuditError(line, f"belongs to {entry.document}")
            previous = entry.digest
        return len(entries)


def seal(entry: Entry) -> Entry:
    """The entry with the hash over everything else in it."""
    content = {name: value for name, value in asdict(entry).items() if name != "digest"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Entry(**content, digest=hashlib.sha256(text.encode("utf-8")).hexdigest())


def select(
    entries: Iterable[Entry], events: Collection[str] | None = None, actor: str | None = None
) -> list[Entry]:
    """Entries of these events and this actor."""
    chosen = []
    for entry in entries:
        if events is not None and entry.event not in events:
            continue
        if actor is not None and entry.actor != actor.strip().lower():
            continue
        chosen.append(entry)
    return chosen


def _parse(number: int, line: str) -> Entry:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        raise AuditError(number, "is not an entry") from None
