"""Trees, sdists and a BUGBASH_HOME of each test's own."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Files = Mapping[str, str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """BUGBASH_HOME, empty."""
    folder = tmp_path / "bugbash home"
    monkeypatch.setenv("BUGBASH_HOME", str(folder))
    return folder


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[..., Path]:
    """Writes files (name to text) below a new folder."""

    def make(files: Files, name: str = "project") -> Path:
        folder = tmp_path / name
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture
def registry_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that uv takes packages from: a folder on this disk."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv cache"))
    return folder


@pytest.fixture
def make_sdist(registry_folder: Path) -> Callable[..., Path]:
    """Writes the sdist NAME-VERSION.tar.gz with these files into the registry's folder."""

    def make(name: str, version: str, files: Files) -> Path:
        stem = f"{name}-{version}"
        headers = f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n"
        pyproject = f'[project]\nname = "{name}"\nversion = "{version}"\n'
        given = {"PKG-INFO": headers, "pyproject.toml": pyproject, **files}
        path = registry_folder / f"{stem}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for member, text in given.items():
                information = tarfile.TarInfo(f"{stem}/{member}")
                information.size = len(text.encode())
                archive.addfile(information, io.BytesIO(text.encode()))
        return path

    return make
