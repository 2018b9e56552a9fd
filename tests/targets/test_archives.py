"""Unpacking what strangers packed."""

from __future__ import annotations

import hashlib
import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.targets.archives import download, unpack


def _tar(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            data = b"text" if member.isreg() else b""
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = link
    return member


def _files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/evil", "C:/evil", "..\\evil"])
def test_a_member_outside_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    archive = _tar(tmp_path / "a.tar.gz", _member("a/fine"), _member(name))

    with pytest.raises(EnvironmentProblem, match="outside"):
        unpack(archive, tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "evil").exists()


def test_links_and_devices_stay_out(tmp_path: Path) -> None:
    archive = _tar(
        tmp_path / "a.tar.gz",
        _member("a/fine"),
        _member("a/link", tarfile.SYMTYPE, "/etc/passwd"),
        _member("a/hard", tarfile.LNKTYPE, "a/fine"),
        _member("a/pipe", tarfile.FIFOTYPE),
        _member("a/device", tarfile.CHRTYPE),
    )
    unpack(archive, tmp_path / "out")

    assert _files(tmp_path / "out") == ["a/fine"]


def test_zip_members_are_held_to_the_same(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/fine", "text")
        archive.writestr(link, "/etc/passwd")
    unpack(tmp_path / "a.zip", tmp_path / "out")
    assert _files(tmp_path / "out") == ["a/fine"]

    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("../evil", "text")
    with pytest.raises(EnvironmentProblem, match="outside"):
        unpack(tmp_path / "b.zip", tmp_path / "out")


def test_a_damaged_archive_is_one_line(tmp_path: Path) -> None:
    whole = _tar(tmp_path / "a.tar.gz", _member("a/fine")).read_bytes()
    (tmp_path / "a.tar.gz").write_bytes(whole[:40])

    with pytest.raises(EnvironmentProblem, match="can't be unpacked"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "out")


def test_a_download_is_checked_and_then_kept(tmp_path: Path, home: Path) -> None:
    source = tmp_path / "wares.txt"
    source.write_bytes(b"goods")
    digest = hashlib.sha256(b"goods").hexdigest()

    with pytest.raises(EnvironmentProblem, match="damaged"):
        download(source.as_uri(), "wares.txt", "0" * 64)
    assert not [path for path in (home / "downloads").rglob("*") if path.is_file()]

    path = download(source.as_uri(), "wares.txt", digest)
    source.unlink()
    assert download(source.as_uri(), "wares.txt", digest) == path
    assert path.read_bytes() == b"goods"


def test_a_download_that_is_gone_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"wares\.txt can't be downloaded"):
        download((tmp_path / "gone").as_uri(), "wares.txt", "0" * 64)
