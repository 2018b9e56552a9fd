"""A folder in which a suite runs: a tree brought up to date by content, and its `.venv`.

A slot is kept between runs, so that Python's bytecode is warm; only files that differ are
written. Each written file gets a modification time that no version of it had before: bytecode
of an earlier version can never be taken for it.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from bugbash.files import CACHES, remove_tree, walk, write_atomically
from bugbash.resources import home
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.targets.venv import VenvPlan, make_venv, python_of
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.strays import end_strays

Content = bytes | Path
_EPOCH = 1_600_000_000
_READY = "ready"
_RESERVED = 1_000


@dataclass(frozen=True)
class Slot:
    """One locked place to run one suite at a time."""

    folder: Path
    target: Target
    environment: Environment

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def python(self) -> Path:
        return python_of(self.folder / "venv")

    @property
    def scratch(self) -> Path:
        """HOME and the temporary folder of the run; emptied before each."""
        return self.folder / "scratch"

    def sync(self, changes: Mapping[str, Content | None], clean: bool = True) -> None:
        """Make the tree equal to the target's with `changes`: new contents, or None for "gone".

        With `clean` false, `changes` are all that the tree is to hold.
        """
        wanted: dict[str, Content] = {}
        if clean:
            wanted = {n.as_posix(): self.target.tree / n for n in walk(self.target.tree)}
        for name, content in changes.items():
            if content is None:
                wanted.pop(name, None)
            else:
                wanted[name] = content
        self._remove_others(wanted)
        stale = [name for name in sorted(wanted) if not _same(self.tree / name, wanted[name])]
        if stale:
            stamp = self._next_stamp()
            for name in stale:
                _write(self.tree / name, wanted[name], stamp)

    def left_behind(self, changes: Mapping[str, Content | None]) -> tuple[str, ...]:
        """Files that a run wrote into the tree, caches aside, in name order."""
        known = {*changes, *(path.as_posix() for path in walk(self.target.tree))}
        return tuple(name for path in walk(self.tree) if (name := path.as_posix()) not in known)

    def _remove_others(self, wanted: Mapping[str, Content]) -> None:
        folders = {p.as_posix() for name in wanted for p in PurePosixPath(name).parents}
        for root, names, files in os.walk(self.tree, topdown=True):
            here = PurePosixPath(Path(root).relative_to(self.tree).as_posix())
            for name in list(names):
                path = Path(root, name)
                if path.is_symlink() or (name not in CACHES and str(here / name) not in folders):
                    remove_tree(path)
                    names.remove(name)
                elif name in CACHES:
                    names.remove(name)
            for name in files:
                if str(here / name) not in wanted:
                    Path(root, name).unlink()

    def drop_left_behind(self) -> tuple[str, ...]:
        """Make the tree clean again after a run, and say which files the run had made."""
        left = self.left_behind({})
        self.sync({})
        return left

    def write(self, name: str, content: Content, stamp: int) -> None:
        """Write one file of the tree; `stamp` is one of `reserve_stamps`."""
        _write(self.tree / name, content, stamp)

    def reserve_stamps(self) -> Iterator[int]:
        """Modification times that no file of this slot had or will have; it does not end."""
        while True:
            last = self._next_stamp(_RESERVED)
            yield from range(last - _RESERVED + 1, last + 1)

    def _next_stamp(self, step: int = 1) -> int:
        clock = self.folder / "clock"
        before = clock.read_text() if clock.exists() else "0"
        count = int(before or time.time() - _EPOCH) + step
        write_atomically(clock, str(count).encode())
        return _EPOCH + count

    @property
    def home(self) -> Path:
        """HOME of the run, by which its processes are known."""
        return self.scratch / "home"

    def empty_scratch(self) -> None:
        """Make HOME and the temporary folder anew, without what an earlier run left running."""
        end_strays(self.home)
        remove_tree(self.scratch)
        for name in ("home", "tmp"):
            (self.scratch / name).mkdir(parents=True)


def _same(path: Path, content: Content) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    if isinstance(content, bytes):
        return path.stat().st_size == len(content) and path.read_bytes() == content
    return filecmp.cmp(path, content, shallow=False)


def _write(path: Path, content: Content, stamp: int) -> None:
    if path.is_dir() and not path.is_symlink():
        remove_tree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        shutil.copyfile(content, path)
        shutil.copymode(content, path)
    os.utime(path, (stamp, stamp))


@contextmanager
def open_slot(
    target: Target, environment: Environment, condition: Condition = USUAL
) -> Iterator[Slot]:
    """The first slot of this target, environment and condition that nobody uses.

    Two processes, or two workers of one scan, never share one.
    """
    base = home() / "slots" / f"{target.digest}-{environment.lock}"
    base.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        lock = FileLock(base / f"{condition.name}-{number}.lock", timeout=0)
        try:
            with lock:
                yield _ready_slot(base / str(number) / condition.folder, target, environment)
                return
        except Timeout:
            number += 1


def _ready_slot(folder: Path, target: Target, environment: Environment) -> Slot:
    slot = Slot(folder, target, environment)
    marker = folder / _READY
    plan = plan_of(target, environment, slot.tree)
    # The plan stands in the marker: a spec that was corrected since needs another `.venv`.
    if not marker.exists() or marker.read_text("utf-8") != repr(plan):
        remove_tree(folder)
        slot.tree.mkdir(parents=True)
        make_venv(folder / "venv", plan)
        marker.write_text(repr(plan), "utf-8")
    return slot


def plan_of(target: Target, environment: Environment, tree: Path) -> VenvPlan:
    """What the `.venv` of a tree of this target points to."""
    spec = target.spec
    return VenvPlan(
        source_roots=tuple(tree / root for root in spec.source_roots),
        dependencies=environment.site_packages,
        name=spec.name,
        version=spec.version,
        entry_points=spec.entry_points,
        interpreter=environment.interpreter,
    )
