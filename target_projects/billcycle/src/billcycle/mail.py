"""Messages, the outbox that remembers them, and the ways out of the house."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import asdict, dataclass
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from .addresses import parse_recipients
from .errors import DeliveryError
from .moments import to_text

_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]")


@dataclass(frozen=True)
class Message:
    key: str
    sender: str
    to: str
    subject: str
    body: str
    day: str


class Transport(Protocol):
    def deliver(self, message: Message) -> bool:
        """Hand a message over; False when the key was delivered before. Raises DeliveryError."""


class MemoryTransport:
    """Keeps the mail in a list, with the same promise about keys as the real relay."""

    def __init__(self) -> None:
        self.delivered: dict[str, Message] = {}

    def deliver(self, message: Message) -> bool:
        if message.key in self.delivered:
            return False
        self.delivered[message.key] = message
        return True

    def subjects(self) -> list[str]:
        return [message.subject for message in self.delivered.values()]


class SpoolTransport:
    """Writes one file a message into `<folder>/<day>/`; the relay reads them there.

    The file's name comes from the key, so a message that is handed over twice is there once.
    The relay never removes a file (the archive job does, a month later).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, message: Message) -> Path:
        return self.folder / message.day / (_UNSAFE.sub("_", message.key) + ".eml")

    def deliver(self, message: Message) -> bool:
        target = self.path(message)
        if target.exists():
            return False
        part = target.with_suffix(".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(encode(message))
            part.replace(target)
        except OSError as problem:
            raise DeliveryError(f"spool: {problem.strerror}") from problem
        return True

    def names(self, day: date) -> list[str]:
        """Names of the messages of a day, in alphabetical order."""
        return sorted(file.stem for file in (self.folder / day.isoformat()).glob("*.eml"))


class Outbox:
    """Every message is written here before it is handed over, and never written anew."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def put(self, message: Message) -> Message:
        """Keep a message; when the key is known, the message kept first is the one that counts."""
        self.db.execute(
            "INSERT INTO outbox (key, message) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            (message.key, json.dumps(asdict(message))),
        )
        row = self.db.execute("SELECT message FROM outbox WHERE key = ?", (message.key,)).fetchone()
        return Message(**json.loads(row["message"]))

    def mark_sent(self, key: str, now: datetime) -> None:
        self.db.execute("UPDATE outbox SET sent_at = ? WHERE key = ?", (to_text(now), key))

    def sent(self) -> list[tuple[str, str]]:
        """Key and moment of all that went out, in that order of time."""
        rows = self.db.execute(
            "SELECT key, sent_at FROM outbox WHERE sent_at IS NOT NULL ORDER BY sent_at, key"
        )
        return [(row["key"], row["sent_at"]) for row in rows]


def encode(message: Message) -> bytes:
    mail = EmailMessage()
    mail["From"] = message.sender
    mail["To"] = ", ".join(str(address) for address in parse_recipients(message.to))
    mail["Subject"] = message.subject
    mail["X-Delivery-Key"] = message.key
    mail.set_content(message.body)
    return mail.as_bytes()
