"""Which commits of a history look like fixes that can be replayed, and how promising each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bugbash.mining import scoring
from bugbash.mining.stripped import Comparison, compare
from bugbash.targets.history.changes import Change, FileChange, read_blobs
from bugbash.targets.history.fixes import (
    Fix,
    fix_of,
    is_compiled_source,
    is_source_path,
    is_test_configuration,
    is_test_path,
)
from bugbash.targets.history.repository import History


@dataclass(frozen=True)
class Candidate:
    """A commit that may be a fix; it is not proved yet."""

    fix: Fix
    score: float
    """Higher is more promising; only the order means something."""
    issues: tuple[int, ...]
    """Numbers of issues and pull requests that the message names, in its order."""


@dataclass(frozen=True)
class FellOut:
    """A commit that can't be replayed, and why."""

    commit: str
    why: str
    """A word: no-tests, too-large, typing ..."""
    told: str
    """One line for a person."""


@dataclass(frozen=True)
class Limits:
    """How small a fix must be."""

    lines: int = 15
    """Lines added plus lines removed in the sources, as `git show --numstat` counts them: what
    a learner would have to read. A changed line counts twice."""
    files: int = 2
    """Source files."""


DEFAULT_LIMITS = Limits()
_SUBMODULE, _LINK = "160000", "120000"
_LFS = b"version https://git-lfs.github.com/spec/"
_LFS_BYTES = 1024
_DOCUMENTS = (".rst", ".md", ".txt", ".po", ".svg", ".png", ".html", ".css")
_LARGEST_WINDOW = 64
"""Commits whose files are read at once: few git processes, and little in memory."""


def judge(change: Change, history: History, limits: Limits = DEFAULT_LIMITS) -> Candidate | FellOut:
    """Whether one commit may be a fix that can be replayed, and how promising it is.

    Raises EnvironmentProblem where the repository lacks a file of it.
    """
    return next(judged([change], history, limits))


def judged(
    changes: Iterable[Change], history: History, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Candidate | FellOut]:
    """`judge` for many commits, in their order; the first answers come at once.

    Memory holds one window of commits, however many there are.
    Raises EnvironmentProblem where the repository lacks a file.
    """
    waiting, size = iter(changes), 1
    while window := list(islice(waiting, size)):
        size = min(size * 2, _LARGEST_WINDOW)
        early = [_fell_out_unread(change, limits) for change in window]
        pairs = list(zip(window, early, strict=True))
        ids = {blob for change, out in pairs if out is None for blob in _to_read(change)}
        blobs = read_blobs(history, ids)
        for change, out in pairs:
            yield out or _judged_read(change, history.name, blobs)


def _judged_read(change: Change, name: str, blobs: Mapping[str, bytes]) -> Candidate | FellOut:
    found = _pointers(change, blobs) or _configured(change, blobs)
    if found is None:
        code = _compared(change, blobs)
        found = _empty(change, code) or _untested(change, code)
        if found is None:
            fix = fix_of(change, name)
            score = scoring.score_of(change, fix, code)
            return Candidate(fix, score, scoring.issues_of(change))
    return FellOut(change.commit, *found)


def _compared(change: Change, blobs: Mapping[str, bytes]) -> dict[str, Comparison]:
    return {
        file.path: compare(blobs.get(file.before, b""), blobs.get(file.after, b""))
        for file in change.files
        if _is_code(file)
    }


def _fell_out_unread(change: Change, limits: Limits) -> FellOut | None:
    """Why the commit can't be replayed, as far as its list of files tells."""
    found = _wrong_sort(change) or _wrong_files(change) or _wrong_size(change, limits)
    return FellOut(change.commit, *found) if found else None


def _wrong_sort(change: Change) -> tuple[str, str] | None:
    if not change.parents:
        return "first-commit", "it has no parent: there is no code before it"
    if len(change.parents) > 1:
        return "merge", "it is a merge: what it brings is in its parents"
    for file in change.files:
        if _SUBMODULE in (file.mode_before, file.mode_after):
            return "submodule", f"it moves the submodule {_shown(file.path)}"
    return None


def _wrong_files(change: Change) -> tuple[str, str] | None:
    sources = _sources(change)
    for file in change.files:
        if is_compiled_source(file.path):
            return "compiled", f"it changes {_shown(file.path)}, which has to be compiled"
    if not sources:
        only_documents = all(file.path.lower().endswith(_DOCUMENTS) for file in change.files)
        if change.files and only_documents:
            return "docs", "it changes documents only"
        return "no-source", "it changes no Python source"
    tests = [file for file in change.files if is_test_path(file.path)]
    if all(file.status == "D" for file in tests):
        return "no-tests", "it changes source and no test"
    return next((found for file in sources if (found := _wrong_source(file, sources))), None)


def _wrong_source(file: FileChange, sources: list[FileChange]) -> tuple[str, str] | None:
    statuses = {source.status for source in sources}
    if _LINK in (file.mode_before, file.mode_after):
        return "links", f"{_shown(file.path)} is a symbolic link"
    if file.status in "AD" and {"A", "D"} <= statuses:
        return "moved-files", f"it moves source: {_shown(file.path)}"
    if file.status == "A":
        return "new-files", f"it adds the source file {_shown(file.path)}"
    if file.status == "D":
        return "deleted-files", f"it deletes the source file {_shown(file.path)}"
    if file.added is None or file.removed is None:
        return "binary", f"{_shown(file.path)} is binary"
    return None


def _wrong_size(change: Change, limits: Limits) -> tuple[str, str] | None:
    sources = _sources(change)
    lines = sum((file.added or 0) + (file.removed or 0) for file in sources)
    if len(sources) > limits.files:
        return "too-many-files", f"{len(sources)} source files; at most {limits.files} are asked"
    if lines > limits.lines:
        return "too-large", f"{lines} changed source lines; at most {limits.lines} are asked"
    return None


def _to_read(change: Change) -> Iterator[str]:
    """The blobs that the verdict needs."""
    for file in change.files:
        if _is_code(file) or is_test_configuration(file.path) or _may_be_pointer(file):
            yield from (blob for blob in (file.before, file.after) if blob.strip("0"))


def _is_code(file: FileChange) -> bool:
    plain = _LINK not in (file.mode_before, file.mode_after)
    return (
        plain
        and file.path.endswith(".py")
        and (is_source_path(file.path) or is_test_path(file.path))
    )


def _may_be_pointer(file: FileChange) -> bool:
    """A pointer of Git LFS has three lines."""
    counts = (file.added, file.removed)
    return is_test_path(file.path) and None not in counts and 3 in counts


def _pointers(change: Change, blobs: Mapping[str, bytes]) -> tuple[str, str] | None:
    for file in change.files:
        sides = blobs.get(file.before, b""), blobs.get(file.after, b"")
        if any(side.startswith(_LFS) and len(side) < _LFS_BYTES for side in sides):
            return "lfs", f"{_shown(file.path)} is kept in Git LFS: only its pointer is here"
    return None


def _configured(change: Change, blobs: Mapping[str, bytes]) -> tuple[str, str] | None:
    for file in change.files:
        if is_test_configuration(file.path):
            before, after = blobs.get(file.before, b""), blobs.get(file.after, b"")
            if scoring.pytest_part(file.path, before) != scoring.pytest_part(file.path, after):
                return "test-configuration", f"it changes pytest's settings in {file.path}"
    return None


def _empty(change: Change, code: Mapping[str, Comparison]) -> tuple[str, str] | None:
    found = [code[file.path].emptiness for file in _sources(change)]
    if None in found:
        return None
    if "typing" in found:
        return "typing", "it changes types only"
    if "docs" in found:
        return "docs", "it changes docstrings only"
    return "formatting", "it changes formatting or comments only"


def _untested(change: Change, code: Mapping[str, Comparison]) -> tuple[str, str] | None:
    for file in change.files:
        if is_test_path(file.path) and file.status != "D":
            compared = code.get(file.path)
            if compared is None or file.status != "M" or compared.emptiness is None:
                return None
    return "no-tests", "what its tests do stays as it was"


def _sources(change: Change) -> list[FileChange]:
    return [file for file in change.files if is_source_path(file.path)]


def _shown(path: str) -> str:
    """A path that may hold anything, fit for one line of text."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
