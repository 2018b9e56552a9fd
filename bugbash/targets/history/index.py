"""The index of real bugs: which fixes of which library can be replayed. Facts, never code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.files import write_atomically
from bugbash.resources import home, shipped

FORMAT = 1
_LOCKS = "locks"
_LEAST_PREFIX = 4
"""Digits by which a commit may be named."""


@dataclass(frozen=True)
class Entry:
    """One fix that was validated: the bug that it mended can be played."""

    fix_commit: str
    base_commit: str
    """The fix's parent: the code that is served."""
    when: int
    """The fix's committer time, in seconds since the epoch."""
    files: tuple[str, ...]
    """The source files that it changes."""
    added: int
    removed: int
    trait: str
    family: str
    fail_to_pass: tuple[str, ...]
    tests: int
    """How many tests pass on the clean code."""
    left_out: tuple[str, ...]
    """Ids of tests that do not pass there, or not always."""
    ignored_files: tuple[str, ...]
    python: str
    """ "3.11": the Python that it was validated on."""
    lock: str
    """What `requirements_of` takes: the dependencies that it was validated with."""
    issues: tuple[int, ...] = ()
    """Numbers that the fix's message names."""
    proved_on: tuple[str, ...] = ()
    """Systems with their Pythons: "linux-3.11"."""
    suite_seconds: float | None = None
    """Of the whole suite on the clean code."""


@dataclass(frozen=True)
class Index:
    """The real bugs of one library, the newest first."""

    name: str
    url: str
    """What is cloned."""
    entries: tuple[Entry, ...]


def names() -> tuple[str, ...]:
    """The libraries that have real bugs, in name order: shipped, and mined here."""
    return tuple(sorted({path.stem for folder in _folders() for path in folder.glob("*.json")}))


def load(name: str) -> Index:
    """The real bugs of a library, shipped and mined here; of one fix the shipped facts count.

    Raises UsageProblem, with the nearest names, where there are none, and EnvironmentProblem for
    a file that can't be read.
    """
    paths = [path for folder in _folders() if (path := folder / f"{name}.json").is_file()]
    if not paths or name not in names():
        hint = nearest(name, names())
        raise UsageProblem(f"there are no real bugs of {name!r} here. {hint}")
    found = [read(path) for path in paths]
    entries: dict[str, Entry] = {}
    for one in found:
        for entry in one.entries:
            entries.setdefault(entry.fix_commit, entry)
    return replace(found[0], name=name, entries=_newest_first(entries.values()))


def find(index: Index, commit: str) -> Entry:
    """The bug whose fix has this id, or an id that begins so.

    Raises UsageProblem where there is none, or several.
    """
    prefix = commit.lower()
    found = [one for one in index.entries if one.fix_commit.startswith(prefix)]
    if len(found) == 1 and len(prefix) >= _LEAST_PREFIX:
        return found[0]
    if len(found) > 1:
        raise UsageProblem(f"{index.name}@{commit}: {len(found)} fixes begin so: give more of it.")
    some = [one.fix_commit[:10] for one in index.entries]
    raise UsageProblem(f"the index has no fix {commit!r} of {index.name}. {nearest(prefix, some)}")


def read(path: Path) -> Index:
    """An index from its file. Raises EnvironmentProblem where it is none."""
    try:
        value = json.loads(path.read_text("utf-8"))
        if value.pop("format") != FORMAT:
            raise ValueError("it is of another form")
        return Index(value["name"], value["url"], tuple(map(_entry, value["entries"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EnvironmentProblem(
            f"the index {path} can't be read ({error}): remove it and run `bugbash mine` again."
        ) from error


def save(index: Index, path: Path) -> None:
    """Write an index; the same one gives the same bytes."""
    ordered = replace(index, entries=_newest_first(index.entries))
    text = json.dumps({"format": FORMAT, **asdict(ordered)}, indent=1, ensure_ascii=False)
    write_atomically(path, f"{text}\n".encode())


def own_path(name: str) -> Path:
    """Where the index of a library that was mined here lies."""
    return home() / "real" / f"{name}.json"


def requirements_of(lock: str) -> tuple[str, ...]:
    """The pinned requirements of a lock.

    Raises EnvironmentProblem where no lock of that name is kept.
    """
    for folder in _folders():
        path = folder / _LOCKS / f"{lock}.txt"
        if path.is_file():
            return _pins(path.read_text("utf-8"))
    raise EnvironmentProblem(
        f"the dependencies {lock} of a real bug are missing: install bugbash again, or run "
        "`bugbash mine` again for one of your own."
    )


def keep_lock(requirements: Iterable[str], folder: Path) -> str:
    """Keep pinned requirements below the folder of an index; returns what they are called."""
    pins = sorted(_pins("\n".join(requirements)))
    text = "".join(f"{pin}\n" for pin in pins)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = folder / _LOCKS / f"{name}.txt"
    if not path.is_file():
        write_atomically(path, text.encode())
    return name


def _pins(text: str) -> tuple[str, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _folders() -> Iterator[Path]:
    for folder in (shipped("scenarios") / "real", home() / "real"):
        if folder.is_dir():
            yield folder


_LISTS = ("files", "fail_to_pass", "left_out", "ignored_files", "issues", "proved_on")
_KNOWN = frozenset(field.name for field in fields(Entry))


def _entry(value: dict[str, Any]) -> Entry:
    """An entry; what a newer bugbash says more of it is passed over."""
    kept = {key: given for key, given in value.items() if key in _KNOWN}
    lists = {key: tuple(kept[key]) for key in _LISTS if key in kept}
    return Entry(**{**kept, **lists})


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: (-one.when, one.fix_commit)))
