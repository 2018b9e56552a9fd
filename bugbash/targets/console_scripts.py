"""What a target says of itself to an installer: its entry points, its commands among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_GROUPS = ("console_scripts", "gui_scripts")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_REFERENCE = re.compile(r"\s*([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?\s*")
_ENVIRONMENTS = re.compile(r"(python|pip|pytest|bugbash|activate|deactivate)[\d.]*", re.IGNORECASE)
"""Commands of the environment itself, which no target takes over."""


@dataclass(frozen=True)
class ConsoleScript:
    """A command, and the function that it calls."""

    name: str
    module: str
    function: str
    """With the class that it may be part of: "Program.main"."""


def entry_points_text(groups: Mapping[str, Any]) -> str:
    """The text of an `entry_points.txt`, from `[project.scripts]` and kin."""
    names = {"scripts": "console_scripts", "gui-scripts": "gui_scripts"}
    lines = []
    for group, entries in groups.items():
        lines.append(f"[{names.get(group, group)}]")
        if isinstance(entries, dict):
            lines += [f"{key} = {value}" for key, value in entries.items()]
        else:
            lines += [str(entry) for entry in entries]
    return "\n".join(lines) + "\n"


def console_scripts(entry_points: str) -> tuple[ConsoleScript, ...]:
    """The commands in the text of an `entry_points.txt`; what can't be one is left out.

    Method: the entry points specification of the PyPA,
    https://packaging.python.org/en/latest/specifications/entry-points/
    """
    import configparser

    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(entry_points)
    except configparser.Error:
        return ()
    found = []
    for group in (group for group in _GROUPS if parser.has_section(group)):
        for name, value in parser.items(group):
            reference = _REFERENCE.fullmatch(value)
            if reference and _NAME.fullmatch(name) and not _ENVIRONMENTS.fullmatch(name):
                found.append(ConsoleScript(name, reference[1], reference[2]))
    return tuple(found)
