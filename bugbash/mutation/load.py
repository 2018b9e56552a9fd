"""Loading mutators from folders: the shipped ones and an instructor's own, in the same way."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bugbash.errors import UsageProblem, nearest
from bugbash.mutation.data_files import DATA_SUFFIXES
from bugbash.mutation.mutator import FAMILIES, Example, FileMutator, Mutator
from bugbash.mutation.sites import mutants_of
from bugbash.mutation.source import UnreadableSource
from bugbash.mutation.traits import TRAITS
from bugbash.resources import shipped

TEXTS = ("name", "family", "summary", "models", "explanation")


@dataclass(frozen=True)
class FailedExample:
    """An example that does not hold."""

    number: int
    """Counted from 1 in the order of `examples`."""
    example: Example
    got: tuple[str, ...]
    """What the mutator really makes of `example.before`."""
    problem: str


def load(extra: Iterable[Path] = ()) -> tuple[Mutator, ...]:
    """The shipped mutators and those of the folders `extra`, by family, then name.

    The examples of `extra` are tried, those of the shipped ones by the test suite. Raises
    UsageProblem naming the file (and the line, where it is known) of a mutator that is not right.
    """
    folders = [Path(folder) for folder in extra]
    found = [(path, load_file(path)) for path in mutator_files(shipped("mutators"))]
    for folder in folders:
        if not folder.is_dir():
            raise UsageProblem(f"There is no folder {folder} of mutators.")
        for path in mutator_files(folder):
            mutator = load_file(path)
            require_examples(mutator, path)
            found.append((path, mutator))
    _refuse_duplicates(found)
    return tuple(sorted((mutator for _, mutator in found), key=_order))


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


def mutator_files(folder: Path) -> list[Path]:
    """The Python files below a folder of mutators in name order; `_private.py` is left out."""
    relative = sorted(path.relative_to(folder) for path in folder.rglob("*.py"))
    return [folder / path for path in relative if not any(p[0] in "._" for p in path.parts)]


def load_file(path: Path) -> Mutator:
    """The mutator of one file. Raises UsageProblem where that is not right."""
    module = _import(path)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Mutator)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        names = ", ".join(cls.__name__ for cls in classes) or "none"
        raise UsageProblem(f"{path} must hold exactly one subclass of Mutator; it holds {names}.")
    _require_parts(classes[0], path)
    return classes[0]()


def file_of(mutator: Mutator) -> Path:
    """The file that a mutator was loaded from."""
    return Path(str(sys.modules[type(mutator).__module__].__file__))


def failed_examples(mutator: Mutator) -> Iterator[FailedExample]:
    """The examples that don't hold: other results, or code that does not parse."""
    for number, example in enumerate(mutator.examples, start=1):
        try:
            got = results(mutator, example.before, example.file)
        except UnreadableSource as error:
            yield FailedExample(number, example, (), str(error))
            continue
        if got != tuple(example.after):
            problem = f"gives {len(got)} results, {len(example.after)} are expected"
            if len(got) == len(example.after):
                pairs = zip(got, example.after, strict=True)
                result = next(i for i, (a, b) in enumerate(pairs, start=1) if a != b)
                problem = f"result {result} differs from what is expected"
            yield FailedExample(number, example, got, problem)


def results(mutator: Mutator, code: str, file: str = "example.py") -> tuple[str, ...]:
    """Every broken version of the module (or file of settings) `code`, in source order."""
    data = code.encode()
    return tuple(m.edit.apply(data).decode() for m in mutants_of(file, data, [mutator]))


def require_examples(mutator: Mutator, path: Path) -> None:
    """Raise UsageProblem naming the first example of `path` that does not hold."""
    for failed in failed_examples(mutator):
        place = _place(path, _example_line(path, failed.number))
        raise UsageProblem(f"{place}: example {failed.number} does not hold: it {failed.problem}.")


def _import(path: Path) -> ModuleType:
    digest = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    name = f"bugbash_mutator_{path.stem}_{digest[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the file may be anybody's code
        del sys.modules[name]
        place = _place(path, _error_line(error, path))
        raise UsageProblem(
            f"{place}: the mutator can't be loaded ({type(error).__name__}: {_message(error)})."
        ) from error
    return module


def _message(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _error_line(error: Exception, path: Path) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return lines[-1] if lines else None


def _example_line(path: Path, number: int) -> int | None:
    tree = ast.parse(path.read_bytes())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    lines = sorted(call.lineno for call in calls if ast.unparse(call.func) == "Example")
    return lines[number - 1] if number <= len(lines) else None


def _place(path: Path, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)


def _require_parts(cls: type[Mutator], path: Path) -> None:
    for part in TEXTS:
        value = getattr(cls, part, None)
        if not isinstance(value, str) or not value.strip():
            raise UsageProblem(f"{path}: {cls.__name__} must say its {part!r}, a text.")
    if cls.family not in FAMILIES:
        hint = nearest(cls.family, FAMILIES)
        raise UsageProblem(f"{path}: there is no family {cls.family!r}. {hint}")
    if cls.trait not in TRAITS:
        hint = nearest(cls.trait, TRAITS)
        raise UsageProblem(f"{path}: there is no trait {cls.trait!r}. {hint}")
    folder = path.parent.name
    if folder in FAMILIES and folder != cls.family:
        raise UsageProblem(f"{path}: the family is {cls.family!r}, but the folder {folder!r}.")
    examples = getattr(cls, "examples", ())
    if not any(isinstance(e, Example) and e.after for e in examples):
        raise UsageProblem(f"{path}: {cls.__name__} needs examples, one with an `after` at least.")
    _require_method(cls, path)


def _require_method(cls: type[Mutator], path: Path) -> None:
    method = "rewrite" if issubclass(cls, FileMutator) else "mutate"
    if method in cls.__abstractmethods__:
        raise UsageProblem(f"{path}: {cls.__name__} must define `{method}`.")
    suffixes = getattr(cls, "suffixes", ())
    if issubclass(cls, FileMutator) and not (suffixes and set(suffixes) <= set(DATA_SUFFIXES)):
        known = ", ".join(DATA_SUFFIXES)
        raise UsageProblem(f"{path}: the suffixes of {cls.__name__} must be some of {known}.")


def _refuse_duplicates(found: list[tuple[Path, Mutator]]) -> None:
    seen: dict[str, Path] = {}
    for path, mutator in found:
        other = seen.setdefault(mutator.name, path)
        if other != path:
            raise UsageProblem(f"{path}: the name {mutator.name!r} is taken by {other}.")


def _order(mutator: Mutator) -> tuple[int, str]:
    return FAMILIES.index(mutator.family), mutator.name
