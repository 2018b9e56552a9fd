"""What the files of somebody's repository say of it, read without git.

The layout is that of gitrepository-layout(5) and git-worktree(1).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import UsageProblem

_ID = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(
    rb"refs/(?:heads|tags)/(?:(?!\.\.|@\{|//|/\.)[^\x00-\x20\x7f~^:?*\[\\])+(?<![/.])"
)
_MOST_BYTES = 1 << 28
_MOST_ALTERNATES = 100


@dataclass(frozen=True)
class Foreign:
    """Somebody's repository, as its files have it."""

    head: str
    objects: tuple[Path, ...]
    """Folders of objects: its own first, then those that it borrows from."""
    refs: dict[bytes, str]
    """Its branches and tags."""
    url: str
    """Of the remote "origin"; "" where there is none."""
    is_promised: bool
    """It was cloned in part once; it may lack files."""


def read(where: str) -> Foreign:
    """What the repository at a path is: a work tree, a linked one, or a bare repository.

    Raises UsageProblem where there is none, or none whose whole history can be read.
    """
    own = _git_folder(where)
    common = _common_folder(own)
    if common is None or not (common / "objects").is_dir():
        raise UsageProblem(
            f"{where} is no git repository: name the folder of a clone, or the URL of one."
        )
    config = _read(common / "config").decode("utf-8", "replace")
    objects = tuple(_object_folders(common / "objects"))
    _check_whole(where, common, config)
    refs = _refs(common)
    head = _head(own, common, refs)
    if head is None:
        raise UsageProblem(f"{where} has no commits yet: there is nothing to read.")
    wanted = {key: value for key, value in refs.items() if _REF.fullmatch(key)}
    is_promised = any(any((folder / "pack").glob("*.promisor")) for folder in objects)
    return Foreign(head, objects, wanted, _remote(config), is_promised)


def _git_folder(where: str) -> Path:
    folder = Path(os.path.realpath(Path(where).expanduser()))
    if not folder.is_dir():
        raise UsageProblem(
            f"{where} is neither a folder nor a URL: name a clone of the project, or its https URL."
        )
    inner = folder / ".git"
    if inner.is_file():
        link = _read(inner).strip()
        return Path(os.path.realpath(folder / os.fsdecode(link.removeprefix(b"gitdir:").strip())))
    return inner if inner.is_dir() else folder


def _common_folder(own: Path) -> Path | None:
    """The folder with objects and refs; a linked work tree's own has only its HEAD."""
    if not (own / "HEAD").is_file():
        return None
    shared = _read(own / "commondir").strip()
    return Path(os.path.realpath(own / os.fsdecode(shared))) if shared else own


def _object_folders(first: Path) -> Iterator[Path]:
    seen: set[Path] = set()
    waiting = [Path(os.path.realpath(first))]
    while waiting and len(seen) < _MOST_ALTERNATES:
        folder = waiting.pop(0)
        if folder in seen or not folder.is_dir():
            continue
        seen.add(folder)
        yield folder
        for line in _read(folder / "info" / "alternates").splitlines():
            if line and not line.startswith(b"#"):
                waiting.append(Path(os.path.realpath(folder / os.fsdecode(_unquoted(line)))))


def _unquoted(line: bytes) -> bytes:
    if not (line.startswith(b'"') and line.endswith(b'"') and len(line) > 1):
        return line
    inner = line[1:-1].replace(b"\\n", b"\n")
    return re.sub(rb"\\(.)", rb"\1", inner)


def _check_whole(where: str, common: Path, config: str) -> None:
    if _read(common / "shallow").strip():
        raise UsageProblem(
            f"{where} is a shallow clone, whose history is cut off: "
            "`git fetch --unshallow` there, then come again."
        )
    if re.search(r"(?im)^\s*(promisor\s*=\s*true|partialclone\s*=)", config):
        raise partial(where)
    if (common / "reftable").is_dir():
        raise UsageProblem(
            f"{where} keeps its branches in a reftable, which can't be read here: "
            "`git refs migrate --ref-format=files` there, or name a clone of it."
        )


def partial(where: str) -> UsageProblem:
    """The error for a clone that lacks files."""
    return UsageProblem(
        f"{where} is a partial clone, whose files are fetched as they are read: "
        "clone it without --filter, or name its URL."
    )


def _refs(common: Path) -> dict[bytes, str]:
    """Every branch and tag; one in a file of its own counts before a packed one."""
    found: dict[bytes, str] = {}
    for line in _read(common / "packed-refs").splitlines():
        value, _, name = line.partition(b" ")
        if _ID.fullmatch(value) and name.startswith(b"refs/"):
            found[name] = value.decode()
    for place in ("refs/heads", "refs/tags"):
        for folder, _, names in os.walk(common / place):
            for file in names:
                path = Path(folder, file)
                value = _read(path).strip()
                if _ID.fullmatch(value):
                    found[os.fsencode(path.relative_to(common).as_posix())] = value.decode()
    return found


def _head(own: Path, common: Path, refs: dict[bytes, str]) -> str | None:
    value = _read(own / "HEAD").strip()
    for _ in range(5):
        if _ID.fullmatch(value):
            return value.decode()
        name = value.removeprefix(b"ref:").strip()
        if name in refs:
            return refs[name]
        if name == value or b".." in name or not name.startswith(b"refs/"):
            return None
        value = _read(common / os.fsdecode(name)).strip()
    return None


def _remote(config: str) -> str:
    """The URL of the remote "origin", without a password; included files are not followed."""
    section = ""
    for line in config.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line
        match = re.fullmatch(r"url\s*=\s*\"?([^\s\"]+)\"?", line)
        if match and section == '[remote "origin"]':
            return re.sub(r"^(https?://)[^/@]*@", r"\1", match[1])
    return ""


def _read(path: Path) -> bytes:
    """A file's bytes; nothing where there is none, or something that is no plain file."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return b""
        return path.read_bytes()
    except OSError:
        return b""
