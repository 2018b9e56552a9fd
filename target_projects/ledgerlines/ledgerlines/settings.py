"""Settings: environment variables win over the TOML file, the file over the defaults.

A setting `key` in the table `[section]` is LEDGERLINES_SECTION_KEY in the environment.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ledgerlines.dates import parse_day
from ledgerlines.errors import AmountError, CurrencyError, DateError, SettingsError
from ledgerlines.fraud import Limits
from ledgerlines.kinds import TransactionType, parse_type
from ledgerlines.money import parse_amount, parse_currency

PREFIX = "LEDGERLINES"

_DURATION = re.compile(r"([0-9]+)\s*(s|m|min|h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SIZE = re.compile(r"([0-9]+)(?:\s*([kmg]i?)?b)?", re.IGNORECASE)
_FACTORS = {"": 1, "k": 10**3, "ki": 2**10, "m": 10**6, "mi": 2**20, "g": 10**9, "gi": 2**30}
_FLAGS = {"1": True, "true": True, "yes": True, "on": True}
_FLAGS |= {"0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Settings:
    """Money in minor units, sizes in bytes."""

    base_currency: str = "USD"
    report_folder: Path = Path("reports")
    rounding: str = "half_even"
    strict: bool = False
    earliest: date = date(2015, 1, 1)
    max_problems: int = 100
    max_description: int = 80
    max_file_size: int = 5_000_000
    keep_processed: timedelta = timedelta(days=90)
    limits: Limits = Limits(1_000_000)
    rates: Mapping[str, Decimal] = field(default_factory=lambda: {"USD": Decimal(1)})


class _Source:
    """Looks settings up by section and key, and names them when their values are no good."""

    def __init__(self, tables: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self._tables = tables
        self._environ = environ

    def text(self, section: str, key: str, default: object) -> str:
        variable = f"{PREFIX}_{section}_{key}".upper()
        if variable in self._environ:
            return self._environ[variable].strip()
        value = self._tables.get(section, {}).get(key, default)
        return str(value).strip()

    def number(self, section: str, key: str, default: int, low: int, high: int) -> int:
        text = self.text(section, key, default)
        try:
            value = int(text)
        except ValueError:
            raise SettingsError(f"{section}.{key}", f"not a whole number: {text!r}") from None
        if value < low or value > high:
            raise SettingsError(f"{section}.{key}", f"{value} is not within {low} to {high}")
        return value

    def flag(self, section: str, key: str, default: bool) -> bool:
        text = self.text(section, key, default).lower()
        if text not in _FLAGS:
            raise SettingsError(f"{section}.{key}", f"neither yes nor no: {text!r}")
        return _FLAGS[text]

    def table(self, section: str, key: str) -> dict[str, str]:
        """A table of the file; the environment can't hold one."""
        values = self._tables.get(section, {}).get(key, {})
        return {name: str(value) for name, value in values.items()}


def parse_duration(text: str) -> timedelta:
    """ "90d", "12 hours", "2w" ... A bare number has no unit and is refused."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a duration: {text!r}")
    return timedelta(**{_UNITS[found[2][0].lower()]: int(found[1])})


def parse_size(text: str) -> int:
    """Bytes: "512", "512 B", "5MB" (millions), "5 MiB" (powers of 1024)."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a size: {text!r}")
    return int(found[1]) * _FACTORS[(found[2] or "").lower()]


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings from a file, which must exist when given, and the environment."""
    tables: dict[str, Any] = {}
    if path is not None:
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(path.name, "no such settings file") from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(path.name, f"not TOML: {error}") from error
    source = _Source(tables, environ)
    try:
        return _build(source, path)
    except (AmountError, CurrencyError, DateError, InvalidOperation) as error:
        raise SettingsError(path.name if path else "environment", str(error)) from error


def _build(source: _Source, path: Path | None) -> Settings:
    currency = parse_currency(source.text("general", "base_currency", "USD"))
    try:
        size = parse_size(source.text("intake", "max_file_size", "5MB"))
        keep = parse_duration(source.text("intake", "keep_processed", "90d"))
    except ValueError as error:
        raise SettingsError("intake", str(error)) from error
    return Settings(
        base_currency=currency,
        report_folder=_folder(source.text("general", "report_folder", "reports"), path),
        rounding=source.text("general", "rounding", "half_even"),
        strict=source.flag("validation", "strict", False),
        earliest=parse_day(source.text("validation", "earliest", "2015-01-01")),
        max_problems=source.number("validation", "max_problems", 100, 1, 10_000),
        max_description=source.number("validation", "max_description", 80, 10, 500),
        max_file_size=size,
        keep_processed=keep,
        limits=_limits(source, currency),
        rates=_rates(source, currency),
    )


def _folder(text: str, settings_file: Path | None) -> Path:
    """A relative folder in a settings file counts from where the file lies."""
    folder = Path(text).expanduser()
    return folder if settings_file is None else settings_file.parent / folder


def _limits(source: _Source, currency: str) -> Limits:
    by_type: dict[TransactionType, int] = {}
    for name, amount in source.table("fraud", "thresholds").items():
        try:
            by_type[parse_type(name)] = parse_amount(amount, currency)
        except ValueError as error:
            raise SettingsError(f"fraud.thresholds.{name}", str(error)) from error
    return Limits(
        parse_amount(source.text("fraud", "threshold", "10000"), currency),
        by_type,
        watch_percent=source.number("fraud", "watch_percent", 80, 1, 100),
        block_factor=source.number("fraud", "block_factor", 3, 2, 100),
        max_count=source.number("fraud", "max_count", 500, 1, 1_000_000),
    )


def _rates(source: _Source, base: str) -> dict[str, Decimal]:
    rates = {base: Decimal(1)}
    for name, value in source.table("general", "rates").items():
        rates[parse_currency(name)] = Decimal(value)
    return rates
