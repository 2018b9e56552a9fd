"""Values of settings that are nearly right: the unit, a nought or one step is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bugbash.mutation.words import words

SETTING_WORDS = frozenset(
    {
        "age",
        "attempts",
        "backlog",
        "backoff",
        "batch",
        "bytes",
        "capacity",
        "chunk",
        "count",
        "days",
        "default",
        "delay",
        "depth",
        "expiry",
        "factor",
        "grace",
        "hours",
        "interval",
        "keep",
        "kb",
        "lease",
        "length",
        "lifetime",
        "limit",
        "max",
        "mb",
        "maximum",
        "milliseconds",
        "min",
        "minimum",
        "minutes",
        "ms",
        "percent",
        "period",
        "port",
        "rate",
        "retention",
        "retries",
        "seconds",
        "size",
        "skew",
        "threshold",
        "timeout",
        "tolerance",
        "ttl",
        "wait",
        "window",
        "workers",
    }
)
"""Words in the names of settings that hold a limit or an amount."""
HOLDERS = frozenset(
    {"settings", "config", "configuration", "options", "defaults", "limits", "policy"}
)
"""Words in the names of what holds settings."""
_TIME = frozenset(
    {
        "seconds",
        "timeout",
        "delay",
        "interval",
        "ttl",
        "wait",
        "age",
        "lease",
        "grace",
        "period",
        "window",
        "lifetime",
        "expiry",
        "backoff",
        "skew",
    }
)
_STEPS = frozenset({"attempts", "retries", "workers", "depth", "count"})
_AMOUNT = re.compile(r"([-+]?[0-9]+)(\s*)(ms|s|min|m|h|d|w|[KkMG]i?[Bb])")
_UNITS = {
    "ms": "s",
    "s": "m",
    "m": "s",
    "min": "s",
    "h": "m",
    "d": "h",
    "w": "d",
    "kB": "MB",
    "KB": "MB",
    "MB": "KB",
    "GB": "MB",
    "KiB": "KB",
    "MiB": "MB",
    "GiB": "GB",
}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_OFFSET = re.compile(r"([-+])([0-9]{2}:[0-9]{2})")
_LONG = 10_000
"""From here on, numbers are written with underscores where the file writes them so."""


def is_setting(name: str) -> bool:
    """Whether a name is that of a limit, an amount or a unit."""
    return bool(SETTING_WORDS & set(words(name)))


def is_holder(name: str) -> bool:
    """Whether a name is that of a module, class or object with settings."""
    return bool(HOLDERS & set(words(name)))


def other_numbers(name: str, text: str) -> Iterator[str]:
    """What may stand in the place of the decimal number `text` of the setting `name`."""
    plain = text.replace("_", "")
    if not plain.isdecimal() or int(plain) < 2:
        return
    number, about = int(plain), set(words(name))
    for other in _others(number, about):
        yield f"{other:_}" if "_" in text and other >= _LONG // 10 else str(other)


def _others(number: int, about: set[str]) -> Iterator[int]:
    if about & _STEPS and number <= 10:
        yield number - 1
    elif about & {"ms", "milliseconds"}:
        yield number // 1000 if number % 1000 == 0 else number * 1000
    elif about & {"minutes", "hours"}:
        yield number * 60
    elif about & _TIME and "days" not in about:
        yield number // 60 if number >= 60 and number % 60 == 0 else number * 1000
    elif "percent" in about and number < 100 and number != 50:
        yield 100 - number
    else:
        yield _near(number, about)


def _near(number: int, about: set[str]) -> int:
    """A nought less, half of a power of two, or one more or less."""
    if number % 10 == 0 and "port" not in about:
        return number // 10
    if number >= 16 and number & (number - 1) == 0:
        return number // 2
    return number - 1 if number > 2 else number + 1


def other_texts(text: str) -> Iterator[str]:
    """What may stand in the place of a setting's text: another unit, hour or sign."""
    amount = _AMOUNT.fullmatch(text)
    if amount:
        number, space, unit = amount.groups()
        if unit in _UNITS and int(number):
            yield f"{number}{space}{_UNITS[unit]}"
        if number.startswith("-"):
            yield f"{number[1:]}{space}{unit}"
    clock = _CLOCK.fullmatch(text)
    if clock:
        yield f"{(int(clock[1]) + 12) % 24:02}:{clock[2]}"
    offset = _OFFSET.fullmatch(text)
    if offset and offset[2] != "00:00":
        yield f"{'-' if offset[1] == '+' else '+'}{offset[2]}"
