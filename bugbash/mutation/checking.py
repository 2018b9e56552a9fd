"""What `bugbash mutators check` looks at, and what it says of all the files together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from bugbash.errors import UsageProblem
from bugbash.mutation.line_diff import line_diff
from bugbash.mutation.load import file_of, load, mutator_files, name_place, taken
from bugbash.mutation.mutator_file import place
from bugbash.mutation.trying import Remark, Tried, TriedExample, try_files
from bugbash.targets.project_mutators import own_mutators

WRITE_ONE = "`bugbash mutators new NAME` writes one"


def own_paths(project: Path) -> tuple[Path, ...]:
    """The folders that the pyproject.toml in `project` names. Raises UsageProblem for none."""
    folders = tuple(Path(name) for name in own_mutators(project))
    if not folders:
        raise UsageProblem(
            "nothing to check: name a folder or file of mutators, or say in pyproject.toml where "
            f'they lie: [tool.bugbash] mutators = ["my-mutators"]. {WRITE_ONE}.'
        )
    return folders


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The mutators' files of folders and files, each once. Raises UsageProblem for none."""
    files: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageProblem(f"there is no file or folder {path}; {WRITE_ONE}.")
        if path.is_file() and path.suffix != ".py":
            raise UsageProblem(f"{path} is no Python file: a mutator is one file NAME.py.")
        found = [path] if path.is_file() else mutator_files(path)
        if not found:
            raise UsageProblem(f"there are no mutators in {path}; {WRITE_ONE}.")
        for file in found:
            files.setdefault(file.resolve(), file)
    return list(files.values())


def check_files(files: Sequence[Path], limit_s: float) -> tuple[Tried, ...]:
    """What comes out about each file; a name that is taken, by a shipped one too, among it."""
    places = {file.resolve() for file in files}
    known = {m.name: name_place(m) for m in load() if file_of(m).resolve() not in places}
    checked = []
    for tried in try_files(files, limit_s):
        if tried.name in known:
            error = Remark(tried.name_line, taken(tried.name, known[tried.name]))
            tried = replace(tried, errors=(*tried.errors, error))
        elif tried.name:
            known[tried.name] = place(tried.file, tried.name_line)
        checked.append(tried)
    return tuple(checked)


def diff(example: TriedExample) -> list[str]:
    """How the results differ from those expected, as lines; a head before each part.

    A result that is missing or too many is shown as a change of the code before.
    """
    if not example.ran:
        return []
    missing = [text for text in example.expected if text not in example.got]
    surplus = [text for text in example.got if text not in example.expected]
    if not missing and not surplus:
        return ["the same results, but not in this order or not as often"]
    lines: list[str] = []
    for expected, got in zip_longest(missing, surplus):
        if expected is None:
            lines += ["made, but not expected:", *_changes(example.before, got)]
        elif got is None:
            lines += ["expected, but not made:", *_changes(example.before, expected)]
        else:
            lines += ["- expected", "+ made", *_changes(expected, got)]
    return lines


def _changes(old: str, new: str) -> list[str]:
    return [line.rstrip() for line in line_diff(old.splitlines(), new.splitlines())]
