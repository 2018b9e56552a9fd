import io
import sqlite3
import time
from pathlib import Path, PureWindowsPath

import pytest
from builders import DEFAULTS

from parcelrate import settings
from parcelrate.quotebook import connect


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch):
    """Databases of tests need not survive a power cut."""
    real_connect = sqlite3.connect

    def fast_connect(*arguments, **options):
        connection = real_connect(*arguments, **options)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", fast_connect)


@pytest.fixture
def db(tmp_path):
    connection = connect(tmp_path / "quotes.db")
    yield connection
    connection.close()


@pytest.fixture
def plain_machine(monkeypatch):
    """A machine whose text files are ASCII with CRLF unless the program says otherwise."""
    real_open = io.open

    def plain_open(path, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        if "b" not in mode:
            encoding = encoding if encoding not in (None, "locale") else "ascii"
            if newline is None and "r" not in mode:
                newline = "\r\n"
        return real_open(path, mode, buffering, encoding, errors, newline)

    def read_text(path, encoding=None, errors=None, newline=None):
        with plain_open(path, "r", -1, encoding, errors, newline) as file:
            return file.read()

    def write_text(path, data, encoding=None, errors=None, newline=None):
        with plain_open(path, "w", -1, encoding, errors, newline) as file:
            return file.write(data)

    monkeypatch.setattr(Path, "open", plain_open)
    monkeypatch.setattr(Path, "read_text", read_text)
    monkeypatch.setattr(Path, "write_text", write_text)


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
    real_glob = Path.glob
    monkeypatch.setattr(
        Path, "glob", lambda self, pattern: iter(sorted(real_glob(self, pattern), reverse=True))
    )


@pytest.fixture
def backslashes(monkeypatch):
    """Paths that are listed or made relative are those of Windows."""
    real_glob, real_relative_to = Path.glob, Path.relative_to

    def glob(self, pattern):
        return (PureWindowsPath(path.as_posix()) for path in real_glob(self, pattern))

    def relative_to(self, *others):
        return PureWindowsPath(real_relative_to(self, *others).as_posix())

    monkeypatch.setattr(Path, "glob", glob)
    monkeypatch.setattr(Path, "relative_to", relative_to)


@pytest.fixture
def usual_defaults(monkeypatch):
    """Defaults as tests expect them, whatever the packaged file says."""
    monkeypatch.setattr(settings, "defaults", lambda: DEFAULTS)
