"""The lock of a target's dependencies, resolved as of its release, and installing from it."""

from __future__ import annotations

import hashlib
import subprocess
import sysconfig
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.files import write_atomically
from bugbash.resources import home
from bugbash.targets import uv_tool
from bugbash.targets.interpreters import Interpreter, interpreter_of
from bugbash.targets.overrides import Note, canonical
from bugbash.targets.spec import Target, TargetSpec
from bugbash.targets.venv import python_of

_SLACK = timedelta(days=1)
_SETTLED = timedelta(days=180)
"""How long after a Python's release most packages have wheels for it."""
_PYTHONS = {
    "3.7": "2018-06-27", "3.8": "2019-10-14", "3.9": "2020-10-05", "3.10": "2021-10-04",
    "3.11": "2022-10-24", "3.12": "2023-10-02", "3.13": "2024-10-07", "3.14": "2025-10-07",
}  # fmt: skip
"""When the Pythons were released."""


def lock_file_of(target: Target, note: Note) -> Path:
    """The file with one pinned requirement a line, made on first use.

    It is kept by what was asked (requirements, date, Python, platform): the same question has
    the same answer for ever, and needs no network. Raises EnvironmentProblem.
    """
    path = path_of(target)
    if not path.is_file():
        note(f"resolving the dependencies of {target.spec.name} {target.spec.version}")
        write_atomically(path, _lock(target.spec, note).encode())
    return path


def path_of(target: Target) -> Path:
    """Where the lock of `target` lies, or will lie."""
    return home() / "locks" / f"{canonical(target.spec.name)}-{_question(target.spec)}.txt"


def install(folder: Path, lock_file: Path, target: Target, note: Note) -> None:
    """Install the lock into the virtual environment in `folder`."""
    note(f"installing the dependencies of {target.spec.name}")
    if uv_tool.find() is None:
        _install_with_pip(folder, lock_file)
        return
    command = ["pip", "install", "--no-deps", "--link-mode", "copy", "-r", str(lock_file)]
    try:
        uv_tool.run([*command, "--python", str(python_of(folder))])
    except uv_tool.UvFailure as error:
        raise EnvironmentProblem(f"Dependencies of {target.spec.name}: {error}") from error


def as_of(released: str | None, interpreter: Interpreter) -> str | None:
    """The date-time as of which dependencies are resolved; None: no limit.

    That of the release, but not before the wheels of the target's Python were out: a package may
    be older than the Python that runs it, its dependencies then have to be those that know it.
    """
    if released is None:
        return None
    known = _PYTHONS.get(interpreter.minor)
    if known is None:
        return None
    moment = datetime.fromisoformat(released)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    settled = datetime.fromisoformat(known).replace(tzinfo=UTC) + _SETTLED
    return max(moment + _SLACK, settled).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _question(spec: TargetSpec) -> str:
    interpreter = interpreter_of(spec)
    parts = (
        *sorted(spec.dependencies),
        as_of(spec.released, interpreter) or "today",
        interpreter.version,
        sysconfig.get_platform(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _lock(spec: TargetSpec, note: Note) -> str:
    if uv_tool.find() is None:
        note("uv is missing: pip installs today's versions, not those of the release's date")
        return "\n".join(sorted(spec.dependencies)) + "\n"
    moment = as_of(spec.released, interpreter_of(spec))
    try:
        return _compile(spec, moment)
    except uv_tool.UvFailure as error:
        if moment is None or error.offline:
            raise EnvironmentProblem(_unresolved(spec, error)) from error
    note(f"no set of dependencies as of {moment[:10]} fits together; taking today's")
    try:
        return _compile(spec, None)
    except uv_tool.UvFailure as error:
        raise EnvironmentProblem(_unresolved(spec, error)) from error


def _compile(spec: TargetSpec, moment: str | None) -> str:
    command = ["pip", "compile", "--no-header", "--no-annotate"]
    command += ["--python", interpreter_of(spec).path, "--no-emit-package", spec.name]
    if moment is not None:
        command += ["--exclude-newer", moment]
    requirements = "\n".join(spec.dependencies) + "\n"
    return uv_tool.run([*command, "-"], stdin=requirements)


def _unresolved(spec: TargetSpec, error: uv_tool.UvFailure) -> str:
    if error.offline:
        return f"The dependencies of {spec.name} are not here yet. {error}"
    return f"The dependencies of {spec.name} don't resolve; a --spec file can correct them. {error}"


def _install_with_pip(folder: Path, requirements: Path) -> None:
    python = str(python_of(folder))
    for arguments in (["ensurepip"], ["pip", "install", "-q", "-r", str(requirements)]):
        done = subprocess.run(
            [python, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise EnvironmentProblem(f"pip could not install the dependencies: {last}")
