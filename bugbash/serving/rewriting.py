"""Changing values of `scenario.toml`; every other byte of it stays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from bugbash.errors import UsageProblem
from bugbash.serving.written import Written

_LONGEST = 90
Value = str | tuple[str, ...]


def rewritten(written: Written, bugs: Mapping[int, Mapping[str, Value]]) -> str:
    """The text of the file with other values for some keys of its bugs, by number.

    Raises UsageProblem where the file can't be changed without touching something else.
    """
    import tomlkit

    text = written.file.read_bytes().decode("utf-8")
    document = tomlkit.parse(text)
    if tomlkit.dumps(document) != text:
        raise UsageProblem(f"{written.file} can't be changed without touching other lines of it.")
    tables: Any = document["bug"]
    for number, values in bugs.items():
        for key, value in values.items():
            table = tables[number - 1]
            old = table[key].as_string() if key in table else ""
            raw = _array(value, old) if isinstance(value, tuple) else _string(value, old)
            table[key] = tomlkit.value(raw.replace("\n", "\r\n") if "\r\n" in text else raw)
    new = tomlkit.dumps(document)
    _check(written, new, bugs)
    return new


def _check(written: Written, text: str, bugs: Mapping[int, Mapping[str, Value]]) -> None:
    found = tomllib.loads(text)
    expected = tomllib.loads(written.file.read_text("utf-8"))
    for number, values in bugs.items():
        for key, value in values.items():
            expected["bug"][number - 1][key] = list(value) if isinstance(value, tuple) else value
    if found != expected:
        raise UsageProblem(f"{written.file} can't be changed safely: change it by hand.")


def _string(value: str, old: str) -> str:
    """A string of TOML, in the quotes of the one before where that can be."""
    long = "\n" in value
    plain = value.isprintable() if not long else value.replace("\n", "").isprintable()
    quote = "'''" if long else "'"
    if old.startswith("'") and plain and quote not in value and not value.endswith("'"):
        return f"'''\n{value}'''" if long else f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if long:
        loose = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        ends = f'{loose[:-1]}\\"' if loose.endswith('"') else loose
        return f'"""\n{_control(ends)}"""'
    return f'"{_control(escaped)}"'


def _control(text: str) -> str:
    return "".join(
        c if c == "\n" or c == "\t" or (ord(c) >= 32 and ord(c) != 127) else f"\\u{ord(c):04X}"
        for c in text
    )


def _array(values: tuple[str, ...], old: str) -> str:
    items = [_string(value, '"') for value in values]
    line = f"[{', '.join(items)}]"
    if "\n" not in old and len(line) <= _LONGEST:
        return line
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
