"""Downloads that are checked, and unpacking that stays inside its folder."""

from __future__ import annotations

import hashlib
import shutil
import stat
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from bugbash.errors import EnvironmentProblem
from bugbash.resources import home

_TIMEOUT_S = 60


def download(url: str, name: str, sha256: str) -> Path:
    """The file behind `url`, kept under its content's hash: a second time needs no network.

    Raises EnvironmentProblem without a network and where the content is not what was announced.
    """
    path = home() / "downloads" / sha256[:16] / name
    if path.is_file() and _hash(path) == sha256:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        try:
            _fetch(url, name, part)
            part.close()
            if _hash(Path(part.name)) != sha256:
                raise EnvironmentProblem(f"The download of {name} is damaged: try again.")
            Path(part.name).replace(path)
        finally:
            part.close()
            Path(part.name).unlink(missing_ok=True)
    return path


def unpack(archive: Path, destination: Path) -> None:
    """Unpack regular files of a .tar.*, .zip or .whl into `destination`.

    Links and devices are left out. Raises EnvironmentProblem for a member that would lie
    outside of it (nothing is written then) and for an archive that can't be read.
    """
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                _unpack_zip(zipped, destination)
        else:
            with tarfile.open(archive) as tarred:
                _unpack_tar(tarred, destination)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise EnvironmentProblem(f"{archive.name} can't be unpacked: {error}.") from error


def single_folder(destination: Path) -> Path:
    """The one folder that an sdist unpacks to; `destination` itself where there are others."""
    entries = list(destination.iterdir())
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else destination


def _fetch(url: str, name: str, part: IO[bytes]) -> None:
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "bugbash"})
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
            shutil.copyfileobj(answer, part)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise EnvironmentProblem(
            f"{name} can't be downloaded ({reason}): try again with a network."
        ) from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack_tar(archive: tarfile.TarFile, destination: Path) -> None:
    members = [(member, _inside(member.name)) for member in archive if member.isreg()]
    for member, name in members:
        content = archive.extractfile(member)
        if content is not None:
            with content:
                _write(content, destination / name, member.mode)


def _unpack_zip(archive: zipfile.ZipFile, destination: Path) -> None:
    members = [(member, _inside(member.filename)) for member in _regular(archive)]
    for member, name in members:
        with archive.open(member) as content:
            _write(content, destination / name, member.external_attr >> 16)


def _regular(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for member in archive.infolist():
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not member.is_dir() and kind in (0, stat.S_IFREG):
            yield member


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise EnvironmentProblem(f"The archive has a member that lies outside of it: {name!r}.")
    return path


def _write(content: IO[bytes], path: Path, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)
    path.chmod(0o755 if mode & 0o100 else 0o644)
