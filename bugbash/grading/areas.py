"""The part of a project that a bug lies in: a folder, or what its failing tests import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bugbash.files import walk
from bugbash.grading.workspace_files import is_protected
from bugbash.serving.scenario import Bug
from bugbash.syntax import parsed
from bugbash.targets.spec import Target

_MOST = 2 / 3
"""An area that holds more of the modules than this says nothing."""


@dataclass(frozen=True)
class Area:
    """Some of a project's files, and where they are in a sentence."""

    files: frozenset[str]
    told: str


def area_of(bug: Bug, target: Target, blind: bool = False) -> Area | None:
    """The part of the project that holds a bug, or None where none is smaller than the whole.

    `blind`: the learner does not have the tests that fail.
    """
    tests = "the hidden tests" if blind else "the failing tests"
    code = {file for file in bug.files if file.endswith(".py")}
    modules = _modules(target)
    if not code:
        others = [path.as_posix() for path in walk(target.tree) if path.suffix != ".py"]
        told = "It is not in the code: look at the files of settings and data that come with it."
        return Area(frozenset(others), told)
    folder = PurePosixPath(min(code)).parent.as_posix()
    near = frozenset(name for name in modules if PurePosixPath(name).parent.as_posix() == folder)
    direct = frozenset(_imported(bug, target, modules)) & modules
    for files, told in (
        (near, f"It is in the folder {folder}, below none of its subfolders."),
        (direct, f"It is near the surface: in a module that {tests} import themselves"),
        (
            modules - direct,
            f"It is below the surface: in no module that {tests} import themselves, but in one "
            "that those rely on",
        ),
    ):
        if code <= files and 1 < len(files) <= _MOST * len(modules):
            count = "" if files is near else f" ({len(files)} of {len(modules)} modules)."
            return Area(files, told + count)
    return None


def _modules(target: Target) -> frozenset[str]:
    """The files of the project's own code."""
    sources = target.spec.sources
    return frozenset(
        name
        for name in (path.as_posix() for path in walk(target.tree))
        if name.endswith(".py")
        and not is_protected(name, target)
        and any(source == "." or f"{name}/".startswith(f"{source}/") for source in sources)
    )


def _imported(bug: Bug, target: Target, modules: frozenset[str]) -> Iterator[str]:
    """The modules that the test files of a bug import; through packages, what those hand on."""
    for file in sorted({test.partition("::")[0] for test in bug.fail_to_pass}):
        source = target.tree / file
        tree = parsed(source.read_bytes()) if source.is_file() else None
        for name, asked in _imports(tree) if tree is not None else ():
            yield from _files(name, asked, target, modules)


def _imports(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """(module, names that are taken from it) of every absolute import in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, _attributes(tree, alias.asname or alias.name.split(".")[0])


def _attributes(tree: ast.Module, name: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }


def _files(name: str, asked: set[str], target: Target, modules: frozenset[str]) -> Iterator[str]:
    """The files behind `from name import asked`."""
    for root in target.spec.source_roots:
        path = f"{'' if root == '.' else f'{root}/'}{name.replace('.', '/')}"
        if f"{path}.py" in modules:
            yield f"{path}.py"
        if f"{path}/__init__.py" not in modules:
            continue
        yield from ({f"{path}/{one}.py" for one in asked} & modules)
        package = parsed((target.tree / path / "__init__.py").read_bytes())
        for node in ast.walk(package) if package is not None else ():
            if isinstance(node, ast.ImportFrom) and node.module:
                below = node.module if node.level == 1 else node.module.removeprefix(f"{name}.")
                if asked & {alias.asname or alias.name for alias in node.names}:
                    yield f"{path}/{below.replace('.', '/')}.py"
