"""Loading mutators from folders: the shipped ones and an instructor's own, in the same way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from bugbash.errors import UsageProblem, nearest
from bugbash.mutation.families import FAMILIES
from bugbash.mutation.mutator import Mutator
from bugbash.mutation.mutator_file import (
    MutatorProblem,
    file_of,
    load_file,
    mutator_files,
    part_line,
    place,
    results,
)
from bugbash.resources import shipped
from bugbash.targets.overrides import quiet
from bugbash.targets.project_mutators import own_mutators
from bugbash.targets.spec import Target

__all__ = [
    "MutatorProblem",
    "file_of",
    "load",
    "load_file",
    "mutator_files",
    "mutator_folders",
    "name_place",
    "results",
    "select",
    "taken",
]


def load(extra: Iterable[Path] = ()) -> tuple[Mutator, ...]:
    """The shipped mutators and those of the folders `extra`, by family, then name.

    Those of `extra` are tried in a process of their own before they are loaded here: what they
    do wrong, an example that does not hold among it, raises UsageProblem with file and line.
    The examples of the shipped ones are tried by the test suite.
    """
    found = {
        path.resolve(): load_file(path, kept=True) for path in mutator_files(shipped("mutators"))
    }
    own = [path for path in _files(extra) if path.resolve() not in found]
    if own:
        from bugbash.mutation.trying import require_fit

        require_fit(own)
    names = {mutator.name: mutator for mutator in found.values()}
    for path in own:
        mutator = load_file(path)
        other = names.setdefault(mutator.name, mutator)
        if other is not mutator:
            line = part_line(path, type(mutator).__name__, "name")
            raise MutatorProblem(path, line, taken(mutator.name, name_place(other)))
        found[path.resolve()] = mutator
    return tuple(sorted(found.values(), key=_order))


def mutator_folders(
    target: Target, given: Iterable[Path], note: Callable[[str], None] = quiet
) -> tuple[Path, ...]:
    """The folders of mutators for a target: those `given`, and those that its project names.

    A project names them in its pyproject.toml: `[tool.bugbash] mutators = ["folder"]`. Mutators
    are code that runs. So this counts for a folder on this machine alone, which the user named:
    what a package or repository from elsewhere names is passed over, and `note` hears of it.
    Raises UsageProblem for a folder that is not there.
    """
    if target.sort != "path":
        _note_ignored(target, note)
        return tuple(given)
    project = Path(target.argument)
    own = [project / name for name in own_mutators(project)]
    for folder in own:
        if not folder.is_dir():
            file = project / "pyproject.toml"
            raise UsageProblem(f"{file}, [tool.bugbash] mutators: there is no folder {folder}.")
    if own:
        note(f"with the mutators of {', '.join(map(str, own))}, as its pyproject.toml says")
    return (*given, *own)


def _note_ignored(target: Target, note: Callable[[str], None]) -> None:
    try:
        named = own_mutators(target.tree)
    except UsageProblem:
        return
    if named:
        note(
            f"{target.argument} names mutators in its pyproject.toml ({', '.join(named)}): they "
            "are passed over, because they are code from elsewhere. --mutators FOLDER loads yours."
        )


def select(
    mutators: Iterable[Mutator], names: Collection[str] = (), families: Collection[str] = ()
) -> tuple[Mutator, ...]:
    """The mutators with one of `names` and one of `families`; an empty collection means all.

    Raises UsageProblem for a name or family that there is not, with the nearest that there are.
    """
    all_of_them = tuple(mutators)
    for family in families:
        if family not in FAMILIES:
            raise UsageProblem(f"There is no family {family!r}. {nearest(family, FAMILIES)}")
    known = [mutator.name for mutator in all_of_them]
    for name in names:
        if name not in known:
            raise UsageProblem(f"There is no mutator {name!r}. {nearest(name, known)}")
    return tuple(
        mutator
        for mutator in all_of_them
        if (not names or mutator.name in names) and (not families or mutator.family in families)
    )


def taken(name: str, where: str) -> str:
    """The sentence for a second mutator of one name."""
    return f"the name {name!r} is taken by {where}."


def name_place(mutator: Mutator) -> str:
    """Where a mutator says its name: file and line."""
    file = file_of(mutator)
    return place(file, part_line(file, type(mutator).__name__, "name"))


def _files(folders: Iterable[Path]) -> list[Path]:
    """The mutators' files of some folders; each once, also where folders lie in each other."""
    files: dict[Path, Path] = {}
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise UsageProblem(f"There is no folder {folder} of mutators.")
        for path in mutator_files(folder):
            files.setdefault(path.resolve(), path)
    return list(files.values())


def _order(mutator: Mutator) -> tuple[int, str]:
    return FAMILIES.index(mutator.family), mutator.name
