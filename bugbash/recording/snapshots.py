"""Reading the trees that a timeline kept: what a file held at some moment, what changed between."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bugbash.recording import journal


@dataclass(frozen=True)
class Snapshots:
    """The contents that lie in one timeline's folder."""

    folder: Path

    def tree(self, tree: str) -> dict[str, str]:
        """Path, then the name of its content ("" where it was not kept); empty where it is lost."""
        return {path: name for path, (name, _) in (_tree(self.folder, tree) or {}).items()}

    def content(self, name: str) -> bytes | None:
        """A content by its name, or None where it was not kept or is lost."""
        try:
            return journal.kept(str(self.folder), name) if name else None
        except (OSError, zlib.error):
            return None

    def read(self, tree: str, path: str) -> bytes | None:
        """What a file held in a tree; None where it was not there or not kept."""
        name, _ = (_tree(self.folder, tree) or {}).get(path, ("", 0))
        return self.content(name)

    def changed(self, one: str, other: str) -> tuple[str, ...]:
        """The paths that differ between two trees, sorted; none where one of them is lost.

        Of files that were not kept, their size is compared.
        """
        before, after = _tree(self.folder, one), _tree(self.folder, other)
        if one == other or before is None or after is None:
            return ()
        names = before.keys() | after.keys()
        return tuple(sorted(path for path in names if _differ(before.get(path), after.get(path))))


File = tuple[str, int]
"""The name of a content, "" where it was not kept, and its size."""


def _differ(one: File | None, other: File | None) -> bool:
    if one is None or other is None:
        return one != other
    return one[0] != other[0] if one[0] and other[0] else one[1] != other[1]


def _tree(folder: Path, tree: str) -> dict[str, File] | None:
    """Every file of a tree by its path; None where the tree is lost."""
    try:
        return _files(folder, tree)
    except (OSError, zlib.error, ValueError):
        return None


@lru_cache(maxsize=64)
def _files(folder: Path, tree: str) -> dict[str, File]:
    found: dict[str, File] = {}
    waiting = [("", tree)]
    while waiting:
        inside, name = waiting.pop()
        files, folders = _listing(folder, name)
        found.update((f"{inside}{entry}", file) for entry, file in files)
        waiting += [(f"{inside}{entry}/", below) for entry, below in folders]
    return found


Listing = tuple[tuple[tuple[str, File], ...], tuple[tuple[str, str], ...]]
"""The files and the folders of one folder, each with its name."""


@lru_cache(maxsize=1024)
def _listing(folder: Path, name: str) -> Listing:
    found: dict[str, list[Any]] = json.loads(journal.kept(str(folder), name))
    files = tuple((entry, (str(f[0]), int(f[1]))) for entry, f in found.items() if len(f) > 1)
    return files, tuple((entry, str(f[0])) for entry, f in found.items() if len(f) == 1)
