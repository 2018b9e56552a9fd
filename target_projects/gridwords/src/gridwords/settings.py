"""Settings: over `defaults.toml` a TOML file, over that the environment.

Where the file is looked for: the path given, else $GRIDWORDS_CONFIG, else `gridwords.toml` in the
current folder. Relative folders start at the file's folder. `key` of `[section]` is
GRIDWORDS_SECTION_KEY in the environment; an empty variable counts as not set.

A section is read when it is asked for: a slip in [prizes] does not keep anyone from searching.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .boards import BoardRules
from .errors import GridwordsError, SettingsError
from .grids import SWITCHES
from .moments import parse_duration, parse_offset
from .puzzles import WAYS, PuzzleRules
from .reports import FORMATS
from .search import SearchRules
from .sessions import CURRENCIES, Prizes
from .wordlists import ListRules
from .words import ACCENTS, WordRules

T = TypeVar("T")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class SessionRules:
    zone: timezone
    week_start: int
    top: int


@cache
def defaults() -> Mapping[str, Mapping[str, Any]]:
    file = Path(__file__).parent / "defaults.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError when the file cannot be read or has names that nobody knows."""
    usual = Path("gridwords.toml")
    if path is None and environ.get("GRIDWORDS_CONFIG"):
        path = Path(environ["GRIDWORDS_CONFIG"]).expanduser()
    if path is None and not usual.is_file():
        return Settings({}, environ, Path.cwd())
    file = (path or usual).resolve()
    return Settings(_read(file), environ, file.parent)


@dataclass(frozen=True)
class Settings:
    """The sections; each raises SettingsError naming the setting whose value is no good."""

    document: Mapping[str, Any]
    environ: Mapping[str, str]
    base: Path

    def folder(self, section: str) -> Path:
        return (self.base / Path(self._text(section, "folder")).expanduser()).resolve()

    def words(self) -> WordRules:
        least = self._count("words", "min_length", 1, 15)
        most = self._count("words", "max_length", least, 50)
        return WordRules(least, most, self._choice("words", "accents", ACCENTS))

    def wrap(self) -> bool:
        """Whether grids wrap whose file does not say."""
        return SWITCHES[self._choice("grids", "wrap", SWITCHES)]

    def lists(self) -> ListRules:
        return ListRules(
            folder=self.folder("lists"),
            pattern=self._text("lists", "pattern"),
            encoding=self._text("lists", "encoding").lower(),
            comment=self._text("lists", "comment"),
            max_expansion=self._count("lists", "max_expansion", 1, 10_000),
        )

    def search(self) -> SearchRules:
        return SearchRules(
            neighbours=int(self._choice("search", "neighbours", ("4", "8"))),
            straight=SWITCHES[self._choice("search", "straight", SWITCHES)],
            max_matches=self._count("search", "max_matches", 1, 10_000),
        )

    def boards(self) -> BoardRules:
        return BoardRules(
            words=replace(self.words(), min_length=self._count("boards", "min_length", 1, 8)),
            search=SearchRules(int(self._choice("boards", "neighbours", ("4", "8")))),
            time_limit=self._span("boards", "time_limit", "10s", "1h"),
            grace=self._span("boards", "grace", "0s", "1m"),
        )

    def puzzles(self) -> PuzzleRules:
        return PuzzleRules(
            width=self._count("puzzles", "width", 3, 50),
            height=self._count("puzzles", "height", 3, 50),
            difficulty=self._choice("puzzles", "difficulty", WAYS),
            fullness=self._count("puzzles", "fullness", 10, 100),
            attempts=self._count("puzzles", "attempts", 1, 1000),
        )

    def sessions(self) -> SessionRules:
        return SessionRules(
            zone=self._parsed("sessions", "utc_offset", parse_offset),
            week_start=WEEKDAYS.index(self._choice("sessions", "week_start", WEEKDAYS)),
            top=self._count("sessions", "top", 1, 500),
        )

    def prizes(self) -> Prizes:
        shares = self._parsed("prizes", "shares", lambda text: tuple(map(_amount, _items(text))))
        if sum(shares) > 100:
            raise SettingsError("prizes.shares must not be more than 100 in all")
        currency = self._choice("prizes", "currency", [code.lower() for code in CURRENCIES])
        return Prizes(self._parsed("prizes", "pot", _amount), currency.upper(), shares)

    def report_formats(self) -> tuple[str, ...]:
        formats = tuple(dict.fromkeys(_items(self._text("reports", "formats").lower())))
        if not formats or not set(formats) <= set(FORMATS):
            raise SettingsError(f"reports.formats must be of {', '.join(FORMATS)}")
        return formats

    def _text(self, section: str, key: str) -> str:
        value = self.environ.get(f"GRIDWORDS_{section}_{key}".upper(), "").strip()
        if value:
            return value
        in_file = self.document.get(section, {}).get(key)
        if in_file is not None:
            return str(in_file).strip()
        return str(defaults()[section][key])

    def _count(self, section: str, key: str, least: int, most: int) -> int:
        text = self._text(section, key)
        if not text.isdecimal() or not least <= int(text) <= most:
            raise SettingsError(f"{section}.{key} must be {least} to {most}, got {text!r}")
        return int(text)

    def _span(self, section: str, key: str, least: str, most: str) -> timedelta:
        value = self._parsed(section, key, parse_duration)
        if value < parse_duration(least) or value > parse_duration(most):
            raise SettingsError(f"{section}.{key} must be {least} to {most}, got {value}")
        return value

    def _choice(self, section: str, key: str, allowed: Collection[str]) -> str:
        text = self._text(section, key).lower()
        if text not in allowed:
            raise SettingsError(f"{section}.{key} must be {', '.join(allowed)}, got {text!r}")
        return text

    def _parsed(self, section: str, key: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(self._text(section, key))
        except GridwordsError as problem:
            raise SettingsError(f"{section}.{key}: {problem}") from None


def _read(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"no settings file {file.name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{file.name}: {problem}") from None
    for section, content in document.items():
        if section not in defaults() or not isinstance(content, dict):
            raise SettingsError(f"unknown section [{section}]")
        for key in content:
            if key not in defaults()[section]:
                raise SettingsError(f"unknown setting {section}.{key}")
    return document


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _amount(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise SettingsError(f"not a number: {text!r}") from None
    if not value.is_finite() or value < 0:
        raise SettingsError(f"{text} cannot be paid")
    return value
