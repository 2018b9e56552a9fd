import builtins
import io

import pytest
from builders import Clock, Counter, make_desk, make_settings

from restdesk.storage import Store, connect


@pytest.fixture
def db():
    connection = connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def store(db):
    return Store(db)


@pytest.fixture
def clock():
    return Clock("2024-03-01T09:00:00+00:00")


@pytest.fixture
def ids():
    return Counter()


@pytest.fixture
def settings():
    return make_settings()


@pytest.fixture
def desk(db, clock, ids):
    return make_desk(db, clock, ids)


@pytest.fixture
def windows_text(monkeypatch):
    """Text files default to cp1252 and CRLF, as on the office's own machines."""
    real_open = io.open

    def windows_open(
        file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, *rest, **options
    ):
        if "b" not in mode:
            encoding = "cp1252" if encoding in (None, "locale") else encoding
            if newline is None and "r" not in mode:
                newline = "\r\n"
        return real_open(file, mode, buffering, encoding, errors, newline, *rest, **options)

    monkeypatch.setattr(io, "open", windows_open)
    monkeypatch.setattr(builtins, "open", windows_open)
