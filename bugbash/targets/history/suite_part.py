"""The part of a very large suite that a fix is tested by."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from bugbash.files import is_under, walk
from bugbash.targets.detection import pytest_config

_LARGE = 400
"""Test files: the suites above take longer than anybody waits for a verdict (pandas has 1,000)."""
_LARGE_FOLDER = 120
"""Test files below one folder, likewise."""


def part_of(tree: Path, changed: tuple[str, ...]) -> tuple[str, ...]:
    """The folders of a fix's `changed` tests in a tree with a very large suite; empty: all of it.

    Where such a folder is large itself, the changed files alone. What is taken is the target's
    whole suite from then on: the other test files are not in its tree.
    """
    config = pytest_config.read(tree)
    files = [path for path in walk(tree) if config.is_test_file(path)]
    if len(files) <= _LARGE:
        return ()
    chosen: set[str] = set()
    for path in (PurePosixPath(name) for name in changed if (tree / name).is_file()):
        folder = str(path.parent)
        below = sum(is_under(str(file), (folder,)) for file in files)
        if 0 < below <= _LARGE_FOLDER:
            chosen.add(folder)
        elif config.is_test_file(path):
            chosen.add(str(path))
    return tuple(sorted(one for one in chosen if not is_under(one, tuple(chosen - {one}))))
