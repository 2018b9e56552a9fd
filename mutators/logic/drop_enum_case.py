"""drop-enum-case: one of several states is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import dotted, is_state


class DropEnumCase(Mutator):
    name = "drop-enum-case"
    family = "logic"
    trait = "guard"
    summary = (
        "One of several states is not handled: it falls through to what others get, or to nothing."
    )
    models = (
        "A state was added to the enum and to most of the places that switch on it, but not to all."
    )
    explanation = (
        "Every state that can occur needs its own answer here. List the members of the enum, or "
        "the values that reach this place, and tick off those that the code names."
    )
    examples = (
        Example(
            """
            if status == 'paid':
                close()
            elif status == 'pending':
                wait()
            else:
                fail()
            """,
            """
            if status == 'paid':
                close()
            else:
                fail()
            """,
        ),
        Example(
            """
            def label(kind):
                if kind is Kind.NEW:
                    return 'new'
                # Used ones come with a warranty.
                elif kind is Kind.USED:
                    return 'used'
                elif kind in (Kind.OLD, Kind.BROKEN):
                    return 'old'
            """,
            """
            def label(kind):
                if kind is Kind.NEW:
                    return 'new'
                elif kind in (Kind.OLD, Kind.BROKEN):
                    return 'old'
            """,
            """
            def label(kind):
                if kind is Kind.NEW:
                    return 'new'
                # Used ones come with a warranty.
                elif kind is Kind.USED:
                    return 'used'
            """,
            """
            def label(kind):
                if kind is Kind.NEW:
                    return 'new'
                # Used ones come with a warranty.
                elif kind is Kind.USED:
                    return 'used'
                elif kind in (Kind.BROKEN,):
                    return 'old'
            """,
            """
            def label(kind):
                if kind is Kind.NEW:
                    return 'new'
                # Used ones come with a warranty.
                elif kind is Kind.USED:
                    return 'used'
                elif kind in (Kind.OLD,):
                    return 'old'
            """,
        ),
        Example(
            """
            match event:
                case 'start':
                    run()
                case Event.STOP | Event.KILL:
                    stop()
                case _:
                    ignore()
            """,
            """
            match event:
                case Event.STOP | Event.KILL:
                    stop()
                case _:
                    ignore()
            """,
            """
            match event:
                case 'start':
                    run()
                case _:
                    ignore()
            """,
            """
            match event:
                case 'start':
                    run()
                case Event.KILL:
                    stop()
                case _:
                    ignore()
            """,
            """
            match event:
                case 'start':
                    run()
                case Event.STOP:
                    stop()
                case _:
                    ignore()
            """,
        ),
        Example(
            """
            NEXT = {
                State.OPEN: close,  # for now
                State.CLOSED: reopen,
            }
            """,
            """
            NEXT = {
                State.CLOSED: reopen,
            }
            """,
            """
            NEXT = {
                State.OPEN: close,  # for now
            }
            """,
        ),
        Example(
            "rate = {'basic': 1, 'pro': 2}[plan]",
            "rate = {'pro': 2}[plan]",
            "rate = {'basic': 1}[plan]",
        ),
        Example(
            "retry = code in {429, 503, 504}",
            "retry = code in {503, 504}",
            "retry = code in {429, 504}",
            "retry = code in {429, 503}",
        ),
        Example("""
            if a:
                x()
            elif b > limit:
                y()
            """),
        Example("""
            if status == 'paid':
                close()
            else:
                fail()
            """),
        Example("payload = {'name': name, 'size': size}"),
        Example("""
            match point:
                case (x, y):
                    go(x, y)
                case _:
                    stop()
            """),
        Example("""
            match mode:
                case 'a':
                    go()
            """),
        Example("found = name in (first, second)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        parent = context.parent
        if isinstance(node, cst.If):
            drops = isinstance(parent, cst.If) and _asks_for_state(node.test)
        elif isinstance(node, cst.MatchCase):
            drops = _is_state_pattern(node.pattern)
        elif isinstance(node, cst.DictElement):
            drops = isinstance(parent, cst.Dict) and _is_dispatch(parent, context)
        else:
            drops = isinstance(node, cst.Element) and _is_tested_state(context)
        if drops:
            yield cst.RemoveFromParent()
        elif isinstance(node, cst.MatchOr) and _is_state_pattern(node):
            yield from _without_one(node)


def _asks_for_state(test: cst.BaseExpression) -> bool:
    """`x == "paid"`, `x is Status.PAID`, `x in (Status.PAID, Status.DUE)`."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    operator, right = test.comparisons[0].operator, test.comparisons[0].comparator
    if isinstance(operator, (cst.Equal, cst.Is)):
        return is_state(right) or is_state(test.left)
    return isinstance(operator, cst.In) and _are_states(right)


@lru_cache(maxsize=1)
def _are_states(node: cst.BaseExpression) -> bool:
    if not isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return False
    return all(isinstance(e, cst.Element) and is_state(e.value) for e in node.elements)


def _is_tested_state(context: Context) -> bool:
    """An element of the display in `x in (...)`, one of several states."""
    display = context.outer.node if context.outer else None
    if not isinstance(display, (cst.Tuple, cst.List, cst.Set)) or len(display.elements) < 2:
        return False
    target = context.outer.parent if context.outer else None
    if not isinstance(target, cst.ComparisonTarget):
        return False
    return isinstance(target.operator, (cst.In, cst.NotIn)) and _are_states(display)


def _is_state_pattern(pattern: cst.MatchPattern) -> bool:
    if isinstance(pattern, cst.MatchOr):
        return all(_is_state_pattern(each.pattern) for each in pattern.patterns)
    return isinstance(pattern, cst.MatchValue) and is_state(pattern.value)


def _without_one(node: cst.MatchOr) -> Iterator[Faulty]:
    """`A | B | C` without A, without B, without C."""
    for index in range(len(node.patterns)):
        rest = [*node.patterns[:index], *node.patterns[index + 1 :]]
        rest[-1] = rest[-1].with_changes(separator=cst.MaybeSentinel.DEFAULT)
        yield rest[0].pattern if len(rest) == 1 else node.with_changes(patterns=rest)


def _is_dispatch(node: cst.Dict, context: Context) -> bool:
    """Whether a dictionary answers a state: keyed by enum members, or looked up on the spot."""
    keys = _keys(node)
    if len(keys) < 2 or not all(is_state(key) for key in keys):
        return False
    enum = all("." in dotted(key) for key in keys)
    return enum or _is_looked_up(node, context)


def _is_looked_up(node: cst.Dict, context: Context) -> bool:
    """`{...}[state]`, `{...}.get(state)`, or a table with a name in capitals."""
    place = context.outer
    user = place.parent if place else None
    if isinstance(user, (cst.Subscript, cst.Attribute)):
        return user.value is node
    if isinstance(user, cst.Assign):
        return dotted(user.targets[0].target).isupper()
    return isinstance(user, cst.AnnAssign) and dotted(user.target).isupper()


@lru_cache(maxsize=1)
def _keys(node: cst.Dict) -> tuple[cst.CSTNode, ...]:
    """The keys; none where a part is unpacked from elsewhere."""
    elements = node.elements
    if not all(isinstance(element, cst.DictElement) for element in elements):
        return ()
    return tuple(element.key for element in elements if isinstance(element, cst.DictElement))
