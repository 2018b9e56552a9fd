import builtins
import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW


@pytest.fixture(autouse=True)
def far_away(monkeypatch):
    """The machine's own zone is none that any test expects."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


class StillClock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def forward(self, **duration):
        self.now += timedelta(**duration)


@pytest.fixture
def clock():
    """Half past nine on a Tuesday, until it is moved."""
    return StillClock()


@pytest.fixture
def foreign_machine(monkeypatch):
    """Text files are ASCII with CRLF unless the program says otherwise."""
    real_open = io.open

    def open_there(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, *rest):
        if "b" not in mode:
            if encoding in (None, "locale"):
                encoding = "ascii"
            if newline is None and "r" not in mode:
                newline = "\r\n"
        return real_open(file, mode, buffering, encoding, errors, newline, *rest)

    def text_encoding(encoding, stacklevel=2):
        return encoding or "ascii"

    monkeypatch.setattr(io, "text_encoding", text_encoding)
    monkeypatch.setattr(io, "open", open_there)
    monkeypatch.setattr(builtins, "open", open_there)


@pytest.fixture
def backward_listing(monkeypatch):
    """Folders list their entries from Z to A."""
    real_iterdir, real_glob, real_listdir = Path.iterdir, Path.glob, os.listdir
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(sorted(real_iterdir(self))[::-1]))
    monkeypatch.setattr(Path, "glob", lambda self, name: iter(sorted(real_glob(self, name))[::-1]))
    monkeypatch.setattr(os, "listdir", lambda path=".": sorted(real_listdir(path))[::-1])
