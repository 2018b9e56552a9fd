"""Writing a timeline down: one event a line, and the tree of files as it was then.

Runs in the target's Python, which does not hold bugbash, as well as in ours: standard library
only. A timeline is a folder:

- `events.jsonl`: one JSON object a line, appended in one write; a line that was cut is skipped.
- `objects/ab/cdef...`: contents by their SHA-256, compressed; a tree is one too (its paths, each
  with its content's hash and size), as is a list of test ids.
- `index.json`: what the last snapshot knew of each file, so that only changed ones are read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import time
import zlib
from collections.abc import Iterator
from typing import Any

EVENTS = "events.jsonl"
LARGEST = 1 << 20
"""Bytes of a file whose content is kept; of larger ones only the size is."""
MOST_FILES = 20_000
LEFT_OUT = frozenset(
    {".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox",
     ".hypothesis", "node_modules", ".idea", ".vscode", ".zed", ".DS_Store", ".bugbash",
     ".coverage"}
)  # fmt: skip
_RACY_NS = 50_000_000
"""A file changed this shortly before it was looked at may change again within the same tick."""


def append(folder: str, kind: str, /, **fact: Any) -> None:
    """Add an event to a timeline. Raises OSError where that can't be done."""
    event = {"kind": kind, **now(), **fact}
    line = json.dumps(event, sort_keys=True)
    data = f"\n{line}\t{checksum(line)}\n".encode("ascii")  # whatever stands before: a new line
    handle = os.open(os.path.join(folder, EVENTS), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(handle, data) < len(data):
            raise OSError("the disk is full")
    finally:
        os.close(handle)


def checksum(line: str) -> str:
    """What stands behind each event: a line that was written by hand has another."""
    return hashlib.sha256(f"bugbash {line}".encode()).hexdigest()[:12]


def now() -> dict[str, Any]:
    """The time by the calendar and by a clock that nobody sets, and which start it counts from."""
    return {"wall": round(time.time(), 3), "clock": round(_steady(), 3), "boot": _boot()}


def _steady() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):  # goes on while the machine sleeps
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _boot() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read(8)
    except OSError:
        return ""


def snapshot(folder: str, root: str) -> str:
    """Keep the files below `root` as they are; returns the id of the tree.

    Raises OSError where the timeline can't be written. What can't be read is left out.
    """
    known = _index(folder)
    tree: dict[str, list[Any]] = {}
    index: dict[str, list[Any]] = {}
    started = time.time_ns()
    for path, full, status in _files(root):
        mark = [status.st_mtime_ns, status.st_size, status.st_ino]
        before = known.get(path)
        if before and before[:3] == mark and before[0] < before[4] - _RACY_NS:
            name, index[path] = before[3], before
        else:
            name = _kept(folder, full, status)
            index[path] = [*mark, name, started]
        tree[path] = [name, status.st_size]
    if index != known:
        _write(os.path.join(folder, "index.json"), json.dumps(index).encode("ascii"))
    return keep(folder, json.dumps(tree, sort_keys=True).encode("ascii"))


def _index(folder: str) -> dict[str, list[Any]]:
    try:
        with open(os.path.join(folder, "index.json"), "rb") as file:
            found: dict[str, list[Any]] = json.loads(file.read())
            return found
    except (OSError, ValueError):
        return {}


def _files(root: str) -> Iterator[tuple[str, str, os.stat_result]]:
    """(path with forward slashes, full path, status) of every file, in the order of the names."""
    waiting, found = [""], 0
    while waiting and found < MOST_FILES:
        inside = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(os.path.join(root, inside)) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = f"{inside}/{entry.name}" if inside else entry.name
                if entry.name in LEFT_OUT or entry.name.endswith(".pyc"):
                    continue
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                        found += 1
                        yield path, entry.path, status


def _kept(folder: str, full: str, status: os.stat_result) -> str:
    """The name of a file's content, which is stored; "" for one that is too large or locked."""
    if stat.S_ISLNK(status.st_mode):
        return keep(folder, os.fsencode(os.readlink(full)))
    if status.st_size > LARGEST:
        return ""
    try:
        with open(full, "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        return ""
    return keep(folder, content) if len(content) <= LARGEST else ""


def keep(folder: str, content: bytes) -> str:
    """Store a content under its hash, which is returned."""
    name = hashlib.sha256(content).hexdigest()
    path = os.path.join(folder, "objects", name[:2], name[2:])
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _write(path, zlib.compress(content, 1))
    return name


def kept(folder: str, name: str) -> bytes:
    """A content that was stored. Raises OSError or zlib.error where it is gone or damaged."""
    with open(os.path.join(folder, "objects", name[:2], name[2:]), "rb") as file:
        return zlib.decompress(file.read())


def _write(path: str, content: bytes) -> None:
    beside = f"{path}.{os.getpid()}.{time.time_ns():x}.part"
    try:
        with open(beside, "xb") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
