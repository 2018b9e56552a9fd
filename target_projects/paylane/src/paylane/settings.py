"""Settings: over the defaults of `defaults.toml` a TOML file, over that the environment.

Where the file is looked for: the path given, else $PAYLANE_CONFIG, else `paylane.toml` in the
current folder. Relative paths start at the file's folder. `key` of `[section]` is
PAYLANE_SECTION_KEY in the environment; an empty variable counts as not set. Tables (fees.fixed,
fees.brands, merchants) come from files alone.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .currencies import find_currency
from .errors import CurrencyError, MomentError, MoneyError, SettingsError
from .fees import FeePlan
from .moments import parse_duration, parse_offset, parse_time

T = TypeVar("T")

PREFIX = "PAYLANE"
MERCHANT_FIELDS = frozenset({"currency"})
TABLES = {("fees", "fixed"), ("fees", "brands")}

_MERCHANT = re.compile(r"[a-z][a-z0-9_-]{2,31}")


@dataclass(frozen=True)
class Merchant:
    """`currency` is the one of the payout; customers may be charged in others."""

    id: str
    currency: str


@dataclass(frozen=True)
class Settings:
    database: Path
    key_life: timedelta
    key_lock: timedelta
    max_key_length: int
    descriptor_length: int
    refund_window: timedelta
    max_refunds: int
    fees: FeePlan
    rates: Path
    exchange_percent: Decimal
    rate_max_age: timedelta
    max_hops: int
    journal: Path
    reports: Path
    desk: timezone
    cutoff: time
    report_format: str
    merchants: Mapping[str, Merchant]


@cache
def defaults() -> Mapping[str, Any]:
    file = Path(__file__).parent / "defaults.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the defaults, a file and the environment.

    Raises SettingsError naming the setting when a name is unknown or a value does not fit.
    """
    file = _find(path, environ)
    document = _read(file) if file is not None else {}
    source = _Source(document, environ, file.parent if file is not None else Path())
    return _build(source, document)


def _build(source: _Source, document: Mapping[str, Any]) -> Settings:
    payout = source.parsed("settlement", "currency", find_currency).code
    return Settings(
        database=source.path("storage", "database"),
        key_life=source.span("idempotency", "keep", "1h", "30d"),
        key_lock=source.span("idempotency", "lock", "5s", "15m"),
        max_key_length=source.count("idempotency", "max_key_length", 16, 255),
        descriptor_length=source.count("charges", "descriptor_length", 5, 22),
        refund_window=source.span("refunds", "window", "1d", "365d"),
        max_refunds=source.count("refunds", "max_per_payment", 1, 100),
        fees=source.fee_plan(),
        rates=source.path("exchange", "rates"),
        exchange_percent=source.percent("exchange", "fee_percent", 10),
        rate_max_age=source.span("exchange", "max_age", "1h", "7d"),
        max_hops=source.count("exchange", "max_hops", 1, 5),
        journal=source.path("network", "journal"),
        reports=source.path("settlement", "folder"),
        desk=source.parsed("settlement", "utc_offset", parse_offset),
        cutoff=source.parsed("settlement", "cutoff", parse_time),
        report_format=source.choice("settlement", "format", ("csv", "json")),
        merchants=read_merchants(document.get("merchants", {}), payout),
    )


class _Source:
    """Finds the text of a setting, and names the setting when its value is no good."""

    def __init__(
        self, document: Mapping[str, Any], environ: Mapping[str, str], folder: Path
    ) -> None:
        self.document = document
        self.environ = environ
        self.folder = folder

    def raw(self, section: str, key: str) -> Any:
        variable = f"{PREFIX}_{section}_{key}".upper()
        if self.environ.get(variable):
            return self.environ[variable]
        return self.document.get(section, {}).get(key, defaults()[section][key])

    def text(self, section: str, key: str) -> str:
        return str(self.raw(section, key)).strip()

    def path(self, section: str, key: str) -> Path:
        """An absolute path, so that a later change of the current folder does not matter."""
        return (self.folder / Path(self.text(section, key)).expanduser()).resolve()

    def count(self, section: str, key: str, least: int, most: int) -> int:
        text = self.text(section, key)
        try:
            value = int(text)
        except ValueError:
            raise SettingsError(f"{section}.{key} must be a whole number, got {text!r}") from None
        if not least <= value <= most:
            raise SettingsError(f"{section}.{key} must lie between {least} and {most}, got {value}")
        return value

    def span(self, section: str, key: str, least: str, most: str) -> timedelta:
        value = self.parsed(section, key, parse_duration)
        if value < parse_duration(least) or value > parse_duration(most):
            text = self.text(section, key)
            raise SettingsError(f"{section}.{key} must lie between {least} and {most}, got {text}")
        return value

    def percent(self, section: str, key: str, most: int) -> Decimal:
        return _percent(f"{section}.{key}", self.text(section, key), most)

    def parsed(self, section: str, key: str, parser: Callable[[str], T]) -> T:
        try:
            return parser(self.text(section, key))
        except (MomentError, MoneyError) as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from problem

    def choice(self, section: str, key: str, allowed: tuple[str, ...]) -> str:
        text = self.text(section, key).lower()
        if text not in allowed:
            raise SettingsError(f"{section}.{key} must be one of {', '.join(allowed)}: {text!r}")
        return text

    def fee_plan(self) -> FeePlan:
        fees = self.document.get("fees", {})
        fixed = {}
        for code, minor in {**defaults()["fees"]["fixed"], **fees.get("fixed", {})}.items():
            if not isinstance(minor, int) or isinstance(minor, bool) or minor < 0:
                raise SettingsError(f"fees.fixed.{code} must be minor units, got {minor!r}")
            try:
                fixed[find_currency(code).code] = minor
            except CurrencyError as problem:
                raise SettingsError(f"fees.fixed: {problem}") from None
        brands = {
            brand.lower(): _percent(f"fees.brands.{brand}", str(value), 20)
            for brand, value in {**defaults()["fees"]["brands"], **fees.get("brands", {})}.items()
        }
        kept = self.choice("refunds", "fee", ("proportional", "keep")) == "keep"
        percent = self.percent("fees", "percent", 20)
        return FeePlan(percent, fixed, brands, "keep" if kept else "proportional")


def _percent(name: str, text: str, most: int) -> Decimal:
    try:
        value = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise SettingsError(f"{name} must be a percentage, got {text!r}") from None
    if not value.is_finite() or value < 0 or value > most:
        raise SettingsError(f"{name} must lie between 0 and {most} per cent, got {text}")
    return value


def clean_id(text: str) -> str | None:
    """The id as we store it, or None when it cannot be one."""
    cleaned = text.strip().lower()
    return cleaned if _MERCHANT.fullmatch(cleaned) else None


def read_merchants(table: Mapping[str, Any], payout_currency: str) -> dict[str, Merchant]:
    """Merchants in the order of their ids; those that name no currency get the one given."""
    found = {}
    for name in sorted(table):
        entry = table[name]
        merchant_id = clean_id(name)
        if merchant_id is None or not isinstance(entry, dict):
            raise SettingsError(f"merchants.{name} is no merchant")
        unknown = sorted(entry.keys() - MERCHANT_FIELDS)
        if unknown:
            raise SettingsError(f"merchants.{name}: unknown {', '.join(unknown)}")
        try:
            currency = find_currency(str(entry.get("currency", payout_currency)))
        except CurrencyError as problem:
            raise SettingsError(f"merchants.{name}: {problem}") from None
        found[merchant_id] = Merchant(merchant_id, currency.code)
    return found


def _find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path.expanduser()
    if environ.get("PAYLANE_CONFIG"):
        return Path(environ["PAYLANE_CONFIG"]).expanduser()
    usual = Path("paylane.toml")
    return usual if usual.is_file() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"no settings file {file.name}") from None
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(f"{file.name}: {problem}") from None
    for section, content in document.items():
        if section not in defaults():
            raise SettingsError(f"unknown section [{section}]")
        if not isinstance(content, dict):
            raise SettingsError(f"{section} must be a section")
        if section == "merchants":
            continue
        for key, value in content.items():
            if key not in defaults()[section]:
                raise SettingsError(f"unknown setting {section}.{key}")
            if isinstance(value, dict) != ((section, key) in TABLES):
                raise SettingsError(f"{section}.{key} has the wrong shape")
    return document
