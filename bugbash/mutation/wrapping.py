"""Taking the inner expression of a call for the whole: `name` for `name.strip()`."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted

ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.BaseString,
    cst.BaseNumber,
    cst.Await,
    cst.List,
    cst.Dict,
    cst.Set,
)
"""Expressions that need no brackets beside an operator."""
OPEN = (
    cst.Arg,
    cst.Assign,
    cst.AnnAssign,
    cst.AugAssign,
    cst.Element,
    cst.DictElement,
    cst.Index,
    cst.FormattedStringExpression,
    cst.CompFor,
    cst.For,
    cst.Expr,
)
"""Places that take any expression without brackets."""
KEYWORDS = {cst.Return: "whitespace_after_return", cst.If: "whitespace_before_test"}
BRACKETED = (cst.GeneratorExp, cst.NamedExpr, cst.Yield, cst.Tuple, cst.Lambda)


def instead(node: cst.BaseExpression, inner: cst.BaseExpression, context: Context) -> cst.CSTNode:
    """`inner` in the place of `node` (of `context`), with no more brackets than it takes there."""
    brackets = node if node.lpar else inner
    if not brackets.lpar or isinstance(inner, BRACKETED):
        return inner
    naked = inner.with_changes(lpar=[], rpar=[])
    spans_lines = "\n" in cst.Module([]).code_for_node(naked)
    free = isinstance(inner, ATOMS) or isinstance(context.parent, OPEN) or _is_spaced(context)
    if free and not spans_lines and not _touches(context):
        return naked
    return inner.with_changes(lpar=brackets.lpar, rpar=brackets.rpar)


def _is_spaced(context: Context) -> bool:
    return type(context.parent) in KEYWORDS and not _touches(context)


def _touches(context: Context) -> bool:
    """Whether a keyword stands right before the brackets: `return(x).y`."""
    field = KEYWORDS.get(type(context.parent)) if context.parent else None
    space = getattr(context.parent, field) if field else None
    return isinstance(space, cst.SimpleWhitespace) and not space.value


def sets_itself(inner: cst.BaseExpression, context: Context) -> bool:
    """Whether nothing sensible is left: `name = name`, `x if y else x`, `lambda x: x`."""
    parent, name = context.parent, dotted(inner)
    if isinstance(parent, cst.IfExp) and parent.test is not context.node:
        other = parent.orelse if parent.body is context.node else parent.body
        return other.deep_equals(inner)
    if not name:
        return False
    if isinstance(parent, cst.Assign):
        return [dotted(target.target) for target in parent.targets] == [name]
    if isinstance(parent, (cst.AnnAssign, cst.NamedExpr)):
        return dotted(parent.target) == name
    return isinstance(parent, cst.Lambda) and parent.body is context.node
