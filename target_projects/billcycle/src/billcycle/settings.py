"""Settings: a TOML file, over it the environment, under it the defaults.

Where the file is looked for: the path given, else $BILLCYCLE_CONFIG, else `billcycle.toml` in the
current folder. Relative paths start at the file's folder. An empty variable counts as not set.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta, timezone
from pathlib import Path
from typing import Any

from .addresses import Address, parse_address
from .errors import BillcycleError, SettingsError
from .moments import parse_duration, parse_offset
from .money import exponent
from .reminders import DEFAULT_SCHEDULE, Step, build_schedule, parse_offset_days

KNOWN: dict[str, set[str]] = {
    "storage": {"database", "spool"},
    "worker": {"lease", "clock_skew", "batch", "max_attempts", "retry_base", "retry_cap"},
    "mail": {"sender", "send_time", "utc_offset", "skip_weekends"},
    "export": {"folder", "format", "keep_days"},
    "billing": {"currency"},
    "reminders": set(),
}


@dataclass(frozen=True)
class Settings:
    database: Path
    spool: Path
    lease: timedelta
    clock_skew: timedelta
    batch: int
    max_attempts: int
    retry_base: timedelta
    retry_cap: timedelta
    sender: Address
    send_time: time
    office: timezone
    skip_weekends: bool
    export_folder: Path
    export_format: str
    keep_days: int
    currency: str
    schedule: tuple[Step, ...]


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from file, environment and defaults.

    Raises SettingsError naming the setting when a name is unknown or a value does not fit.
    """
    file = _find(path, environ)
    document = _read(file) if file is not None else {}
    folder = file.parent if file is not None else Path()

    def text(section: str, key: str, default: str) -> str:
        variable = f"BILLCYCLE_{section}_{key}".upper()
        value = environ.get(variable) or document.get(section, {}).get(key, default)
        return str(value).strip()

    def place(section: str, key: str, default: str) -> Path:
        return folder / Path(text(section, key, default)).expanduser()

    try:
        settings = Settings(
            database=place("storage", "database", "billcycle.db"),
            spool=place("storage", "spool", "spool"),
            lease=_span("worker.lease", text("worker", "lease", "5m"), "10s", "1h"),
            clock_skew=_span("worker.clock_skew", text("worker", "clock_skew", "30s"), "0s", "5m"),
            batch=_count("worker.batch", text("worker", "batch", "20"), 1, 500),
            max_attempts=_count("worker.max_attempts", text("worker", "max_attempts", "5"), 1, 10),
            retry_base=_span("worker.retry_base", text("worker", "retry_base", "1m"), "1s", "1h"),
            retry_cap=_span("worker.retry_cap", text("worker", "retry_cap", "6h"), "1s", "3d"),
            sender=parse_address(text("mail", "sender", "Billing <billing@example.com>")),
            send_time=_clock_time("mail.send_time", text("mail", "send_time", "09:00")),
            office=parse_offset(text("mail", "utc_offset", "+00:00")),
            skip_weekends=_switch("mail.skip_weekends", text("mail", "skip_weekends", "no")),
            export_folder=place("export", "folder", "exports"),
            export_format=_choice("export.format", text("export", "format", "csv")),
            keep_days=_count("export.keep_days", text("export", "keep_days", "90"), 0, 3650),
            currency=text("billing", "currency", "EUR").upper(),
            schedule=_schedule(document.get("reminders", [])),
        )
        exponent(settings.currency)
    except BillcycleError as problem:
        raise SettingsError(str(problem)) from problem
    _check_together(settings)
    return settings


def _find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if environ.get("BILLCYCLE_CONFIG"):
        return Path(environ["BILLCYCLE_CONFIG"])
    usual = Path("billcycle.toml")
    return usual if usual.is_file() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"no settings file {file.name}") from None
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(f"{file.name}: {problem}") from None
    for section, content in document.items():
        if section not in KNOWN:
            raise SettingsError(f"unknown section [{section}]")
        if not isinstance(content, list if section == "reminders" else dict):
            raise SettingsError(f"{section} has the wrong shape")
        if section == "reminders":
            continue
        for key in content:
            if key not in KNOWN[section]:
                raise SettingsError(f"unknown setting {section}.{key}")
    return document


def _span(name: str, text: str, least: str, most: str) -> timedelta:
    value = parse_duration(text)
    if not parse_duration(least) <= value <= parse_duration(most):
        raise SettingsError(f"{name} must lie between {least} and {most}, got {text}")
    return value


def _count(name: str, text: str, least: int, most: int) -> int:
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, got {text!r}")
    value = int(text)
    if value < least or value > most:
        raise SettingsError(f"{name} must lie between {least} and {most}, got {value}")
    return value


def _switch(name: str, text: str) -> bool:
    if text.lower() in ("yes", "true", "on", "1"):
        return True
    elif text.lower() in ("no", "false", "off", "0"):
        return False
    raise SettingsError(f"{name} must be yes or no, got {text!r}")


def _choice(name: str, text: str) -> str:
    match text.lower():
        case "csv":
            return "csv"
        case "json":
            return "json"
        case "both":
            return "both"
        case _:
            raise SettingsError(f"{name} must be csv, json or both, got {text!r}")


def _clock_time(name: str, text: str) -> time:
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise SettingsError(f"{name} must look like 09:30, got {text!r}")
    if int(hours) > 23 or int(minutes) > 59:
        raise SettingsError(f"{name} is not a time of the day: {text}")
    return time(int(hours), int(minutes))


def _schedule(steps: list[dict[str, Any]]) -> tuple[Step, ...]:
    if not steps:
        return DEFAULT_SCHEDULE
    read = []
    for step in steps:
        if set(step) != {"offset", "subject"}:
            raise SettingsError("every [[reminders]] entry needs an offset and a subject")
        read.append(Step(parse_offset_days(str(step["offset"])), str(step["subject"])))
    return build_schedule(read)


def _check_together(settings: Settings) -> None:
    if settings.clock_skew * 2 >= settings.lease:
        raise SettingsError("worker.lease must be more than twice worker.clock_skew")
    if settings.retry_cap < settings.retry_base:
        raise SettingsError("worker.retry_cap must not be below worker.retry_base")
