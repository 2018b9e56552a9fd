"""The folder of clean trees under BUGBASH_HOME: built aside, moved into place by content."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bugbash.files import remove_tree
from bugbash.resources import home


def place_of(name: str) -> Path:
    """Where the tree with this digest lies, or what is kept beside it."""
    return home() / "trees" / name


@contextmanager
def staging() -> Iterator[Path]:
    """A folder of the caller alone, beside the trees, to build one in; gone afterwards."""
    trees = home() / "trees"
    trees.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=trees, prefix=".staging-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        remove_tree(folder)


def move_into_place(folder: Path, tree: Path) -> Path:
    """Rename a finished staging folder to `tree`, unless the same content is there already."""
    if not tree.is_dir():
        try:
            folder.rename(tree)
        except OSError:
            if not tree.is_dir():
                raise
    return tree
