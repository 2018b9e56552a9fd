"""require-truthy: 0 and "" are taken for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import is_falsy_literal, may_be_empty
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import dotted
from bugbash.mutation.truth import is_always_true
from bugbash.mutation.verdicts import is_test, last_of

TIGHT = (cst.Comparison, cst.BinaryOperation, cst.UnaryOperation, cst.Await)


class RequireTruthy(Mutator):
    name = "require-truthy"
    family = "validation"
    trait = "absence"
    summary = "A value that is there but zero or empty counts as missing."
    models = "`if discount:` for `if discount is not None:`: 0 is an answer, None is none."
    explanation = (
        "`None` says that nothing was given; 0, an empty text and False are values. Where they may "
        "occur, ask `is None`. Try the smallest value that is allowed: it behaves as if left out."
    )
    examples = (
        Example(
            """
            def price(total: int, discount: int | None) -> int:
                if discount is not None:
                    return total - discount
                return total - 5
            """,
            """
            def price(total: int, discount: int | None) -> int:
                if discount:
                    return total - discount
                return total - 5
            """,
        ),
        Example(
            """
            def wait(timeout=None):
                # None waits for ever.
                if timeout is None:
                    timeout = 30
                run(timeout)
            """,
            """
            def wait(timeout=None):
                # None waits for ever.
                if not timeout:
                    timeout = 30
                run(timeout)
            """,
        ),
        Example(
            """
            class Rule:
                low: float | None
                kind: Kind | None

                def fits(self, value):
                    return self.low is None or self.kind is None or value > self.low
            """,
            """
            class Rule:
                low: float | None
                kind: Kind | None

                def fits(self, value):
                    return not self.low or self.kind is None or value > self.low
            """,
        ),
        Example(
            "width = given_width if given_width is not None else 80",
            "width = given_width if given_width else 80",
        ),
        Example(
            """
            def has_limit(limit: Optional[int]) -> bool:
                return limit is not None
            """,
            """
            def has_limit(limit: Optional[int]) -> bool:
                return bool(limit)
            """,
        ),
        Example(
            """
            while (
                offset is not None  # more pages
                and pages < 9
            ):
                offset = load(offset)
            """,
            """
            while (
                offset  # more pages
                and pages < 9
            ):
                offset = load(offset)
            """,
        ),
        Example(
            """
            if row.get("amount") is None:
                skip(row)
            """,
            """
            if not row.get("amount"):
                skip(row)
            """,
        ),
        Example(
            """
            class Job:
                def __init__(self, delay: "float | None"):
                    self._pause = delay

                def due(self, now):
                    if self._pause is not None and now < self._pause:
                        return False
            """,
            """
            class Job:
                def __init__(self, delay: "float | None"):
                    self._pause = delay

                def due(self, now):
                    if self._pause and now < self._pause:
                        return False
            """,
        ),
        Example("""
            def run(match: re.Match | None, limit: int):
                if match is None:
                    return
            """),
        Example("""
            def run(items: list[str] | None):
                if items is None:
                    items = []
            """),
        Example("text = text if text is not None else ''"),
        Example("""
            if limit is not None and limit > 0:
                cut(limit)
            """),
        Example("""
            if node.parent is not None:
                visit(node.parent)
            """),
        Example("same = value is other"),
        Example("""
            WORD = re.compile("[a-z]+")

            class Line:
                end: datetime | None

            class Page:
                rows: dict[str, Line]

                def find(self, text: str, start: Optional[date]):
                    value = WORD.fullmatch(text)
                    title = None
                    title = Line()
                    if value is not None and title is not None and start is not None:
                        return self.rows.get(text) is not None
                    return title is None or title.end is None or self._end() is None

                def _end(self) -> Line | None:
                    return None
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
            return
        target = node.comparisons[0]
        if not isinstance(target.operator, (cst.Is, cst.IsNot)):
            return
        if dotted(target.comparator) != "None" or not may_be_empty(node.left, context):
            return
        if is_always_true(node.left, context):
            return
        if not _is_replaced_by_empty(node, context) and not _is_compared_beside(node, context):
            yield _truth(node, isinstance(target.operator, cst.IsNot), context)


def _truth(node: cst.Comparison, wanted: bool, context: Context) -> cst.BaseExpression:
    left = node.left
    free = not isinstance(context.parent, TIGHT)
    if not wanted:
        opposite = cst.UnaryOperation(operator=cst.Not(), expression=left)
        return opposite if free else opposite.with_changes(lpar=node.lpar, rpar=node.rpar)
    if is_test(context) or _is_left_of_and(context):
        return left
    return cst.Call(func=cst.Name("bool"), args=[cst.Arg(left)])


def _is_left_of_and(context: Context) -> bool:
    """Whether another value follows that counts: `x is not None and y` gives y."""
    parent = context.parent
    return isinstance(parent, cst.BooleanOperation) and parent.left is context.node


def _is_replaced_by_empty(node: cst.Comparison, context: Context) -> bool:
    """`if x is None: x = 0` and `x if x is not None else ""`: false values stay what they are.

    `if self.x is None: self.x = ...` computes once: twice gives the same.
    """
    parent, name = context.parent, dotted(node.left)
    if isinstance(parent, cst.IfExp) and parent.test is node:
        return is_falsy_literal(parent.orelse) or is_falsy_literal(parent.body)
    if not isinstance(parent, cst.If) or parent.orelse:
        return False
    last = last_of(parent.body)
    if not isinstance(last, cst.Assign) or dotted(last.targets[0].target) != name:
        return False
    return name.startswith("self.") or is_falsy_literal(last.value)


def _is_compared_beside(node: cst.Comparison, context: Context) -> bool:
    """Whether the other half of the condition refuses false values anyway: `and x > 0`."""
    parent = context.parent
    if not isinstance(parent, cst.BooleanOperation) or parent.left is not node:
        return False
    other = parent.right
    if isinstance(other, cst.Comparison):
        operands = [other.left, *(each.comparator for each in other.comparisons)]
        named = any(operand.deep_equals(node.left) for operand in operands)
        return named and any(is_falsy_literal(operand) for operand in operands)
    return _mentions(other, dotted(node.left))


def _mentions(node: cst.CSTNode, name: str) -> bool:
    """Whether a condition asks the value itself: `x.strip()`, `len(x)`."""
    if isinstance(node, cst.Call):
        inside = node.func.value if isinstance(node.func, cst.Attribute) else node.func
        return dotted(inside) == name or any(dotted(arg.value) == name for arg in node.args)
    return dotted(node) == name
