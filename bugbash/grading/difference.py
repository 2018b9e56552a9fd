"""The learner's change: which files, how many lines, and how near to the clean code it ends."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from bugbash import git
from bugbash.grading.scratch import scratch_of
from bugbash.grading.workspace_files import Submission
from bugbash.mutation.data_files import same_meaning
from bugbash.syntax import parsed
from bugbash.targets.spec import Target

_CODE = (".py", ".so", ".pyd")


@dataclass(frozen=True)
class Difference:
    """The learner's change to code and data, counted as `git diff --numstat` would.

    Scratch files are no part of it.
    """

    files: tuple[str, ...]
    added: int
    removed: int
    reference_added: int
    reference_removed: int
    same_tree: bool
    """Whether every file has the clean file's syntax tree; settings say the same, others are equal.

    Data files that came to it do not count: broken code may have written them.
    """
    patch: str
    """Unified diff of the change, code before data."""
    scratch: tuple[str, ...] = ()
    """Files that belong to nobody."""


def difference_of(
    workspace: Path, target: Target, broken: dict[str, bytes], submission: Submission
) -> Difference:
    """Compare the workspace with what was served, and with the clean tree."""
    scratch = scratch_of(workspace, target, submission)
    other = {*submission.protected, *submission.shadowing, *submission.closed, *scratch}
    touched = (*submission.edited, *submission.added, *submission.removed)
    files = tuple(sorted(name for name in touched if name not in other))
    before = {name: served(name, target, broken) for name in files}
    after = {name: _read(workspace / name) for name in files}
    code = [name for name in files if name.endswith(_CODE)]
    data = [name for name in files if name not in code]
    parts = (
        git.patch({n: before[n] for n in names}, {n: after[n] for n in names})
        for names in (code, data)
        if names
    )
    patch = "".join(parts)
    added, removed = _counted(patch)
    reference = _counted(git.patch(broken, {n: _read(target.tree / n) for n in broken}))
    return Difference(
        files=files,
        added=added,
        removed=removed,
        reference_added=reference[0],
        reference_removed=reference[1],
        same_tree=_same_as_clean(workspace, target, broken, files),
        patch=patch,
        scratch=scratch,
    )


def served(name: str, target: Target, broken: dict[str, bytes]) -> bytes | None:
    """A file as the workspace was served with it."""
    return broken.get(name, _read(target.tree / name))


def _read(path: Path) -> bytes | None:
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes()


def _counted(patch: str) -> tuple[int, int]:
    """Lines added and removed in a unified diff, as `git diff --numstat` counts them."""
    added = removed = 0
    in_hunk = False
    for line in patch.split("\n"):
        if line.startswith(("diff --git ", "@@")):
            in_hunk = line.startswith("@@")
        elif in_hunk:
            added += line.startswith("+")
            removed += line.startswith("-")
    return added, removed


def _same_as_clean(
    workspace: Path, target: Target, broken: dict[str, bytes], files: tuple[str, ...]
) -> bool:
    return all(
        _same(name, _read(workspace / name), _read(target.tree / name))
        for name in {*files, *broken}
        if name.endswith(_CODE) or (target.tree / name).is_file()
    )


def _same(name: str, mine: bytes | None, clean: bytes | None) -> bool:
    if mine == clean:
        return True
    if mine is None or clean is None:
        return False
    if not name.endswith(".py"):
        return same_meaning(name, mine, clean)
    mine_tree, clean_tree = parsed(mine), parsed(clean)
    if mine_tree is None or clean_tree is None:
        return False
    try:
        return ast.dump(mine_tree) == ast.dump(clean_tree)
    except RecursionError:
        return False
