"""A target's dependencies in one cached environment: lock, install once, reuse offline."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.files import remove_tree, write_atomically
from bugbash.resources import home
from bugbash.targets.locking import locked
from bugbash.targets.overrides import Note, canonical, quiet
from bugbash.targets.spec import Target
from bugbash.targets.venv import python_of, site_packages

MARKER = ".bugbash-complete"


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds a target's dependencies, never the target itself."""

    python: Path
    site_packages: Path
    lock: str
    """Hash of the lock's text, the Python version and the platform."""
    lock_file: Path
    version: str
    """The Python version, "3.11.7"."""


def environment_of(target: Target, progress: Note | None = None) -> Environment:
    """The environment for `target`, made on first use, found again afterwards without a network.

    `progress` hears a line before long work. A target that needs nothing but pytest gets a copy
    of bugbash's own pytest, which needs no network at any time.
    Raises EnvironmentProblem (uv's reason in one sentence) when the dependencies can't be had.
    """
    note = progress or quiet
    if needs_only_pytest(target):
        from bugbash.targets import own_pytest

        own = own_pytest.environment()
        if own is not None:
            return own
    from bugbash.targets import locks

    lock_file = locks.lock_file_of(target, note)
    folder = _folder_for(target, lock_file)
    return built(folder, lock_file, lambda: locks.install(folder, lock_file, target, note))


def existing_environment(target: Target) -> Environment | None:
    """The environment for `target` where it was made before; nothing is made."""
    if needs_only_pytest(target):
        return environment_of(target)
    from bugbash.targets import locks

    lock_file = locks.path_of(target)
    if not lock_file.is_file() or not _complete(_folder_for(target, lock_file)):
        return None
    return environment_of(target)


def _folder_for(target: Target, lock_file: Path) -> Path:
    name = f"{canonical(target.spec.name)}-{lock_hash(lock_file.read_text('utf-8'))}"
    return home() / "environments" / name


def built(folder: Path, lock_file: Path, fill: Callable[[], None]) -> Environment:
    """The environment in `folder`; a missing or half-made one is made anew and filled by `fill`.

    The marker is written last, so that a killed run leaves nothing that looks finished.
    """
    if not _complete(folder):
        with locked(folder.with_name(f"{folder.name}.lock")):
            if not _complete(folder):
                with _removed_on_failure(folder):
                    _make_venv(folder)
                    fill()
                    marker = {"version": python_version(), "base": base_python()}
                    write_atomically(folder / MARKER, json.dumps(marker).encode())
    return Environment(
        python=python_of(folder),
        site_packages=site_packages(folder),
        lock=lock_hash(lock_file.read_text("utf-8")),
        lock_file=lock_file,
        version=python_version(),
    )


def lock_hash(lock_text: str) -> str:
    """What an environment is named by: its lock, this Python version and this platform."""
    text = "\0".join((lock_text, python_version(), sysconfig.get_platform()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def python_version() -> str:
    """ "3.11.7": the Python that runs this, which is the Python of every environment."""
    return ".".join(str(part) for part in sys.version_info[:3])


def base_python() -> str:
    """The interpreter below any virtual environment that bugbash itself runs in."""
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    return os.path.realpath(base)


def needs_only_pytest(target: Target) -> bool:
    """Whether the tests of a target need pytest, of any version, and nothing else."""
    names = {re.split(r"[^A-Za-z0-9._-]", r, maxsplit=1)[0] for r in target.spec.dependencies}
    return names <= {"pytest"} and target.spec.released is None


def _complete(folder: Path) -> bool:
    return (folder / MARKER).is_file() and python_of(folder).exists()


def _make_venv(folder: Path) -> None:
    import venv

    remove_tree(folder)
    try:
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
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
