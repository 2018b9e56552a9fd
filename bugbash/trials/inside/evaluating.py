"""Evaluates pieces of the target's code in the state of a live frame, with no effect at all.

A small interpreter that knows only what can't be noticed: names, plain attributes, operators and
methods of Python's own types, and functions of the target that are made of nothing else. No code
of anybody's is called, and nothing is changed. Whatever else it meets is `Unknown`.
"""

from __future__ import annotations

import ast
import operator
import sys
import types
from collections.abc import Callable
from copy import copy
from typing import Any

looking = sys.modules["_bugbash_looking"]  # `zygote` loaded it by path
Unknown, ATOMS, MISSING = looking.Unknown, looking.ATOMS, looking.MISSING
is_plain, truth = looking.is_plain, looking.truth
_SEQUENCES = (list, tuple, str, bytes)
_BIG = 1 << 64
_DEEP = 4
_STEPS = 400
_ODD = 0x04 | 0x08 | 0x20 | 0x80 | 0x100 | 0x200
"""Flags of functions with `*args` or `**kwargs`, generators and coroutines."""


class Scope:
    """What names mean at one place: a frame, or a function that is gone through."""

    def __init__(self, code: types.CodeType, local: Any, outer: Any, inner: Any) -> None:
        self.own = frozenset((*code.co_varnames, *code.co_cellvars, *code.co_freevars))
        self.fast = frozenset(code.co_varnames) - frozenset(code.co_cellvars)
        self.local = dict(local)
        self.outer, self.inner = outer, inner
        self.steady = False
        """Whether something happens between now and the evaluation: what it may have changed is
        then unknown."""

    def copy(self) -> Scope:
        """The same, to be changed."""
        made = copy(self)
        made.local = dict(self.local)
        return made

    def name(self, name: str) -> Any:
        if name.startswith("__") and not name.endswith("__"):
            raise Unknown  # it has another name in a class
        if name in self.own:
            value = self.local.get(name, MISSING)
            if value is MISSING or (self.steady and not self._stays(name, value)):
                raise Unknown
            return value
        for space in (self.outer, self.inner):
            if type(space) is not dict or self.steady:
                raise Unknown
            if name in space:
                return space[name]
        raise Unknown

    def _stays(self, name: str, value: Any) -> bool:
        return name in self.fast and type(value) in ATOMS


_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_SHOWN: dict[int, Callable[[Any], str]] = {-1: str, ord("s"): str, ord("r"): repr}
_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _is_number(value: Any) -> bool:
    return type(value) in (int, bool, float) and abs(value) < _BIG


class Evaluator:
    """Evaluates expressions and goes through statements.

    `body_of` gives the syntax tree of a function of the target, or None where it is not to be
    gone through.
    """

    def __init__(self, body_of: Callable[[types.FunctionType], ast.FunctionDef | None]) -> None:
        self._body_of = body_of
        self._steps = self._depth = 0
        self._folded: dict[ast.AST, Any] = {}
        self._by_kind: dict[type, Callable[[Any, Scope], Any]] = {
            ast.Constant: lambda node, _: node.value,
            ast.Name: lambda node, scope: scope.name(node.id),
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Compare: self._compare,
            ast.BoolOp: self._bool_op,
            ast.UnaryOp: self._unary_op,
            ast.BinOp: self._bin_op,
            ast.IfExp: self._if_exp,
            ast.Tuple: lambda node, scope: tuple(self._all(node.elts, scope)),
            ast.List: lambda node, scope: self._all(node.elts, scope),
            ast.JoinedStr: self._joined,
            ast.Call: self._call,
        }

    def start(self) -> None:
        """Begin a new evaluation: each has so many steps."""
        self._steps = self._depth = 0
        if sys.flags.bytes_warning:
            raise Unknown  # comparing text with bytes has an effect then

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """The value of an expression. Raises Unknown, or what evaluating it raises."""
        self._steps += 1
        kind = self._by_kind.get(type(node))
        if kind is None or self._steps > _STEPS:
            raise Unknown
        found = kind(node, scope)
        return self._folded.setdefault(node, found) if looking.is_folded(node) else found

    def _all(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        return [self.value(node, scope) for node in nodes]

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        thing = self.value(node.value, scope)
        if scope.steady:
            raise Unknown
        return looking.attribute(thing, node.attr, lambda getter, of: self.call(getter, [of], {}))

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        thing = self.value(node.value, scope)
        if type(node.slice) is ast.Slice:
            ends = (node.slice.lower, node.slice.upper, node.slice.step)
            places = [None if end is None else self.value(end, scope) for end in ends]
            if not all(type(place) in (int, type(None)) for place in places):
                raise Unknown
            key: Any = slice(*places)
        else:
            key = self.value(node.slice, scope)
        if type(thing) in _SEQUENCES and (type(key) in (int, slice)):
            return thing[key]
        if type(thing) is dict and type(key) in ATOMS and looking.has_plain_keys(thing):
            return thing[key]
        raise Unknown

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        held: Any = True
        for sign, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other, scope)
            held = self._compared(type(sign), left, right)
            if not held:
                return held
            left = right
        return held

    def _compared(self, sign: type, left: Any, right: Any) -> bool:
        if sign in (ast.Is, ast.IsNot):
            both = left is not None and right is not None
            if both and any(type(side) in (int, float, str, bytes) for side in (left, right)):
                raise Unknown  # depends on which equal values are one
            return (left is right) == (sign is ast.Is)
        if sign in (ast.In, ast.NotIn):
            return bool(looking.contains(right, left)) == (sign is ast.In)
        if not (type(left) in ATOMS and type(right) in ATOMS) or {type(left), type(right)} == {
            str,
            bytes,
        }:
            raise Unknown
        return bool(_COMPARISONS[sign](left, right))

    def _bool_op(self, node: ast.BoolOp, scope: Scope) -> Any:
        value: Any = None
        for each in node.values:
            value = self.value(each, scope)
            if truth(value) == (type(node.op) is ast.Or):
                break
        return value

    def _unary_op(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        if type(node.op) is ast.Not:
            return not truth(value)
        if type(node.op) is ast.USub and _is_number(value):
            return -value
        raise Unknown

    def _bin_op(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        sign = _OPERATORS.get(type(node.op))
        texts = type(left) is type(right) and type(left) in (str, bytes)
        joined = texts and type(node.op) is ast.Add and is_plain(left) and is_plain(right)
        if sign is None or not (joined or (_is_number(left) and _is_number(right))):
            raise Unknown
        return sign(left, right)

    def _if_exp(self, node: ast.IfExp, scope: Scope) -> Any:
        chosen = node.body if truth(self.value(node.test, scope)) else node.orelse
        return self.value(chosen, scope)

    def _joined(self, node: ast.JoinedStr, scope: Scope) -> str:
        parts = []
        for part in node.values:
            if type(part) is ast.FormattedValue:
                value = self.value(part.value, scope)
                shown = _SHOWN.get(part.conversion)
                if part.format_spec is not None or shown is None or not is_plain(value):
                    raise Unknown
                parts.append(shown(value))
            else:
                parts.append(self.value(part, scope))
        return "".join(parts)

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        function = node.func
        if type(function) is ast.Attribute:
            thing = self.value(function.value, scope)
            if looking.is_method(thing, function.attr):
                return looking.call_method(thing, function.attr, *self._given(node, scope))
        target = self.value(function, scope)
        return self.call(target, *self._given(node, scope))

    def _given(self, node: ast.Call, scope: Scope) -> tuple[list[Any], dict[str, Any]]:
        named = {}
        given = self._all(node.args, scope)
        for keyword in node.keywords:
            if keyword.arg is None:
                raise Unknown
            named[keyword.arg] = self.value(keyword.value, scope)
        return given, named

    def call(self, target: Any, given: list[Any], named: dict[str, Any]) -> Any:
        """The result of a call that has no effect beyond it."""
        if type(target) is types.MethodType:
            target, given = target.__func__, [target.__self__, *given]
        known = looking.known_function(target)
        if known is None and type(target) is types.FunctionType:
            return self._run(target, given, named)
        if known is None or named:
            raise Unknown
        return known(*given)

    def _run(self, target: types.FunctionType, given: list[Any], named: dict[str, Any]) -> Any:
        body = self._body_of(target)
        code = target.__code__
        if body is None or self._depth >= _DEEP or code.co_flags & _ODD:
            raise Unknown
        if code.co_cellvars or code.co_freevars:
            raise Unknown
        local = _arguments(target, given, named)
        function: Any = target  # its `__builtins__` is known to some versions of mypy alone
        inner = function.__builtins__
        scope = Scope(code, local, target.__globals__, inner)
        self._depth += 1
        try:
            done = self.execute(body.body, scope)
        finally:
            self._depth -= 1
        return done[0] if done is not None else None

    def execute(self, block: list[ast.stmt], scope: Scope) -> tuple[Any] | None:
        """Go through statements, changing `scope` alone; the value returned, if it returns."""
        for node in block:
            self._steps += 1
            done: tuple[Any] | None = None
            if type(node) is ast.Return:
                return (self.value(node.value, scope) if node.value else None,)
            if type(node) is ast.If:
                held = truth(self.value(node.test, scope))
                done = self.execute(node.body if held else node.orelse, scope)
            elif type(node) is ast.Expr:
                self.value(node.value, scope)
            elif type(node) is ast.Assign or type(node) is ast.AnnAssign:
                self._assign(node, scope)
            elif type(node) is not ast.Pass:
                raise Unknown
            if done is not None:
                return done
        return None

    def _assign(self, node: ast.Assign | ast.AnnAssign, scope: Scope) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value is None or len(targets) > 1 or type(targets[0]) is not ast.Name:
            raise Unknown
        if targets[0].id not in scope.fast:
            raise Unknown  # others see it
        scope.local[targets[0].id] = self.value(node.value, scope)


def _arguments(
    target: types.FunctionType, given: list[Any], named: dict[str, Any]
) -> dict[str, Any]:
    """The values of a function's parameters, as a call gives them. Raises Unknown."""
    code = target.__code__
    names = code.co_varnames[: code.co_argcount]
    every = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if len(given) > len(names):
        raise Unknown
    defaults = target.__defaults__ or ()
    local = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    local.update(target.__kwdefaults__ or {})
    local.update(zip(names, given, strict=False))
    for name, value in named.items():
        if name not in every[code.co_posonlyargcount :] or name in names[: len(given)]:
            raise Unknown
        local[name] = value
    if set(local) != set(every):
        raise Unknown
    return local
