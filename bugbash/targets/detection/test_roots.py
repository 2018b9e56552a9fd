"""Where a tree's tests lie."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from bugbash.files import walk
from bugbash.syntax import parsed
from bugbash.targets.detection.layout import Layout
from bugbash.targets.detection.pytest_config import PytestConfig

_FOLDERS = frozenset({"tests", "test", "testing", "t", "unit_tests", "unittests"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_AT_THE_TOP = frozenset({"testing", "t"})
"""Inside a package these are helpers for other people's tests, or anything."""
_NOT_SUITES = """
    doc docs example examples sample samples benchmark benchmarks bench perf script scripts
    tools ci build dist tutorial tutorials integration_tests asv_bench fuzz profiling
    typing_tests mypy_tests .github node_modules site-packages
"""
_ELSEWHERE = frozenset(_NOT_SUITES.split())


def find(tree: Path, config: PytestConfig, layout: Layout) -> tuple[str, ...]:
    """Folders and files with tests, relative to `tree`: none where there are none.

    What pytest's `testpaths` names, else the folders called tests, also inside the package,
    else single files that match `python_files`.
    """
    files = [path for path in walk(tree) if path.suffix == ".py"]
    collected = [path for path in files if config.is_test_file(path)]
    named = _named_by_config(tree, config, layout, collected)
    if named:
        return named
    usual = [path for path in collected if not _ELSEWHERE & set(path.parts[:-1])]
    found = {_root_of(path) for path in usual}
    roots = _shortest(root for root in found if not _is_helper(tree / root))
    folders = tuple(root for root in roots if not root.endswith(".py"))
    roots = tuple(root for root in roots if root in folders or _within(root, layout) or not folders)
    return roots or _unusual(tree, files, layout)


def _named_by_config(
    tree: Path, config: PytestConfig, layout: Layout, collected: list[PurePosixPath]
) -> tuple[str, ...]:
    matches = [
        str(PurePosixPath(match.relative_to(tree).as_posix()))
        for pattern in config.testpaths
        for match in sorted(tree.glob(pattern.strip("/").removeprefix("./") or "*"))
    ]
    matches = ["."] if "." in config.testpaths else matches
    roots = []
    for match in matches:
        below = [path for path in collected if _is_below(path, match)]
        if not below:
            continue
        holds_code = any(_is_below(PurePosixPath(source), match) for source in layout.sources)
        roots += sorted({_root_of(path) for path in below}) if holds_code else [match]
    return _shortest(roots)


def _root_of(path: PurePosixPath) -> str:
    """The outermost folder called tests above `path`; the file itself where there is none."""
    for depth, part in enumerate(path.parts[:-1]):
        if part.lower() in (_FOLDERS if depth == 0 else _FOLDERS - _AT_THE_TOP):
            return "/".join(path.parts[: depth + 1])
    return str(path)


def _shortest(roots: Iterable[str]) -> tuple[str, ...]:
    """The roots that lie below no other one, in name order."""
    kept: list[str] = []
    for root in sorted(set(roots), key=lambda one: (one.count("/"), one)):
        if not any(_is_below(PurePosixPath(root), other) for other in kept):
            kept.append(root)
    return tuple(sorted(kept))


def _is_below(path: PurePosixPath, folder: str) -> bool:
    return folder == "." or str(path) == folder or path.is_relative_to(folder)


def _unusual(tree: Path, files: list[PurePosixPath], layout: Layout) -> tuple[str, ...]:
    """Files with other names (`tests.py`, `tests/basic.py`) that hold tests all the same."""
    places = [
        path
        for path in files
        if (_FOLDERS & set(path.parts[:-1]) or path.stem.lower() in _FOLDERS)
        and path.name not in ("__init__.py", "conftest.py")
        and not _ELSEWHERE & set(path.parts[:-1])
        and str(path) not in layout.sources
    ]
    return tuple(str(path) for path in places if _holds_tests(tree / path))


def _within(path: str, layout: Layout) -> bool:
    return any(_is_below(PurePosixPath(path), source) for source in layout.sources)


def _is_helper(path: Path) -> bool:
    """Whether this is a single file that is called like a test and holds none."""
    return path.suffix == ".py" and path.is_file() and not _holds_tests(path)


def _holds_tests(path: Path) -> bool:
    module = parsed(path.read_bytes())
    if module is None:
        return False
    for node in module.body:
        if isinstance(node, _FUNCTIONS) and node.name.startswith("test"):
            return True
        if isinstance(node, ast.ClassDef) and any(
            isinstance(item, _FUNCTIONS) and item.name.startswith("test") for item in node.body
        ):
            return True
    return False
