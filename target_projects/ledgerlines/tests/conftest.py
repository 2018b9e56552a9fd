from __future__ import annotations

import builtins
import io
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest


@pytest.fixture
def clock():
    """Half past nine on a Monday, always."""
    return lambda: datetime(2024, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def write(tmp_path):
    """Writes text, byte for byte, into a file of the test's folder and returns its path."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode("utf-8"))
        return path

    return write_file


@pytest.fixture
def windows_text(monkeypatch):
    """Text files default to cp1252 and CRLF, as they do on some of the desk's machines."""
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
def odd_zone(monkeypatch):
    """A machine whose own time zone is none of those in the tests."""
    tzset = getattr(time, "tzset", lambda: None)  # not on Windows
    monkeypatch.setenv("TZ", "XST-9:37")
    tzset()
    yield
    monkeypatch.undo()
    tzset()


@pytest.fixture
def backward_listing(monkeypatch):
    """Folders list their entries from Z to A."""
    real_iterdir, real_glob, real_listdir = Path.iterdir, Path.glob, os.listdir
    monkeypatch.setattr(
        Path, "iterdir", lambda self: iter(sorted(real_iterdir(self), reverse=True))
    )
    monkeypatch.setattr(
        Path, "glob", lambda self, pattern: iter(sorted(real_glob(self, pattern), reverse=True))
    )
    monkeypatch.setattr(os, "listdir", lambda path=".": sorted(real_listdir(path), reverse=True))
