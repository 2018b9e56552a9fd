"""Withholding the failing tests: test files without them, to the byte the same elsewhere."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from bugbash.files import walk
from bugbash.serving.scenario import Bug
from bugbash.syntax import parse

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = _Function | ast.ClassDef


class CannotWithhold(Exception):
    """The tests of a bug can't be taken out of their files; says why."""


@dataclass(frozen=True)
class Withheld:
    """What a workspace is served without."""

    files: dict[str, bytes] = field(default_factory=dict)
    """The test files that differ, as they are served."""
    tests: tuple[str, ...] = ()
    """Ids of the tests that are gone: the failing ones, and all others of their functions."""
    lines: tuple[tuple[str, int], ...] = ()
    """File and line, from 1, of each function that was taken out."""


def withhold(tree: Path, failing: Iterable[str], known: Iterable[str]) -> Withheld:
    """The test files of a clean tree without the functions of the failing tests.

    A test goes as a whole, with its decorators, the comment above it and all its parameter sets; a
    class of which nothing is left goes too. `known` are all ids of the suite. Raises CannotWithhold
    for a test that no function of its file defines (a doctest, a test made while importing), and
    where something that stays would miss it.
    """
    files: dict[str, bytes] = {}
    gone: set[str] = set()
    lines: list[tuple[str, int]] = []
    by_file = _by_file(failing)
    everything = _by_file(known)
    for file, tests in sorted(by_file.items()):
        suite = _TestFile.read(tree, file)
        removed: list[_Function] = []
        for test in sorted(tests):
            found = suite.definitions(test)
            if not found:
                raise CannotWithhold(f"no function of {file} defines {test}")
            removed += found
        cut = _Cut(suite, removed)
        files[file] = cut.text()
        lines += [(file, node.lineno) for node in cut.functions]
        doomed = {id(node) for node in removed}
        for test in sorted({*everything.get(file, ()), *tests}):
            if doomed & {id(node) for node in suite.definitions(test)}:
                gone.add(test)
        _check_importers(tree, file, cut.names)
    return Withheld(files, tuple(sorted(gone)), tuple(sorted(lines)))


def withheld_if(
    blind: bool, tree: Path, bugs: Iterable[Bug], known: Iterable[str]
) -> Withheld | None:
    """What a blind attempt goes without, nothing for another; None where it can't be taken out."""
    if not blind:
        return Withheld()
    try:
        return withhold(tree, [test for bug in bugs for test in bug.fail_to_pass], known)
    except CannotWithhold:
        return None


def _by_file(tests: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for test in tests:
        found.setdefault(test.partition("::")[0], []).append(test)
    return found


def parts_of(test: str) -> tuple[str, tuple[str, ...], str]:
    """The file, the classes and the function that an id names."""
    file, *inside = test.partition("[")[0].split("::")
    return file, tuple(inside[:-1]), inside[-1] if inside else ""


@dataclass(frozen=True)
class _TestFile:
    """A test file with its syntax tree."""

    name: str
    data: bytes
    module: ast.Module

    @staticmethod
    def read(tree: Path, name: str) -> _TestFile:
        path = tree / name
        if not name.endswith(".py") or not path.is_file():
            raise CannotWithhold(f"{name} is not a file of Python code")
        data = path.read_bytes()
        return _TestFile(name, data, _parsed(name, data))

    @cached_property
    def _classes(self) -> dict[str, list[ast.ClassDef]]:
        found: dict[str, list[ast.ClassDef]] = {}
        for node in _statements(self.module.body):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(node)
        return found

    def definitions(self, test: str) -> list[_Function]:
        """Every definition of the function that a test runs, in the file or its classes' bases."""
        _, scopes, name = parts_of(test)
        if not scopes:
            return list(_functions(self.module.body, name))
        owners = self._classes.get(scopes[0], [])
        for scope in scopes[1:]:
            owners = [
                node
                for owner in owners
                for node in _statements(owner.body)
                if isinstance(node, ast.ClassDef) and node.name == scope
            ]
        return [node for owner in owners for node in self._methods(owner, name, set())]

    def _methods(self, owner: ast.ClassDef, name: str, seen: set[int]) -> list[_Function]:
        own = list(_functions(owner.body, name))
        if own or id(owner) in seen:
            return own
        seen.add(id(owner))
        for base in owner.bases:
            for parent in self._classes.get(base.id, []) if isinstance(base, ast.Name) else []:
                if found := self._methods(parent, name, seen):
                    return found
        return []


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, those in its `if`, `try` and `with` included."""
    for node in body:
        yield node
        for inner in _bodies(node):
            yield from _statements(inner)


def _bodies(node: ast.stmt) -> list[list[ast.stmt]]:
    """The bodies of a compound statement that is no definition."""
    if isinstance(node, _Definition):
        return []
    parts = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    parts += [inner.body for name in ("handlers", "cases") for inner in getattr(node, name, [])]
    return [part for part in parts if part]


def _functions(body: list[ast.stmt], name: str) -> Iterator[_Function]:
    for node in _statements(body):
        if isinstance(node, _Function) and node.name == name:
            yield node


class _Cut:
    """Taking functions out of one file."""

    def __init__(self, suite: _TestFile, removed: Iterable[_Function]) -> None:
        self._suite = suite
        self._removed = {id(node) for node in removed}
        self.functions = [
            node
            for node in ast.walk(suite.module)
            if isinstance(node, _Function) and id(node) in self._removed
        ]
        self._lines = suite.data.splitlines(keepends=True)
        self._edits: list[tuple[int, int, bytes]] = []
        self._classes: set[str] = set()
        """Classes that lose a test, or go."""

    def text(self) -> bytes:
        """The file without them. Raises CannotWithhold where the rest would not work."""
        self._cut(self._suite.module.body, whole=True)
        for start, end, instead in sorted(self._edits, reverse=True):
            self._lines[start:end] = [instead] if instead else []
        data = b"".join(self._lines)
        left = _parsed(self._suite.name, data)
        for name in _mentioned(left) & {node.name for node in self.functions}:
            raise CannotWithhold(f"{self._suite.name} uses {name} elsewhere")
        return data

    @property
    def names(self) -> frozenset[str]:
        """What another file could import and would miss, or find without its tests."""
        return frozenset(node.name for node in self.functions) | self._classes

    def _goes(self, node: ast.stmt) -> bool:
        """Whether a statement is taken out whole."""
        if not isinstance(node, ast.ClassDef):
            return id(node) in self._removed
        loses = any(self._goes(inner) for inner in node.body)
        if loses:
            self._classes.add(node.name)
        rest = [inner for inner in node.body if not self._goes(inner) and not _says_nothing(inner)]
        return loses and not rest and not self._is_used(node)

    def _is_used(self, owner: ast.ClassDef) -> bool:
        walked = ast.walk(self._suite.module)
        return any(isinstance(node, ast.Name) and node.id == owner.name for node in walked)

    def _cut(self, body: list[ast.stmt], whole: bool = False) -> None:
        """Note the edits of a body; one that must not be empty (not `whole`) gets a `pass`."""
        going = [self._goes(node) for node in body]
        empty = not whole and all(going)
        for index, node in enumerate(body):
            if going[index]:
                instead = self._pass(node) if empty and index == 0 else b""
                self._edits.append((*self._span(body, index, going, bool(instead)), instead))
            elif isinstance(node, ast.ClassDef):
                self._cut(node.body)
            else:
                for inner in _bodies(node):
                    self._cut(inner)

    def _pass(self, node: ast.stmt) -> bytes:
        line = self._lines[node.lineno - 1]
        ending = line[len(line.rstrip(b"\r\n")) :]
        return _indent(line) + b"pass" + ending

    def _span(
        self, body: list[ast.stmt], index: int, going: list[bool], replaced: bool
    ) -> tuple[int, int]:
        """First line and line behind the last, from 0, of a statement and the blanks it takes."""
        node = body[index]
        decorators = getattr(node, "decorator_list", [])
        start = min(node.lineno, *(one.lineno for one in decorators), node.lineno) - 1
        floor = body[index - 1].end_lineno or 0 if index else 0
        indent = _indent(self._lines[node.lineno - 1])
        while start > floor and self._is_comment(start - 1, indent):
            start -= 1
        end = self._end(node, indent)
        if replaced:
            return start, end
        if any(not goes for goes in going[index + 1 :]):
            while end < len(self._lines) and not self._lines[end].strip():
                end += 1
        else:
            while start > floor and not self._lines[start - 1].strip():
                start -= 1
        return start, end

    def _is_comment(self, number: int, indent: bytes) -> bool:
        line = self._lines[number]
        return line.strip().startswith(b"#") and _indent(line) == indent

    def _end(self, node: ast.stmt, indent: bytes) -> int:
        """The line behind a statement, with the comments that end its body."""
        end = node.end_lineno or node.lineno
        ahead = end
        while ahead < len(self._lines):
            line = self._lines[ahead]
            ahead += 1
            if line.strip().startswith(b"#") and len(_indent(line)) > len(indent):
                end = ahead
            elif line.strip():
                break
        return end


def _indent(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip(b" \t"))]


def _says_nothing(node: ast.stmt) -> bool:
    """Whether a statement is a docstring, `...` or `pass`."""
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def _parsed(name: str, data: bytes) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CannotWithhold(f"{name} can't be read: {error}") from error


def _mentioned(module: ast.Module) -> set[str]:
    """Every name that is read, and every text that could name a test."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(node.value.replace("::", " ").split())
    return found


def _check_importers(tree: Path, file: str, names: frozenset[str]) -> None:
    """Raises CannotWithhold where another file imports what is taken out."""
    stem = PurePosixPath(file).stem
    wanted = {"*", *names}
    for path in walk(tree):
        if path.suffix != ".py" or path.as_posix() == file:
            continue
        data = (tree / path).read_bytes()
        if stem.encode() not in data:
            continue
        try:
            nodes = list(ast.walk(_parsed(str(path), data)))
        except CannotWithhold:
            continue
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == stem:
                taken = wanted & {alias.name for alias in node.names}
                if taken:
                    raise CannotWithhold(f"{path} imports {min(taken)} from {file}")
