"""What ordinary input looks like beside the edge that a check stands for."""

from __future__ import annotations

import re

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.nodes import dotted
from bugbash.mutation.usage import source_of

ABSENCE = re.compile(
    r"\bno\b|\bnone\b(?= )|needs?\b|\bwithout\b|at least one|empty|missing|nothing|must have"
    r"|\blacks?\b|\bgive\b|required|not set|not given|\bNo[A-Z]|Empty|Missing"
)
"""What a refusal says where there is nothing at all."""


def tells_of_nothing(context: Context) -> bool:
    """Whether what is done next says that there is nothing: with one item that would be a lie."""
    for around in context.chain:
        if isinstance(around.node, cst.If):
            body = (c for c in around.children if c.node is around.node.body)
            return any(ABSENCE.search(source_of(part)) for part in body)
        if isinstance(around.node, cst.BaseStatement):
            return False
    return False


def takes_more(name: str, count: int, context: Context) -> bool:
    """Whether what comes behind the first `count` is used: ordinary input has more."""
    for place in context.scope.inside():
        node = place.node
        if isinstance(node, cst.Subscript) and dotted(node.value) == name:
            inside = node.slice[0].slice
            lower = inside.lower if isinstance(inside, cst.Slice) else getattr(inside, "value", 0)
            if isinstance(lower, cst.Integer) and lower.evaluated_value >= count:
                return True
        elif isinstance(node, cst.StarredElement) and isinstance(place.scope.node, cst.FunctionDef):
            return True
    return False
