"""Archives and repositories that come out the same everywhere: no clock, order, owner or zlib."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

from bugbash import git

_LARGEST_BLOCK = 0xFFFF
_DAWN = (1980, 1, 1, 0, 0, 0)
_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = false
\tbare = false
\tlogallrefupdates = true
\tautocrlf = false
"""
"""File modes get lost in archives; line ends are to stay as they are on every system."""


def stored(data: bytes) -> bytes:
    """What zlib reads as `data`, not compressed: another zlib would compress otherwise."""
    blocks = [data[at : at + _LARGEST_BLOCK] for at in range(0, len(data), _LARGEST_BLOCK)] or [b""]
    parts = [b"\x78\x01"]
    for number, block in enumerate(blocks, 1):
        size = len(block)
        parts += [struct.pack("<BHH", number == len(blocks), size, size ^ _LARGEST_BLOCK), block]
    return b"".join([*parts, struct.pack(">I", zlib.adler32(data))])


def write_zip(file: IO[bytes], members: Iterable[tuple[str, bytes, bool]]) -> None:
    """A zip of (name, content, whether it can be executed), in that order and not compressed."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content, executable in members:
            info = zipfile.ZipInfo(name, _DAWN)
            info.create_system = 3
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(info, content)


def members_of(folder: Path, inside: str) -> Iterator[tuple[str, bytes, bool]]:
    """Every file below a folder for `write_zip`, in name order, below `inside`."""
    for name in all_files(folder):
        path = folder / name
        yield f"{inside}/{name}", path.read_bytes(), bool(path.stat().st_mode & 0o100)


def all_files(folder: Path) -> list[str]:
    """The name of every file below a folder, whatever it is called, in order."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of all files below a folder."""
    found = hashlib.sha256()
    for name, content, executable in members_of(folder, "."):
        found.update(f"{name}\0{len(content)}\0{executable:d}\0".encode() + content)
    return found.hexdigest()


def wheel(name: str, version: str, files: Mapping[str, str], entry_points: str = "") -> bytes:
    """A wheel of some files that go straight into site-packages."""
    info = f"{name}-{version}.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: bugbash\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
        **({f"{info}/entry_points.txt": entry_points} if entry_points else {}),
    }
    record = "".join(f"{name},{_recorded(text)}\n" for name, text in content.items())
    content[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    buffer = BytesIO()
    write_zip(buffer, ((name, text.encode(), False) for name, text in content.items()))
    return buffer.getvalue()


def _recorded(text: str) -> str:
    data = text.encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(data)}"


def settle_repository(folder: Path, name: str, email: str) -> None:
    """Take out of a fresh `.git` what differs from one making to the next.

    The index is written anew without the times and numbers of files (the first `git status` fills
    them in), the configuration does not depend on the file system, objects are not compressed,
    and what only tells of the making is gone. Commits will be by `name`.
    """
    repository = folder / ".git"
    (repository / "index").unlink()
    git.run(["read-tree", "HEAD"], folder)
    (repository / "COMMIT_EDITMSG").unlink(missing_ok=True)
    (repository / "config").write_bytes(_CONFIG.encode())
    git.run(["config", "user.name", name], folder)
    git.run(["config", "user.email", email], folder)
    for place in (repository / "objects").glob("??/*"):
        rewrite_stored(place)


def rewrite_stored(file: Path) -> None:
    """Replace what a file holds compressed by the same, not compressed."""
    content = zlib.decompress(file.read_bytes())
    file.chmod(0o644)
    file.write_bytes(stored(content))


def same_time(folder: Path, when: int) -> None:
    """One time for everything below a folder, and permissions that no umask has a say in."""
    for path in sorted(folder.rglob("*"), reverse=True):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
        os.utime(path, (when, when))
