"""Settings: the environment wins over the settings file, the file over `defaults.toml`.

The file is the path given, else $HOOKRELAY_SETTINGS, else `hookrelay.toml` in the current folder
if there is one. `retry.base` is HOOKRELAY_RETRY_BASE in the environment; an empty variable counts
as not set.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from importlib import resources
from pathlib import Path
from typing import Any

from hookrelay.backoff import RetryPolicy
from hookrelay.errors import FormatError, SettingsError
from hookrelay.moments import offset_zone, parse_duration


@dataclass(frozen=True)
class Settings:
    """Sizes in bytes, percentages as fractions."""

    database: Path
    future_tolerance: timedelta
    workers: int
    timeout: timedelta
    lease: timedelta
    retry: RetryPolicy
    per_window: int
    window: timedelta
    excerpt: int
    read_limit: int
    page: int
    page_max: int
    zone: timezone
    alert_folder: Path
    quiet: timedelta


def load_settings(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError naming the setting when a name is unknown or a value does not fit."""
    defaults = tomllib.loads(_packaged())
    file = _find(path, environ)
    document = _read(file, defaults) if file is not None else {}
    folder = file.parent if file is not None else Path()
    settings = _build(Source(defaults, document, environ, folder))
    _check_together(settings)
    return settings


def _packaged() -> str:
    return resources.files("hookrelay").joinpath("defaults.toml").read_text(encoding="utf-8")


def _find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    named = environ.get("HOOKRELAY_SETTINGS", "").strip()
    if named:
        return Path(named).expanduser()
    usual = Path("hookrelay.toml")
    return usual if usual.is_file() else None


def _read(file: Path, defaults: Mapping[str, Any]) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"there is no settings file {file.name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{file.name}: {problem}") from None
    for section, content in document.items():
        if section not in defaults:
            raise SettingsError(f"unknown section [{section}]")
        if not isinstance(content, dict):
            raise SettingsError(f"{section} is a section, not a setting")
        for key in content:
            if key not in defaults[section]:
                raise SettingsError(f"unknown setting {section}.{key}")
    return document


@dataclass(frozen=True)
class Source:
    """Looks a setting up by its dotted name, and names it when the value is no good."""

    defaults: Mapping[str, Any]
    document: Mapping[str, Any]
    environ: Mapping[str, str]
    folder: Path

    def text(self, name: str) -> str:
        section, key = name.split(".")
        variable = f"HOOKRELAY_{section}_{key}".upper()
        if self.environ.get(variable, "").strip():
            return self.environ[variable].strip()
        default = self.defaults[section][key]
        return str(self.document.get(section, {}).get(key, default)).strip()

    def span(self, name: str, least: str, most: str) -> timedelta:
        try:
            value = parse_duration(self.text(name))
        except FormatError as problem:
            raise SettingsError(f"{name}: {problem}") from None
        if not parse_duration(least) <= value <= parse_duration(most):
            raise SettingsError(f"{name} must lie between {least} and {most}")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        return _bounded(name, self.text(name), least, most)

    def place(self, name: str) -> Path:
        return self.folder / Path(self.text(name)).expanduser()


def _bounded(name: str, text: str, least: int, most: int) -> int:
    try:
        value = int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, got {text!r}") from None
    if value < least or value > most:
        raise SettingsError(f"{name} must lie between {least} and {most}, got {value}")
    return value


def _build(source: Source) -> Settings:
    return Settings(
        database=source.place("storage.database"),
        future_tolerance=source.span("events.future_tolerance", "0s", "1h"),
        workers=source.number("worker.size", 1, 32),
        timeout=source.span("worker.timeout", "100ms", "1m"),
        lease=source.span("worker.lease", "1s", "1h"),
        retry=RetryPolicy(
            base=source.span("retry.base", "100ms", "1h"),
            factor=source.number("retry.factor", 1, 10),
            cap=source.span("retry.cap", "100ms", "1d"),
            jitter=source.number("retry.jitter_percent", 0, 100) / 100,
            give_up=source.span("retry.give_up", "1m", "7d"),
        ),
        per_window=source.number("limits.per_window", 1, 10_000),
        window=source.span("limits.window", "1s", "1h"),
        excerpt=source.number("log.excerpt", 0, 2000),
        read_limit=source.number("log.read_limit", 0, 1_048_576),
        page=source.number("dashboard.page", 1, 1000),
        page_max=source.number("dashboard.page_max", 1, 1000),
        zone=offset_zone(source.number("dashboard.utc_offset_minutes", -720, 840)),
        alert_folder=source.place("alerts.folder"),
        quiet=source.span("alerts.quiet", "0s", "1d"),
    )


def _check_together(settings: Settings) -> None:
    if settings.lease <= settings.timeout:
        raise SettingsError("worker.lease must be longer than worker.timeout")
    if settings.retry.cap < settings.retry.base:
        raise SettingsError("retry.cap must not be below retry.base")
    if settings.page > settings.page_max:
        raise SettingsError("dashboard.page must not be above dashboard.page_max")
