"""Which files of a target its failing tests run through: what they import, step by step."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from bugbash.serving.scenario import Scenario
from bugbash.store import Store
from bugbash.syntax import parsed
from bugbash.targets.spec import Target

_FORMAT = "1"


def on_path(scenario: Scenario, target: Target, store: Store) -> frozenset[str]:
    """The files of the clean tree that FAIL_TO_PASS may run, those with the bugs included.

    Imports are followed, in functions too; what is imported by a name made at run time is not
    seen, so this is for judging mildly. What was found is kept in the store.
    """
    tests = tuple(_test_files(scenario.fail_to_pass))
    digest = hashlib.sha256("\n".join(tests).encode()).hexdigest()[:16]
    key = f"{_FORMAT}-{scenario.digest}-{digest}"
    found = store.fact("path", key)
    if found is None:
        found = sorted(_reached(target, tests))
        store.set_fact("path", key, found)
    return frozenset(found) | {file for bug in scenario.bugs for file in bug.files}


def _reached(target: Target, tests: Iterable[str]) -> set[str]:
    """These files and all that they import, step by step."""
    modules = dict(_modules(target))
    waiting = list(tests)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = target.tree / name
        if name in found or not path.is_file():
            continue
        found.add(name)
        tree = parsed(path.read_bytes())
        if tree is not None:
            package = _package(name, target.spec.source_roots)
            waiting += [modules[m] for m in _imported(tree, package) if m in modules]
    return found


def _test_files(tests: Iterable[str]) -> Iterator[str]:
    """The files of some tests, and every conftest.py that goes with them."""
    for file in sorted({test.partition("::")[0] for test in tests}):
        yield file
        for folder in PurePosixPath(file).parents:
            yield (folder / "conftest.py").as_posix()


def _modules(target: Target) -> Iterator[tuple[str, str]]:
    """(dotted name, file) of every module below the source roots and beside the tests."""
    roots = {*target.spec.source_roots, *target.spec.tests}
    for root in sorted(roots):
        base = target.tree / root
        for path in sorted(base.rglob("*.py")) if base.is_dir() else ():
            inside = path.relative_to(base)
            yield _dotted(inside), path.relative_to(target.tree).as_posix()


def _dotted(inside: Path | PurePosixPath) -> str:
    parts = list(inside.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _package(name: str, roots: tuple[str, ...]) -> str:
    """The package that a file's relative imports start from."""
    path = PurePosixPath(name)
    for root in sorted(roots, key=len, reverse=True):
        if root == "." or name.startswith(f"{root}/"):
            inside = path if root == "." else path.relative_to(root)
            return ".".join(inside.parent.parts)
    return ".".join(path.parent.parts)


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Every module that a file may import, with the packages around it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                start = parts[: len(parts) - node.level + 1]
                base = ".".join([*start, *([base] if base else [])])
            yield from _with_parents(base)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _with_parents(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
