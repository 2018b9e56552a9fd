"""One mutator's file: loading it by its path, and saying what is wrong with it, file and line."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sys
import traceback
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from bugbash.errors import UsageProblem, nearest
from bugbash.mutation.data_files import DATA_SUFFIXES
from bugbash.mutation.families import FAMILIES
from bugbash.mutation.mutator import Example, FileMutator, Mutator
from bugbash.mutation.sites import mutants_of
from bugbash.mutation.traits import TRAITS
from bugbash.syntax import parse

TEXTS = ("name", "family", "summary", "models", "explanation")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""Words of small letters and digits, joined by hyphens."""
NOT_A_NAME = "a name is words of small letters and digits, joined by hyphens"


class MutatorProblem(UsageProblem):
    """A mutator's file that is not right: the file, the line where it is known, and why."""

    def __init__(self, file: Path, line: int | None, why: str, trace: tuple[str, ...] = ()) -> None:
        super().__init__(f"{place(file, line)}: {why}")
        self.file = file
        self.line = line
        self.why = why
        self.trace = trace
        """The last lines of Python's traceback, where the file's own code raised."""


def place(file: Path, line: int | None) -> str:
    """`file:line`, or the file alone."""
    return f"{file}:{line}" if line else str(file)


def mutator_files(folder: Path) -> list[Path]:
    """The Python files below a folder of mutators in name order; `_private.py` is left out."""
    relative = sorted(path.relative_to(folder) for path in folder.rglob("*.py"))
    named = [path for path in relative if not any(part[0] in "._" for part in path.parts)]
    return [folder / path for path in named if (folder / path).is_file()]


def load_file(path: Path, kept: bool = False) -> Mutator:
    """The mutator of one file. Raises MutatorProblem where that is not right.

    `kept`: Python may keep and take the compiled file; without it nothing is written beside it.
    """
    module = _import(path, kept)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Mutator)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        names = ", ".join(cls.__name__ for cls in classes) or "none"
        line = part_line(path, classes[1].__name__) if classes else None
        why = f"the file must hold exactly one subclass of Mutator; it holds {names}."
        raise MutatorProblem(path, line, why)
    _require_parts(classes[0], path)
    try:
        return classes[0]()
    except (Exception, SystemExit) as error:
        line = error_line(error, path) or part_line(path, classes[0].__name__, "__init__")
        raise _raised(path, error, "the mutator can't be made", line) from error


def file_of(mutator: Mutator) -> Path:
    """The file that a mutator was loaded from."""
    return Path(str(sys.modules[type(mutator).__module__].__file__))


def results(mutator: Mutator, code: str, file: str = "example.py") -> tuple[str, ...]:
    """Every broken version of the module (or file of settings) `code`, in source order."""
    data = code.encode()
    return tuple(m.edit.apply(data).decode() for m in mutants_of(file, data, [mutator]))


def example_line(path: Path, number: int) -> int | None:
    """The line of the example of that number, counted from 1."""
    calls = [node for node in ast.walk(_parsed(path)) if isinstance(node, ast.Call)]
    lines = sorted(call.lineno for call in calls if ast.unparse(call.func) == "Example")
    return lines[number - 1] if number <= len(lines) else None


def part_line(path: Path, cls: str, part: str = "") -> int | None:
    """The line where a class gives a value to `part` or defines it; else that of the class."""
    for node in _parsed(path).body:
        if isinstance(node, ast.ClassDef) and node.name == cls:
            return next((n.lineno for n in node.body if part in _bound(n)), node.lineno)
    return None


def _bound(node: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    elif isinstance(node, ast.FunctionDef):
        return [node.name]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _parsed(path: Path) -> ast.Module:
    return parse(path.read_bytes())


class _Afresh(SourceFileLoader):
    """Compiles a source file each time: it may change twice within one tick of the file's time."""

    def path_stats(self, path: Any) -> Any:
        raise OSError("not kept")


def _import(path: Path, kept: bool) -> ModuleType:
    digest = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    name = f"bugbash_mutator_{path.stem}_{digest[:12]}"
    file = str(path.absolute())
    loader = (SourceFileLoader if kept else _Afresh)(name, file)
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:  # the file may be anybody's code
        del sys.modules[name]
        line = error_line(error, path)
        raise _raised(path, error, "the mutator can't be loaded", line) from error
    return module


def _raised(path: Path, error: BaseException, what: str, line: int | None) -> MutatorProblem:
    why = f"{what} ({type(error).__name__}: {one_line(error)})."
    return MutatorProblem(path, line, why, last_lines(error))


def one_line(error: BaseException) -> str:
    """What an error says, in one line."""
    return " ".join((error.msg if isinstance(error, SyntaxError) else str(error)).split())


def error_line(error: BaseException, path: Path) -> int | None:
    """The innermost line of `path` that an error came through."""
    file = str(path.absolute())
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    return lines[-1] if lines else None


def last_lines(error: BaseException) -> tuple[str, ...]:
    """The last lines of Python's traceback: three frames at most, and the error."""
    text = "".join(traceback.format_exception(error, limit=-3, chain=False))
    return tuple(text.rstrip().splitlines())


def _require_parts(cls: type[Mutator], path: Path) -> None:
    def refuse(part: str, why: str) -> MutatorProblem:
        return MutatorProblem(path, part_line(path, cls.__name__, part), why)

    for part in TEXTS:
        value = getattr(cls, part, None)
        if not isinstance(value, str) or not value.strip():
            raise refuse(part, f"{cls.__name__} must say its {part!r}, a text.")
    if not NAME.fullmatch(cls.name):
        raise refuse("name", f"{cls.name!r} can't be its name: {NOT_A_NAME}.")
    if cls.family not in FAMILIES:
        hint = nearest(cls.family, FAMILIES)
        raise refuse("family", f"there is no family {cls.family!r}. {hint}")
    if cls.trait not in TRAITS:
        hint = nearest(str(cls.trait), TRAITS)
        raise refuse("trait", f"there is no trait {cls.trait!r}. {hint}")
    folder = path.resolve().parent.name
    if folder in FAMILIES and folder != cls.family:
        raise refuse("family", f"the family is {cls.family!r}, but the folder {folder!r}.")
    examples = getattr(cls, "examples", ())
    if not isinstance(examples, (tuple, list)) or not all(isinstance(e, Example) for e in examples):
        raise refuse("examples", "`examples` must be a tuple of Example, with commas after each.")
    if not any(example.after for example in examples):
        raise refuse("examples", f"{cls.__name__} needs examples, one with an `after` at least.")
    _require_method(cls, path)


def _require_method(cls: type[Mutator], path: Path) -> None:
    method = "rewrite" if issubclass(cls, FileMutator) else "mutate"
    if method in cls.__abstractmethods__:
        line = part_line(path, cls.__name__)
        raise MutatorProblem(path, line, f"{cls.__name__} must define `{method}`.")
    suffixes = getattr(cls, "suffixes", ())
    if issubclass(cls, FileMutator) and not (suffixes and set(suffixes) <= set(DATA_SUFFIXES)):
        line = part_line(path, cls.__name__, "suffixes")
        known = ", ".join(DATA_SUFFIXES)
        raise MutatorProblem(path, line, f"the suffixes of {cls.__name__} must be some of {known}.")
