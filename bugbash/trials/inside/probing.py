"""Finds out in clean runs which tests could notice a mutant at all.

Weak mutation: where a changed statement does in every state that a test brings it to what the
clean one does, the test runs exactly as on the clean code and need not be run (Howden 1982, "Weak
mutation testing and completeness of test sets"; Just, Ernst, Fraser 2014, "Efficient mutation
analysis by propagating and partitioning the test execution"). Both statements are evaluated
beside the run, in the state in which the clean one begins; what can't be evaluated without an
effect counts as noticed.
"""

from __future__ import annotations

import ast
import contextlib
import os
import random
import sys
import threading
import types
from typing import Any

compiling, evaluating, comparing = (
    sys.modules[f"_bugbash_{name}"]  # `zygote` loaded them by path
    for name in ("compiling", "evaluating", "comparing")
)
_OFTEN = 500
"""Times that a statement is looked at in one test; after that it counts as noticed."""


class Probe:
    """A mutant of a function that is watched, and what was seen."""

    def __init__(self, number: int, code: types.CodeType) -> None:
        self.number = number
        self.code = code
        self.times = 0
        self.noticed = False

    def is_passed_by(self, code: types.CodeType) -> None:
        """The function runs in other code, as that of a loader which changes it."""
        if (code.co_name, code.co_firstlineno) == (self.code.co_name, self.code.co_firstlineno):
            self.times += 1
            self.noticed = True


class Statement(Probe):
    """A mutant of one statement."""

    def __init__(self, number: int, code: types.CodeType, change: Any) -> None:
        super().__init__(number, code)
        self.change = change


class Default(Probe):
    """A mutant of defaults: parameter, then the clean defaults that it has in live functions."""

    def __init__(self, number: int, code: types.CodeType, clean: dict[str, list[Any]]) -> None:
        super().__init__(number, code)
        self.clean = clean

    def is_made_by(self, code: types.CodeType) -> None:
        """The line that makes the function runs again, as in a module that is loaded anew: who
        calls the new one can't be seen."""
        if code != self.code:
            self.times += 1
            self.noticed = True

    def is_taken(self, given: Any) -> bool:
        """Whether a call with these parameters, or one that can't be told from it, took one."""
        return any(
            name not in given or any(given[name] is each for each in values)
            for name, values in self.clean.items()
        )


class Probes:
    """The mutants that clean runs are watched for.

    `functions` gives the clean text of a live function of the target, and its first line.
    `traces` (`observing.Traces`) hears nothing of what is done here.
    """

    def __init__(self, tree: str, functions: Any, traces: Any) -> None:
        self._traces = traces
        self._tree = os.path.realpath(tree)
        self._functions = functions
        self.at: dict[tuple[str, int], list[Any]] = {}
        """By real path and line: those of statements, and those of defaults by the lines that
        make their function."""
        self.entries: dict[tuple[str, int], list[Default]] = {}
        """By real path and first line of the function."""
        self._all: list[Probe] = []
        self._trees: dict[Any, Any] = {}
        self._random: Any = random.getstate()
        self._seeded = self._drawn = False
        self._watched: Any = None
        self._evaluator = evaluating.Evaluator(self._body_of)

    def add(
        self, number: int, file: str, texts: Any, code: types.CodeType, new: types.CodeType
    ) -> bool:
        """Watch for a mutant, if that is possible.

        `texts`: the first line of its function, the clean and the broken text. `code` and `new`:
        the code of both.
        """
        clean, broken = (_function(text, texts[0]) for text in texts[1:])
        if clean is None or broken is None or not _same_names(code, new):
            return False
        change = comparing.change_of(clean, broken)
        if change is None:
            return False
        probe = Statement(number, code, change)
        self._all.append(probe)
        for line in change.lines:
            self.at.setdefault((self._path(file), line), []).append(probe)
        return True

    def add_default(
        self, number: int, file: str, code: types.CodeType, clean: dict[str, list[Any]]
    ) -> None:
        """Watch for a mutant of defaults of the function with this code.

        `clean`: each parameter that gets another default, and those it has in live functions.
        """
        probe = Default(number, code, clean)
        self._all.append(probe)
        self.entries.setdefault((self._path(file), code.co_firstlineno), []).append(probe)
        for line in _head(code):
            self.at.setdefault((self._path(file), line), []).append(probe)

    def _path(self, file: str) -> str:
        return os.path.join(self._tree, file.replace("/", os.sep))

    def begin(self) -> None:
        """Forget what was seen: another test begins."""
        for probe in self._all:
            probe.times, probe.noticed = 0, False
        self._random = random.getstate()
        self._seeded = self._drawn = False

    def follow_seeds(self) -> None:
        """In a process that ends soon: what is drawn after `random.seed(1)` is no chance."""
        seed = random.seed

        def seeded(*given: Any, **named: Any) -> None:
            self._drawn = self._drawn or self._has_drawn()
            seed(*given, **named)
            self._seeded = bool(given) and type(given[0]) in (int, str, bytes)
            self._drawn = self._drawn or not self._seeded

        random.seed = seeded

    def _has_drawn(self) -> bool:
        return not self._seeded and random.getstate() != self._random

    def see(self, path: str, line: int, frame: Any) -> None:
        """A line of a frame begins."""
        scope = None
        for probe in self.at[path, line]:
            if probe.noticed:
                continue
            if isinstance(probe, Default):
                probe.is_made_by(frame.f_code)
                continue
            if frame.f_code != probe.code:
                probe.is_passed_by(frame.f_code)
                continue
            probe.times += 1
            probe.noticed = True
            with contextlib.suppress(Exception):
                if probe.times > _OFTEN or threading.active_count() > 1:
                    continue
                if scope is None:
                    spaces = (frame.f_locals, frame.f_globals, frame.f_builtins)
                    scope = evaluating.Scope(frame.f_code, *spaces)
                self._watched = probe.code
                probe.noticed = not self._is_same(probe.change, scope)

    def _is_same(self, change: Any, scope: Any) -> bool:
        self._traces.is_deaf = True
        try:
            return bool(comparing.Comparison(self._evaluator, scope).is_same(change))
        finally:
            self._traces.is_deaf = False

    def enter(self, path: str, frame: Any) -> None:
        """A call of a function begins."""
        code = frame.f_code
        for probe in self.entries[path, code.co_firstlineno]:
            if code != probe.code:
                probe.is_passed_by(code)
                continue
            probe.times += 1
            if not probe.noticed:
                probe.noticed = threading.active_count() > 1 or probe.is_taken(frame.f_locals)

    def told(self, varies: bool = False, inspects: bool = False) -> dict[str, list[int]]:
        """The mutants whose statement or function was reached, and those that were noticed there.

        `varies`: whether another run of the test may bring it other values; `inspects`: whether
        it looked at defaults of functions.
        """
        chance = varies or self._drawn or self._has_drawn()
        reached = [probe for probe in self._all if probe.times]
        noticed = [
            probe.number
            for probe in reached
            if probe.noticed or chance or (inspects and isinstance(probe, Default))
        ]
        return {"asked": [probe.number for probe in reached], "noticed": noticed}

    def _body_of(self, function: types.FunctionType) -> ast.FunctionDef | None:
        """The clean source of a function of the target that is not the one changed."""
        code = function.__code__
        if code == self._watched:
            return None
        if code not in self._trees:
            text, line = self._functions(function)
            self._trees[code.replace()] = None if text is None else _function(text, line)
        found: ast.FunctionDef | None = self._trees[code]
        return found


def _head(code: types.CodeType) -> range:
    """The lines above the body of a function, or its only line."""
    first = code.co_firstlineno
    below = [line for _, _, line in code.co_lines() if line is not None and line > first]
    return range(first, min(below, default=first + 1))


def _same_names(clean: types.CodeType, broken: types.CodeType) -> bool:
    """Whether a name means the same in both."""
    return all(
        set(getattr(clean, part)) == set(getattr(broken, part))
        for part in ("co_varnames", "co_cellvars", "co_freevars")
    )


def _function(text: bytes, first: int) -> ast.FunctionDef | None:
    """The syntax tree of a function whose first decorator, or `def`, stands in line `first`."""
    node = compiling.parsed_alone(text)
    if type(node) is not ast.FunctionDef:
        return None
    ast.increment_lineno(node, first - 2)
    return node
