"""Reading and writing trees: atomic writes, content hashes, byte edits."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CACHES = frozenset(
    {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".git", ".venv"}
)


@dataclass(frozen=True)
class Edit:
    """Replace bytes `start` to `end` of `file` (relative, forward slashes) by `replacement`."""

    file: str
    start: int
    end: int
    replacement: str

    def apply(self, data: bytes) -> bytes:
        return data[: self.start] + self.replacement.encode("utf-8") + data[self.end :]


def apply_edits(data: bytes, edits: tuple[Edit, ...]) -> bytes:
    """Apply edits of one file; their spans are in terms of `data` and must not overlap."""
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        data = edit.apply(data)
    return data


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits one of some patterns: `*` inside a folder, `**` across folders."""
    return any(re.fullmatch(_as_regex(pattern), name) for pattern in patterns)


def _as_regex(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meant.get(part) or re.escape(part) for part in parts)


def edited(tree: Path, edits: Iterable[Edit]) -> dict[str, bytes]:
    """The contents of the files of a tree that some edits change, by name."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    return {
        file: apply_edits((tree / file).read_bytes(), tuple(of_file))
        for file, of_file in sorted(by_file.items())
    }


def unusable_name(path: Path) -> str:
    """Why no virtual environment can lie at `path`, or nothing."""
    if os.pathsep in str(path):
        return f"has a {os.pathsep!r} in it, which separates the folders of a PATH"
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return "is not UTF-8"
    return ""


def is_under(name: str, places: Iterable[str]) -> bool:
    """Whether a path is one of some files and folders, or inside one; all with forward slashes."""
    return any(name == place or name.startswith(f"{place}/") for place in places)


def walk(root: Path, skip: frozenset[str] = CACHES) -> Iterator[PurePosixPath]:
    """Every file below `root`, relative, in name order; caches and links are left out."""
    stack = [(PurePosixPath(), True)]
    while stack:
        path, is_folder = stack.pop()
        if not is_folder:
            yield path
            continue
        with os.scandir(root / path) as listing:
            entries = sorted(listing, key=lambda e: e.name, reverse=True)
        for entry in entries:
            if entry.name in skip or entry.name.endswith(".pyc"):
                continue
            if entry.is_dir(follow_symlinks=False):
                stack.append((path / entry.name, True))
            elif entry.is_file(follow_symlinks=False):
                stack.append((path / entry.name, False))


def tree_digest(root: Path, skip: frozenset[str] = CACHES) -> str:
    """Hash of the names and contents of every file below `root` (16 hex digits)."""
    digest = hashlib.sha256()
    for name in sorted(path.as_posix() for path in walk(root, skip)):
        data = (root / name).read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
        digest.update(data)
    return digest.hexdigest()[:16]


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside `path` and rename: a reader sees the old file or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def copy_tree(source: Path, destination: Path, skip: frozenset[str] = CACHES) -> None:
    """Copy every file of `walk`; permissions kept, times not."""
    for name in walk(source, skip):
        target = destination / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
        shutil.copymode(source / name, target)


def remove_tree(path: Path) -> None:
    """Remove a folder or file of ours, read-only entries included; a missing one is fine."""

    def make_writable(function: object, name: str, _: object) -> None:
        entry = Path(name)
        entry.parent.chmod(0o700)
        if not entry.is_symlink():
            entry.chmod(0o700)
        if callable(function):
            function(name)

    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, onerror=make_writable)
