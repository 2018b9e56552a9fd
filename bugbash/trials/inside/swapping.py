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
from collections.abc import Callable
from functools import partial
from typing import Any

compiling = sys.modules["_bugbash_compiling"]  # `zygote` loaded it by path

Change = tuple[types.FunctionType, str, Any]
"""A live function, the name of its part that changes, and what that becomes."""
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

    `early` is a tracer (`tracing.Lines`) that watched all that happened so far. `traces` knows
    (`observing.Traces`) whose text or defaults somebody read: what was made of them does not
    change with the function.
    """

    def __init__(self, roots: tuple[str, ...], early: Any, traces: Any) -> None:
        self._roots = roots
        self._real: dict[str, str] = {}
        self.functions: dict[Place, list[types.FunctionType]] = {}
        self.entered: set[Place] = set(early.entered)
        self.executed: set[Place] = set(early.seen)
        self.started: set[Place] = set()
        """Generators and coroutines that were begun and not ended."""
        self.read = set(traces.read)
        self.inspected = set(traces.inspected)
        self.hears_inspection = traces.hears_inspection
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
    ) -> list[Change] | None:
        """What to change in the live functions, or None where a swap is not allowed.

        `affected`: the first line and the line after the last of each stretch that the edit
        changes; without it, the whole function counts; none where nobody could notice the edit
        before the first test. An empty list as the answer: the module is not loaded yet; whoever
        imports it reads the changed file.
        """
        path = os.path.join(self._tree, file.replace("/", os.sep))
        if path in self._live.read or not file.endswith(".py"):
            return None
        known = self._read(file)
        source = known.source
        if path not in self._live.loaded:
            whole = source[:start] + replacement + source[end:]
            return [] if compiling.compiles(whole, path) else None
        function = known.around(start, end)
        if function is None:
            return self._default_swap(path, known, start, end, replacement)
        early = (path, function.first) in self._live.entered
        if early and (affected is None or self._was_executed(path, function, affected)):
            return None
        changed = known.changed(function, start, end, replacement)
        return self._swap(path, function, known, changed, early)

    def texts(self, file: str, start: int, end: int, replacement: bytes) -> tuple[Any, ...] | None:
        """The first line of the function that an edit changes, its clean and its broken text."""
        known = self._read(file)
        function = known.around(start, end)
        if function is None:
            return None
        changed = known.changed(function, start, end, replacement)
        return function.first, known.text(function), changed

    def codes(
        self, file: str, start: int, end: int, replacement: bytes
    ) -> tuple[types.CodeType, types.CodeType] | None:
        """The clean and the broken code of the function that an edit changes, made from its text
        alone: nothing needs to be loaded yet."""
        known = self._read(file)
        function = known.around(start, end)
        if function is None:
            return None
        path = os.path.join(self._tree, file.replace("/", os.sep))
        clean = known.compiled(function, known.text(function), path)
        changed = known.changed(function, start, end, replacement)
        broken = known.compiled(function, changed, path)
        return None if clean is None or broken is None else (clean, broken)

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
                text = known.text(each)
                clean = known.compiled(each, text, function.__code__.co_filename)
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
        self, path: str, function: Any, known: Any, changed: bytes, early: bool
    ) -> list[Change] | None:
        found, clean = self._found(path, function, known)
        if clean is None or any(is_kept(each, found) for each in found):
            return None
        new = known.compiled(function, changed, found[0].__code__.co_filename)
        if new is None or new.co_freevars != clean.co_freevars or not same_kinds(new, clean):
            return None
        if early and not same_inside(new, clean):
            return None  # what it made then lives on with the clean code
        return [(each, "__code__", new) for each in found]

    def _found(
        self, path: str, function: Any, known: Any
    ) -> tuple[list[types.FunctionType], types.CodeType | None]:
        """The live functions that were made from a clean one, and its code; None where some were
        not made from it, or are under way."""
        place = (path, function.first)
        found = self._live.functions.get(place, [])
        if not found or place in self._live.started:
            return found, None
        filename = found[0].__code__.co_filename
        clean = known.compiled(function, known.text(function), filename)
        if clean is None or not all(same_code(clean, each.__code__) for each in found):
            return found, None
        return found, clean

    def _default_swap(
        self, path: str, known: Any, start: int, end: int, replacement: bytes
    ) -> list[Change] | None:
        """The same for an edit of a parameter's default, where both are literals, and nobody has
        called the function or looked at its defaults yet."""
        function = known.headed(start, end)
        if function is None or not self._live.hears_inspection:
            return None
        known_before = self._live.entered | self._live.inspected
        if (path, function.first) in known_before or ("", 0) in known_before:
            return None
        if known.source[start:end].count(b"\n") != replacement.count(b"\n"):
            return None
        clean = compiling.defaults_of(known.text(function))
        new = compiling.defaults_of(known.changed(function, start, end, replacement))
        found, code = self._found(path, function, known)
        if code is None or clean is None or new is None or clean.rest != new.rest:
            return None
        if code.co_flags & _KINDS:
            return None  # a call takes the default, and executes nothing
        other = partial(compiling.other_default, known)
        try:
            return [each for one in found for each in _other_defaults(one, clean, new, other)]
        except Exception:  # a literal can be unhashable, or its text be anybody's code
            return None

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


def clean_defaults(changes: list[Change]) -> dict[str, list[Any]]:
    """The parameters whose defaults change, each with those that it has in the live functions."""
    found: dict[str, list[Any]] = {}
    for function, part, new in changes:
        code = function.__code__
        if part == "__kwdefaults__":
            places = [
                (name, old, new[name]) for name, old in (function.__kwdefaults__ or {}).items()
            ]
        else:
            names = code.co_varnames[code.co_argcount - len(new) : code.co_argcount]
            places = list(zip(names, function.__defaults__ or (), new, strict=True))
        for name, old, other in places:
            if old is not other:
                found.setdefault(name, []).append(old)
    return found


def _other_defaults(
    function: types.FunctionType, clean: Any, new: Any, other: Callable[..., Any]
) -> list[Change]:
    """What to change in one function. Raises ValueError or KeyError where it is another one."""
    by_place, by_name = function.__defaults__ or (), dict(function.__kwdefaults__ or {})
    if len(by_place) != len(clean.by_place) or sorted(by_name) != sorted(clean.by_name):
        raise ValueError
    places = zip(by_place, clean.by_place, new.by_place, strict=True)
    made = tuple(other(*each) for each in places)
    for name, live in by_name.items():
        by_name[name] = other(live, clean.by_name[name], new.by_name[name])
    changes: list[Change] = [(function, "__defaults__", made)] if made else []
    return [*changes, (function, "__kwdefaults__", by_name)] if by_name else changes
