"""A target's dependencies in one cached environment: lock, install once, reuse offline."""

from __future__ import annotations

import hashlib
import json
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.files import remove_tree, write_atomically
from bugbash.resources import home
from bugbash.targets.interpreters import Interpreter, interpreter_of, own
from bugbash.targets.locking import locked
from bugbash.targets.overrides import Note, canonical, quiet, required_name
from bugbash.targets.spec import Target
from bugbash.targets.venv import create, python_of, site_packages

MARKER = ".bugbash-complete"


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds a target's dependencies, never the target itself."""

    python: Path
    site_packages: Path
    lock: str
    """Hash of the lock's text, the Python version and the platform."""
    lock_file: Path
    interpreter: Interpreter

    @property
    def version(self) -> str:
        """The Python version, "3.11.7"."""
        return self.interpreter.version


def environment_of(target: Target, progress: Note | None = None) -> Environment:
    """The environment for `target`, made on first use, found again afterwards without a network.

    `progress` hears a line before long work. A target that needs nothing but pytest gets a copy
    of bugbash's own pytest, which needs no network at any time, where it runs on the same Python.
    Raises EnvironmentProblem (uv's reason in one sentence) when the dependencies can't be had, or
    the machine lacks the Python that the target asks for.
    """
    note = progress or quiet
    interpreter = interpreter_of(target.spec)
    if _takes_own_pytest(target, interpreter):
        from bugbash.targets import own_pytest

        copied = own_pytest.environment()
        if copied is not None:
            return copied
    from bugbash.targets import locks

    lock_file = locks.lock_file_of(target, note)
    folder = _folder_for(target, lock_file, interpreter)
    fill = partial(locks.install, folder, lock_file, target, note)
    return built(folder, lock_file, interpreter, fill)


def existing_environment(target: Target) -> Environment | None:
    """The environment for `target` where it was made before; nothing is made."""
    interpreter = interpreter_of(target.spec)
    if _takes_own_pytest(target, interpreter):
        return environment_of(target)
    from bugbash.targets import locks

    lock_file = locks.path_of(target)
    if not lock_file.is_file() or not _complete(_folder_for(target, lock_file, interpreter)):
        return None
    return environment_of(target)


def _folder_for(target: Target, lock_file: Path, interpreter: Interpreter) -> Path:
    lock = lock_hash(lock_file.read_text("utf-8"), interpreter)
    return home() / "environments" / f"{canonical(target.spec.name)}-{lock}"


def built(
    folder: Path, lock_file: Path, interpreter: Interpreter, fill: Callable[[], object]
) -> Environment:
    """The environment in `folder`; a missing or half-made one is made anew and filled by `fill`.

    The marker is written last, so that a killed run leaves nothing that looks finished.
    """
    if not _complete(folder):
        with locked(folder.with_name(f"{folder.name}.lock")):
            if not _complete(folder):
                with _removed_on_failure(folder):
                    _make_venv(folder, interpreter)
                    fill()
                    marker = {"version": interpreter.version, "base": interpreter.path}
                    write_atomically(folder / MARKER, json.dumps(marker).encode())
    return Environment(
        python=python_of(folder),
        site_packages=site_packages(folder, interpreter),
        lock=lock_hash(lock_file.read_text("utf-8"), interpreter),
        lock_file=lock_file,
        interpreter=interpreter,
    )


def lock_hash(lock_text: str, interpreter: Interpreter) -> str:
    """What an environment is named by: its lock, its Python's version and this platform."""
    text = "\0".join((lock_text, interpreter.version, sysconfig.get_platform()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def needs_only_pytest(target: Target) -> bool:
    """Whether the tests of a target need nothing but pytest, of a version that bugbash's own is."""
    return target.spec.released is None and all(map(_own_serves, target.spec.dependencies))


def _own_serves(requirement: str) -> bool:
    if requirement == "pytest":
        return True
    if required_name(requirement) != "pytest":
        return False
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(requirement)
        is_plain = not wanted.extras and not wanted.url
        return is_plain and wanted.specifier.contains(version("pytest"), prereleases=True)
    except (InvalidRequirement, PackageNotFoundError):
        return False


def _takes_own_pytest(target: Target, interpreter: Interpreter) -> bool:
    return needs_only_pytest(target) and interpreter == own()


def _complete(folder: Path) -> bool:
    return (folder / MARKER).is_file() and python_of(folder).exists()


def _make_venv(folder: Path, interpreter: Interpreter) -> None:
    remove_tree(folder)
    try:
        create(folder, interpreter)
    except OSError as error:
        raise EnvironmentProblem(
            f"Can't make an environment in {folder.parent} ({error.strerror or error})."
        ) from error


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        remove_tree(folder)
        raise
