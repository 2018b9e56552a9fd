"""A timeline that was handed in: a stranger's file, of which only what is sound is taken over."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from bugbash.errors import UsageProblem
from bugbash.pages.report_events import SoundEvents
from bugbash.pages.report_handed import Handed, handed_of
from bugbash.recording import journal

MOST_MEMBERS = 60_000
LARGEST_EVENTS = 8 << 20
LARGEST_OBJECT = 4 << 20
"""Bytes of one content when it is unpacked: the recorder keeps files of 1 MiB, and lists."""
LARGEST_IN_ALL = 256 << 20
_OBJECT = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{62})\Z")


@dataclass
class _Source:
    """The regular files below one folder or in one archive: name, then how to open it."""

    files: dict[PurePosixPath, Callable[[], IO[bytes]]] = field(default_factory=dict)

    def add(self, name: str, opened: Callable[[], IO[bytes]]) -> None:
        if len(self.files) >= MOST_MEMBERS:
            raise UsageProblem(f"it holds more than {MOST_MEMBERS:,} files.")
        self.files[PurePosixPath(name.replace("\\", "/"))] = opened


def take_in(given: Path, folder: Path) -> Handed | None:
    """Copy the timeline in `given` (a folder, .zip or .tar.*) to `folder`, which is empty.

    Names never decide where something is written: contents are stored by their own hash, events
    one by one as they pass. Nothing is executed, links are not followed. Returns what a submission
    says beside its timeline, which it may be without. Raises UsageProblem for what is no timeline
    or is too large.
    """
    try:
        if given.is_dir():
            return _copy(_folder_files(given), folder)
        if not given.is_file():
            raise UsageProblem("there is no such file or folder.")
        if given.stat().st_size > LARGEST_IN_ALL:
            raise UsageProblem(f"it is larger than {LARGEST_IN_ALL >> 20} MiB.")
        if zipfile.is_zipfile(given):
            with zipfile.ZipFile(given) as zipped:
                return _copy(_zip_files(zipped), folder)
        with tarfile.open(given) as tarred:
            return _copy(_tar_files(tarred), folder)
    except UsageProblem as error:
        raise UsageProblem(f"--from {given}: {error}") from error
    except tarfile.ReadError as error:
        raise UsageProblem(
            f"--from {given}: it is no folder, .zip or .tar.gz, or it is damaged."
        ) from error
    except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise UsageProblem(f"--from {given}: it can't be read ({error}).") from error
    except (RuntimeError, NotImplementedError, ValueError) as error:  # encrypted, odd compression
        raise UsageProblem(f"--from {given}: it can't be unpacked ({error}).") from error


def _folder_files(folder: Path) -> _Source:
    found = _Source()
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not Path(where, name).is_symlink()]
        for name in names:
            path = Path(where, name)
            if stat.S_ISREG(path.lstat().st_mode):
                found.add(path.relative_to(folder).as_posix(), _opener(path))
    return found


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    return lambda: os.fdopen(os.open(path, flags), "rb")


def _zip_files(archive: zipfile.ZipFile) -> _Source:
    found = _Source()
    for member in archive.infolist():
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not member.is_dir() and kind in (0, stat.S_IFREG):
            found.add(member.filename, lambda member=member: archive.open(member))  # type: ignore[misc]
    return found


def _tar_files(archive: tarfile.TarFile) -> _Source:
    found = _Source()
    unpacked = 0
    for number, member in enumerate(archive):
        unpacked += max(0, member.size)
        if number >= MOST_MEMBERS:
            raise UsageProblem(f"it holds more than {MOST_MEMBERS:,} files.")
        if unpacked > LARGEST_IN_ALL:
            raise UsageProblem(f"it holds more than {LARGEST_IN_ALL >> 20} MiB.")
        if member.isreg():
            found.add(member.name, lambda member=member: _extracted(archive, member))  # type: ignore[misc]
    return found


def _extracted(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:
        raise UsageProblem(f"{member.name!r} in it is no file.")
    return content


def _copy(source: _Source, folder: Path) -> Handed | None:
    handed = handed_of(source.files)
    places = sorted(
        {path.parent for path in source.files if path.name == journal.EVENTS},
        key=lambda place: (len(place.parts), place),
    )
    if handed is not None and not places:
        return handed
    if not places:
        raise UsageProblem(
            f"it holds no timeline (a folder with {journal.EVENTS}): name the archive or folder "
            "that was handed in."
        )
    if len(places) > 1:
        named = ", ".join(repr(place.as_posix()) for place in places[:3])
        raise UsageProblem(f"it holds {len(places)} timelines ({named}): name the folder of one.")
    base = places[0]
    objects = {}
    for path, opened in source.files.items():
        if path.is_relative_to(base):
            match = _OBJECT.match(path.relative_to(base).as_posix())
            if match:
                objects[match[1] + match[2]] = opened
    kept = _keep_objects(objects, folder)
    with source.files[base / journal.EVENTS]() as file:
        data = file.read(LARGEST_EVENTS + 1)
    if len(data) > LARGEST_EVENTS:
        raise UsageProblem(f"its {journal.EVENTS} is larger than {LARGEST_EVENTS >> 20} MiB.")
    lines = list(SoundEvents(folder, kept).lines(data))
    (folder / journal.EVENTS).write_bytes(b"\n".join(lines) + b"\n")
    return handed


def _keep_objects(objects: Mapping[str, Callable[[], IO[bytes]]], folder: Path) -> set[str]:
    """Store the contents that are what their names say; returns those names."""
    kept, unpacked = set(), 0
    for name, opened in objects.items():
        with opened() as file:
            packed = file.read(LARGEST_OBJECT + 1)
        content = _unpacked(packed)
        unpacked += len(content or b"")
        if unpacked > LARGEST_IN_ALL:
            raise UsageProblem(f"it unpacks to more than {LARGEST_IN_ALL >> 20} MiB.")
        if content is not None and hashlib.sha256(content).hexdigest() == name:
            journal.keep(str(folder), content)
            kept.add(name)
    return kept


def _unpacked(packed: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(packed, LARGEST_OBJECT)
    except zlib.error:
        return None
    return content if unpacker.eof else None
