"""Cleaning of what clients send: types, lengths, spellings.

A cleaner takes a value and the name of its field and returns what is stored, or raises Invalid.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .errors import Invalid

Cleaner = Callable[[Any, str], Any]

LONGEST_EMAIL = 254
LONGEST_LOCAL_PART = 64

_EMAIL = re.compile(
    r"(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass
class Field:
    clean: Cleaner
    required: bool = False
    default: Any = None


def text(shortest: int, longest: int) -> Cleaner:
    """One line of text: composed characters, single blanks."""

    def clean(value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise Invalid(f"{name} must be a string", "wrong_type", name)
        value = " ".join(unicodedata.normalize("NFC", value).split())
        if _NOT_TEXT.search(value):
            raise Invalid(f"{name} has characters that are no text", "not_text", name)
        if len(value) < shortest:
            raise Invalid(f"{name} must not be empty", "too_short", name)
        if len(value) > longest:
            raise Invalid(f"{name} has at most {longest} characters", "too_long", name)
        return value

    return clean


def email(value: Any, name: str) -> str:
    """The address with its domain in small letters; the part before the @ is the owner's."""
    if not isinstance(value, str):
        raise Invalid(f"{name} must be a string", "wrong_type", name)
    match = _EMAIL.fullmatch(value.strip())
    if match is None:
        raise Invalid(f"Not an e-mail address: {value!r}", "email_invalid", name)
    local = match["local"]
    address = f"{local}@{match['domain'].lower()}"
    if len(local) > LONGEST_LOCAL_PART or len(address) > LONGEST_EMAIL:
        raise Invalid("The e-mail address is too long", "too_long", name)
    return address


def choice(kind: type[Enum]) -> Cleaner:
    def clean(value: Any, name: str) -> Enum:
        try:
            return kind(value.strip().lower())
        except (AttributeError, ValueError):
            known = ", ".join(sorted(member.value for member in kind))
            raise Invalid(f"{name} must be one of: {known}", "not_a_choice", name) from None

    return clean


def whole(value: Any, name: str) -> int:
    """A number of minor units; JSON's `true` and `10.0` are none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(f"{name} must be a whole number", "wrong_type", name)
    if value <= 0:
        raise Invalid(f"{name} must be above zero", "not_positive", name)
    return value


def clean_all(body: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """A value for every field: what is not sent, or null, has its default (POST, PUT)."""
    _no_others(body, fields)
    return {name: _clean(field, body.get(name), name) for name, field in fields.items()}


def clean_changes(body: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """Values of the fields that are sent (PATCH); null puts an optional one back to its default."""
    _no_others(body, fields)
    return {name: _clean(fields[name], value, name) for name, value in body.items()}


def _clean(field: Field, value: Any, name: str) -> Any:
    if value is not None:
        return field.clean(value, name)
    if field.required:
        raise Invalid(f"{name} is required", "missing", name)
    return field.default


def _no_others(body: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
    unknown = sorted(set(body) - set(fields))
    if unknown:
        raise Invalid(f"Unknown field: {unknown[0]}", "unknown_field", unknown[0])
