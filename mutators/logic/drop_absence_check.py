"""drop-absence-check: nobody asks any more whether there is a value at all."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import absent_halves, in_place, is_none, is_test
from bugbash.mutation.context import Context
from bugbash.mutation.flow import (
    asks_platform,
    branch_children,
    in_function,
    is_noise,
    is_out_of_reach,
    test_of,
)
from bugbash.mutation.guards import (
    Comprehension,
    asks_absence,
    part_can_go,
    without_filters,
    without_guard,
)
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import dotted
from bugbash.mutation.source import is_elif
from bugbash.mutation.usage import leaves_unbound, leaves_unused


class DropAbsenceCheck(Mutator):
    name = "drop-absence-check"
    family = "logic"
    trait = "absence"
    summary = "A value may be missing, empty or of another type, and the code does not ask."
    models = "`AttributeError: 'NoneType' object ...`, and the check for None that its fix adds."
    explanation = (
        "The value is not always there: an optional argument, a key that nobody set, an empty "
        "list. Follow the value back to where it comes from and list what it can be; the code has "
        "to have an answer for each. An error that is kept for later is such a value too: somebody "
        "has to look whether there is one."
    )
    examples = (
        Example(
            """
            def price(item, discount=None):
                if discount is None:
                    return item.price
                return item.price * (1 - discount)
            """,
            """
            def price(item, discount=None):
                return item.price * (1 - discount)
            """,
        ),
        Example(
            """
            def limit(rows, top=None):
                # None means all of them.
                if top is None:
                    top = len(rows)
                return rows[:top]
            """,
            """
            def limit(rows, top=None):
                # None means all of them.
                return rows[:top]
            """,
        ),
        Example(
            """
            def due(job, now):
                return job.lease is not None and job.lease < now
            """,
            """
            def due(job, now):
                return job.lease < now
            """,
        ),
        Example(
            """
            def collect(pairs):
                groups = {}
                for key, value in pairs:
                    if key not in groups:
                        groups[key] = []
                    groups[key].append(value)
                return groups
            """,
            """
            def collect(pairs):
                groups = {}
                for key, value in pairs:
                    groups[key] = []
                    groups[key].append(value)
                return groups
            """,
        ),
        Example(
            """
            def end(row):
                return parse(row['end']) if row['end'] is not None else None
            """,
            """
            def end(row):
                return parse(row['end'])
            """,
        ),
        Example(
            """
            def size(box):
                if (
                    box is None
                    or not box.sides
                    or box.open
                ):
                    return 0
                return area(box)
            """,
            """
            def size(box):
                if (
                    not box.sides
                    or box.open
                ):
                    return 0
                return area(box)
            """,
            """
            def size(box):
                if (
                    box is None
                    or box.open
                ):
                    return 0
                return area(box)
            """,
        ),
        Example(
            "names = [u.name for u in users if u.name is not None]",
            "names = [u.name for u in users]",
        ),
        Example(
            """
            def label(user):
                return user.nick or user.name.title()
            """,
            """
            def label(user):
                return user.nick
            """,
        ),
        Example(
            """
            def ready(user):
                return not (user is None or user.locked)
            """,
            """
            def ready(user):
                return not user.locked
            """,
        ),
        Example(
            """
            def attach(mail, extra):
                if extra is not None:
                    mail.add(extra)
                return mail
            """,
            """
            def attach(mail, extra):
                mail.add(extra)
                return mail
            """,
        ),
        Example("""
            class Reader:
                def rows(self):
                    if self._rows is None:
                        self._rows = load()
                    return self._rows
            """),
        Example("""
            def shout(rows):
                if not rows:
                    return []
                return [row.upper() for row in rows]
            """),
        Example("""
            def keep(value, limit):
                if value > limit:
                    return limit
                return value
            """),
        Example("""
            def check(rows):
                errors = []
                for row in rows:
                    if not row.ok:
                        errors.append(row.problem)
                if errors:
                    raise errors[0]
                return rows
            """),
        Example("x = a == b and b == c"),
        Example("flag = first() or second"),
        Example("""
            def note(match):
                if match is None:
                    log.warning('no match')
                return match
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.If):
            if asks_absence(context):
                yield from _forgotten(node, context)
        elif isinstance(node, Comprehension):
            if node.for_in.ifs:
                yield from without_filters(context, absent=True)
        elif isinstance(node, cst.BooleanOperation):
            yield from _halves(node, context)
        elif isinstance(node, cst.IfExp) and asks_absence(context):
            yield from _unasked(node, context)


def _forgotten(node: cst.If, context: Context) -> Iterator[Faulty]:
    if not is_elif(context):
        yield from without_guard(context)
        return
    gone = [child for child in context.children if child.node is not node.orelse]
    if not in_function(context) or all(is_noise(each) for each in branch_children(context)):
        return
    if not leaves_unused(context, *gone) and not any(leaves_unbound(context, c) for c in gone):
        yield cst.RemoveFromParent()


def _halves(node: cst.BooleanOperation, context: Context) -> Iterator[Faulty]:
    if not is_test(context):
        if _is_fallback(node, context):
            yield in_place(node.left, context)
        return
    left, right = absent_halves(node)
    first, second = [c for c in context.children if isinstance(c.node, cst.BaseExpression)]
    if left and part_can_go(context, first):
        yield in_place(node.right, context)
    if right and part_can_go(context, second):
        yield in_place(node.left, context)


def _is_fallback(node: cst.BooleanOperation, context: Context) -> bool:
    """`name or "nobody"`, a value and what stands in for it."""
    if not isinstance(node.operator, cst.Or) or isinstance(context.parent, cst.BooleanOperation):
        return False
    if not in_function(context) or is_none(node.right) or dotted(node.right) in ("True", "False"):
        return False
    second = [c for c in context.children if isinstance(c.node, cst.BaseExpression)][1]
    plain = isinstance(node.left, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
    return plain and dotted(node.left).isupper() is False and part_can_go(context, second)


def _unasked(node: cst.IfExp, context: Context) -> Iterator[Faulty]:
    """The value that is only right when there is one."""
    test = test_of(context)
    if is_out_of_reach(context) or asks_platform(test):
        return
    name = _asked_name(node.test)
    parts = [c for c in context.children if isinstance(c.node, cst.BaseExpression)]
    values = [c for c in parts if c is not test and name and _reads(c, name)]
    if len(values) == 1:
        value = values[0]
        other = next(c for c in parts if c is not test and c is not value)
        if not leaves_unused(context, test, other):
            assert isinstance(value.node, cst.BaseExpression)
            yield in_place(value.node, context)


def _asked_name(test: cst.BaseExpression) -> str:
    while isinstance(test, cst.UnaryOperation):
        test = test.expression
    if isinstance(test, cst.Comparison):
        right = test.comparisons[0].comparator
        return _spelled(test.left) if is_none(right) else dotted(right)
    if isinstance(test, cst.Call):
        return _spelled(test.args[0].value) if test.args else ""
    return _spelled(test)


def _spelled(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _reads(context: Context, name: str) -> bool:
    return any(
        isinstance(each.node, (cst.Name, cst.Attribute, cst.Subscript))
        and _spelled(each.node) == name
        for each in (context, *context.inside())
    )
