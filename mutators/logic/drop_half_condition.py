"""drop-half-condition: one of two things that have to hold is not asked."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import absent_halves, in_place, is_test, mentions, negated
from bugbash.mutation.context import Context
from bugbash.mutation.guards import part_can_go
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import dotted

INEQUALITIES = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)


class DropHalfCondition(Mutator):
    name = "drop-half-condition"
    family = "logic"
    trait = "condition"
    summary = "A condition asks for only one of the two things that matter."
    models = "`if a:` that becomes `if a and b:` in the fix: the second half of a rule came later."
    explanation = (
        "Both halves belong to the rule. Write down the four combinations of the two answers and "
        "what should happen for each: the one that goes wrong shows which half is not asked."
    )
    examples = (
        Example(
            """
            def remind(invoice, today):
                if invoice.due < today and invoice.open:
                    send(invoice, today)
            """,
            """
            def remind(invoice, today):
                if invoice.open:
                    send(invoice, today)
            """,
            """
            def remind(invoice, today):
                if invoice.due < today:
                    send(invoice, today)
            """,
        ),
        Example(
            """
            def stop(run):
                # Whatever comes first.
                if (
                    run.steps > LIMIT
                    or run.cost > BUDGET  # in cents
                ):
                    run.end()
                    return
                run.step()
            """,
            """
            def stop(run):
                # Whatever comes first.
                if run.cost > BUDGET:
                    run.end()
                    return
                run.step()
            """,
            """
            def stop(run):
                # Whatever comes first.
                if run.steps > LIMIT:
                    run.end()
                    return
                run.step()
            """,
        ),
        Example(
            """
            def skip(text, i, n):
                while i < n and text[i] == ' ': i += n
                return text[i:n]
            """,
            """
            def skip(text, i, n):
                while text[i] == ' ': i += n
                return text[i:n]
            """,
            """
            def skip(text, i, n):
                while i < n: i += n
                return text[i:n]
            """,
        ),
        Example(
            "due = [b for b in bills if b.day <= now and b.open and (b.sum > 9 or b.old)]",
            "due = [b for b in bills if b.open and (b.sum > 9 or b.old)]",
            "due = [b for b in bills if b.day <= now and (b.sum > 9 or b.old)]",
            "due = [b for b in bills if b.day <= now and b.open]",
            "due = [b for b in bills if b.day <= now and b.open and b.old]",
            "due = [b for b in bills if b.day <= now and b.open and b.sum > 9]",
        ),
        Example(
            """
            def overlap(one, other):
                return one.start < other.end and other.start < one.end
            """,
            """
            def overlap(one, other):
                return other.start < one.end
            """,
            """
            def overlap(one, other):
                return one.start < other.end
            """,
        ),
        Example(
            """
            def valid(port):
                return 0 < port < 65536
            """,
            """
            def valid(port):
                return port < 65536
            """,
            """
            def valid(port):
                return 0 < port
            """,
        ),
        Example(
            "rate = 0 if not(is_new or total > 9) else 5",
            "rate = 0 if not(total > 9) else 5",
            "rate = 0 if not(is_new) else 5",
        ),
        Example(
            """
            def held(user, word):
                if isinstance(word, str) and user.open:
                    return False
                return check(user, word)
            """,
            """
            def held(user, word):
                if isinstance(word, str):
                    return False
                return check(user, word)
            """,
        ),
        Example("name = nick or full_name"),
        Example("sort(rows, key or default)"),
        Example("assert a > 0 and b > 0"),
        Example("""
            def pick(found, rest):
                if found is None or not rest:
                    return 0
                return found
            """),
        Example("""
            def usable(lease, now):
                if lease is not None and lease.end < now:
                    return now
                return lease
            """),
        Example("""
            def open_file(path):
                if path.new and sys.platform == 'win32':
                    return windows(path)
                return path.open()
            """),
        Example("""
            def keep(row):
                size, mark = measure(row)
                if mark == 1 and size > 3:
                    return row
                return other(row)
            """),
        Example("same = a == b == c"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.BooleanOperation):
            if is_test(context):
                yield from _halves(node, context)
        elif isinstance(node, cst.Comparison) and len(node.comparisons) == 2:
            yield from _one_bound(node, context)


def _halves(node: cst.BooleanOperation, context: Context) -> Iterator[Faulty]:
    left, right = absent_halves(node)
    first, second = [c for c in context.children if isinstance(c.node, cst.BaseExpression)]
    if not right and not (left and _is_protected(node)) and part_can_go(context, second):
        yield in_place(node.left, context)
    if not left and not _goes_on(node) and part_can_go(context, first):
        yield in_place(node.right, context)


def _is_protected(node: cst.BooleanOperation) -> bool:
    """`end is not None and end < now`: nobody forgets what the first half is there for."""
    asked = _names(node.left)
    return not asked or any(mentions(node.right, name) for name in asked)


def _names(test: cst.BaseExpression) -> list[str]:
    """The names that a check for absence asks about."""
    inner = negated(test)
    if inner is not None:
        return _names(inner)
    if isinstance(test, cst.Comparison):
        sides = [test.left, test.comparisons[0].comparator]
        return [dotted(side) for side in sides if dotted(side) not in ("", "None")]
    if isinstance(test, cst.Call):
        owner = test.func.value if isinstance(test.func, cst.Attribute) else None
        parts = [arg.value for arg in test.args] + ([owner] if owner else [])
        return [dotted(part) for part in parts if dotted(part)]
    return [dotted(test)] if dotted(test) else []


def _goes_on(node: cst.BooleanOperation) -> bool:
    """Whether the left half is itself several: one of them is dropped at a time."""
    left = node.left
    same = isinstance(left, cst.BooleanOperation) and type(left.operator) is type(node.operator)
    return same and not left.lpar


def _one_bound(node: cst.Comparison, context: Context) -> Iterator[Faulty]:
    """`low <= x <= high` without one of the limits."""
    lower, upper = node.comparisons
    if isinstance(context.parent, cst.Assert):
        return
    if not isinstance(lower.operator, INEQUALITIES) or not isinstance(upper.operator, INEQUALITIES):
        return
    first, second, third = (
        next(c for c in context.children if c.node is part) for part in (node.left, lower, upper)
    )
    if part_can_go(context, third):
        yield node.with_changes(comparisons=[lower])
    if part_can_go(context, first) and second:
        yield node.with_changes(left=lower.comparator, comparisons=[upper])
