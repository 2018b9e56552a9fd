"""What becomes of a value when a condition holds: is it refused or taken?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted

Verdict = Literal["refused", "taken"]

COMPLAINTS = ("error", "problem", "report", "fail", "invalid", "reject", "abort", "issue", "refuse")
REFUSING_NAMES = ("too_", "exceed", "invalid", "expired", "overdue", "over_", "reject", "missing")
OPPOSITE: dict[Verdict, Verdict] = {"refused": "taken", "taken": "refused"}


def verdict(context: Context) -> Verdict | None:
    """What happens to a value for which the node, a condition, is true; None if that is unclear."""
    flipped = False
    for place in context.chain:
        node, parent = place.node, place.parent
        if isinstance(parent, cst.UnaryOperation) and isinstance(parent.operator, cst.Not):
            flipped = not flipped
        elif not isinstance(parent, cst.BooleanOperation):
            found = _outcome(node, parent, context)
            return OPPOSITE[found] if found and flipped else found
    return None


def _outcome(node: cst.CSTNode, parent: cst.CSTNode | None, context: Context) -> Verdict | None:
    if isinstance(parent, cst.If) and parent.test is node:
        if refuses(parent.body):
            return "refused"
        return "taken" if _answers(parent.body, "True") else None
    if isinstance(parent, cst.Assert) and parent.test is node:
        return "taken"
    if isinstance(parent, cst.Return):
        name = (context.function or "").rpartition(".")[2].lower()
        return "refused" if any(part in name for part in REFUSING_NAMES) else "taken"
    return "taken" if isinstance(parent, cst.CompIf) else None


def refuses(body: cst.BaseSuite) -> bool:
    """Whether a block ends in an error, in `return False` or None, or in a complaint."""
    last = last_of(body)
    if isinstance(last, cst.Raise) or _answers(body, "False") or _answers(body, "None"):
        return True
    if not isinstance(last, cst.Expr) or not isinstance(last.value, cst.Call):
        return False
    name = dotted(last.value.func).lower()
    return any(word in name for word in COMPLAINTS)


def _answers(body: cst.BaseSuite, name: str) -> bool:
    last = last_of(body)
    return isinstance(last, cst.Return) and last.value is not None and dotted(last.value) == name


def last_of(body: cst.BaseSuite) -> cst.CSTNode | None:
    """The last statement of a block, a small one where it shares its line."""
    statements: Sequence[cst.CSTNode] = body.body
    if not statements:
        return None
    last = statements[-1]
    if isinstance(last, cst.SimpleStatementLine):
        return last.body[-1]
    return last


def is_test(context: Context) -> bool:
    """Whether only the truth of the node matters, not its value."""
    for place in context.chain:
        node, parent = place.node, place.parent
        if isinstance(parent, (cst.If, cst.While, cst.IfExp, cst.Assert, cst.CompIf)):
            return parent.test is node
        if isinstance(parent, cst.UnaryOperation):
            return isinstance(parent.operator, cst.Not)
        if not isinstance(parent, cst.BooleanOperation):
            return False
    return False


def counts_as_truth(context: Context) -> bool:
    """Whether one false value is as good as another at a place: in a test, before an `or`."""
    place = context
    while isinstance(place.parent, cst.BooleanOperation) and place.outer:
        if isinstance(place.parent.operator, cst.Or) and place.parent.left is place.node:
            return True
        place = place.outer
    parent, outer = place.parent, place.outer
    call = outer.parent if isinstance(parent, cst.Arg) and outer else None
    if isinstance(call, cst.Call) and len(call.args) == 1 and dotted(call.func) == "bool":
        return True
    return is_test(context)


def is_cosmetic(context: Context) -> bool:
    """Whether the node only shapes what a person reads: a repr, a message, text to print."""
    name = (context.function or "").rpartition(".")[2]
    if name in ("__repr__", "__rich_repr__", "__str__"):
        return True
    for node in context.ancestors:
        if isinstance(node, (cst.Raise, cst.FormattedStringExpression)):
            return True
        if isinstance(node, cst.Call) and dotted(node.func) == "print":
            return True
        if isinstance(node, cst.BaseStatement):
            return False
    return False
