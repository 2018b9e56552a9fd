"""What a change to Python code comes to when formatting, documents and types are left out."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal, TypeVar

from bugbash.syntax import parsed

Emptiness = Literal["formatting", "docs", "typing"]

_TYPING = ("typing", "typing_extensions")
_FOR_TYPES = frozenset({"TypeVar", "ParamSpec", "NewType", "TypeAliasType", "TypeVarTuple"})
_BLOCKS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_Node = TypeVar("_Node", bound=ast.AST)


@dataclass(frozen=True)
class Comparison:
    """Two versions of a module, without what can't matter."""

    emptiness: Emptiness | None
    """What the change is no more than; None where behaviour may differ."""
    before: ast.Module | None
    """Narrowed to the statements that differ; None where it is not this Python's syntax."""
    after: ast.Module | None


def compare(before: bytes, after: bytes) -> Comparison:
    """What is left of a change without formatting, documents and types.

    The trees are compared (`ast.dump`), first as they are, then without docstrings, then
    without annotations and whatever only serves them. Where one of the two is not this
    Python's syntax nothing is said.
    """
    first, second = parsed(before), parsed(after)
    if first is None or second is None:
        return Comparison(None, first, second)
    _narrow(first, second, _lines(before), _lines(after))
    found: Emptiness | None = None
    if _same(first, second):
        found = "formatting"
    elif _same(_undocumented(first), _undocumented(second)):
        found = "docs"
    elif _same(_Untyped().visit(first), _Untyped().visit(second)):
        found = "typing"
    return Comparison(found, first, second)


def _same(first: ast.AST, second: ast.AST) -> bool:
    return ast.dump(first) == ast.dump(second)


def _lines(source: bytes) -> list[bytes]:
    """The lines of a module, as Python's tokenizer counts them."""
    return re.split(rb"\r\n|\r|\n", source)


def _narrow(first: ast.AST, second: ast.AST, before: list[bytes], after: list[bytes]) -> None:
    """Take out of two bodies the statements that are the same text in both, from both ends.

    A commit changes a few lines of a long module: comparing all of it takes seconds for some.
    """
    mine, others = _texts(first, before), _texts(second, after)
    start, least = 0, min(len(mine), len(others))
    while start < least and mine[start] == others[start]:
        start += 1
    end = 0
    while end < least - start and mine[-1 - end] == others[-1 - end]:
        end += 1
    left = first.body[start : len(mine) - end]  # type: ignore[attr-defined]
    right = second.body[start : len(others) - end]  # type: ignore[attr-defined]
    first.body, second.body = left, right  # type: ignore[attr-defined]
    if len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            if type(one) is type(other) and isinstance(one, _BLOCKS):
                _narrow(one, other, before, after)


def _texts(node: ast.AST, lines: list[bytes]) -> list[list[bytes]]:
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
    return [lines[_first_line(part) - 1 : part.end_lineno] for part in body]


def _first_line(node: ast.stmt) -> int:
    marks: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(mark.lineno for mark in marks)])


def _undocumented(tree: _Node) -> _Node:
    """Attribute docstrings, and strings that comment something out, are documents too."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [part for part in body if not _is_text(part) and not isinstance(part, ast.Pass)]
            node.body = kept  # type: ignore[attr-defined]
    return tree


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


class _Untyped(ast.NodeTransformer):
    """Takes out annotations, `cast`, overloads, type variables and imports that serve them."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        node.type_comment = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST | None:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST | None:
        if any(_last(mark) == "overload" for mark in node.decorator_list):
            return None
        node.returns = None
        node.type_comment = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None or _last(node.annotation) == "TypeAlias":
            return None
        plain = ast.Assign(targets=[node.target], value=node.value)
        return self.generic_visit(plain)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        if isinstance(node.value, ast.Call) and _last(node.value.func) in _FOR_TYPES:
            return None
        node.type_comment = None
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if _last(node.func) == "cast" and len(node.args) == 2 and not node.keywords:
            return node.args[1]
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        node.names = [alias for alias in node.names if alias.name not in _TYPING]
        return node if node.names else None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        serves_types = node.module in (*_TYPING, "__future__", "_typeshed", "types")
        return None if serves_types else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.AST] | None:
        if _last(node.test) == "TYPE_CHECKING":
            return [self.visit(part) for part in node.orelse] or None
        return self.generic_visit(node)


def _last(node: ast.AST) -> str:
    """The last name of a dotted one."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
