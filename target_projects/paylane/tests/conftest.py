import io
import json
import sqlite3
from pathlib import Path

import pytest
from builders import AT, make_record, make_settings

from paylane import currencies, settings
from paylane.cli import main
from paylane.moments import FixedClock
from paylane.network import SandboxNetwork
from paylane.service import PaymentService
from paylane.storage import connect


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
def db():
    connection = connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def clock():
    return FixedClock("2024-03-05T12:00:00+00:00")


@pytest.fixture
def network():
    return SandboxNetwork()


@pytest.fixture
def service(db, clock, network):
    return PaymentService(db, make_settings(), network, clock)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a folder with two merchants; gives exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    merchants = '[merchants.acme]\n[merchants.kyoto]\ncurrency = "JPY"\n'
    (tmp_path / "paylane.toml").write_text(merchants, encoding="utf-8")
    (tmp_path / "request.json").write_text(json.dumps(make_record()), encoding="utf-8")

    def run(*arguments, at=AT, **environ):
        code = main(["--at", at, *arguments], environ)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


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
def fresh_data():
    """The packaged files are read again."""
    currencies.catalogue.cache_clear()
    settings.defaults.cache_clear()
    yield
    currencies.catalogue.cache_clear()
    settings.defaults.cache_clear()
