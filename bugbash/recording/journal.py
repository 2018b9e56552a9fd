"""Writing a timeline down: one event a line, and the tree of files as it was then.

Runs in the target's Python, which does not hold bugbash, as well as in ours: standard library
only. A timeline is a folder:

- `events.jsonl`: one JSON object a line with its checksum behind it, appended in one write.
- `objects/ab/cdef...`: contents by their SHA-256, compressed; a folder of a tree is one too (its
  files, each with its content's hash and size, and its folders), as is a list of test ids.
- `index.json`: what the last snapshot knew of each file, so that only changed ones are read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import time
import zlib
from collections import deque
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

EVENTS = "events.jsonl"
LARGEST = 1 << 20
"""Bytes of a file whose content is kept; of larger ones only the size is."""
LARGEST_LOOK = 32 << 20
"""Bytes that one snapshot reads at most; the next one reads more."""
MOST_FILES = 20_000
"""Files of a tree; the deepest ones are left out of a larger one."""
LEFT_OUT = frozenset(
    {".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox",
     ".hypothesis", "node_modules", ".idea", ".vscode", ".zed", ".DS_Store", ".bugbash",
     ".bugbash-pack", ".coverage"}
)  # fmt: skip
_RACY_NS = 50_000_000
"""A file changed this shortly before it was looked at may change again within the same tick."""
_ENTRY = 6
_BINARY = getattr(os, "O_BINARY", 0)
_real = SimpleNamespace(
    open=os.open, write=os.write, close=os.close, mkdir=os.mkdir, stat=os.stat, getpid=os.getpid,
    replace=os.replace, unlink=os.unlink, join=os.path.join, file=open, dumps=json.dumps,
    time=time.time, time_ns=time.time_ns, monotonic=time.monotonic,
    gettime=getattr(time, "clock_gettime", None),
)  # fmt: skip
"""What tests may patch, as it was before they did."""


def append(folder: str, kind: str, **fact: Any) -> None:
    """Add an event to a timeline. Raises OSError where that can't be done."""
    event = {"kind": kind, **now(), **fact}
    line = _real.dumps(event, sort_keys=True)
    data = f"\n{line}\t{checksum(line)}\n".encode("ascii")  # whatever stands before: a new line
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY
    handle = _real.open(_real.join(folder, EVENTS), flags, 0o600)
    try:
        with _alone(handle):
            if _real.write(handle, data) < len(data):
                raise OSError("the disk is full")
    finally:
        _real.close(handle)


@contextlib.contextmanager
def _alone(handle: int) -> Iterator[None]:
    """Keep other writers out where appending is not one step: on Windows."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 40, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(handle, 1 << 40, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        yield


def checksum(line: str) -> str:
    """What stands behind each event: a line that was written by hand has another."""
    return hashlib.sha256(f"bugbash {line}".encode()).hexdigest()[:12]


def now() -> dict[str, Any]:
    """The time by the calendar and by a clock that nobody sets, and which start it counts from."""
    return {"wall": round(_real.time(), 3), "clock": round(_steady(), 3), "boot": _boot()}


def _steady() -> float:
    """A clock that goes on while the machine sleeps."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS, whose monotonic() stops
        if hasattr(time, name):
            seconds: float = _real.gettime(getattr(time, name))
            return seconds
    return float(_real.monotonic())


def _boot() -> str:
    try:
        with _real.file("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return str(file.read(8))
    except OSError:
        return ""


def snapshot(folder: str, root: str) -> str:
    """Keep the files below `root` as they are; returns the id of the tree.

    Raises OSError where the timeline can't be written. What can't be read is left out.
    """
    known = _index(folder)
    tree: dict[str, list[Any]] = {}
    index: dict[str, list[Any]] = {}
    started, left = _real.time_ns(), LARGEST_LOOK
    for path, full, status in _files(root):
        mark = [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino]
        before = known.get(path)
        name = ""
        if before and before[:4] == mark and max(before[:2]) < before[5] - _RACY_NS:
            name, index[path] = before[4], before
        elif status.st_size <= min(left, LARGEST):
            content = _content(full, status)
            if content is not None:
                left -= len(content)
                name = keep(folder, content)
                index[path] = [*mark, name, started]
        tree[path] = [name, status.st_size]
    if index != known:
        with contextlib.suppress(PermissionError):  # Windows: another run reads it just now
            _write(_real.join(folder, "index.json"), _real.dumps(index).encode("ascii"))
    return _keep_tree(folder, tree)


def _index(folder: str) -> dict[str, list[Any]]:
    try:
        with _real.file(_real.join(folder, "index.json"), "rb") as file:
            found: dict[str, list[Any]] = json.loads(file.read())
            whole = all(len(entry) == _ENTRY for entry in found.values())
            return found if whole else {}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _files(root: str) -> Iterator[tuple[str, str, os.stat_result]]:
    """(path with forward slashes, full path, status) of every file, the least deep first."""
    waiting, found = deque([""]), 0
    while waiting and found < MOST_FILES:
        inside = waiting.popleft()
        for entry in _entries(root, inside):
            path = f"{inside}/{entry.name}" if inside else entry.name
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                    found += 1
                    yield _utf8(path), entry.path, status
            if found >= MOST_FILES:
                return


def _entries(root: str, inside: str) -> list[os.DirEntry[str]]:
    """What lies in a folder of the tree, by name; nothing of a virtual environment."""
    try:
        with os.scandir(os.path.join(root, inside)) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return []
    if inside and any(entry.name == "pyvenv.cfg" for entry in entries):
        return []
    return [e for e in entries if e.name not in LEFT_OUT and not e.name.endswith(".pyc")]


def _utf8(path: str) -> str:
    """The same text for the same bytes, whatever the locale of the run."""
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def _content(full: str, status: os.stat_result) -> bytes | None:
    """What a file holds, or where a link leads; None for one that can't be read or grew."""
    try:
        if stat.S_ISLNK(status.st_mode):
            return os.fsencode(os.readlink(full))
        with _real.file(full, "rb") as file:
            content: bytes = file.read(LARGEST + 1)
    except OSError:
        return None
    return content if len(content) <= LARGEST else None


def _keep_tree(folder: str, files: dict[str, list[Any]]) -> str:
    """Store the folders of a tree, each by itself: one that did not change costs nothing."""
    listings: dict[str, dict[str, Any]] = {"": {}}
    for path, fact in files.items():
        inside, _, name = path.rpartition("/")
        if inside not in listings:
            above = inside
            while above:
                listings.setdefault(above, {})
                above = above.rpartition("/")[0]
        listings[inside][name] = fact
    for inside in sorted(filter(None, listings), key=lambda path: path.count("/"), reverse=True):
        above, _, name = inside.rpartition("/")
        listings[above][name] = [_keep_listing(folder, listings[inside])]
    return _keep_listing(folder, listings[""])


def _keep_listing(folder: str, listing: dict[str, Any]) -> str:
    return keep(folder, _real.dumps(listing, sort_keys=True).encode("ascii"))


def keep(folder: str, content: bytes) -> str:
    """Store a content under its hash, which is returned. Raises OSError where it can't be."""
    name = hashlib.sha256(content).hexdigest()
    place = _real.join(folder, "objects", name[:2])
    path = _real.join(place, name[2:])
    if not _is_there(path):
        for part in (_real.join(folder, "objects"), place):  # never `folder`: it may be gone
            with contextlib.suppress(FileExistsError):
                _real.mkdir(part)
        try:
            _write(path, zlib.compress(content, 1))
        except PermissionError:
            if not _is_there(path):  # Windows: another run has just written the same
                raise
    return name


def _is_there(path: str) -> bool:
    try:
        return bool(_real.stat(path).st_size)  # a power cut leaves files of nothing
    except OSError:
        return False


def kept(folder: str, name: str) -> bytes:
    """A content that was stored. Raises OSError or zlib.error where it is gone or damaged."""
    with open(os.path.join(folder, "objects", name[:2], name[2:]), "rb") as file:
        return zlib.decompress(file.read())


def _write(path: str, content: bytes) -> None:
    beside = f"{path}.{_real.getpid()}.{_real.time_ns():x}.part"
    try:
        with _real.file(beside, "xb") as file:
            file.write(content)
        _real.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            _real.unlink(beside)
        raise
