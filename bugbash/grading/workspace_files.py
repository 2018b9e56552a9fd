"""Which of a workspace's files are graded: the learner's code and data, never tests or settings
of pytest."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from bugbash.files import CACHES, matches, walk
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.targets.suite_files import belongs_to_tests
from bugbash.workspace.attempt import MARKER
from bugbash.workspace.make import REPORT

NEVER_SCRATCH = frozenset(
    {
        "uv.lock",
        ".DS_Store",
        ".vscode",
        ".idea",
        ".zed",
        ".python-version",
        ".coverage",
        "htmlcov",
        "coverage.xml",
        "junit.xml",
        "test-data.xml",
        "test-results.xml",
    }
)
"""What editors and tools leave of their own accord."""
_SKIPPED = CACHES | {"node_modules", ".tox", ".nox", "venv", ".env"}
_LOADED_BY_US = frozenset(
    {"sitecustomize", "usercustomize", "pytest_timeout", "pytest_cov", "xdist", "coverage"}
)
"""Modules that Python or the runner of the suite looks for, whether they are installed or not."""
NOTHING: Mapping[str, bytes | None] = MappingProxyType({})
_METADATA = (".dist-info", ".egg-info")
"""Folders in which an entry point would name a pytest plugin."""


@dataclass(frozen=True)
class Submission:
    """What the learner's folder holds, against the clean tree and the broken one."""

    changes: dict[str, Path | None] = field(default_factory=dict)
    """Files to lay over the clean tree: the learner's, or None for one that is gone."""
    edited: tuple[str, ...] = ()
    """Files that differ from what was served, tests and configuration included."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    """Edited, added or removed files that do not count: tests and pytest's configuration."""
    shadowing: tuple[str, ...] = ()
    """Added modules that would hide the standard library, pytest or a dependency; not run."""
    closed: tuple[str, ...] = ()
    """Changed files that the scenario does not let be changed; theirs do not count."""


def submission_of(
    workspace: Path,
    target: Target,
    broken: Mapping[str, bytes],
    environment: Environment,
    blind: Mapping[str, bytes | None] = NOTHING,
    editable: Collection[str] = (),
) -> Submission:
    """Compare the workspace with what was served. Links are not followed; reads only.

    `blind` are the test files of which something was withheld, as they were served: they are never
    run. `editable` are patterns of the files whose changes count; empty where all do.
    """
    served = {path.as_posix() for path in walk(target.tree)}
    present = {
        path.as_posix()
        for path in walk(workspace, _SKIPPED)
        if path.as_posix() in served or not NEVER_SCRATCH & set(path.parts)
    } - {MARKER, REPORT}
    hidden = shadowing(present - served, target, environment)
    changes: dict[str, Path | None] = {}
    edited, protected, closed = [], [], []
    for name in sorted(served | present):
        if _as_served(workspace, name, target, {**broken, **blind}):
            if name in broken:
                changes[name] = workspace / name
            continue
        edited.append(name)
        if name not in broken and is_protected(name, target):
            protected.append(name)
        elif editable and name not in broken and not matches(name, editable):
            closed.append(name)
        elif name not in hidden:
            changes[name] = workspace / name if name in present else None
    return Submission(
        changes=changes,
        edited=tuple(n for n in edited if n in served and n in present),
        added=tuple(sorted(present - served)),
        removed=tuple(n for n in edited if n not in present),
        protected=tuple(protected),
        shadowing=tuple(sorted(hidden)),
        closed=tuple(closed),
    )


def _as_served(
    workspace: Path, name: str, target: Target, changed: Mapping[str, bytes | None]
) -> bool:
    mine, clean = workspace / name, target.tree / name
    if name in changed and changed[name] is None:
        return not mine.exists()
    if not mine.is_file() or mine.is_symlink() or not clean.is_file():
        return False
    if name in changed:
        return mine.read_bytes() == changed[name]
    return mine.stat().st_size == clean.stat().st_size and mine.read_bytes() == clean.read_bytes()


def is_protected(name: str, target: Target) -> bool:
    """Whether a file is part of the tests or tells pytest what to do."""
    parts = PurePosixPath(name).parts
    return belongs_to_tests(name, target) or any(part.endswith(_METADATA) for part in parts)


def shadowing(added: Iterable[str], target: Target, environment: Environment) -> set[str]:
    """Added modules that an import would find in place of somebody else's."""
    taken = {name.lower() for name in sys.stdlib_module_names | _LOADED_BY_US}
    taken |= {_module(entry.name).lower() for entry in os.scandir(environment.site_packages)}
    own = {_module(PurePosixPath(source).name) for source in target.spec.sources}
    found = set()
    for name in added:
        top = _top_module(name, target.spec.source_roots)
        if top and top.lower() in taken and top not in own:
            found.add(name)
    return found


def _module(entry: str) -> str:
    return entry.split(".", 1)[0]


def _top_module(name: str, roots: tuple[str, ...]) -> str:
    """The first name that an import of this file would use, or nothing."""
    for root in sorted(roots, key=len, reverse=True):
        if root == "." or name.startswith(f"{root}/"):
            inside = name if root == "." else name[len(root) + 1 :]
            first = inside.split("/", 1)[0]
            return _module(first) if "/" in inside or first.endswith((".py", ".so", ".pyd")) else ""
    return ""
