"""Whether a text has ASCII characters alone, so that every usual encoding gives the same bytes."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.calls import called_function
from bugbash.mutation.context import Context
from bugbash.mutation.names import function_of
from bugbash.mutation.nodes import call_name
from bugbash.mutation.usage import reads_within

PLAIN_CALLS = frozenset({"hexdigest", "hex", "oct", "bin", "token_hex", "token_urlsafe", "len"})
DEPTH = 3
"""Steps from a call to the function, and from a name to its value, that are followed."""


def is_ascii(node: cst.BaseExpression, context: Context, depth: int = DEPTH) -> bool:
    """Whether an expression at `context` is sure to be ASCII: a literal, or JSON as by default."""
    if isinstance(node, cst.SimpleString):
        return node.value.isascii() and "\\" not in node.value
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return is_ascii(node.left, context, depth) and is_ascii(node.right, context, depth)
    if isinstance(node, cst.Name):
        return depth > 0 and _is_ascii_name(node.value, context, depth - 1)
    return isinstance(node, cst.Call) and _is_ascii_result(node, context, depth)


def _is_ascii_result(call: cst.Call, context: Context, depth: int) -> bool:
    name = call_name(call)
    if name.rpartition(".")[2] in PLAIN_CALLS:
        return True
    if name in ("json.dumps", "dumps"):
        return is_escaped(call)
    function = called_function(call, context)
    if function is None or depth <= 0:
        return False
    places = (c for c in context.root.inside() if c.node is function)
    return _returns_ascii(next(places), depth - 1)


def is_escaped(call: cst.Call) -> bool:
    """Whether a call of `json.dump` or `dumps` writes other characters as escapes."""
    named = {arg.keyword.value for arg in call.args if arg.keyword}
    return "ensure_ascii" not in named and not any(arg.star for arg in call.args)


def _returns_ascii(function: Context, depth: int) -> bool:
    found = [c for c in function.inside() if isinstance(c.node, cst.Return)]
    values = [(c.node.value, c) for c in found if isinstance(c.node, cst.Return)]
    return bool(values) and all(v is not None and is_ascii(v, c, depth) for v, c in values)


def _is_ascii_name(name: str, context: Context, depth: int) -> bool:
    scope = function_of(context) or context.root
    bound = context.names.bound(scope, name) or context.names.bound(context.root, name)
    return bool(bound) and all(
        b.sort == "assignment" and b.value is not None and is_ascii(b.value, b.at, depth)
        for b in bound
    )


def writes_ascii(opener: Context) -> bool:
    """Whether `with open(...) as file:` gets nothing but ASCII written: JSON, literals."""
    item = opener.outer
    if item is None or not isinstance(item.node, cst.WithItem) or item.outer is None:
        return False
    name = item.node.asname.name if item.node.asname else None
    if not isinstance(name, cst.Name):
        return False
    block = next(c for c in item.outer.children if isinstance(c.node, cst.BaseSuite))
    written = [c for c in block.inside() if _is_written(c, name.value)]
    return bool(written) and len(written) == len(reads_within(item, name.value, block))


def _is_written(context: Context, file: str) -> bool:
    """`file.write(ascii)`, `json.dump(value, file)`."""
    call = context.node
    if not isinstance(call, cst.Call):
        return False
    if call_name(call) == f"{file}.write":
        return len(call.args) == 1 and is_ascii(call.args[0].value, context)
    given = [arg.value.value for arg in call.args if isinstance(arg.value, cst.Name)]
    return call_name(call) in ("json.dump", "dump") and file in given and is_escaped(call)
