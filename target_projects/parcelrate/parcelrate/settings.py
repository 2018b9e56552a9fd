"""Settings: over the packaged `defaults.toml` a TOML file, over that the environment.

The file is the one given, else $PARCELRATE_CONFIG. `key` of `[section]` is PARCELRATE_SECTION_KEY;
an empty variable counts as not set. Relative paths start at the file's folder. A setting is checked
when it is asked for: a mistake in [reports] does not keep the desk from quoting.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from parcelrate.conversion import Policy
from parcelrate.discounts import FreeShipping
from parcelrate.errors import AmountError, SettingsError
from parcelrate.money import parse_currency, parse_decimal
from parcelrate.orders import parse_weight

PREFIX = "PARCELRATE"


@cache
def defaults() -> Mapping[str, Any]:
    file = Path(__file__).parent / "defaults.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


class Settings:
    def __init__(
        self, document: Mapping[str, Any], environ: Mapping[str, str], folder: Path
    ) -> None:
        self._document = document
        self._environ = environ
        self._folder = folder

    @property
    def currency(self) -> str:
        return str(self._parsed("general", "currency", parse_currency))

    @property
    def zone(self) -> timezone:
        """The desk's: it decides which day it is."""
        minutes = self._whole("general", "utc_offset_minutes", -720, 840)
        return timezone(timedelta(minutes=minutes))

    @property
    def policy(self) -> Policy:
        return Policy(self._choice("conversion", "policy", [policy.value for policy in Policy]))

    @property
    def max_hops(self) -> int:
        return self._whole("conversion", "max_hops", 1, 5)

    @property
    def hop_fee(self) -> Decimal:
        return self._decimal("conversion", "hop_fee_percent", 10)

    @property
    def delimiter(self) -> str:
        return self._choice("orders", "delimiter", (",", ";", "|"))

    @property
    def unknown_country(self) -> str:
        return self._choice("pricing", "unknown_country", ("refuse", "world"))

    @property
    def bulk(self) -> dict[int, Decimal]:
        """Per cent by the number of parcels from which on it is given."""
        tiers = self._table("pricing", "bulk")
        for least, percent in tiers.items():
            if not least.isdecimal() or percent > 100:
                raise SettingsError("pricing.bulk", f"{percent} % from {least} parcels on")
        return {int(least): percent for least, percent in tiers.items()}

    @property
    def free_shipping(self) -> FreeShipping:
        never = self._text("free_shipping", "threshold").lower() == "never"
        return FreeShipping(
            None if never else self._decimal("free_shipping", "threshold", 100_000),
            self._table("free_shipping", "countries"),
            self._parsed("free_shipping", "max_weight", parse_weight),
        )

    @property
    def database(self) -> Path:
        return self._path("quotes", "database")

    @property
    def coupons(self) -> Path:
        return self._path("quotes", "coupons")

    @property
    def valid_for(self) -> timedelta:
        return timedelta(hours=self._whole("quotes", "valid_hours", 1, 720))

    @property
    def page_size(self) -> int:
        return self._whole("quotes", "page_size", 1, 500)

    @property
    def history(self) -> Path:
        return self._path("history", "folder")

    @property
    def max_age(self) -> timedelta:
        return timedelta(hours=self._whole("history", "max_age_hours", 1, 336))

    @property
    def keep_days(self) -> int:
        return self._whole("history", "keep_days", 1, 4000)

    @property
    def reports(self) -> Path:
        return self._path("reports", "folder")

    def _raw(self, section: str, key: str) -> Any:
        variable = f"{PREFIX}_{section}_{key}".upper()
        if self._environ.get(variable):
            return self._environ[variable]
        return self._document.get(section, {}).get(key, defaults()[section][key])

    def _text(self, section: str, key: str) -> str:
        return str(self._raw(section, key)).strip()

    def _path(self, section: str, key: str) -> Path:
        return (self._folder / Path(self._text(section, key)).expanduser()).resolve()

    def _parsed(self, section: str, key: str, parser: Callable[[str], Any]) -> Any:
        try:
            return parser(self._text(section, key))
        except AmountError as problem:
            raise SettingsError(f"{section}.{key}", problem) from None

    def _choice(self, section: str, key: str, allowed: Sequence[str]) -> str:
        text = str(self._raw(section, key)).lower()
        if text not in allowed:
            raise SettingsError(f"{section}.{key}", f"{text!r} is none of {', '.join(allowed)}")
        return text

    def _whole(self, section: str, key: str, least: int, most: int) -> int:
        text = self._text(section, key)
        if not re.fullmatch(r"-?[0-9]+", text):
            raise SettingsError(f"{section}.{key}", f"not a whole number: {text!r}")
        if not least <= int(text) <= most:
            raise SettingsError(f"{section}.{key}", f"{text} is not within {least} to {most}")
        return int(text)

    def _decimal(self, section: str, key: str, most: int) -> Decimal:
        value: Decimal = self._parsed(section, key, parse_decimal)
        if value > most:
            raise SettingsError(f"{section}.{key}", f"{value} is more than {most}")
        return value

    def _table(self, section: str, key: str) -> dict[str, Decimal]:
        """The file's table over the default one; the environment can't hold any."""
        table = {**defaults()[section][key], **self._document.get(section, {}).get(key, {})}
        try:
            return {name.upper(): parse_decimal(str(value)) for name, value in table.items()}
        except AmountError as problem:
            raise SettingsError(f"{section}.{key}", problem) from None


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError for a file that is missing, no TOML, or has unknown settings."""
    if path is None and environ.get(f"{PREFIX}_CONFIG"):
        path = Path(environ[f"{PREFIX}_CONFIG"])
    if path is None:
        return Settings({}, environ, Path())
    path = path.expanduser()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(path.name, "no such settings file") from None
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(path.name, f"not TOML: {problem}") from None
    _check_names(document)
    return Settings(document, environ, path.parent)


def _check_names(document: Mapping[str, Any]) -> None:
    for section, content in document.items():
        if section not in defaults() or not isinstance(content, dict):
            raise SettingsError(section, "no such section")
        known = defaults()[section]
        for key, value in content.items():
            if key not in known or isinstance(value, dict) != isinstance(known[key], dict):
                raise SettingsError(f"{section}.{key}", "no such setting, or not of this kind")
