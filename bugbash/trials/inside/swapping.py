"""Swapping the code of a live function for that of its mutant, where that is sure to be right.

Runs in the target's own Python. A swap is right when the change lies in the body of a function
that stands in a module or class body, nothing that it changes was executed before the first test,
every live function with this code is found (by file and line), and its free variables stay the
same.
"""

from __future__ import annotations

import gc
import os
import sys
import types
from typing import Any

compiling = sys.modules["_bugbash_compiling"]  # `zygote` loaded it by path

Place = tuple[str, int]
"""Real path of a source file, and the first line of a code object."""
_KINDS = 0x20 | 0x80 | 0x100 | 0x200
"""Flags of generators and coroutines: calling one executes nothing of it."""


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


class Swaps:
    """Finds the swap for an edit of a clean file; remembers what it read of each file."""

    def __init__(self, clean: str, tree: str, live: LiveCode) -> None:
        self._clean = clean
        self._tree = os.path.realpath(tree)
        self._live = live
        self._files: dict[str, Any] = {}

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
            return [] if compiling.compiles(whole, path) else None
        for function in known.functions:
            if function.edit_start <= start and end <= function.span_end:
                text = source[function.span_start : function.span_end]
                at = start - function.span_start
                changed = text[:at] + replacement + text[end - function.span_start :]
                early = (path, function.first) in self._live.entered
                if early and (affected is None or self._was_executed(path, function, affected)):
                    return None
                return self._swap(path, function, known, text, changed, early)
        return None

    def texts(self, file: str, start: int, end: int, replacement: bytes) -> tuple[Any, ...] | None:
        """The first line of the function that an edit changes, its clean and its broken text."""
        known = self._read(file)
        for function in known.functions:
            if function.edit_start <= start and end <= function.span_end:
                text = known.source[function.span_start : function.span_end]
                at, to = start - function.span_start, end - function.span_start
                return function.first, text, text[:at] + replacement + text[to:]
        return None

    def text_of(self, function: types.FunctionType) -> tuple[bytes | None, int]:
        """The clean text of a live function that was made from it, and its first line."""
        path = os.path.realpath(function.__code__.co_filename)
        if not path.startswith(self._tree + os.sep) or path in self._live.read:
            return None, 0
        file = os.path.relpath(path, self._tree)
        first = function.__code__.co_firstlineno
        known = self._read(file)
        for each in known.functions:
            if each.first == first:
                text = known.source[each.span_start : each.span_end]
                filename = function.__code__.co_filename
                clean = compiling.compile_alone(each, text, filename, known.flags, known.imports)
                if clean is not None and same_code(clean, function.__code__):
                    return text, first
        return None, 0

    def _was_executed(self, path: str, function: Any, affected: list[list[int]]) -> bool:
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
        function: Any,
        known: Any,
        text: bytes,
        changed: bytes,
        early: bool,
    ) -> list[tuple[types.FunctionType, types.CodeType]] | None:
        place = (path, function.first)
        found = self._live.functions.get(place, [])
        if not found or place in self._live.started:
            return None
        filename = found[0].__code__.co_filename
        clean = compiling.compile_alone(function, text, filename, known.flags, known.imports)
        if clean is None or not all(same_code(clean, each.__code__) for each in found):
            return None
        if any(is_kept(each, found) for each in found):
            return None
        new = compiling.compile_alone(function, changed, filename, known.flags, known.imports)
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

    def _read(self, file: str) -> Any:
        if file not in self._files:
            with open(os.path.join(self._clean, file), "rb") as handle:
                self._files[file] = compiling.CleanFile(handle.read())
        return self._files[file]
