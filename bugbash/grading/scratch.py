"""Files that belong to nobody: what a learner wrote to try something out."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

from bugbash.files import is_under
from bugbash.grading.workspace_files import (
    NEVER_SCRATCH,
    Submission,
    is_protected,
)
from bugbash.syntax import parsed
from bugbash.targets.spec import Target
from bugbash.targets.suite_files import is_test_name

_ENDINGS = (".orig", ".rej", ".bak", ".swp", ".tmp", "~")


def scratch_of(workspace: Path, target: Target, submission: Submission) -> tuple[str, ...]:
    """The added files that are neither code, nor a test, nor left by an editor."""
    touched = {*submission.edited, *submission.added} - set(submission.protected)
    changed = [name for name in touched if not _is_scratch(name, target, set())]
    used = _imported(workspace, changed)
    return tuple(name for name in submission.added if _is_scratch(name, target, used))


def _is_scratch(name: str, target: Target, used: set[str]) -> bool:
    path = PurePosixPath(name)
    if any(part in NEVER_SCRATCH for part in path.parts):
        return False
    if name.endswith(_ENDINGS):
        return True
    if is_test_name(path.name) or is_protected(name, target):
        return False
    if path.suffix == ".py" and {path.stem, path.parts[0]} & used:
        return False
    return not is_under(name, target.spec.sources)


def _imported(workspace: Path, names: list[str]) -> set[str]:
    """Top-level modules that the changed code imports: none of them is a scratch file."""
    found: set[str] = set()
    for name in names:
        path = workspace / name
        tree = parsed(path.read_bytes()) if name.endswith(".py") and path.is_file() else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found
