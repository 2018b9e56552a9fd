from pathlib import Path, PureWindowsPath

import pytest


@pytest.fixture
def other_machine(monkeypatch):
    """Files are ASCII with lines that end in CR LF, unless the program says how they are."""
    opened, read, write = Path.open, Path.read_text, Path.write_text

    def path_open(path, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        if "b" not in mode:
            encoding = encoding or "ascii"
            newline = "\r\n" if newline is None and mode[0] in "wax" else newline
        return opened(path, mode, buffering, encoding, errors, newline)

    def read_text(path, encoding=None, errors=None, *rest):
        return read(path, encoding or "ascii", errors, *rest)

    def write_text(path, data, encoding=None, errors=None, newline=None):
        return write(
            path, data, encoding or "ascii", errors, "\r\n" if newline is None else newline
        )

    monkeypatch.setattr(Path, "open", path_open)
    monkeypatch.setattr(Path, "read_text", read_text)
    monkeypatch.setattr(Path, "write_text", write_text)


@pytest.fixture
def backslashes(monkeypatch):
    """Relative paths are those of Windows."""
    relative_to = Path.relative_to

    def windows_path(path, *others):
        return PureWindowsPath(relative_to(path, *others).as_posix())

    monkeypatch.setattr(Path, "relative_to", windows_path)
