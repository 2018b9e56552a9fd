"""The Pythons of this machine: the one that runs bugbash, and others that a target asks for."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bugbash.errors import EnvironmentProblem
from bugbash.files import write_atomically
from bugbash.resources import home
from bugbash.targets.spec import TargetSpec

_ASK = """\
import json, os, platform, sys, venv
base = getattr(sys, "_base_executable", None) or sys.executable
told = [platform.python_implementation(), list(sys.version_info[:3]), os.path.realpath(base)]
print(json.dumps(told))
"""
_LIMIT_S = 20
_WARM_SINCE = (3, 11)


@dataclass(frozen=True)
class Interpreter:
    """A CPython of this machine, never that of a virtual environment."""

    path: str
    version: str
    """ "3.9.18"."""

    @property
    def minor(self) -> str:
        """ "3.9"."""
        return self.version.rpartition(".")[0]

    @property
    def numbers(self) -> tuple[int, int]:
        """(3, 9)."""
        major, minor, *_ = self.version.split(".")
        return int(major), int(minor)

    @property
    def can_be_warm(self) -> bool:
        """Whether the warm engine knows how this Python compiles: it swaps code objects."""
        return self.numbers >= _WARM_SINCE


def own() -> Interpreter:
    """The interpreter below any virtual environment that bugbash itself runs in."""
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Interpreter(os.path.realpath(base), version)


def interpreter_of(spec: TargetSpec) -> Interpreter:
    """The interpreter that a target runs on: that of bugbash where its spec names no other.

    Raises EnvironmentProblem where this machine has none of the version that it names.
    """
    if spec.python is None:
        return own()
    found = find(spec.python)
    if found is None:
        raise EnvironmentProblem(
            f"{spec.name} runs on Python {spec.python} (`python` in its spec), which this machine "
            f"lacks: install it, with `uv python install {spec.python}` for instance."
        )
    return found


def find(minor: str) -> Interpreter | None:
    """An interpreter of a minor version ("3.9"); None where there is none. Nothing is downloaded.

    The one that runs bugbash, one that uv knows, one on PATH, one of pyenv's. What was found is
    remembered until it changes.
    """
    if own().minor == minor:
        return own()
    known = _remembered(minor)
    if known is not None:
        return known
    for path in _candidates(minor):
        found = _asked(path)
        if found is not None and found.minor == minor:
            _remember(minor, found)
            return found
    return None


def _candidates(minor: str) -> Iterator[Path]:
    known_to_uv = _known_to_uv(minor)
    if known_to_uv is not None:
        yield known_to_uv
    name = f"python{minor}.exe" if os.name == "nt" else f"python{minor}"
    for folder in os.get_exec_path():
        if (path := Path(folder, name)).is_absolute() and path.is_file():
            yield path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = (pyenv / "versions").glob(f"{minor}.*/bin/{name}")
    yield from sorted(installed, key=_numbers, reverse=True)


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parts[-3])]


def _known_to_uv(minor: str) -> Path | None:
    from bugbash.targets import uv_tool

    command = ["python", "find", "--no-python-downloads", "--system", "--no-project", minor]
    try:
        return Path(uv_tool.run(command).strip())
    except EnvironmentProblem:  # no uv, none known to it, or a broken one before others on PATH
        return None


def _asked(path: Path) -> Interpreter | None:
    """What an executable is; None for one that does not start, is no CPython or makes no venv."""
    import subprocess

    try:
        done = subprocess.run(
            [str(path), "-I", "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
            check=True,
        )
        kind, numbers, base = json.loads(done.stdout)
        version = ".".join(str(int(number)) for number in numbers)
        known = kind == "CPython" and isinstance(base, str)
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return None
    return Interpreter(base, version) if known else None


def _memory() -> Path:
    return home() / "interpreters.json"


def _memories() -> dict[str, Any]:
    try:
        memories = json.loads(_memory().read_bytes())
    except (OSError, ValueError):
        return {}
    return memories if isinstance(memories, dict) else {}


def _remember(minor: str, found: Interpreter) -> None:
    fact = {**asdict(found), "mark": _mark(found.path)}
    write_atomically(_memory(), json.dumps({**_memories(), minor: fact}, indent=1).encode())


def _remembered(minor: str) -> Interpreter | None:
    try:
        fact = _memories()[minor]
        known = fact["mark"] == _mark(fact["path"])
        return Interpreter(fact["path"], fact["version"]) if known else None
    except (KeyError, TypeError):  # not known, or a damaged file
        return None


def _mark(path: str) -> list[int]:
    """What tells that an executable became another one."""
    try:
        status = Path(path).stat()
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]
