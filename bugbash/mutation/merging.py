"""Whether two dictionaries that are merged may hold the same key: else any order will do."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.calls import method_name
from bugbash.mutation.context import Context


def may_clash(one: cst.BaseExpression, other: cst.BaseExpression, context: Context) -> bool:
    """Whether one key may stand in both; calls of `update` stand for what they are given."""
    first, second = _keys(one, context), _keys(other, context)
    return first is None or second is None or bool(first & second)


def _keys(node: cst.BaseExpression, context: Context) -> set[str] | None:
    """All keys of a dictionary, where they are written down; None where they are not."""
    if isinstance(node, cst.Dict):
        keys = [getattr(each, "key", None) for each in node.elements]
        texts = {key.raw_value for key in keys if isinstance(key, cst.SimpleString)}
        return texts if all(isinstance(key, cst.SimpleString) for key in keys) else None
    if isinstance(node, cst.Call) and method_name(node) in ("dict", "update"):
        named = {arg.keyword.value for arg in node.args if arg.keyword}
        for arg in node.args:
            found = set() if arg.keyword else _keys(arg.value, context)
            if found is None or arg.star:
                return None
            named |= found
        return named
    if isinstance(node, cst.Name):
        for scope in context.chain:
            bound = context.names.bound(scope, node.value)
            if bound:
                value = bound[0].value if len(bound) == 1 else None
                return _keys(value, context) if isinstance(value, (cst.Dict, cst.Call)) else None
    return None
