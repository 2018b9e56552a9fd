"""Settings: the environment over the site's INI file over the defaults in the package.

The file is the one given, else $SIGNFLOW_CONFIG, else `signflow.ini` in the current folder.
Relative paths start at the file's folder. An empty variable counts as not set.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from importlib import resources
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from .documents import Order
from .errors import SettingsError, SignflowError
from .moments import parse_offset, parse_span
from .people import Person, parse_person

T = TypeVar("T")

MIN_SECRET = 16
LANGUAGES = frozenset({"en", "de"})
ORDERS = [order.value for order in Order]


@dataclass(frozen=True)
class Settings:
    database: Path
    versions: Path
    audit: Path
    spool: Path
    templates: Path
    exports: Path
    base_url: str
    lifetime: timedelta
    order: Order
    deadline: timedelta
    max_signatories: int
    max_resends: int
    decline_reason: bool
    remind_after: tuple[timedelta, ...]
    last_call: timedelta
    sender: Person
    language: str
    batch: int
    office: timezone
    secrets: tuple[str, ...] = field(default=(), repr=False)


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises SettingsError naming the setting that is wrong."""
    parser = defaults()
    file = find(path, environ)
    if file is not None:
        overlay(parser, file)
    folder = file.resolve().parent if file is not None else Path.cwd()
    reader = Reader(parser, environ, folder)
    return Settings(
        database=reader.path("storage", "database"),
        versions=reader.path("storage", "versions"),
        audit=reader.path("storage", "audit"),
        spool=reader.path("storage", "spool"),
        templates=reader.path("storage", "templates"),
        exports=reader.path("storage", "exports"),
        base_url=reader.url("links", "base_url"),
        lifetime=reader.span("links", "lifetime", "1h", "30d"),
        order=Order(reader.choice("signing", "order", ORDERS)),
        deadline=reader.span("signing", "deadline", "1d", "26w"),
        max_signatories=reader.count("signing", "max_signatories", 1, 100),
        max_resends=reader.count("signing", "max_resends", 0, 10),
        decline_reason=reader.switch("signing", "decline_reason"),
        remind_after=reader.spans("reminders", "after"),
        last_call=reader.span("reminders", "last_call", "0s", "7d"),
        sender=reader.read("mail", "sender", parse_person),
        language=reader.choice("mail", "language", LANGUAGES),
        batch=reader.count("mail", "batch", 1, 1000),
        office=reader.read("office", "utc_offset", parse_offset),
        secrets=reader.secrets(),
    )


def defaults() -> configparser.ConfigParser:
    # No interpolation: a secret may well contain a percent sign.
    parser = configparser.ConfigParser(interpolation=None)
    source = resources.files(__package__) / "data" / "defaults.ini"
    parser.read_string(source.read_text(encoding="utf-8"), source="defaults.ini")
    return parser


def find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path.expanduser()
    named = environ.get("SIGNFLOW_CONFIG", "").strip()
    if named:
        return Path(named).expanduser()
    usual = Path("signflow.ini")
    return usual if usual.is_file() else None


def overlay(parser: configparser.ConfigParser, file: Path) -> None:
    site = configparser.ConfigParser(interpolation=None)
    try:
        site.read_string(file.read_text(encoding="utf-8-sig"), source=file.name)
    except OSError as problem:
        raise SettingsError(f"cannot read {file.name}: {problem.strerror}") from None
    except (configparser.Error, UnicodeDecodeError) as problem:
        first, _, _ = str(problem).partition("\n")
        raise SettingsError(f"{file.name}: {first}") from None
    for section in site.sections():
        if not parser.has_section(section):
            raise SettingsError(f"unknown section [{section}]")
        for key, value in site.items(section):
            if not parser.has_option(section, key):
                raise SettingsError(f"unknown setting {section}.{key}")
            parser.set(section, key, value)


class Reader:
    """Reads single settings; the name of the setting goes into every error."""

    def __init__(
        self, parser: configparser.ConfigParser, environ: Mapping[str, str], folder: Path
    ) -> None:
        self.parser = parser
        self.environ = environ
        self.folder = folder

    def text(self, section: str, key: str) -> str:
        variable = f"SIGNFLOW_{section}_{key}".upper()
        return (self.environ.get(variable) or self.parser.get(section, key)).strip()

    def read(self, section: str, key: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(self.text(section, key))
        except SignflowError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from problem

    def path(self, section: str, key: str) -> Path:
        return self.folder / Path(self.text(section, key)).expanduser()

    def url(self, section: str, key: str) -> str:
        value = self.text(section, key)
        parts = urlsplit(value)
        if parts.scheme not in ("https", "http") or not parts.netloc:
            raise SettingsError(f"{section}.{key}: not a web address: {value!r}")
        return value.removesuffix("/")

    def count(self, section: str, key: str, least: int, most: int) -> int:
        value = self.text(section, key)
        if not value.isdecimal() or not least <= int(value) <= most:
            raise SettingsError(
                f"{section}.{key}: must be a whole number from {least} to {most}, got {value!r}"
            )
        return int(value)

    def span(self, section: str, key: str, least: str, most: str) -> timedelta:
        value = self.read(section, key, parse_span)
        if value < parse_span(least) or value > parse_span(most):
            raise SettingsError(f"{section}.{key}: must lie between {least} and {most}")
        return value

    def spans(self, section: str, key: str) -> tuple[timedelta, ...]:
        """Spans separated by commas, in any order and possibly none; zero is not allowed."""

        def parse(text: str) -> tuple[timedelta, ...]:
            return tuple(sorted({parse_span(part) for part in text.split(",") if part.strip()}))

        values = self.read(section, key, parse)
        if values and values[0] <= timedelta(0):
            raise SettingsError(f"{section}.{key}: must be later than at once")
        return values

    def switch(self, section: str, key: str) -> bool:
        value = self.text(section, key).lower()
        if value not in self.parser.BOOLEAN_STATES:
            raise SettingsError(f"{section}.{key}: must be yes or no, got {value!r}")
        return self.parser.BOOLEAN_STATES[value]

    def choice(self, section: str, key: str, allowed: Collection[str]) -> str:
        value = self.text(section, key).lower()
        if value not in allowed:
            raise SettingsError(f"{section}.{key}: must be one of {', '.join(sorted(allowed))}")
        return value

    def secrets(self) -> tuple[str, ...]:
        """The secret in use, then retired ones, whose links stay good until they run out."""
        current = self.text("links", "secret")
        retired = self.text("links", "retired_secrets").split(",")
        if not current:
            return ()
        secrets = [current, *(text.strip() for text in retired if text.strip())]
        if min(map(len, secrets)) < MIN_SECRET:
            raise SettingsError(f"links.secret: needs at least {MIN_SECRET} characters")
        return tuple(secrets)
