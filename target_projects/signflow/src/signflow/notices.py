"""Mails to signatories and owners: their wording, the outbox and the spool folder."""

from __future__ import annotations

import json
import re
import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any

from .errors import SettingsError
from .moments import to_text

DEFAULT_LANGUAGE = "en"

_UNSAFE = re.compile(r"[^A-Za-z0-9+-]+")


class NoticeKind(Enum):
    INVITE = "invite"
    REMINDER = "reminder"
    DECLINED = "declined"
    COMPLETED = "completed"
    EXPIRED = "expired"
    VOIDED = "voided"


@dataclass(frozen=True)
class Notice:
    key: str
    sender: str
    to: str
    subject: str
    body: str


class Wording:
    """Texts of one language; what it lacks is said in English."""

    def __init__(self, language: str) -> None:
        source = resources.files(__package__) / "data" / "wording.toml"
        texts = tomllib.loads(source.read_text(encoding="utf-8"))
        if language not in texts:
            raise SettingsError(f"no wording in {language!r}")
        self._texts: dict[str, Any] = {**texts[DEFAULT_LANGUAGE], **texts[language]}

    def notice(
        self, kind: NoticeKind, key: str, sender: str, to: str, values: Mapping[str, object]
    ) -> Notice:
        text = self._texts[kind.value]
        subject, body = text["subject"].format_map(values), text["body"].format_map(values)
        return Notice(key, sender, to, subject, body + "\n")


class Outbox:
    """Notices are kept with the change that causes them, and leave the house later."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def put(self, notice: Notice) -> None:
        """Keep a notice, unless there is one with its key already."""
        self.db.execute(
            "INSERT OR IGNORE INTO outbox (key, notice) VALUES (?, ?)",
            (notice.key, json.dumps(asdict(notice), ensure_ascii=False)),
        )

    def waiting(self, limit: int) -> list[Notice]:
        rows = self.db.execute(
            "SELECT notice FROM outbox WHERE delivered_at IS NULL ORDER BY serial LIMIT ?", (limit,)
        )
        return [Notice(**json.loads(row["notice"])) for row in rows]

    def delivered(self, key: str, now: datetime) -> None:
        self.db.execute("UPDATE outbox SET delivered_at = ? WHERE key = ?", (to_text(now), key))


class Spool:
    """One file a notice in a folder for the day; the mail relay picks them up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, notice: Notice, day: date) -> Path:
        return self.folder / day.isoformat() / f"{_UNSAFE.sub('_', notice.key)}.mail"

    def deliver(self, notice: Notice, day: date) -> Path:
        """Write the file; one that is there already came from a run that broke off."""
        target = self.path(notice, day)
        target.parent.mkdir(parents=True, exist_ok=True)
        head = f"From: {notice.sender}\nTo: {notice.to}\nSubject: {notice.subject}\n\n"
        part = target.with_suffix(".part")
        part.write_text(head + notice.body, encoding="utf-8", newline="\n")
        part.replace(target)
        return target
