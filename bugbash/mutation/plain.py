"""Which of two cases is the ordinary one, and which the special one beside it."""

from __future__ import annotations

from typing import Literal

import libcst as cst

from bugbash.mutation.conditions import is_flag, negated
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.vocabulary import vocabulary
from bugbash.mutation.words import words

Arm = Literal["body", "orelse", ""]
TROUBLE = vocabulary(
    "problem problems error errors failed failure fail bad invalid refused rejected missing "
    "unknown down lost broken denied late"
)
"""Words of outcomes that are not the ordinary one."""


def plain_arm(test: cst.BaseExpression) -> Arm:
    """Which case a condition leaves for the ordinary one; "" where it does not say.

    What equals one value, is one of a few or has a flag set is special, and so is its contrary's
    contrary.
    """
    inner = negated(test)
    if inner is not None:
        return {"body": "orelse", "orelse": "body", "": ""}[plain_arm(inner)]  # type: ignore[return-value]
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        operator = test.comparisons[0].operator
        if isinstance(operator, (cst.Equal, cst.Is, cst.In)):
            return "orelse"
        if isinstance(operator, (cst.NotEqual, cst.IsNot, cst.NotIn)):
            return "body"
    return "orelse" if is_flag(test) else ""


def plain_arms(node: cst.IfExp) -> tuple[cst.BaseExpression, ...]:
    """The values of a conditional expression that one might take for all cases.

    Never the negative of the other, a constant beside a value, the word for trouble, or something
    that is added to a text now and then.
    """
    body, orelse = node.body, node.orelse
    for is_special in (_is_negative, _is_constant, _says_trouble):
        marks = is_special(body), is_special(orelse)
        if marks[0] != marks[1]:
            return (orelse if marks[0] else body,)
    arm = plain_arm(node.test)
    for nothing in (body, orelse):
        if not arm and isinstance(nothing, cst.SimpleString) and not nothing.raw_value:
            return (nothing,)
    if not arm and isinstance(node.test, (cst.Call, cst.Name, cst.Attribute)):
        arm = "orelse"
    return {"body": (body,), "orelse": (orelse,), "": (orelse, body)}[arm]


def _is_negative(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.UnaryOperation) and isinstance(node.operator, (cst.Minus, cst.Not))


def _is_constant(node: cst.BaseExpression) -> bool:
    """Whether it is a literal, or made of literals alone: `0`, `""`, `()`, `Decimal(0)`."""
    if isinstance(node, cst.Call):
        return call_name(node)[:1].isupper() and all(_is_constant(arg.value) for arg in node.args)
    if isinstance(node, (cst.List, cst.Tuple, cst.Dict)):
        return not node.elements
    kinds = (cst.Integer, cst.Float, cst.SimpleString)
    return isinstance(node, kinds) or dotted(node).rpartition(".")[2].isupper()


def _says_trouble(node: cst.BaseExpression) -> bool:
    return bool(TROUBLE & set(words(dotted(node).rpartition(".")[2])))
