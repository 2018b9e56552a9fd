"""Reading the trees that a timeline kept: what a file held at some moment, what changed between."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bugbash.recording import journal


@dataclass(frozen=True)
class Snapshots:
    """The contents that lie in one timeline's folder."""

    folder: Path

    def tree(self, tree: str) -> dict[str, str]:
        """Path, then the name of its content ("" where it was not kept); empty where it is lost."""
        return dict(_tree(self.folder, tree))

    def content(self, name: str) -> bytes | None:
        """A content by its name, or None where it was not kept or is lost."""
        try:
            return journal.kept(str(self.folder), name) if name else None
        except (OSError, zlib.error):
            return None

    def read(self, tree: str, path: str) -> bytes | None:
        """What a file held in a tree; None where it was not there or not kept."""
        return self.content(_tree(self.folder, tree).get(path, ""))

    def changed(self, one: str, other: str) -> tuple[str, ...]:
        """The paths that differ between two trees, sorted."""
        if one == other:
            return ()
        before, after = _tree(self.folder, one), _tree(self.folder, other)
        names = before.keys() | after.keys()
        return tuple(sorted(name for name in names if before.get(name) != after.get(name)))


@lru_cache(maxsize=64)
def _tree(folder: Path, tree: str) -> dict[str, str]:
    try:
        found = json.loads(journal.kept(str(folder), tree)) if tree else {}
    except (OSError, zlib.error, ValueError):
        return {}
    return {path: name for path, (name, _) in found.items()}
