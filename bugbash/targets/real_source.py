"""A target from a real fix: `real:NAME@COMMIT`, the code as it was right after the fix.

That is the fix's parent with the fix's source and test files: what else the fix changed, such as
the changelog, tells the cause.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bugbash import git
from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import remove_tree, write_atomically
from bugbash.resources import home
from bugbash.targets import git_source, results
from bugbash.targets.history import index as indexes
from bugbash.targets.history.changes import change_of
from bugbash.targets.history.fixes import Fix, fix_of, write_clean
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.history.repository import History, open_history
from bugbash.targets.history.suite_part import part_of
from bugbash.targets.interpreters import find, own
from bugbash.targets.overrides import NOTHING, Note, Overrides
from bugbash.targets.spec import Target
from bugbash.targets.trees import staging

_FORM = re.compile(r"real:([^@\s]+)@([0-9a-fA-F]+)")
_PACKS_KEPT = 8
_A_DAY = 24 * 3600


class NoClone(EnvironmentProblem):
    """A library whose history can't be had."""


@dataclass(frozen=True)
class Replay:
    """A real fix, ready to be turned round."""

    history: History
    fix: Fix
    target: Target
    """The clean code."""


def prepare(argument: str, overrides: Overrides, note: Note) -> Target:
    """The clean target of a fix that an index knows; offline once its library is cloned.

    Raises UsageProblem for a fix that no index knows and where options say how it is to be run,
    EnvironmentProblem where the library can't be cloned.
    """
    match = _FORM.fullmatch(argument)
    if match is None:
        raise UsageProblem(f"{argument!r} is not of the form real:NAME@COMMIT.")
    if overrides != NOTHING:
        raise UsageProblem(f"{argument} is run as it was validated: leave the options out.")
    known = indexes.load(match[1])
    return replay_of(known, indexes.find(known, match[2]), note).target


def replay_of(known: Index, entry: Entry, note: Note) -> Replay:
    """The clone, the fix and the clean target of an entry.

    Its dependencies are those that it was validated with where that was on this Python's minor
    version, or where the machine has that Python; else those of the fix's day.
    Raises what `history_of` raises.
    """
    history = history_of(known, entry, note)
    fix = fix_of(change_of(history, entry.fix_commit), known.name)
    argument = f"real:{known.name}@{entry.fix_commit}"
    target = results.load(argument, NOTHING)
    if target is None:
        target = clean_target(history, fix, argument, note)
        results.save(target, NOTHING)
    return Replay(history, fix, _with_dependencies(target, entry))


def clean_target(
    history: History, fix: Fix, argument: str, note: Note, overrides: Overrides = NOTHING
) -> Target:
    """The clean code of any fix, with the spec that its own files and `overrides` tell.

    Raises UsageProblem for a tree that is no project with tests, EnvironmentProblem where its own
    build fails.
    """
    from bugbash.targets.checkout import Checkout, target_of  # 60 ms: not where it is kept

    with staging() as raw:
        write_clean(history, fix, raw)
        checkout = Checkout(
            raw,
            argument,
            "git",
            fix.name,
            git_source.described(history.repository, fix.base),
            git_source.date_of(history.repository, fix.base),
            whole=True,
            tests=part_of(raw, fix.tests),
        )
        return target_of(checkout, overrides, note)


def has_pins(entry: Entry) -> bool:
    """Whether a bug runs here with the Python and the dependencies that it was validated with."""
    return find(entry.python) is not None


def _with_dependencies(target: Target, entry: Entry) -> Target:
    if not has_pins(entry):
        return target
    pins = indexes.requirements_of(entry.lock)
    python = None if entry.python == own().minor else entry.python
    spec = replace(target.spec, dependencies=pins, released=None, python=python)
    return replace(target, spec=spec)


def history_of(known: Index, entry: Entry, note: Note) -> History:
    """The clone that holds a fix: the one that was named for its library, else our own.

    Raises UsageProblem where the named one lacks the fix, EnvironmentProblem where the library
    can't be cloned.
    """
    named = _remembered().get(known.name)
    if named is not None and (Path(named) / "HEAD").is_file():
        if git_source.commit_of(Path(named), entry.fix_commit):
            return History(Path(named), entry.fix_commit, known.name, named, known.url)
        note(f"the clone that was named for {known.name} is gone or lacks the fix")
    try:
        repository = git_source.clone(known.url, entry.fix_commit, note)
    except EnvironmentProblem as error:
        raise NoClone(
            f"{known.name} can't be cloned ({str(error).rstrip('.')}): with a clone that you have, "
            "add --repo PATH."
        ) from error
    if git_source.commit_of(repository, entry.fix_commit) is None:
        raise EnvironmentProblem(
            f"{known.url} has no commit {entry.fix_commit[:12]} any more: take another bug, or add "
            "--repo PATH with a clone that has it."
        )
    return History(repository, entry.fix_commit, known.name, known.url, known.url)


def remember(known: Index, path: Path, note: Note) -> None:
    """Take a clone that the user has for a library from now on; nothing runs in it.

    Raises UsageProblem where it is no clone, or of something else.
    """
    history = open_history(str(path), note, known.name)
    if not any(git_source.commit_of(history.repository, e.fix_commit) for e in known.entries):
        raise UsageProblem(
            f"{path} holds none of the fixes of {known.name} that the index has: name a clone of "
            f"{known.url}, brought up to date."
        )
    value = {**_remembered(), known.name: str(history.repository)}
    write_atomically(_memory(), json.dumps(value, indent=1).encode())


def is_here(known: Index) -> bool:
    """Whether a library can be had without a network."""
    named = _remembered().get(known.name)
    return (named is not None and (Path(named) / "HEAD").is_file()) or git_source.is_here(known.url)


def past_of(name: str, url: str, commit: str) -> Path | None:
    """A repository on this machine that holds a commit of a library; None where there is none."""
    named = _remembered().get(name)
    for place in (*([Path(named)] if named else []), git_source.place_of(url)):
        if (place / "HEAD").is_file() and git_source.commit_of(place, commit):
            return place
    return None


@contextmanager
def packed_past(history: History, commit: str) -> Iterator[None]:
    """Pack the past of a commit while other work goes on, for the workspace that is made next."""
    with ThreadPoolExecutor(1) as pool:
        packing = pool.submit(pack_of, commit, lambda: history.repository)
        try:
            yield
            packing.result()
        except BaseException:
            packing.exception()
            raise


def pack_of(commit: str, repository: Callable[[], Path]) -> Path:
    """The folder with one pack of all that a commit leads to, kept for the next workspace.

    Packed from `repository` where it is not kept. Raises EnvironmentProblem where git fails.
    """
    packs = home() / "repositories" / "packs"
    folder = packs / commit
    if not folder.is_dir():
        begun = packs / f"{commit}-{os.getpid()}-{threading.get_ident()}.part"
        try:
            git.pack_past(repository(), commit, begun)
            with suppress(OSError):  # another process was first
                begun.rename(folder)
        finally:
            remove_tree(begun)
    os.utime(folder)
    _remove_unused(packs)
    return folder


def _remove_unused(packs: Path) -> None:
    """Remove what nobody used for a day, but for the packs that were used last."""
    used = []
    for path in packs.iterdir():
        with suppress(OSError):  # another process has just finished or removed it
            used.append((path.stat().st_mtime, path))
    for when, path in sorted(used, reverse=True)[_PACKS_KEPT:]:
        if when < time.time() - _A_DAY:
            remove_tree(path)


def message_of(name: str, url: str, commit: str) -> str:
    """The first line of a commit's message, where the library is here; else nothing."""
    repository = past_of(name, url, commit)
    if repository is None:
        return ""
    asked = ["log", "-1", "--format=%s", commit]
    return git.run(asked, repository).decode("utf-8", "replace").strip()


def _remembered() -> dict[str, str]:
    try:
        value = json.loads(_memory().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _memory() -> Path:
    return home() / "repositories" / "named.json"
