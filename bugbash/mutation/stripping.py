"""Whether stripping one end of a text more or less makes any difference."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.calls import same_code
from bugbash.mutation.context import Context
from bugbash.mutation.nodes import call_name

ENDS = {"strip": {"left", "right"}, "lstrip": {"left"}, "rstrip": {"right"}}
"""Methods, and the ends that they clean."""
READERS = frozenset({"int", "float", "Decimal", "Fraction", "complex"})
"""What takes a text with spaces around it as well."""


def strips_alike(call: cst.Call, other: str, context: Context) -> bool:
    """Whether `x.strip(...)`, at `context`, gives the same as `x.lstrip(...)` or the like."""
    assert isinstance(call.func, cst.Attribute)
    on, chars = call.func.value, call.args[0].value if call.args else None
    differing = ENDS[call.func.attr.value] ^ ENDS[other]
    if differing <= _clean_ends(on, chars):
        return True
    if chars is None:
        return _is_split_or_read(context)
    return isinstance(chars, cst.SimpleString) and _can_not_be_there(on, chars.raw_value, differing)


def _clean_ends(node: cst.BaseExpression, chars: cst.BaseExpression | None) -> set[str]:
    """The ends of a text that were stripped of the same characters before."""
    if isinstance(node, cst.Subscript):
        node = node.value
        is_part = isinstance(node, cst.Call) and call_name(node).rpartition(".")[2] == "split"
        return {"left", "right"} if is_part and not node.args and chars is None else set()  # type: ignore[attr-defined]
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return set()
    method, given = node.func.attr.value, node.args[0].value if node.args else None
    before = _clean_ends(node.func.value, chars)
    if method in ENDS:
        return before | ENDS[method] if same_code(chars, given) else before
    return before if method in ("lower", "upper", "casefold", "title") else set()


def _is_split_or_read(context: Context) -> bool:
    """Whether spaces at the ends do not count: before `.split()`, inside `int(...)`."""
    parent, outer = context.parent, context.outer
    user = outer.parent if outer else None
    if isinstance(parent, cst.Attribute) and isinstance(user, cst.Call):
        return parent.attr.value == "split" and not user.args
    is_given = isinstance(parent, cst.Arg) and isinstance(user, cst.Call)
    return is_given and call_name(user or cst.Name("_")).rpartition(".")[2] in READERS


def _can_not_be_there(on: cst.BaseExpression, chars: str, ends: set[str]) -> bool:
    """Whether the text has none of these characters at the ends that differ.

    A line has its line end behind, a number its point within, a suffix its point in front.
    """
    name = cst.Module([]).code_for_node(on)
    if set(chars) <= set("\\rn"):
        return ends == {"left"} and "line" in name.lower()
    if chars == ".":
        last = call_name(on).rpartition(".")[2]
        return name.endswith(".suffix") or (ends == {"left"} and last == "rstrip")
    return False
