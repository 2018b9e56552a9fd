"""Questions about syntax nodes that several mutators ask."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted, is_text

__all__ = [
    "argument",
    "call_name",
    "dotted",
    "is_docstring",
    "is_len",
    "is_lone",
    "is_state",
    "is_text",
    "positional",
]


def call_name(node: cst.CSTNode) -> str:
    """The dotted name that is called, `os.path.join`; `.strip` for a method of any expression."""
    if not isinstance(node, cst.Call):
        return ""
    name = dotted(node.func)
    if not name and isinstance(node.func, cst.Attribute):
        return f".{node.func.attr.value}"
    return name


def is_len(node: cst.CSTNode) -> bool:
    """Whether the expression is `len(...)`."""
    return call_name(node) == "len"


def is_lone(context: Context) -> bool:
    """Whether removing the statement would leave its block empty, a docstring not counted.

    The body of a module is never empty.
    """
    statement = context.statement
    if isinstance(statement.parent, cst.Module):
        return False
    here = getattr(statement.node, "body", ())
    if isinstance(statement.node, cst.SimpleStatementLine) and len(here) > 1:
        return False
    others = [node for node in context.block if node is not statement.node]
    return all(is_docstring(node) for node in others)


def is_docstring(node: cst.CSTNode) -> bool:
    """Whether a statement is a bare string."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return False
    only = node.body[0]
    return isinstance(only, cst.Expr) and isinstance(
        only.value, (cst.SimpleString, cst.ConcatenatedString)
    )


def positional(call: cst.Call) -> list[cst.Arg]:
    """The arguments that have neither a keyword nor a star, as far as they lead the call."""
    found: list[cst.Arg] = []
    for arg in call.args:
        if arg.keyword or arg.star:
            break
        found.append(arg)
    return found


def argument(call: cst.Call, position: int, keyword: str) -> cst.Arg | None:
    """The argument given at `position` (from 0) or as `keyword`."""
    for arg in call.args:
        if arg.keyword and arg.keyword.value == keyword:
            return arg
    leading = positional(call)
    return leading[position] if position < len(leading) else None


def is_state(node: cst.CSTNode) -> bool:
    """Whether an expression names one of several states: an enum member, constant or literal.

    `Status.PAID`, `codes.NOT_FOUND`, `PENDING`, `"pending"` and `404` do; `order.status` does not.
    """
    if isinstance(node, (cst.SimpleString, cst.Integer)):
        return True
    owner, _, name = dotted(node).rpartition(".")
    if not name or not name[0].isalpha():
        return False
    is_class = owner.rpartition(".")[2][:1].isupper()
    return name.isupper() or (is_class and not name.endswith("Error"))
