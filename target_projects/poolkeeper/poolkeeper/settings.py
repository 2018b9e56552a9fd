"""Settings: defaults.toml, over it the settings file, over both the environment.

The settings file is the path given, else $POOLKEEPER_CONFIG, else `poolkeeper.toml` in the current
folder if there is one. A setting `key` of `[section]` is POOLKEEPER_SECTION_KEY in the environment,
where an empty value counts as none. Relative folders start where the settings file lies.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from importlib import resources
from pathlib import Path
from typing import Any

from .errors import MomentError, SettingsError
from .moments import parse_duration, parse_zone
from .strategies import STRATEGIES, strategy_name

PREFIX = "POOLKEEPER"
USUAL_FILE = "poolkeeper.toml"
_WORDS = {"1": True, "true": True, "yes": True, "on": True}
_WORDS |= {"0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class PoolRules:
    folder: Path
    strategy: str
    capacity: int | None
    default_port: int
    virtual_nodes: int
    drain_timeout: timedelta
    session_ttl: timedelta


@dataclass(frozen=True)
class HealthRules:
    accept: frozenset[int]
    rise: int
    fall: int
    timeout: timedelta
    trust_new: bool


@dataclass(frozen=True)
class LimitRules:
    default_plan: str
    idle_after: timedelta
    users: Mapping[str, str]


@dataclass(frozen=True)
class StateRules:
    folder: Path
    keep: int
    max_age: timedelta


@dataclass(frozen=True)
class LogRules:
    folder: Path
    name: str
    max_bad_lines: int


@dataclass(frozen=True)
class ReportRules:
    folder: Path
    zone: timezone
    currency: str
    percentile: int


@dataclass(frozen=True)
class Settings:
    pool: PoolRules
    health: HealthRules
    limits: LimitRules
    state: StateRules
    logs: LogRules
    reports: ReportRules


class _Layers:
    """Finds each setting in the uppermost layer that has it, and names it when it is no good."""

    def __init__(self, environ: Mapping[str, str], document: Mapping[str, Any], base: Path) -> None:
        self._environ = environ
        self._document = document
        self._defaults = _defaults()
        self._base = base
        self._refuse_unknown_names()

    def text(self, section: str, key: str) -> str:
        value = self._environ.get(f"{PREFIX}_{section}_{key}".upper(), "").strip()
        if value:
            return value
        value = self._document.get(section, {}).get(key, self._defaults[section][key])
        if isinstance(value, list):
            return ",".join(str(item) for item in value)
        return str(value).strip()

    def count(self, section: str, key: str, least: int, most: int) -> int:
        text = self.text(section, key)
        try:
            value = int(text)
        except ValueError:
            raise SettingsError(f"{section}.{key}: not a whole number: {text!r}") from None
        if value < least or value > most:
            raise SettingsError(f"{section}.{key}: {value} is not within {least} to {most}")
        return value

    def span(self, section: str, key: str, least: str, most: str) -> timedelta:
        try:
            value = parse_duration(self.text(section, key))
        except MomentError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None
        if not parse_duration(least) <= value <= parse_duration(most):
            text = self.text(section, key)
            raise SettingsError(f"{section}.{key}: {text} is not within {least} to {most}")
        return value

    def flag(self, section: str, key: str) -> bool:
        word = self.text(section, key).lower()
        if word not in _WORDS:
            raise SettingsError(f"{section}.{key}: neither yes nor no: {word!r}")
        return _WORDS[word]

    def place(self, section: str, key: str) -> Path:
        try:
            return self._base / Path(self.text(section, key)).expanduser()
        except RuntimeError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None

    def _refuse_unknown_names(self) -> None:
        for section, content in self._document.items():
            if not isinstance(content, dict):
                raise SettingsError(f"{section} is not a section")
            if section == "users":
                continue
            if section not in self._defaults:
                raise SettingsError(f"unknown section [{section}]")
            for key in content:
                if key not in self._defaults[section]:
                    raise SettingsError(f"unknown setting {section}.{key}")


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the three layers. Raises SettingsError naming the setting that is no good."""
    file = _find(path, environ)
    document = _read(file) if file is not None else {}
    layers = _Layers(environ, document, file.parent if file is not None else Path())
    return Settings(
        pool=_pool(layers),
        health=_health(layers),
        limits=_limits(layers, document.get("users", {})),
        state=StateRules(
            folder=layers.place("state", "folder"),
            keep=layers.count("state", "keep", 1, 100),
            max_age=layers.span("state", "max_age", "1m", "30d"),
        ),
        logs=LogRules(
            folder=layers.place("logs", "folder"),
            name=layers.text("logs", "name"),
            max_bad_lines=layers.count("logs", "max_bad_lines", 0, 100_000),
        ),
        reports=_reports(layers),
    )


def _defaults() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("defaults.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    named = environ.get(f"{PREFIX}_CONFIG", "").strip()
    if named:
        return Path(named).expanduser()
    usual = Path(USUAL_FILE)
    return usual if usual.is_file() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"no settings file {file.name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{file.name}: {problem}") from None


def _pool(layers: _Layers) -> PoolRules:
    strategy = strategy_name(layers.text("pool", "strategy"))
    if strategy is None:
        raise SettingsError(f"pool.strategy is none of {', '.join(STRATEGIES)}")
    return PoolRules(
        folder=layers.place("pool", "folder"),
        strategy=strategy,
        capacity=layers.count("pool", "capacity", 0, 100_000) or None,
        default_port=layers.count("pool", "default_port", 1, 65_535),
        virtual_nodes=layers.count("pool", "virtual_nodes", 1, 1_000),
        drain_timeout=layers.span("pool", "drain_timeout", "0s", "1d"),
        session_ttl=layers.span("pool", "session_ttl", "1m", "7d"),
    )


def _health(layers: _Layers) -> HealthRules:
    try:
        accept = frozenset(int(code) for code in layers.text("health", "accept").split(","))
    except ValueError:
        raise SettingsError("health.accept: statuses are numbers between commas") from None
    if not all(100 <= code <= 599 for code in accept):
        raise SettingsError("health.accept: statuses lie within 100 to 599")
    return HealthRules(
        accept=accept,
        rise=layers.count("health", "rise", 1, 20),
        fall=layers.count("health", "fall", 1, 20),
        timeout=layers.span("health", "timeout", "50ms", "1m"),
        trust_new=layers.flag("health", "trust_new"),
    )


def _limits(layers: _Layers, users: Mapping[str, Any]) -> LimitRules:
    return LimitRules(
        default_plan=layers.text("limits", "default_plan").lower(),
        idle_after=layers.span("limits", "idle_after", "1m", "1d"),
        users={user: str(plan) for user, plan in users.items()},
    )


def _reports(layers: _Layers) -> ReportRules:
    currency = layers.text("reports", "currency").upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise SettingsError(f"reports.currency: not a currency: {currency!r}")
    try:
        zone = parse_zone(layers.text("reports", "utc_offset"))
    except MomentError as problem:
        raise SettingsError(f"reports.utc_offset: {problem}") from None
    return ReportRules(
        folder=layers.place("reports", "folder"),
        zone=zone,
        currency=currency,
        percentile=layers.count("reports", "percentile", 1, 100),
    )
