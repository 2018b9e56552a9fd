"""What must be known to run a target: its spec, and the prepared clean tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bugbash.errors import UsageProblem, nearest

Sort = Literal["vendored", "path", "pypi", "git"]


@dataclass(frozen=True)
class TargetSpec:
    """How to run one codebase. Paths are relative to its root, with forward slashes."""

    name: str
    version: str = "0"
    source_roots: tuple[str, ...] = (".",)
    """Folders that go on `sys.path`: "." or "src"."""
    sources: tuple[str, ...] = ()
    """Files and folders that may be mutated, and that the learner is expected to edit."""
    tests: tuple[str, ...] = ()
    """Test files and folders that the suite consists of."""
    dependencies: tuple[str, ...] = ("pytest",)
    """PEP 508 requirements, those of the tests included; never the target itself."""
    pytest_args: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    deselect: tuple[str, ...] = ()
    """Test ids known to be unusable, before any baseline says so."""
    test_limit_s: float = 20.0
    suite_limit_s: float = 900.0
    requires_python: str | None = None
    python: str | None = None
    """The minor version of the Python that it runs on ("3.9"); None: the one of bugbash."""
    released: str | None = None
    """Date-time (RFC 3339) as of which dependencies are resolved; None: as of today."""
    entry_points: str = ""
    """Text of the target's `entry_points.txt`, for its metadata in the environment."""
    generated: bool = True
    """Whether compiled and generated files are taken from the target's wheel."""
    journeys: str | None = None
    """Folder of journeys, which say what a user sees of a bug; no workspace holds it."""


@dataclass(frozen=True)
class Target:
    """A clean codebase, prepared: `tree` is ours, read-only by convention, named by its digest."""

    spec: TargetSpec
    argument: str
    """What a user types to get it again: "billcycle", "pypi:click==8.3.1"."""
    sort: Sort
    tree: Path
    digest: str
    """Hash of the tree's paths and contents."""
    overlay: tuple[str, ...] = ()
    """Files of the tree that come from the wheel (compiled, generated): kept out of git."""


_TUPLES = {"source_roots", "sources", "tests", "dependencies", "pytest_args", "deselect"}
_OLDEST = 7
"""Minor version of the oldest Python 3 that a target may run on."""
_NUMBERS = {"test_limit_s", "suite_limit_s"}


def spec_values(table: dict[str, Any], where: str) -> dict[str, Any]:
    """Check a TOML table of spec keys and return constructor values for `TargetSpec`.

    Raises UsageProblem with `where` (the file's name), the key and the nearest known key.
    """
    known = {field.name for field in fields(TargetSpec)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise UsageProblem(f"{where}: unknown key {key!r}. {nearest(key, known)}")
        values[key] = _checked(key, value, where)
    return values


def _checked(key: str, value: Any, where: str) -> Any:
    """The constructor's value for `key`: tuples for lists, pairs for tables, text for dates."""
    if key in _TUPLES:
        return tuple(
            _required(value, _is_strings(value), f"{where}: {key} must be a list of strings.")
        )
    if key == "environment":
        told = f"{where}: environment must be a table of strings."
        table = _required(value, isinstance(value, dict) and _is_strings([*value.values()]), told)
        return tuple(sorted(table.items()))
    if key in _NUMBERS:
        number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
        return float(
            _required(value, number, f"{where}: {key} must be a number of seconds above zero.")
        )
    if key == "generated":
        return _required(
            value, isinstance(value, bool), f"{where}: generated must be true or false."
        )
    if key == "released" and isinstance(value, date):
        return value.isoformat()
    if key == "python":
        told = f'{where}: python must be a minor version from 3.7 on, such as "3.9".'
        return _required(value, isinstance(value, str) and _is_minor_version(value), told)
    return _required(value, isinstance(value, str), f"{where}: {key} must be a string.")


def _is_minor_version(text: str) -> bool:
    match = re.fullmatch(r"3\.(\d{1,3})", text)
    return match is not None and int(match[1]) >= _OLDEST


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _required(value: Any, condition: bool, otherwise: str) -> Any:
    if not condition:
        raise UsageProblem(otherwise)
    return value


def spec_from_json(table: dict[str, Any]) -> TargetSpec:
    """A spec from what `dataclasses.asdict` and JSON made of it: lists are tuples again."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list | tuple) else value
        for key, value in table.items()
    }
    values["environment"] = tuple((key, value) for key, value in values["environment"])
    return TargetSpec(**values)
