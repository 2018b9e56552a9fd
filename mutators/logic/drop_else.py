"""drop-else: the other case gets no answer of its own."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import in_place, is_none
from bugbash.mutation.context import Context
from bugbash.mutation.flow import (
    asks_platform,
    branch_children,
    dedented,
    in_function,
    is_noise,
    is_out_of_reach,
    jump,
    loops_around,
    statements,
    test_of,
)
from bugbash.mutation.guards import asks_absence
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import dotted, is_state
from bugbash.mutation.plain import plain_arm, plain_arms
from bugbash.mutation.source import is_elif
from bugbash.mutation.usage import leaves_unbound, leaves_unused


class DropElse(Mutator):
    name = "drop-else"
    family = "logic"
    trait = "guard"
    summary = "One case of several gets no answer of its own, or gets the answer of another."
    models = "The missing `else`, an `elif` nobody thought of, a value for one case used for all."
    explanation = (
        "The branches have to cover every case. Go through the conditions in their order with the "
        "failing input: either none of them takes it, or one that was made for other input does."
    )
    examples = (
        Example(
            """
            def book(account, amount):
                if amount > 0:
                    account.credit(amount)
                # They owe us.
                elif amount < account.limit:
                    account.warn(amount)
                else:
                    account.debit(amount)
            """,
            """
            def book(account, amount):
                if amount > 0:
                    account.credit(amount)
                else:
                    account.debit(amount)
            """,
            """
            def book(account, amount):
                if amount > 0:
                    account.credit(amount)
                # They owe us.
                elif amount < account.limit:
                    account.warn(amount)
            """,
        ),
        Example(
            """
            def find(rows, key):
                for row in rows:
                    if row.key == key:
                        break
                else:
                    rows.append(key)
                return rows
            """,
            """
            def find(rows, key):
                for row in rows:
                    if row.key == key:
                        break
                return rows
            """,
            """
            def find(rows, key):
                for row in rows:
                    if row.key == key:
                        break
                rows.append(key)
                return rows
            """,
        ),
        Example(
            """
            def send(job):
                try:
                    deliver(job)
                except Busy:
                    job.tries += 1
                else:
                    job.state = 'sent'
            """,
            """
            def send(job):
                try:
                    deliver(job)
                    job.state = 'sent'
                except Busy:
                    job.tries += 1
            """,
            """
            def send(job):
                try:
                    deliver(job)
                except Busy:
                    job.tries += 1
            """,
            """
            def send(job):
                try:
                    deliver(job)
                except Busy:
                    job.tries += 1
                job.state = 'sent'
            """,
        ),
        Example(
            "rate = low if weight < limit else high(weight, limit)",
            "rate = high(weight, limit)",
            "rate = low",
        ),
        Example("side = -gap if gap_ends == '-' else gap", "side = gap"),
        Example("paid = row.price if row.kind in KINDS else 0", "paid = row.price"),
        Example("sign = '-' if amount < 0 else ''", "sign = ''"),
        Example("code = FAILED if done.problems else OK", "code = OK"),
        Example("""
            def offset(text):
                match = OFFSET.match(text)
                hours = int(match['hours'])
                return -hours if match['sign'] == '-' else hours
            """),
        Example("""
            def read(path):
                if path.suffix == '.gz':
                    text = unpacked(path)
                    yield from text
                else:
                    yield from path.open()
            """),
        Example("""
            def tone(days, limit):
                if days < limit:
                    return 'firm'
                else:
                    return 'final'
            """),
        Example(
            """
            def words(count):
                return count, ('row' if count == 1 else 'rows')
            """,
            """
            def words(count):
                return count, 'rows'
            """,
        ),
        Example("""
            def label(kind):
                if kind == 'a':
                    return 1
                elif kind == 'b':
                    return 2
                return 3
            """),
        Example("""
            def total(rows, free):
                if free > 3:
                    sum_ = 0
                else:
                    sum_ = rows.price + free
                return sum_
            """),
        Example("end = parse(text) if text else None"),
        Example("""
            for row in rows:
                if row:
                    break
            else:
                stop()
            """),
        Example("""
            def note(x):
                if x > 1:
                    use(x)
                else:
                    logger.info('small')
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.IfExp):
            if not asks_absence(context) and not is_out_of_reach(context):
                yield from _one_value(node, context)
        elif isinstance(node, cst.Else):
            if in_function(context) and _may_be_forgotten(context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.If):
            if is_elif(context) and in_function(context) and _is_own_case(node, context):
                yield cst.RemoveFromParent()
        elif isinstance(node, (cst.For, cst.While)):
            if node.orelse and in_function(context):
                yield from _always_else(node, context)
        elif isinstance(node, cst.Try) and node.orelse and in_function(context):
            yield from _else_elsewhere(node, context)


def _may_be_forgotten(context: Context) -> bool:
    """Whether an `else` does something that nothing after it needs."""
    body = branch_children(context)
    if all(map(is_noise, body)) or leaves_unused(context) or leaves_unbound(context):
        return False
    whole = context.outer
    if whole is None:
        return False
    if isinstance(whole.node, cst.If):
        if asks_platform(test_of(whole)) or _ends_a_loop(context):
            return False
        exit_ = jump(whole.node.orelse.body)  # type: ignore[union-attr]
        if isinstance(exit_, cst.Raise):
            return True
        ends = isinstance(exit_, cst.Return) and exit_.value is not None
        return not ends and plain_arm(whole.node.test) != "orelse"
    return True


def _ends_a_loop(context: Context) -> bool:
    """Whether a `while` ends here: it might not end at all."""
    loop = next(loops_around(context), None)
    kinds = (cst.Return, cst.Break)
    ends = any(isinstance(each.node, kinds) for each in context.inside())
    return ends and loop is not None and isinstance(loop.node, cst.While)


def _is_own_case(node: cst.If, context: Context) -> bool:
    """Whether an `elif` is a case that may be overlooked, and no state of an enum."""
    if _asks_state(node.test) or asks_absence(context) or asks_platform(test_of(context)):
        return False
    gone = [child for child in context.children if child.node is not node.orelse]
    if all(map(is_noise, branch_children(context))):
        return False
    return not leaves_unused(context, *gone) and not any(leaves_unbound(context, c) for c in gone)


def _asks_state(test: cst.BaseExpression) -> bool:
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    target = test.comparisons[0]
    if isinstance(target.operator, cst.In):
        return isinstance(target.comparator, (cst.Tuple, cst.Set, cst.List))
    same = isinstance(target.operator, (cst.Equal, cst.Is))
    return same and (is_state(target.comparator) or is_state(test.left))


def _one_value(node: cst.IfExp, context: Context) -> Iterator[Faulty]:
    """`a if c else b` to `b`, then to `a`."""
    test = test_of(context)
    if asks_platform(test) or is_none(node.body) or is_none(node.orelse):
        return
    if any(dotted(each) in ("True", "False") for each in (node.body, node.orelse)):
        return
    if isinstance(context.parent, (cst.FormattedStringExpression, cst.Lambda)):
        return
    parts = [c for c in context.children if isinstance(c.node, cst.BaseExpression)]
    for kept in plain_arms(node):
        gone = [part for part in parts if part.node is not kept]
        if not leaves_unused(context, *gone):
            yield in_place(kept, context)


def _always_else(node: cst.For | cst.While, context: Context) -> Iterator[Faulty]:
    """The `else` of a loop, done after a `break` too."""
    assert node.orelse is not None
    breaks = any(isinstance(each.node, cst.Break) for each in context.inside())
    if not breaks or (jump(node.orelse.body) and context.following):
        return
    after = _with_comments(node.orelse)
    if after:
        yield cst.FlattenSentinel([node.with_changes(orelse=None), *after])


def _else_elsewhere(node: cst.Try, context: Context) -> Iterator[Faulty]:
    """The `else` of a `try`: after it, for a caught error too; or in it, with its own errors."""
    assert node.orelse is not None
    after = _with_comments(node.orelse)
    if not after or node.finalbody or not isinstance(node.body, cst.IndentedBlock):
        return
    whole = next(c for c in context.children if isinstance(c.node, cst.Else))
    goes_on = any(not jump(handler.body) for handler in node.handlers)
    leaves = jump(node.orelse.body) and context.following
    if goes_on and not leaves and not leaves_unbound(context, whole):
        yield cst.FlattenSentinel([node.with_changes(orelse=None), *after])
    body = node.body.with_changes(body=[*node.body.body, *after])
    yield node.with_changes(body=body, orelse=None)


def _with_comments(orelse: cst.Else) -> list[cst.CSTNode]:
    """The statements of an `else`, below the comments that stand above it."""
    if not isinstance(orelse.body, cst.IndentedBlock):
        return []
    body = dedented(orelse, statements(orelse.body))
    return list(body.nodes) if body else []
