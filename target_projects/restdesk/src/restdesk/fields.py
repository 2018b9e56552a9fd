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
LONGEST_METADATA_VALUE = 500

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.I)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.I)
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_METADATA_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
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
    local, at, domain = value.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Invalid(f"Not an e-mail address: {value!r}", "email_invalid", name)
    address = f"{local}@{domain.lower()}"
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


def metadata(value: Any, name: str) -> dict[str, str | None]:
    """Labels of the client. An empty string or null takes a label away (see merge_metadata)."""
    if not isinstance(value, Mapping):
        raise Invalid(f"{name} must be an object", "wrong_type", name)
    cleaned: dict[str, str | None] = {}
    for key, label in value.items():
        if not _METADATA_KEY.fullmatch(key):
            raise Invalid(f"Not a metadata key: {key!r}", "metadata_invalid", name)
        cleaned[key] = _label(label, f"{name}.{key}")
    return cleaned


def merge_metadata(
    old: Mapping[str, str], changes: Mapping[str, str | None], most: int
) -> dict[str, str]:
    merged = dict(old)
    for key, label in changes.items():
        if label:
            merged[key] = label
        else:
            merged.pop(key, None)
    if len(merged) > most:
        raise Invalid(f"At most {most} metadata keys", "metadata_invalid", "metadata")
    return merged


def clean_all(body: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """A value for every field: what is not sent, or null, has its default (POST, PUT)."""
    _no_others(body, fields)
    values = {}
    for name, field in fields.items():
        value = body.get(name)
        if value is not None:
            values[name] = field.clean(value, name)
        elif field.required:
            raise Invalid(f"{name} is required", "missing", name)
        else:
            values[name] = field.default
    return values


def clean_changes(body: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """Values of the fields that are sent (PATCH); null puts an optional one back to its default."""
    _no_others(body, fields)
    values = {}
    for name, value in body.items():
        field = fields[name]
        if value is None and field.required:
            raise Invalid(f"{name} cannot be removed", "missing", name)
        values[name] = field.default if value is None else field.clean(value, name)
    return values


def _no_others(body: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
    unknown = sorted(set(body) - set(fields))
    if unknown:
        raise Invalid(f"Unknown field: {unknown[0]}", "unknown_field", unknown[0])


def _label(value: Any, name: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return text(0, LONGEST_METADATA_VALUE)(value, name)
