from pathlib import Path

import pytest
from builders import make_settings

from signflow import storage
from signflow.moments import FrozenClock
from signflow.service import SigningDesk
from signflow.storage import connect


@pytest.fixture
def db():
    connection = connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def clock():
    return FrozenClock("2024-03-05T09:00:00Z")


@pytest.fixture
def desk(db, tmp_path, clock):
    return SigningDesk(db, make_settings(tmp_path), clock)


@pytest.fixture
def no_sync(monkeypatch):
    """Databases on disk that do not wait for the disk."""
    monkeypatch.setattr(storage, "SCHEMA", "PRAGMA synchronous = OFF;" + storage.SCHEMA)


@pytest.fixture
def ascii_machine(monkeypatch):
    """A machine on which files are ASCII, with CRLF, unless the program says otherwise."""
    read, write, open_ = Path.read_text, Path.write_text, Path.open

    def crlf(newline):
        return "\r\n" if newline is None else newline

    def read_text(path, encoding=None, errors=None, **more):
        return read(path, encoding or "ascii", errors, **more)

    def write_text(path, data, encoding=None, errors=None, newline=None):
        return write(path, data, encoding or "ascii", errors, crlf(newline))

    def open_path(path, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        if "b" not in mode:
            encoding = "ascii" if encoding in (None, "locale") else encoding
            newline = newline if "r" in mode else crlf(newline)
        return open_(path, mode, buffering, encoding, errors, newline)

    monkeypatch.setattr(Path, "read_text", read_text)
    monkeypatch.setattr(Path, "write_text", write_text)
    monkeypatch.setattr(Path, "open", open_path)
