"""What the files of a suite use: modules, fixtures, marks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from bugbash.files import walk
from bugbash.syntax import parsed
from bugbash.targets.detection import pytest_config

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+(\([^)]*\)|[^\n#;]+)", re.MULTILINE
)
_SKIPPABLE = re.compile(r"""importorskip\(\s*['"](\w+)""")
_MARK = re.compile(r"\bmark\.(\w+)")


@dataclass
class Used:
    """What a suite asks of its environment."""

    modules: set[str] = field(default_factory=set)
    """Top-level names of modules that are imported when a test file is imported."""
    mentioned: set[str] = field(default_factory=set)
    """Top-level names of modules imported anywhere, also inside functions and `try`."""
    fixtures: set[str] = field(default_factory=set)
    """Argument names of test functions and fixtures that the tests don't define themselves."""
    marks: set[str] = field(default_factory=set)
    """Names used as `pytest.mark.NAME`."""


def used(tree: Path, tests: Iterable[str]) -> Used:
    """What the files use that a run of the suite imports; Python and the tree itself included."""
    found = Used()
    defined: set[str] = set()
    for path in suite_files(tree, tests):
        one = _used_by(_text(tree / path))
        found.marks |= one.marks
        found.mentioned |= one.mentioned
        found.modules |= one.modules
        found.fixtures |= one.fixtures
        defined |= one.defined
    found.fixtures -= defined
    return found


@dataclass
class _UsedBy(Used):
    """What one file uses."""

    defined: frozenset[str] = frozenset()
    """Names of its functions."""


@lru_cache(maxsize=256)
def _used_by(text: str) -> _UsedBy:
    """What a file of this text uses: the same suite is looked at more than once."""
    module = _parsed(text)
    functions = list(_functions(module.body))
    return _UsedBy(
        modules=set(_needed(module)) - set(_SKIPPABLE.findall(text)),
        mentioned=set(_modules(text)),
        fixtures={argument.arg for one in functions for argument in one.args.args},
        marks=set(_MARK.findall(text)),
        defined=frozenset(function.name for function in functions),
    )


def suite_files(tree: Path, tests: Iterable[str]) -> list[PurePosixPath]:
    """The files that a run of the suite imports from below the test roots, in name order.

    Those that pytest collects, conftest.py files, and what they import by name; data that is
    Python code too (cases for type checkers, scripts to be run) is not among them.
    """
    config = pytest_config.read(tree)
    waiting = set(test_files(tree, tests))
    named = set(tests)
    chosen = {
        path
        for path in waiting
        if config.is_test_file(path) or path.name == "conftest.py" or str(path) in named
    }
    return sorted(chosen | imported_ones(tree, chosen, waiting - chosen))


def imported_ones(
    tree: Path, kept: Iterable[PurePosixPath], others: set[PurePosixPath]
) -> set[PurePosixPath]:
    """Those of `others` that the `kept` files import, and those that they import in turn."""
    found: set[PurePosixPath] = set()
    chosen = set(kept)
    while chosen:
        names = {name for path in chosen for name in _names_imported(_text(tree / path))}
        chosen = {path for path in others - found if path.stem in names}
        found |= chosen
    return found


def test_files(tree: Path, tests: Iterable[str]) -> Iterator[PurePosixPath]:
    """The Python files below the test roots, and the conftest.py files above them."""
    roots = [PurePosixPath(root) for root in tests]
    above = {parent for root in roots for parent in root.parents}
    for path in walk(tree):
        below = any(path.is_relative_to(root) or root == PurePosixPath() for root in roots)
        if path.suffix == ".py" and (
            below or (path.name == "conftest.py" and path.parent in above)
        ):
            yield path


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def _parsed(text: str) -> ast.Module:
    """The syntax tree; an empty one for what is not Python of this version."""
    return parsed(text) or ast.Module([], [])


def _needed(module: ast.Module) -> Iterator[str]:
    """Top-level names of the modules that importing `module` can't do without."""
    for node in _statements(module.body):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.With):
            yield from _statements(node.body)


def _functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, _FUNCTIONS):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body)


def _modules(text: str) -> Iterator[str]:
    """Top-level names of absolute imports, wherever they stand in the text."""
    for source, names in _IMPORT.findall(text):
        if source:
            yield source.split(".")[0]
        else:
            yield from (name.split(".")[0].split()[0] for name in names.split(",") if name.strip())


def _names_imported(text: str) -> Iterator[str]:
    """Every word of every import statement."""
    for source, names in _IMPORT.findall(text):
        yield from re.findall(r"\w+", f"{source} {names}")
