"""A target from a folder on this machine: copied, never written to."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import is_under, walk
from bugbash.targets.checkout import Checkout, target_of
from bugbash.targets.overrides import OWN_SPEC, Note, Overrides
from bugbash.targets.prepare import LEFT_OUT
from bugbash.targets.project_mutators import own_mutators
from bugbash.targets.spec import Target
from bugbash.targets.trees import staging

_KEPT_BACK = LEFT_OUT - {OWN_SPEC}
_SIGNS = ("pyproject.toml", "setup.py", "setup.cfg", OWN_SPEC, "pytest.ini", "tox.ini", "tests")


def prepare(argument: str, overrides: Overrides, note: Note) -> Target:
    """The target in the folder `argument`, uncommitted changes included.

    Raises UsageProblem for a file, and for a folder that holds no Python project.
    """
    folder = Path(argument).expanduser().resolve()
    _check_is_project(folder)
    with staging() as raw:
        copy_project(folder, raw, own_mutators(folder))
        described = _described(folder)
        checkout = Checkout(raw, str(folder), "path", folder.name, described)
        return target_of(checkout, overrides, note)


def copy_project(folder: Path, destination: Path, left_out: Iterable[str] = ()) -> None:
    """Copy what belongs to the project: git's view of it where there is one, else all but caches.

    Files that git ignores stay behind, and the folders `left_out` (mutators give away what is
    broken); changes that are not committed come along.
    """
    names = _known_to_git(folder)
    hidden = [Path(name).as_posix() for name in left_out]
    for name in _walked(folder) if names is None else names:
        source = folder / name
        if source.is_symlink() or not source.is_file() or is_under(Path(name).as_posix(), hidden):
            continue
        target = destination / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def _walked(folder: Path) -> Iterable[str]:
    """All files but those in caches, virtual environments and what a build left behind."""
    skipped = {entry.name for entry in folder.iterdir() if (entry / "pyvenv.cfg").is_file()}
    skipped |= {"build", "dist"}
    paths = walk(folder, _KEPT_BACK)
    return (str(path) for path in paths if path.parts[0] not in skipped or len(path.parts) == 1)


def _known_to_git(folder: Path) -> list[str] | None:
    if not _in_checkout(folder):
        return None
    from bugbash import git

    try:
        listed = git.run(["ls-files", "-co", "--exclude-standard", "-z"], folder)
    except EnvironmentProblem:
        return None
    names = {name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name}
    return sorted(name for name in names if not _KEPT_BACK & set(name.split("/"))) or None


def _described(folder: Path) -> str | None:
    if not _in_checkout(folder):
        return None
    from bugbash import git

    try:
        return git.run(["describe", "--tags", "--long"], folder).decode().strip()
    except EnvironmentProblem:
        return None


def _in_checkout(folder: Path) -> bool:
    return any((parent / ".git").exists() for parent in (folder, *folder.parents))


def _check_is_project(folder: Path) -> None:
    if folder.is_file():
        raise UsageProblem(f"{folder} is a file: give the folder of its project.")
    if not folder.is_dir():
        raise UsageProblem(f"There is no folder {folder}.")
    if not any((folder / name).exists() for name in _SIGNS) and not _holds_tests(folder):
        raise UsageProblem(
            f"{folder} holds no Python project: no pyproject.toml, setup.py, setup.cfg or tests, "
            "and no test_*.py."
        )


def _holds_tests(folder: Path) -> bool:
    """Whether files with tests lie in a folder, or one level below it."""
    patterns = (f"{below}{name}" for below in ("", "*/") for name in ("test_*.py", "*_test.py"))
    return any(path.is_file() for pattern in patterns for path in folder.glob(pattern))
