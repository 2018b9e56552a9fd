"""boundary-comparison: `<` for `<=`, and kin."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import is_len

Inequality = cst.LessThan | cst.LessThanEqual | cst.GreaterThan | cst.GreaterThanEqual

NEIGHBOUR: dict[type[cst.BaseCompOp], type[Inequality]] = {
    cst.LessThan: cst.LessThanEqual,
    cst.LessThanEqual: cst.LessThan,
    cst.GreaterThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.GreaterThan,
}


class BoundaryComparison(Mutator):
    name = "boundary-comparison"
    family = "logic"
    trait = "operator"
    summary = "A limit lies on the wrong side: the value exactly on the boundary goes astray."
    models = "`<` written for `<=`, or `>` for `>=`: the rule about the limit itself was forgotten."
    explanation = (
        "Whether a boundary belongs to the range is part of the rule, and it is the one value that "
        "separates `<` from `<=`. Ask of every comparison what happens when both sides are equal."
    )
    examples = (
        Example(
            """
            def free_shipping(total):
                return total >= 50
            """,
            """
            def free_shipping(total):
                return total > 50
            """,
        ),
        Example(
            """
            if attempts < limit:
                retry()
            """,
            """
            if attempts <= limit:
                retry()
            """,
        ),
        Example(
            "ok = low <= value < high",
            "ok = low < value < high",
            "ok = low <= value <= high",
        ),
        Example(
            "late = deadline<now  # no grace",
            "late = deadline<=now  # no grace",
        ),
        Example(
            """
            while len(queue) > limit:
                queue.pop()
            """,
            """
            while len(queue) >= limit:
                queue.pop()
            """,
        ),
        Example(
            """
            if len(name) <= 20 and name:
                save(name)
            """,
            """
            if len(name) < 20 and name:
                save(name)
            """,
        ),
        Example(
            """
            if 0 < amount:
                pay(amount)
            """,
            """
            if 0 <= amount:
                pay(amount)
            """,
        ),
        Example("""
            if len(items) > 0:
                show(items)
            """),
        Example("""
            if 0 < len(items):
                show(items)
            """),
        Example("assert len(items) >= 0"),
        Example("""
            if sys.version_info >= (3, 12):
                use_new()
            """),
        Example("same = a == b"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, Inequality) or _is_pointless(context):
            return
        neighbour = NEIGHBOUR[type(node)]
        yield neighbour(
            whitespace_before=node.whitespace_before, whitespace_after=node.whitespace_after
        )


def _is_pointless(context: Context) -> bool:
    """`len(x) > 0` would be always true; no test reaches the boundary of a Python version."""
    left, right = _sides(context)
    if isinstance(left, cst.Integer):
        left, right = right, left
    if isinstance(left, cst.Attribute) and left.attr.value in ("version_info", "hexversion"):
        return True
    return is_len(left) and isinstance(right, cst.Integer) and right.evaluated_value == 0


def _sides(context: Context) -> tuple[cst.BaseExpression, cst.BaseExpression]:
    """What stands left and right of the operator, also in a chain."""
    target, comparison, *_ = context.ancestors
    assert isinstance(target, cst.ComparisonTarget) and isinstance(comparison, cst.Comparison)
    index = next(i for i, each in enumerate(comparison.comparisons) if each is target)
    left = comparison.comparisons[index - 1].comparator if index else comparison.left
    return left, target.comparator
