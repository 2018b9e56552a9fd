import builtins
import io
import os
from pathlib import Path

import pytest
from builders import NOW, FrozenClock
from hookrelay.storage import connect


@pytest.fixture
def db():
    connection = connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def windows_text(monkeypatch):
    """Text files default to cp1252 and CRLF, as on the support desk's laptops."""
    real_open = io.open

    def windows_open(
        file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, *rest, **options
    ):
        if "b" not in mode:
            if encoding in (None, "locale"):
                encoding = "cp1252"
            if newline is None and "r" not in mode:
                newline = "\r\n"
        return real_open(file, mode, buffering, encoding, errors, newline, *rest, **options)

    monkeypatch.setattr(io, "open", windows_open)
    monkeypatch.setattr(builtins, "open", windows_open)


@pytest.fixture
def backward_listing(monkeypatch):
    """Folders list their entries from Z to A."""
    real_iterdir, real_glob, real_listdir = Path.iterdir, Path.glob, os.listdir
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(sorted(real_iterdir(self))[::-1]))
    monkeypatch.setattr(Path, "glob", lambda self, what: iter(sorted(real_glob(self, what))[::-1]))
    monkeypatch.setattr(os, "listdir", lambda path=".": sorted(real_listdir(path))[::-1])
