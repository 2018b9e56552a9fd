"""What test files import, and which of it nothing provides."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bugbash.files import walk
from bugbash.targets.detection import pytest_config
from bugbash.targets.environment import Environment
from bugbash.targets.known_packages import distribution_of
from bugbash.targets.spec import Target, TargetSpec

_GIVEN = frozenset(sys.stdlib_module_names) | {"pytest", "_pytest", "pluggy", "setuptools"}


@dataclass(frozen=True)
class Used:
    """What a suite asks of its environment."""

    modules: frozenset[str]
    """Top-level names of modules imported when a test file is imported."""
    fixtures: frozenset[str]
    """Argument names of test functions and fixtures that the tests don't define themselves."""
    marks: frozenset[str]
    """Names used as `pytest.mark.NAME`."""
    has_async: bool = False


def missing_imports(target: Target, environment: Environment) -> list[str]:
    """Names of distributions to add (`--with NAME`) that test files import and nothing provides.

    Imports that are optional (inside try, importorskip, TYPE_CHECKING) do not count.
    """
    provided = top_level_names(environment.site_packages)
    names = outside_modules(target.tree, target.spec) - provided
    return sorted(distribution_of(name) for name in names)


def top_level_names(site_packages: Path) -> frozenset[str]:
    """The importable names in a site-packages folder."""
    names = set()
    for entry in site_packages.iterdir():
        if entry.is_dir() and not entry.name.endswith((".dist-info", ".egg-info", ".libs")):
            names.add(entry.name)
        elif entry.suffix in (".py", ".so", ".pyd"):
            names.add(entry.name.split(".")[0])
    return frozenset(names)


def outside_modules(tree: Path, spec: TargetSpec) -> frozenset[str]:
    """Modules that the tests import and that neither Python, pytest nor the tree provides."""
    names = used(tree, spec.tests).modules - _GIVEN
    return frozenset(name for name in names if not _in_tree(tree, spec, name))


def used(tree: Path, tests: Iterable[str]) -> Used:
    """What the test files (and conftest.py files beside and above them) below `tree` use."""
    modules: set[str] = set()
    arguments: set[str] = set()
    defined: set[str] = set()
    marks: set[str] = set()
    has_async = False
    for module in suite_modules(tree, tests):
        modules |= set(imported(module))
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                defined.add(node.name)
                arguments |= {argument.arg for argument in node.args.args}
                has_async |= isinstance(node, ast.AsyncFunctionDef) and node.name[:4] == "test"
            marks |= _mark(node)
    return Used(frozenset(modules), frozenset(arguments - defined), frozenset(marks), has_async)


def suite_modules(tree: Path, tests: Iterable[str]) -> Iterator[ast.Module]:
    """The syntax trees of the files that a run of the suite imports from below the test roots.

    Those that pytest collects, conftest.py files, and what they import by name; data that is
    Python code too (cases for type checkers, scripts to be run) is not among them.
    """
    config = pytest_config.read(tree)
    named = set(tests)
    waiting = {path: parsed(tree / path) for path in test_files(tree, tests)}
    chosen = [
        path
        for path in waiting
        if config.is_test_file(path) or path.name == "conftest.py" or str(path) in named
    ]
    while chosen:
        modules = [module for path in chosen if (module := waiting.pop(path))]
        yield from modules
        needed = {name for module in modules for name in names_imported(module)}
        chosen = [path for path in waiting if path.stem in needed]


def names_imported(module: ast.Module) -> Iterator[str]:
    """Every name that occurs in an import statement of the module, wherever in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (part for alias in node.names for part in alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")
            yield from (alias.name for alias in node.names)


def test_files(tree: Path, tests: Iterable[str]) -> Iterator[PurePosixPath]:
    """The Python files below the test roots, helpers and conftest.py files included."""
    roots = [PurePosixPath(root) for root in tests]
    above = {parent for root in roots for parent in root.parents}
    for path in walk(tree):
        if path.suffix != ".py":
            continue
        if any(path.is_relative_to(root) or root == PurePosixPath() for root in roots) or (
            path.name == "conftest.py" and path.parent in above
        ):
            yield path


def parsed(path: Path) -> ast.Module | None:
    """The file's syntax tree; None where it is not Python of this version."""
    try:
        return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return None


def imported(module: ast.Module) -> Iterator[str]:
    """Top-level names of the modules that importing `module` needs, the optional ones left out."""
    skipped = _skippable(module)
    for node in _statements(module.body):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        else:
            continue
        yield from (top for name in names if (top := name.split(".")[0]) not in skipped)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.With):
            yield from _statements(node.body)


def _skippable(module: ast.Module) -> set[str]:
    """Names that the file passes to pytest.importorskip."""
    return {
        str(node.args[0].value).split(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == "importorskip"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def _mark(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
        owner = node.value
        if (
            owner.attr == "mark"
            and isinstance(owner.value, ast.Name)
            and owner.value.id == "pytest"
        ):
            return {node.attr}
    return set()


def _in_tree(tree: Path, spec: TargetSpec, name: str) -> bool:
    folders = {tree / root for root in spec.source_roots} | {tree}
    for path in test_files(tree, spec.tests):
        folders.add((tree / path).parent)
        folders.add((tree / path).parent.parent)
    return any((folder / name).is_dir() or (folder / f"{name}.py").is_file() for folder in folders)
