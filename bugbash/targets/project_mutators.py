"""What a project says of mutators of its own: `[tool.bugbash] mutators` in its pyproject.toml."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from bugbash.errors import UsageProblem
from bugbash.targets.overrides import read_toml


def own_mutators(tree: Path) -> tuple[str, ...]:
    """The folders that the project at `tree` names, relative to it; they need not be there.

    Raises UsageProblem with the line where it is no list of folders.
    """
    file = tree / "pyproject.toml"
    tool = read_toml(file).get("tool", {})
    table = tool.get("bugbash", {}) if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        raise UsageProblem(f"{file}: [tool.bugbash] must be a table.")
    for key in difflib.get_close_matches("mutators", table.keys() - {"mutators"}, cutoff=0.8):
        raise _problem(file, key, f"unknown key {key!r}. Did you mean 'mutators'?")
    folders = table.get("mutators", [])
    if not isinstance(folders, list) or not all(isinstance(name, str) for name in folders):
        raise _problem(file, "mutators", 'mutators must be a list of folders: ["my-mutators"].')
    if any(not name.strip() for name in folders):
        raise _problem(file, "mutators", "mutators names a folder without a name.")
    return tuple(folders)


def _problem(file: Path, key: str, why: str) -> UsageProblem:
    lines = file.read_text("utf-8-sig").splitlines()
    pattern = re.compile(rf"[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=")
    line = next((f":{n}" for n, text in enumerate(lines, 1) if pattern.match(text)), "")
    return UsageProblem(f"{file}{line}: [tool.bugbash]: {why}")
