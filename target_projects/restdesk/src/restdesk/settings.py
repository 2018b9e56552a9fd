"""Settings: the environment wins over the settings file, the file over `defaults.toml`.

Where the file is looked for: the path given, else $RESTDESK_CONFIG, else `restdesk.toml` in the
current folder. Relative paths start at the file's folder. An empty variable counts as not set.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path
from typing import Any

from .errors import SettingsError
from .moments import parse_duration, parse_offset
from .money import Currency

PREFIX = "RESTDESK"
NESTED = {"plans": str.lower, "currencies": str.upper}
FLAGS = {"yes": True, "true": True, "on": True, "1": True}
FLAGS |= {"no": False, "false": False, "off": False, "0": False}

_SIZE = re.compile(r"(?P<count>\d+)\s*(?P<unit>[KM]?B)?", re.IGNORECASE)
_SIZES = {"B": 1, "KB": 1024, "MB": 1024**2}


@dataclass(frozen=True)
class Plan:
    requests: int
    window: timedelta


@dataclass(frozen=True)
class RetryPolicy:
    max_attempts: int
    base: timedelta
    cap: timedelta
    patience: timedelta


@dataclass(frozen=True)
class Settings:
    database: str
    access_log: Path
    max_body: int
    maintenance: bool
    maintenance_retry: timedelta
    default_limit: int
    max_limit: int
    default_plan: str
    key_max_age: timedelta
    replay_keep: timedelta
    replay_lock: timedelta
    fee_percent: Decimal
    refund_window: timedelta
    max_metadata: int
    processor_url: str
    processor_timeout: timedelta
    processor_retry_after: timedelta
    retries: RetryPolicy
    export_folder: Path
    office: timezone
    plans: Mapping[str, Plan]
    currencies: Mapping[str, Currency]


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment, file and defaults.

    Raises SettingsError naming the setting when a name is unknown or a value does not fit.
    """
    file = _find(path, environ)
    defaults = _defaults()
    document = _read(file, defaults) if file is not None else {}
    read = _Reader(defaults, document, environ, file.parent if file is not None else Path())
    database = read.text("server", "database")
    settings = Settings(
        database=database if database == ":memory:" else str(read.place("server", "database")),
        access_log=read.place("server", "access_log"),
        max_body=read.size("server", "max_body", "1KB", "10MB"),
        maintenance=read.flag("server", "maintenance"),
        maintenance_retry=read.span("server", "maintenance_retry", "1s", "1d"),
        default_limit=read.count("pages", "default_limit", 1, 1000),
        max_limit=read.count("pages", "max_limit", 1, 1000),
        default_plan=read.text("keys", "default_plan").lower(),
        key_max_age=read.span("keys", "max_age", "1d", "1825d"),
        replay_keep=read.span("idempotency", "keep", "1h", "7d"),
        replay_lock=read.span("idempotency", "lock", "1s", "10m"),
        fee_percent=read.percent("charges", "fee_percent", Decimal(25)),
        refund_window=read.span("charges", "refund_window", "1d", "730d"),
        max_metadata=read.count("charges", "max_metadata", 1, 50),
        processor_url=read.text("processor", "url"),
        processor_timeout=read.span("processor", "timeout", "1s", "1m"),
        processor_retry_after=read.span("processor", "retry_after", "1s", "10m"),
        retries=RetryPolicy(
            max_attempts=read.count("client", "max_attempts", 1, 10),
            base=read.span("client", "base", "50ms", "10s"),
            cap=read.span("client", "cap", "1s", "5m"),
            patience=read.span("client", "patience", "1s", "1h"),
        ),
        export_folder=read.place("export", "folder"),
        office=read.offset("export", "utc_offset"),
        plans={name: _plan(read, name) for name in read.names("plans")},
        currencies={name: _currency(read, name) for name in read.names("currencies")},
    )
    _check_together(settings)
    return settings


class _Reader:
    """Looks settings up, layer by layer, and names them when their values are no good."""

    def __init__(
        self,
        defaults: Mapping[str, Any],
        document: Mapping[str, Any],
        environ: Mapping[str, str],
        folder: Path,
    ) -> None:
        self.layers = (document, defaults)
        self.environ = environ
        self.folder = folder

    def names(self, section: str) -> list[str]:
        found = {name for layer in self.layers for name in layer.get(section, {})}
        return sorted(found)

    def text(self, section: str, key: str) -> str:
        variable = f"{PREFIX}_{section}_{key}".replace(".", "_").upper()
        value: Any = self.environ.get(variable, "").strip()
        if value:
            return value
        for layer in self.layers:
            value = _section(layer, section).get(key)
            if value is not None:
                return str(value).strip()
        raise SettingsError(f"{section}.{key} is missing")

    def place(self, section: str, key: str) -> Path:
        return (self.folder / Path(self.text(section, key)).expanduser()).resolve()

    def flag(self, section: str, key: str) -> bool:
        text = self.text(section, key).lower()
        if text not in FLAGS:
            raise SettingsError(f"{section}.{key} must be yes or no, got {text!r}")
        return FLAGS[text]

    def count(self, section: str, key: str, least: int, most: int) -> int:
        text = self.text(section, key)
        if not text.isdecimal():
            raise SettingsError(f"{section}.{key} must be a whole number, got {text!r}")
        value = int(text)
        if value < least or value > most:
            raise SettingsError(f"{section}.{key} must lie between {least} and {most}, got {value}")
        return value

    def span(self, section: str, key: str, least: str, most: str) -> timedelta:
        text = self.text(section, key)
        try:
            value = parse_duration(text)
        except ValueError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None
        if not parse_duration(least) <= value <= parse_duration(most):
            raise SettingsError(f"{section}.{key} must lie between {least} and {most}, got {text}")
        return value

    def size(self, section: str, key: str, least: str, most: str) -> int:
        text = self.text(section, key)
        try:
            value = parse_size(text)
        except ValueError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None
        if not parse_size(least) <= value <= parse_size(most):
            raise SettingsError(f"{section}.{key} must lie between {least} and {most}, got {text}")
        return value

    def percent(self, section: str, key: str, most: Decimal) -> Decimal:
        text = self.text(section, key).removesuffix("%").rstrip()
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise SettingsError(f"{section}.{key} is not a number: {text!r}") from None
        if not (value.is_finite() and 0 <= value <= most):
            raise SettingsError(f"{section}.{key} must lie between 0 and {most}, got {text}")
        return value

    def offset(self, section: str, key: str) -> timezone:
        try:
            return parse_offset(self.text(section, key))
        except ValueError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None


def parse_size(text: str) -> int:
    """Bytes from `512`, `512 B`, `64KB` or `1MB`; a KB has 1024 of them."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a size: {text!r}")
    return int(match["count"]) * _SIZES[(match["unit"] or "B").upper()]


def _find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if environ.get("RESTDESK_CONFIG"):
        return Path(environ["RESTDESK_CONFIG"]).expanduser()
    usual = Path("restdesk.toml")
    return usual if usual.is_file() else None


def _defaults() -> dict[str, Any]:
    file = resources.files(__package__) / "defaults.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _read(file: Path, defaults: Mapping[str, Any]) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"no settings file {file.name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{file.name}: {problem}") from None
    for section, content in document.items():
        if section not in defaults:
            raise SettingsError(f"unknown section [{section}]")
        if section not in NESTED:
            _check_keys(section, content, defaults[section])
            continue
        known = next(iter(defaults[section].values()))
        _check_table(section, content)
        for name, inner in content.items():
            _check_keys(f"{section}.{name}", inner, known)
        document[section] = {NESTED[section](name): inner for name, inner in content.items()}
    return document


def _check_table(section: str, content: Any) -> None:
    if not isinstance(content, dict):
        raise SettingsError(f"[{section}] must be a table")


def _check_keys(section: str, content: Any, known: Mapping[str, Any]) -> None:
    _check_table(section, content)
    for key in content:
        if key not in known:
            raise SettingsError(f"unknown setting {section}.{key}")


def _section(layer: Mapping[str, Any], dotted: str) -> Mapping[str, Any]:
    for name in dotted.split("."):
        layer = layer.get(name, {})
    return layer


def _plan(read: _Reader, name: str) -> Plan:
    section = f"plans.{name}"
    return Plan(
        requests=read.count(section, "requests", 1, 100_000),
        window=read.span(section, "window", "1s", "1d"),
    )


def _currency(read: _Reader, name: str) -> Currency:
    section = f"currencies.{name}"
    minimum = read.count(section, "minimum", 1, 1_000_000)
    return Currency(
        code=name,
        exponent=read.count(section, "exponent", 0, 4),
        minimum=minimum,
        maximum=read.count(section, "maximum", minimum, 10**12),
        fixed_fee=read.count(section, "fixed_fee", 0, minimum),
    )


def _check_together(settings: Settings) -> None:
    if settings.default_limit > settings.max_limit:
        raise SettingsError("pages.default_limit must not be above pages.max_limit")
    if settings.default_plan not in settings.plans:
        raise SettingsError(f"keys.default_plan: there is no plan {settings.default_plan!r}")
    if settings.retries.cap < settings.retries.base:
        raise SettingsError("client.cap must not be below client.base")
