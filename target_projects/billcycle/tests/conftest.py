from pathlib import Path

import pytest
from builders import make_settings

from billcycle.mail import MemoryTransport
from billcycle.moments import FrozenClock
from billcycle.service import Billing
from billcycle.storage import connect


@pytest.fixture
def db():
    connection = connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def ascii_machine(monkeypatch):
    """A machine on which files are ASCII unless the program names an encoding."""
    read, write = Path.read_text, Path.write_text

    def read_text(path, encoding=None, errors=None):
        return read(path, encoding or "ascii", errors)

    def write_text(path, data, encoding=None, errors=None, newline=None):
        return write(path, data, encoding or "ascii", errors, newline)

    monkeypatch.setattr(Path, "read_text", read_text)
    monkeypatch.setattr(Path, "write_text", write_text)


@pytest.fixture
def clock():
    return FrozenClock("2024-03-01T08:00:00+00:00")


@pytest.fixture
def settings():
    return make_settings()


@pytest.fixture
def billing(db, settings, clock):
    return Billing(db, settings, clock)


@pytest.fixture
def transport():
    return MemoryTransport()
