"""Whether a changed statement does what the clean one does, in the state of a frame.

What can't be evaluated without an effect counts as another.
"""

from __future__ import annotations

import ast
import sys
import types
from typing import Any

looking = sys.modules["_bugbash_looking"]  # `zygote` loaded it by path
ATOMS = looking.ATOMS
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_AROUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.ExceptHandler)
_SIMPLE = (ast.If, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise)
_STRANGE = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)
"""Expressions that change names in the middle of a statement, or leave it."""


class Change:
    """A statement of a function and what a mutant puts in its place."""

    def __init__(self, clean: list[ast.stmt], broken: list[ast.stmt]) -> None:
        self.clean, self.broken = clean, broken
        self.lines = range(clean[0].lineno, _head_end(clean[0]) + 1)


def change_of(clean: ast.FunctionDef, broken: ast.FunctionDef) -> Change | None:
    """The one statement in which two versions of a function differ, where it can be watched."""
    if _dumped(clean, ("body",)) != _dumped(broken, ("body",)):
        return None
    found = _differing(clean.body, broken.body, clean)
    if found is None or type(found.clean[0]) not in _SIMPLE:
        return None
    nodes = [each for node in (*found.clean[:1], *found.broken) for each in ast.walk(node)]
    if any(isinstance(each, _STRANGE) for each in nodes):
        return None
    return found


def _differing(clean: list[Any], broken: list[Any], around: Any) -> Change | None:
    head = 0
    while head < min(len(clean), len(broken)) and _same(clean[head], broken[head]):
        head += 1
    tail = 0
    while tail < min(len(clean), len(broken)) - head and _same(clean[~tail], broken[~tail]):
        tail += 1
    ours, theirs = clean[head : len(clean) - tail], broken[head : len(broken) - tail]
    if len(ours) != 1:
        return None
    one = ours[0]
    if len(theirs) == 1 and type(one) is type(theirs[0]) and isinstance(one, _AROUND):
        blocks = [name for name in _BLOCKS if _block(one, name) or _block(theirs[0], name)]
        if _dumped(one, blocks) == _dumped(theirs[0], blocks):
            others = [n for n in blocks if not _all_same(_block(one, n), _block(theirs[0], n))]
            if len(others) != 1:
                return None
            return _differing(_block(one, others[0]), _block(theirs[0], others[0]), one)
    before = clean[head - 1].end_lineno if head else _head_end(around)
    if not isinstance(one, ast.stmt) or before >= one.lineno:
        return None  # nobody is told when it begins
    return Change(ours, theirs)


def _block(node: Any, name: str) -> list[Any]:
    found: list[Any] = getattr(node, name, [])
    return found


def _head_end(node: Any) -> int:
    """The last line of a statement before its first block."""
    parts = [
        part
        for name, value in ast.iter_fields(node)
        if name not in _BLOCKS
        for part in (value if isinstance(value, list) else [value])
    ]
    ends = [each.end_lineno for part in parts if isinstance(part, ast.AST)
            for each in ast.walk(part) if hasattr(each, "end_lineno")]  # fmt: skip
    has_block = any(_block(node, name) for name in _BLOCKS)
    return int(max([node.lineno if has_block else node.end_lineno, *ends]))


def _dumped(node: Any, without: Any) -> list[str]:
    return [
        repr([ast.dump(each) if isinstance(each, ast.AST) else each for each in value])
        if isinstance(value, list)
        else ast.dump(value)
        if isinstance(value, ast.AST)
        else repr(value)
        for name, value in ast.iter_fields(node)
        if name not in without
    ]


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


def _all_same(some: list[Any], others: list[Any]) -> bool:
    return len(some) == len(others) and all(map(_same, some, others))


class Comparison:
    """Whether the two sides of a change do the same in one state."""

    def __init__(self, evaluator: Any, scope: Any) -> None:
        self._evaluator = evaluator
        self._scope = scope

    def is_same(self, change: Change) -> bool:
        """Whether nothing that runs afterwards could tell which of the two has run."""
        clean, broken = self._taken(change.clean), self._taken(change.broken)
        if _all_same(clean, broken):
            return True
        if len(clean) == len(broken) == 1 and type(clean[0]) is type(broken[0]):
            return self._alike_inside(clean[0], broken[0], False)
        return self._ends_alike(clean, broken)

    def _taken(self, block: list[ast.stmt]) -> list[ast.stmt]:
        """The statements that run, where the first ones are conditions."""
        while block and type(block[0]) is ast.If:
            try:
                self._evaluator.start()
                held = looking.truth(self._evaluator.value(block[0].test, self._scope))
            except Exception:
                return block
            block = [*(block[0].body if held else block[0].orelse), *block[1:]]
            block = [node for node in block if type(node) is not ast.Pass]
        return block

    def _ends_alike(self, clean: list[ast.stmt], broken: list[ast.stmt]) -> bool:
        """Whether both leave the same names with the same values, and leave or stay alike."""
        ends = []
        for block in (clean, clean, broken, broken):
            scope = self._scope.copy()
            try:
                self._evaluator.start()
                done = self._evaluator.execute(block, scope)
            except Exception:
                return False
            ends.append((done, scope.local))
        if len({done is None for done, _ in ends}) > 1:
            return False
        if ends[0][0] is not None:
            return _is_one(*(done[0] for done, _ in ends))
        names = {name for _, local in ends for name in local}
        return all(
            _is_one(*(local.get(name, looking.MISSING) for _, local in ends)) for name in names
        )

    def _alike_inside(self, clean: Any, broken: Any, as_truth: bool) -> bool:
        """Whether two nodes of one kind do the same, since each differing part does."""
        scope = self._scope
        steady = scope.steady
        try:
            for name in _in_order(clean):
                ours, theirs = getattr(clean, name), getattr(broken, name, None)
                for one, other in _pairs(ours, theirs):
                    truth = _is_condition(clean, name, as_truth)
                    if not self._alike(one, other, truth):
                        return False
                    scope.steady = scope.steady or not self._has_no_effect(one)
        except _Differ:
            return False
        finally:
            scope.steady = steady
        return True

    def _alike(self, one: Any, other: Any, as_truth: bool) -> bool:
        if not isinstance(one, ast.AST) or not isinstance(other, ast.AST):
            return type(one) is type(other) and repr(one) == repr(other)
        if _same(one, other):
            return True
        if not (_is_read(one) and _is_read(other)):
            return False
        if isinstance(one, ast.expr) and self._one_value(one, other, as_truth):
            return True
        if type(one) is not type(other) or isinstance(one, _NOT_ENTERED):
            return False
        if looking.is_folded(one) or looking.is_folded(other):
            return False  # one constant, the same object each time
        return self._alike_inside(one, other, as_truth)

    def _one_value(self, one: Any, other: Any, as_truth: bool) -> bool:
        values = []
        try:
            for node in (one, one, other, other):
                self._evaluator.start()
                values.append(self._evaluator.value(node, self._scope))
            if as_truth:
                return bool(looking.truth(values[0]) == looking.truth(values[2]))
        except Exception:
            return False
        return _is_one(*values)

    def _has_no_effect(self, node: Any) -> bool:
        if not isinstance(node, ast.AST):
            return True
        if isinstance(node, ast.keyword):
            node = node.value
        if not isinstance(node, ast.expr):
            return not list(ast.iter_child_nodes(node))
        if isinstance(getattr(node, "ctx", None), ast.Store):
            return isinstance(node, ast.Name)
        try:
            self._evaluator.start()
            self._evaluator.value(node, self._scope)
        except Exception:
            return False
        return True


class _Differ(Exception):
    """Two lists of parts are not of one length."""


_NOT_ENTERED = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Dict
)  # fmt: skip
"""Expressions with names of their own, or whose parts stand in another order."""
_ORDER = {ast.Assign: ("value", "targets"), ast.AnnAssign: ("value", "target", "simple")}


def _in_order(node: ast.AST) -> tuple[str, ...]:
    """The parts of a node in the order of their evaluation."""
    return _ORDER.get(type(node), node._fields)


def _is_read(node: ast.AST) -> bool:
    """Whether a node is computed, not assigned to."""
    if isinstance(node, ast.keyword):
        return True
    is_target = isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))
    return isinstance(node, ast.expr) and not is_target


def _pairs(ours: Any, theirs: Any) -> list[tuple[Any, Any]]:
    if not isinstance(ours, list):
        return [(ours, theirs)]
    if not isinstance(theirs, list) or len(ours) != len(theirs):
        raise _Differ
    return list(zip(ours, theirs, strict=True))


def _is_condition(node: ast.AST, name: str, as_truth: bool) -> bool:
    """Whether of a part only its truth matters."""
    if isinstance(node, (ast.If, ast.IfExp)) and name == "test":
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return as_truth and isinstance(node, ast.BoolOp)


def _is_one(a: Any, again: Any, b: Any, b_again: Any) -> bool:
    """Whether nobody can tell two values apart; each was computed twice.

    A value that is another object each time is fresh: nobody has it yet.
    """
    if a is b:
        return True
    if a is again or b is b_again or type(a) is not type(b):
        return False
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(_is_same_object, a, b))
    if type(a) in (set, frozenset):  # several may come in another order
        return len(a) == len(b) <= 1 and all(map(_is_same_object, a, b))
    if type(a) is types.MethodType:
        return a.__func__ is b.__func__ and a.__self__ is b.__self__
    if type(a) is float:
        return repr(a) == repr(b) != "nan"
    return type(a) in ATOMS and bool(a == b)


def _is_same_object(one: Any, other: Any) -> bool:
    return one is other
