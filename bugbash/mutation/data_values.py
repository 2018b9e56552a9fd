"""The single values of a settings or data file: where they stand, under which key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "switch", "text", "other"]
_TEXT = r'"(?:\\.|[^"\\\n])*"'
_JSON = re.compile(rf"{_TEXT}|-?\d[\d.eE+-]*|true|false|null|[\[\]{{}},:]")
_HEADER = re.compile(r"[ \t]*\[+[ \t]*([^\]\n]*?)[ \t]*\]+[ \t]*(?:[#;].*)?$")
_TOML_ITEM = re.compile(
    rf"[ \t]*(?P<key>[A-Za-z0-9_.-]+|{_TEXT})[ \t]*=[ \t]*"
    rf"(?P<value>{_TEXT}|'[^'\n]*'|[^\s#\[\]{{}}\"',]+|\[[^\[\]{{}}\n]*\])[ \t]*(?:\#.*)?$"
)
_INI_ITEM = re.compile(
    r"(?P<key>[^\s=:#;\[][^=:\n]*?)[ \t]*[=:][ \t]*(?P<value>[^\s#;][^\n#;]*?)[ \t]*$"
)
_JSON_ARRAY = re.compile(rf'"([^"\n]+)":[ ]*(\[[ ]*{_TEXT}(?:, *{_TEXT})+[ ]*\])')
_ELEMENT = re.compile(rf"{_TEXT}|'[^'\n]*'|[^\s,\[\]\"']+")


@dataclass(frozen=True)
class Value:
    """One value of a file."""

    key: str
    section: str
    """The table, section or path of keys that it stands in."""
    start: int
    end: int
    text: str
    """As it is written, quotes included."""

    @property
    def bare(self) -> str:
        """Without its quotes."""
        return self.text[1:-1] if self.text[:1] in ("'", '"') else self.text

    @property
    def kind(self) -> Kind:
        if self.text[:1] in ("'", '"'):
            return "text"
        if re.fullmatch(r"-?\d[\d_]*(\.\d+)?", self.text):
            return "number"
        lower = self.text.lower()
        return "switch" if lower in ("true", "false", "yes", "no", "on", "off") else "other"


@dataclass(frozen=True)
class Listing:
    """The elements of an array that stands on one line."""

    key: str
    elements: tuple[tuple[int, int], ...]


def values_of(file: str, text: str) -> list[Value]:
    """The values of a TOML, JSON, INI or CFG file, in the order of the file."""
    if file.endswith(".json"):
        return list(_json_values(text))
    return [v for v in _line_values(file, text) if not v.text.startswith("[")]


def listings_of(file: str, text: str) -> Iterator[Listing]:
    """The arrays that stand on one line and hold plain values; in INI files, words with commas."""
    if file.endswith(".json"):
        arrays = [(m[1], m.start(2), m[2]) for m in _JSON_ARRAY.finditer(text)]
    else:
        arrays = [(v.key, v.start, v.text) for v in _line_values(file, text) if _is_array(file, v)]
    for key, start, inside in arrays:
        spans = [(start + m.start(), start + m.end()) for m in _ELEMENT.finditer(inside)]
        yield Listing(key, tuple(spans))


def _is_array(file: str, value: Value) -> bool:
    if file.endswith(".toml"):
        return value.text.startswith("[")
    words = value.text.split(",")
    return len(words) > 1 and all(re.fullmatch(r" ?[\w.+:/-]+", word) for word in words)


def _line_values(file: str, text: str) -> Iterator[Value]:
    """Values that stand on a line with their key, outside of texts of several lines."""
    item = _TOML_ITEM if file.endswith(".toml") else _INI_ITEM
    section, at, inside = "", 0, ""
    for line in text.splitlines(keepends=True):
        content = line.rstrip("\r\n")
        begun, inside = inside, _open_text(content, inside) if item is _TOML_ITEM else ""
        header = _HEADER.match(content)
        if begun or inside:
            pass
        elif header and "=" not in content:
            section = header[1]
        elif found := item.match(content):
            start, end = found.span("value")
            key = found["key"].strip("\"'")
            yield Value(key, section, at + start, at + end, found["value"])
        at += len(line)


def _open_text(line: str, inside: str) -> str:
    """The quotes of a text of several lines that is open at the end of a line; else nothing."""
    for quotes in re.findall(r'"""|' + "'''", line):
        if not inside:
            inside = quotes
        elif inside == quotes:
            inside = ""
    return inside


def _json_values(text: str) -> Iterator[Value]:
    """Values of objects; those of arrays have no key and are data rather than settings."""
    path: list[str] = []
    key, is_key = "", True
    tokens = list(_JSON.finditer(text))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        word = token.group()
        if word in "{[":
            path.append(key if word == "{" else "[]")
            key = ""
        elif word in "}]":
            path = path[:-1]
        elif following is not None and following.group() == ":":
            key, is_key = word[1:-1], True
        elif word == ":":
            is_key = False
        elif word != "," and not is_key and path and path[-1] != "[]":
            yield Value(key, "/".join(path), token.start(), token.end(), word)
            is_key = True
