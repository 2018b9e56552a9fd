"""The pytest configuration of a tree, found as pytest finds it."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from bugbash.targets.overrides import read_toml

_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_ALWAYS = frozenset(_FILES)
"""These count as configuration even when they are empty."""


@dataclass(frozen=True)
class PytestConfig:
    """What of it matters here. `file` is None where the tree has no configuration at all."""

    file: str | None = None
    testpaths: tuple[str, ...] = ()
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    addopts: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    """The names of all options that are set."""

    def is_test_file(self, path: PurePosixPath) -> bool:
        """Whether pytest collects the file at `path` when it walks the tree."""
        return path.suffix == ".py" and any(
            fnmatch(str(path) if "/" in pattern else path.name, pattern)
            for pattern in self.python_files
        )


def read(tree: Path) -> PytestConfig:
    """The configuration that pytest takes in `tree`; the defaults where there is none."""
    for name, table in _tables(tree):
        if table or name in _ALWAYS:
            defaults = PytestConfig()
            return PytestConfig(
                file=name,
                testpaths=_words(table.get("testpaths")),
                python_files=_words(table.get("python_files")) or defaults.python_files,
                addopts=_words(table.get("addopts"), shell=True),
                keys=frozenset(table),
            )
    return PytestConfig()


def read_ini(path: Path) -> configparser.RawConfigParser:
    """An INI file's sections; empty for one that is missing or that no parser accepts."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read(path, encoding="utf-8-sig")
    except (configparser.Error, UnicodeDecodeError):
        return configparser.RawConfigParser()
    return parser


def _tables(tree: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in _FILES:
        if (tree / name).is_file():
            yield name, _own_file(tree / name)
    tool = read_toml(tree / "pyproject.toml").get("tool", {}).get("pytest", {})
    native = {key: value for key, value in tool.items() if key != "ini_options"}
    yield "pyproject.toml", tool.get("ini_options") or native
    for name, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        yield name, _section(tree / name, section)


def _own_file(path: Path) -> dict[str, Any]:
    if path.suffix == ".toml":
        table: dict[str, Any] = read_toml(path).get("pytest", {})
        return table
    return _section(path, "pytest")


def _section(path: Path, name: str) -> dict[str, Any]:
    parser = read_ini(path)
    return dict(parser.items(name)) if parser.has_section(name) else {}


def _words(value: Any, shell: bool = False) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    if not isinstance(value, str):
        return ()
    try:
        return tuple(shlex.split(value, comments=True)) if shell else tuple(value.split())
    except ValueError:
        return tuple(value.split())
