"""The real packages that ship with a pinned, tried spec: `shipped/NAME.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bugbash.targets.overrides import Note, Overrides, file_values
from bugbash.targets.spec import Target

_FOLDER = Path(__file__).parent / "shipped"


def names() -> list[str]:
    """The shipped specs, in name order."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def values(name: str) -> dict[str, Any]:
    """The spec values that ship for the package `name`; empty where none do."""
    return file_values(_FOLDER / f"{name}.toml") if name in names() else {}


def prepare(argument: str, overrides: Overrides, note: Note) -> Target:
    """The target of a shipped spec's name: its pinned release from the registry."""
    from bugbash.targets import pypi

    return pypi.prepare(f"pypi:{argument}=={values(argument)['version']}", overrides, note)
