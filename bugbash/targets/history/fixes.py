"""A commit as a fix: which of its files are source, which are tests, and the trees it makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bugbash import git
from bugbash.errors import EnvironmentProblem
from bugbash.targets import git_source
from bugbash.targets.history.changes import Change, FileChange, read_blobs
from bugbash.targets.history.repository import History
from bugbash.targets.suite_files import PYTEST_CONFIGURATION, is_test_name

_TEST_FOLDERS = frozenset({"test", "tests"})
_TOP_TEST_FOLDERS = frozenset({"testing", "unittests", "t"})
"""Deeper down they are parts of a package: `sqlalchemy.testing` is imported by its users."""
_NO_SOURCE_FOLDERS = frozenset(
    {
        "asv_bench", "bench", "benchmark", "benchmarks", "build", "ci", "demo", "demos", "dist",
        "doc", "docs", "doc-src", "example", "examples", "extras", "misc", "node_modules",
        "samples", "script", "scripts", "tools", "tutorial", "web", "website",
    }
)  # fmt: skip
"""Only as the first folder of a path."""
_NO_SOURCE_FILES = frozenset(
    {"setup.py", "noxfile.py", "tasks.py", "fabfile.py", "conf.py", "versioneer.py", "build.py"}
)

_COMPILED = (".pyx", ".pxd", ".pxi", ".c", ".cc", ".cpp", ".h", ".hpp", ".rs", ".f", ".f90")


@dataclass(frozen=True)
class Fix:
    """A commit that changes source and tests."""

    commit: str
    base: str
    """Its parent, in full; "" for a first commit."""
    when: int
    """The committer's time, in seconds since the epoch."""
    name: str
    """The project's: "requests"."""
    sources: tuple[str, ...]
    tests: tuple[str, ...]
    """Test files, conftest.py and data below test folders."""
    others: tuple[str, ...]
    """What stays as it was in the parent: changelog, documents, packaging."""
    added: int
    """Lines of the sources."""
    removed: int


def is_test_path(path: str) -> bool:
    """Whether a file is a test, a conftest.py, or data in a folder of tests."""
    parts = PurePosixPath(path).parts
    folders, name = parts[:-1], parts[-1]
    if name == "conftest.py" or _TEST_FOLDERS & set(folders):
        return True
    if folders and folders[0] in _TOP_TEST_FOLDERS:
        return True
    return name.endswith(".py") and (is_test_name(name) or name in ("test.py", "tests.py"))


def is_source_path(path: str) -> bool:
    """Whether a file is Python code that the project's users run."""
    parts = PurePosixPath(path).parts
    if not path.endswith(".py") or is_test_path(path):
        return False
    if len(parts) == 1:
        return parts[0] not in _NO_SOURCE_FILES
    return parts[0] not in _NO_SOURCE_FOLDERS and not parts[0].startswith(".")


def is_compiled_source(path: str) -> bool:
    """Whether a compiler or Cython reads a file, be it by way of a template (`.pxi.in`)."""
    first = PurePosixPath(path).parts[0]
    return (
        path.removesuffix(".in").endswith(_COMPILED)
        and not is_test_path(path)
        and first not in _NO_SOURCE_FOLDERS
    )


def is_test_configuration(path: str) -> bool:
    """Whether a file at the top may tell pytest how to run, besides a conftest.py."""
    return path in PYTEST_CONFIGURATION and path != "conftest.py"


def fix_of(change: Change, name: str) -> Fix:
    """The commit as a fix of the project `name`; its parts are empty where it has none."""
    paths = [file.path for file in change.files]
    sources = [file for file in change.files if is_source_path(file.path)]
    return Fix(
        commit=change.commit,
        base=change.parents[0] if change.parents else "",
        when=change.when,
        name=name,
        sources=tuple(file.path for file in sources),
        tests=tuple(path for path in paths if is_test_path(path)),
        others=tuple(p for p in paths if not is_test_path(p) and not is_source_path(p)),
        added=_total(sources, "added"),
        removed=_total(sources, "removed"),
    )


def write_clean(history: History, fix: Fix, folder: Path) -> None:
    """Write the raw clean tree: the parent's, with sources and tests as the fix has them.

    All other files stay the parent's: a changelog tells the cause. Links stay out.
    Raises EnvironmentProblem where the repository lacks a file.
    """
    git_source.write_commit(history.repository, fix.base, folder)
    listed = _listed(history, fix.commit)
    changed = (*fix.sources, *fix.tests)
    for path in changed:
        _take_away(folder, path)
    wanted = {path: listed[path] for path in changed if path in listed}
    contents = read_blobs(history, (blob for _, blob in wanted.values()))
    for path, (mode, blob) in wanted.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents[blob])
        file.chmod(0o755 if mode == "100755" else 0o644)


def broken_files(history: History, fix: Fix) -> dict[str, bytes]:
    """The sources as they were before the fix, by path.

    Raises EnvironmentProblem where the repository lacks a file.
    """
    return _before(history, fix, fix.sources)


def tests_before(history: History, fix: Fix) -> dict[str, bytes]:
    """The tests that the fix changes as they were before it, by path; new ones are not there.

    Raises EnvironmentProblem where the repository lacks a file.
    """
    return _before(history, fix, fix.tests)


def _before(history: History, fix: Fix, paths: tuple[str, ...]) -> dict[str, bytes]:
    listed = _listed(history, fix.base)
    wanted = {path: listed[path][1] for path in paths if path in listed}
    contents = read_blobs(history, wanted.values())
    return {path: contents[blob] for path, blob in wanted.items()}


def _total(files: list[FileChange], side: str) -> int:
    return sum(getattr(file, side) or 0 for file in files)


def _listed(history: History, commit: str) -> dict[str, tuple[str, str]]:
    """Mode and blob of every plain file of a commit."""
    listing = git.run(["ls-tree", "-r", "-z", "--full-tree", commit], history.repository)
    found = {}
    for line in listing.split(b"\0"):
        if line.startswith(b"100"):
            head, _, name = line.partition(b"\t")
            mode, _, blob = head.decode().split()
            found[name.decode("utf-8", "surrogateescape")] = (mode, blob)
    return found


def _take_away(folder: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty: the fix may have a file there."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or {"..", ".git"} & set(pure.parts):
        raise EnvironmentProblem(f"The commit has a file that lies outside of it: {path}.")
    if not (folder / path).is_dir():
        (folder / path).unlink(missing_ok=True)
    for parent in pure.parents:
        place = folder / parent
        if str(parent) == "." or not place.is_dir() or any(place.iterdir()):
            break
        place.rmdir()
