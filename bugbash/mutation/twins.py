"""Whether a change makes the same expression stand twice, side by side: nobody writes `a == a`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.nodes import call_name
from bugbash.mutation.usage import text_of

_SIDES: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.BinaryOperation: ("left", "right"),
    cst.BooleanOperation: ("left", "right"),
    cst.IfExp: ("body", "orelse"),
    cst.Slice: ("lower", "upper"),
    cst.AugAssign: ("target", "value"),
}
"""Expressions of two sides, by the fields that hold them."""
_ROWS = (cst.Comparison, cst.Tuple, cst.List, cst.Set, cst.FormattedString, cst.Subscript)
"""Expressions whose parts all stand beside each other."""
_WRAPPERS = (
    cst.Arg,
    cst.Element,
    cst.StarredElement,
    cst.ComparisonTarget,
    cst.SubscriptElement,
    cst.Index,
    cst.FormattedStringExpression,
)
"""Nodes that only hold the expression that counts."""


def repeats(context: Context, other: cst.BaseExpression) -> bool:
    """Whether `other` in the place of the node makes two equal sides, arguments or items.

    Arguments with keywords and the values of a dictionary may repeat where they are spread over
    lines: that is a copied line.
    """
    module = context.module
    text, new = text_of(module), module.code_for_node(other)
    seen = {_plain(new)}
    for around in context.chain:
        outer = around.outer
        if outer is None or isinstance(outer.node, (cst.BaseStatement, cst.Lambda)):
            return False
        beside = (part for part in _parts(outer, text) if part is not around)
        measured = _is_measured(outer.node)
        if any(shown in seen for part in beside for shown in _shown(part, text, measured)):
            return True
        if not _shows_through(outer) and not (_is_sum(outer.node) and _is_held(outer)):
            seen = set()
        head, tail = text[outer.start : context.start], text[context.end : outer.end]
        seen.add(_plain(head + new + tail))
    return False


def _plain(code: str) -> str:
    """An expression without spaces, and without brackets around it."""
    found = "".join(code.split())
    inside = found[1:-1]
    return inside if found == f"({inside})" and not set("()") & set(inside) else found


def _parts(outer: Context, text: str) -> Iterator[Context]:
    """The sides, arguments or items of an expression."""
    node, one_line = outer.node, "\n" not in text[outer.start : outer.end].strip()
    if isinstance(node, cst.Call):
        for child in outer.children:
            if isinstance(child.node, cst.Arg) and (one_line or not child.node.keyword):
                yield child
            elif isinstance(child.node, cst.Attribute):
                yield child.children[0]
    elif isinstance(node, cst.Dict):
        items = outer.children if one_line else ()
        yield from (c for i in items for c in i.children if c.node is getattr(i.node, "value", 0))
    elif isinstance(node, _ROWS):
        yield from outer.children
    else:
        sides = [getattr(node, field) for field in _SIDES.get(type(node), ())]
        yield from (child for child in outer.children if any(child.node is s for s in sides))


def _is_measured(node: cst.CSTNode) -> bool:
    """Whether one value is held against another: `min(a, b)`, `a < b`, `a - b`."""
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.Subtract)
    return isinstance(node, cst.Comparison) or call_name(node) in ("min", "max")


def _is_held(part: Context) -> bool:
    """Whether an expression is held against another one."""
    outer = part.outer
    while outer and isinstance(outer.node, _WRAPPERS):
        outer = outer.outer
    return outer is not None and _is_measured(outer.node)


def _is_sum(node: cst.CSTNode) -> bool:
    sums = (cst.Add, cst.Subtract)
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, sums)


def _shown(part: Context, text: str, measured: bool) -> Iterator[str]:
    """What a side looks like, and what it holds: `x` of `key=x`, `{x:>3}` and `x is None`.

    Where sides are held against each other, `x` of `x + 1` as well.
    """
    yield _plain(text[part.start : part.end])
    through = _shows_through(part) or (measured and _is_sum(part.node))
    if through and not isinstance(part.node, cst.Attribute):
        keyword = getattr(part.node, "keyword", None)
        for child in part.children:
            is_value = isinstance(child.node, (cst.BaseExpression, *_WRAPPERS))
            if is_value and child.node is not keyword:
                yield from _shown(child, text, measured)


def _shows_through(whole: Context) -> bool:
    """Whether the parts of an expression are compared with what stands beside the whole."""
    node, outer = whole.node, whole.outer
    if isinstance(node, cst.FormattedString):
        return len(node.parts) == 1
    if isinstance(node, cst.Attribute):
        return outer is not None and getattr(outer.node, "func", None) is node
    if isinstance(node, cst.Comparison):
        comparator = node.comparisons[0].comparator
        return isinstance(comparator, cst.Name) and comparator.value == "None"
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
        kinds = (cst.BinaryOperation, cst.BooleanOperation)
        around = outer.node if outer else None
        return isinstance(around, kinds) and type(around.operator) is type(node.operator)
    return isinstance(node, _WRAPPERS)
