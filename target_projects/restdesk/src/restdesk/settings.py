"""Settings: the environment wins over the settings file, the file over `defaults.toml`.

Where the file is looked for: the path given, else $RESTDESK_CONFIG, else `restdesk.toml` in the
current folder. Relative paths start at the file's folder. An empty variable counts as not set.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from .errors import SettingsError
from .moments import parse_duration
from .money import Currency, load_currencies
from .shipped import shipped_text

PREFIX = "RESTDESK"

_SIZE = re.compile(r"(?P<count>\d+)\s*(?P<unit>[KM]?B)?", re.IGNORECASE)
_SIZES = {"B": 1, "KB": 1024, "MB": 1024**2}
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%?")


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
    default_limit: int
    max_limit: int
    default_plan: str
    key_max_age: timedelta
    fee_percent: Decimal
    processor_url: str
    processor_timeout: timedelta
    processor_retry_after: timedelta
    retries: RetryPolicy
    plans: Mapping[str, Plan]
    currencies: Mapping[str, Currency]


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment, file and defaults.

    Raises SettingsError naming the setting when a name is unknown or a value does not fit.
    """
    file = _find(path, environ)
    defaults = tomllib.loads(shipped_text("defaults.toml"))
    document = _read(file, defaults) if file is not None else {}
    read = _Reader((document, defaults), environ, file.parent if file is not None else Path())
    database = read.text("server", "database")
    settings = Settings(
        database=database if database == ":memory:" else str(read.place("server", "database")),
        access_log=read.place("server", "access_log"),
        max_body=read.between("server", "max_body", parse_size, "1KB", "10MB"),
        default_limit=read.between("pages", "default_limit", parse_count, "1", "1000"),
        max_limit=read.between("pages", "max_limit", parse_count, "1", "1000"),
        default_plan=read.text("keys", "default_plan").lower(),
        key_max_age=read.between("keys", "max_age", parse_duration, "1d", "1825d"),
        fee_percent=read.between("charges", "fee_percent", parse_percent, "0", "25"),
        processor_url=read.text("processor", "url"),
        processor_timeout=read.between("processor", "timeout", parse_duration, "1s", "1m"),
        processor_retry_after=read.between("processor", "retry_after", parse_duration, "1s", "10m"),
        retries=RetryPolicy(
            max_attempts=read.between("client", "max_attempts", parse_count, "1", "10"),
            base=read.between("client", "base", parse_duration, "50ms", "10s"),
            cap=read.between("client", "cap", parse_duration, "1s", "5m"),
            patience=read.between("client", "patience", parse_duration, "1s", "1h"),
        ),
        plans={name: read.value("plans", name, parse_plan) for name in defaults["plans"]},
        currencies=load_currencies(),
    )
    if settings.default_limit > settings.max_limit:
        raise SettingsError("pages.default_limit must not be above pages.max_limit")
    if settings.default_plan not in settings.plans:
        raise SettingsError(f"keys.default_plan: there is no plan {settings.default_plan!r}")
    if settings.retries.cap < settings.retries.base:
        raise SettingsError("client.cap must not be below client.base")
    return settings


@dataclass
class _Reader:
    """Looks settings up, layer by layer, and names them when their values are no good."""

    layers: tuple[Mapping[str, Any], ...]
    environ: Mapping[str, str]
    folder: Path

    def text(self, section: str, key: str) -> str:
        value = self.environ.get(f"{PREFIX}_{section}_{key}".upper(), "").strip()
        if value:
            return value
        found = (layer.get(section, {}).get(key) for layer in self.layers)
        return str(next(value for value in found if value is not None)).strip()

    def place(self, section: str, key: str) -> Path:
        return (self.folder / Path(self.text(section, key)).expanduser()).resolve()

    def value(self, section: str, key: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(self.text(section, key))
        except ValueError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None

    def between(
        self, section: str, key: str, parse: Callable[[str], Any], least: str, most: str
    ) -> Any:
        value = self.value(section, key, parse)
        if not parse(least) <= value <= parse(most):
            raise SettingsError(f"{section}.{key} must lie between {least} and {most}")
        return value


def parse_count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)


def parse_size(text: str) -> int:
    """Bytes from `512`, `512 B`, `64KB` or `1MB`; a KB has 1024 of them."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a size: {text!r}")
    return int(match["count"]) * _SIZES[(match["unit"] or "B").upper()]


def parse_percent(text: str) -> Decimal:
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a percentage: {text!r}")
    return Decimal(match[1])


def parse_plan(text: str) -> Plan:
    """So many requests within a time: `100/1m`."""
    requests, _, window = text.partition("/")
    plan = Plan(parse_count(requests.strip()), parse_duration(window))
    if plan.requests == 0 or not plan.window:
        raise ValueError("a plan of nothing")
    return plan


def _find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if environ.get("RESTDESK_CONFIG"):
        return Path(environ["RESTDESK_CONFIG"]).expanduser()
    usual = Path("restdesk.toml")
    return usual if usual.is_file() else None


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
        if not isinstance(content, dict):
            raise SettingsError(f"[{section}] must be a table")
        for key in content:
            if key not in defaults[section]:
                raise SettingsError(f"unknown setting {section}.{key}")
    return document
