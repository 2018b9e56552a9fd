"""Swapping the code of a live function for that of its mutant, where that is sure to be right.

Runs in the target's own Python. A swap is right when the change lies in the body of a function
that stands in a module or class body, nothing that it changes was executed before the first test,
every live function with this code is found (by file and line), and its free variables stay the
same.
"""

from __future__ import annotations
import __future__

import ast
import gc
import os
import sys
import types
import warnings
from typing import Any

Place = tuple[str, int]
"""Real path of a source file, and the first line of a code object."""
_KINDS = 0x20 | 0x80 | 0x100 | 0x200
"""Flags of generators and coroutines: calling one executes nothing of it."""


class OuterFunction:
    """A function that stands in a module or class body, and where its body lies in the file."""

    def __init__(self, node: Any, opens: list[tuple[int, int, str]], starts: list[int]) -> None:
        self.name = node.name
        self.first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        self.last = node.end_lineno
        self.indent = node.col_offset
        self.documented = ast.get_docstring(node, clean=False)
        body = node.body[0]
        decorators = getattr(body, "decorator_list", [])
        line = min([body.lineno, *(each.lineno for each in decorators)])
        self.body_start = starts[line] + (body.col_offset if line == body.lineno else 0)
        self.span_start = starts[self.first]
        self.span_end = starts[node.end_lineno] + node.end_col_offset
        self.line_end = starts[node.end_lineno + 1]
        self.opens = opens


def outer_functions(source: bytes) -> list[OuterFunction]:
    """The functions of a module in source order, with the class and block heads around each."""
    starts = [0, 0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[OuterFunction] = []
    _collect(ast.parse(source), [], starts, found)
    for function in found:
        rest = source[function.span_end : function.line_end].strip()
        if not rest or rest.startswith(b"#"):
            function.span_end = function.line_end
    return found


def _collect(node: Any, opens: list[tuple[int, int, str]], starts: list[int], found: Any) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.append(OuterFunction(child, opens, starts))
        elif isinstance(child, ast.match_case):  # it has no line of its own
            _collect(child, opens, starts, found)
        elif isinstance(child, (ast.stmt, ast.excepthandler)):
            head = f"class {child.name}:" if isinstance(child, ast.ClassDef) else "if 1:"
            _collect(child, [*opens, (child.lineno, child.col_offset, head)], starts, found)


def future_flags(source: bytes) -> int:
    """The compiler flags of the `from __future__` imports of a module."""
    flags = 0
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags


def imported_names(source: bytes) -> tuple[str, ...]:
    """The names that imports bind in a module: calls of their attributes compile differently."""
    found: set[str] = set()
    stack: list[ast.AST] = [ast.parse(source)]
    while stack:
        for child in ast.iter_child_nodes(stack.pop()):
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                bound = (alias.asname or alias.name.partition(".")[0] for alias in child.names)
                found.update(name for name in bound if name != "*")
            elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                stack.append(child)
    return tuple(sorted(found))


def compile_alone(
    function: OuterFunction, text: bytes, path: str, flags: int, imports: tuple[str, ...]
) -> types.CodeType | None:
    """The code object of one function, compiled without the rest of its module.

    `text` is the function's source from its first decorator on. None where it has a syntax that
    does not stand alone, or makes the compiler warn.
    """
    lines: list[bytes] = [b""] * (function.first - 1)
    for line, column, head in function.opens:
        if line >= function.first or (line > 1 and lines[line - 1]):
            return None
        lines[line - 1] = b" " * column + head.encode()
    if imports:
        if function.first == 1 or lines[0]:
            return None
        lines[0] = f"import {', '.join(imports)}".encode()
    whole = b"\n".join([*lines, text]) + b"\n"
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            module = compile(whole, path, "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    found = None if told else _find(module, function.name, function.first)
    if found is None or _docstring(whole, function) != function.documented:
        return None
    return found


def _docstring(module: bytes, function: OuterFunction) -> str | None:
    """What `__doc__` would be: a live function keeps the one that it was made with."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if (node.name, first) == (function.name, function.first):
                return ast.get_docstring(node, clean=False)
    return None


def compiles(source: bytes, path: str) -> bool:
    """Whether a module can be imported without a word of the compiler."""
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return not told


def _find(code: types.CodeType, name: str, first: int) -> types.CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_name == name and constant.co_firstlineno == first:
                return constant
            found = _find(constant, name, first)
            if found is not None:
                return found
    return None


_PARTS = (
    "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags",
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_name", "co_firstlineno",
    "co_qualname",
)  # fmt: skip


def same_code(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether two code objects were compiled from the same text."""
    if any(getattr(one, part) != getattr(other, part) for part in _PARTS):
        return False
    return _same_constant(one.co_consts, other.co_consts)


def _same_constant(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, types.CodeType):
        return same_code(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_same_constant, one, other))
    return bool(one == other) and repr(one) == repr(other)


def same_kinds(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether the same functions, the nested ones too, are generators or coroutines.

    Else those who merely call one notice, without executing a line of it.
    """
    return one.co_flags == other.co_flags and _kinds(one) == _kinds(other)


def _kinds(code: types.CodeType) -> set[tuple[str, int]]:
    found = set()
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType) and constant.co_name not in _EXPRESSIONS:
            if constant.co_flags & _KINDS:
                found.add((constant.co_qualname, constant.co_flags & _KINDS))
            found |= _kinds(constant)
    return found


_EXPRESSIONS = ("<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>")


def is_kept(function: types.FunctionType, copies: list[types.FunctionType]) -> bool:
    """Whether somebody but these functions holds its code object: another may be made of it."""
    ours = sum(each.__code__ is function.__code__ for each in copies)
    return _holders(function) > ours + _USUAL


def _holders(function: types.FunctionType) -> int:
    return sys.getrefcount(function.__code__)


_USUAL = _holders(types.FunctionType(compile("", "", "exec"), {})) - 1
"""What the look itself counts."""


def same_inside(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether the functions made by two versions of a function are the same.

    Comprehensions are not looked at: nobody keeps one.
    """
    ours, theirs = _made_by(one), _made_by(other)
    return len(ours) == len(theirs) and all(map(same_code, ours, theirs))


def _made_by(code: types.CodeType) -> list[types.CodeType]:
    found = []
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            kept = constant.co_name not in _EXPRESSIONS or constant.co_name == "<genexpr>"
            found += [constant] if kept else _made_by(constant)
    return found


def traceable(code: types.CodeType) -> set[int]:
    """The lines of a function, and of those inside it, that a tracer is told of."""
    lines = {line for _, _, line in code.co_lines() if line is not None}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            lines |= traceable(constant)
    return lines


class LiveCode:
    """The functions of a process that were made from source files below some folders.

    `early` is a tracer (`tracing.Lines`) that watched all that happened so far, `read` the files
    whose text somebody read: what was made of it does not change with the code.
    """

    def __init__(self, roots: tuple[str, ...], early: Any, read: set[str]) -> None:
        self._roots = roots
        self._real: dict[str, str] = {}
        self.functions: dict[Place, list[types.FunctionType]] = {}
        self.entered: set[Place] = set(early.entered)
        self.executed: set[Place] = set(early.seen)
        self.started: set[Place] = set()
        """Generators and coroutines that were begun and not ended."""
        self.read = set(read)
        self.loaded: set[str] = set(early.files)
        gc.unfreeze()  # what is frozen is not listed
        self._look()

    def _look(self) -> None:
        started = (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)
        for thing in gc.get_objects():
            if isinstance(thing, types.FunctionType):
                path = self._path(thing.__code__.co_filename)
                if path:
                    place = (path, thing.__code__.co_firstlineno)
                    self.functions.setdefault(place, []).append(thing)
                    self.loaded.add(path)
            elif isinstance(thing, started):
                code = next(
                    getattr(thing, name)
                    for name in ("gi_code", "cr_code", "ag_code")
                    if hasattr(thing, name)
                )
                path = self._path(code.co_filename)
                if path:
                    self.started.add((path, code.co_firstlineno))
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            path = self._path(file) if isinstance(file, str) else ""
            if path:
                self.loaded.add(path)

    def _path(self, filename: str) -> str:
        """The real path of a file below the roots, or nothing."""
        known = self._real.get(filename)
        if known is None:
            real = os.path.realpath(filename)
            known = real if real.startswith(self._roots) else ""
            self._real[filename] = known
        return known


class _File:
    """A clean source file and what has to be known to compile a part of it."""

    def __init__(self, source: bytes) -> None:
        marked = source.startswith(b"\xef\xbb\xbf")
        self.source = source
        self.functions = [] if marked else outer_functions(source)
        self.flags = future_flags(source)
        self.imports = imported_names(source)


class Swaps:
    """Finds the swap for an edit of a clean file; remembers what it read of each file."""

    def __init__(self, clean: str, tree: str, live: LiveCode) -> None:
        self._clean = clean
        self._tree = os.path.realpath(tree)
        self._live = live
        self._files: dict[str, _File] = {}

    def plan(
        self,
        file: str,
        start: int,
        end: int,
        replacement: bytes,
        affected: list[list[int]] | None = None,
    ) -> list[tuple[types.FunctionType, types.CodeType]] | None:
        """The functions to change and their new code, or None where a swap is not allowed.

        `affected`: the first line and the line after the last of each stretch that the edit
        changes; without it, the whole function counts. An empty list: the module is not loaded
        yet; whoever imports it reads the changed file.
        """
        path = os.path.join(self._tree, file.replace("/", os.sep))
        if path in self._live.read or not file.endswith(".py"):
            return None
        known = self._read(file)
        source = known.source
        if path not in self._live.loaded:
            whole = source[:start] + replacement + source[end:]
            return [] if compiles(whole, path) else None
        for function in known.functions:
            if function.body_start <= start and end <= function.span_end:
                text = source[function.span_start : function.span_end]
                at = start - function.span_start
                changed = text[:at] + replacement + text[end - function.span_start :]
                early = (path, function.first) in self._live.entered
                if early and (affected is None or self._was_executed(path, function, affected)):
                    return None
                return self._swap(path, function, known, text, changed, early)
        return None

    def _was_executed(self, path: str, function: OuterFunction, affected: list[list[int]]) -> bool:
        """Whether one of these stretches of a function ran, or may have, before the first test."""
        live = self._live.functions.get((path, function.first), [])
        seen = traceable(live[0].__code__) if live else set()
        for first, stop in affected:
            lines = seen.intersection(range(first, stop))  # nobody is told of a `while True`
            if not lines or any((path, line) in self._live.executed for line in lines):
                return True
        return False

    def _swap(
        self,
        path: str,
        function: OuterFunction,
        known: _File,
        text: bytes,
        changed: bytes,
        early: bool,
    ) -> list[tuple[types.FunctionType, types.CodeType]] | None:
        place = (path, function.first)
        found = self._live.functions.get(place, [])
        if not found or place in self._live.started:
            return None
        filename = found[0].__code__.co_filename
        clean = compile_alone(function, text, filename, known.flags, known.imports)
        if clean is None or not all(same_code(clean, each.__code__) for each in found):
            return None
        if any(is_kept(each, found) for each in found):
            return None
        new = compile_alone(function, changed, filename, known.flags, known.imports)
        if new is None or new.co_freevars != clean.co_freevars or not same_kinds(new, clean):
            return None
        if early and not same_inside(new, clean):
            return None  # what it made then lives on with the clean code
        return [(each, new) for each in found]

    def raising(self, file: str, line: int, message: str) -> list[Any] | None:
        """A swap that makes the function at `line` raise, for the control of the engine."""
        for function in self._read(file).functions:
            if function.first <= line <= function.last:
                start, end = function.body_start, function.span_end
                return self.plan(file, start, end, f"raise AssertionError({message!r})".encode())
        return None

    def _read(self, file: str) -> _File:
        if file not in self._files:
            with open(os.path.join(self._clean, file), "rb") as handle:
                self._files[file] = _File(handle.read())
        return self._files[file]
