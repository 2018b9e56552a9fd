"""An `if` that is forgotten: the guard goes, or what it holds is done in any case."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import is_absence, is_none, is_value_name, negated
from bugbash.mutation.context import Context
from bugbash.mutation.flow import (
    asks_platform,
    branch_children,
    calls_itself,
    dedented,
    in_function,
    is_noise,
    is_out_of_reach,
    jump,
    loops_around,
    only_small,
    statements,
    test_of,
)
from bugbash.mutation.mutator import Faulty
from bugbash.mutation.nodes import call_name, dotted, is_lone
from bugbash.mutation.source import is_elif
from bugbash.mutation.usage import leaves_unbound, leaves_unused, source_of

FEW = 4
"""Statements of a branch that somebody may forget."""
Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
EMPTY = frozenset(
    {"", "[]", "{}", "()", "0", "None", "''", '""', "set()", "dict()", "list()", "b''"}
)


def asks_absence(context: Context) -> bool:
    """Whether the condition of an `if` or conditional expression asks for a value, key or type."""
    node = context.node
    assert isinstance(node, (cst.If, cst.IfExp))
    return _all_absent(node.test) or (
        is_value_name(node.test) and _uses(context, dotted(node.test))
    )


def _all_absent(test: cst.BaseExpression) -> bool:
    if isinstance(test, cst.BooleanOperation):
        return _all_absent(test.left) and _all_absent(test.right)
    return is_absence(test)


def _uses(context: Context, name: str) -> bool:
    """Whether the body of an `if`, or the value of a conditional expression, uses a value."""
    test = test_of(context)
    return any(
        isinstance(each.node, (cst.Name, cst.Attribute)) and dotted(each.node) == name
        for child in context.children
        if child is not test
        for each in (child, *child.inside())
    )


def without_guard(context: Context) -> Iterator[Faulty]:
    """What becomes of an `if` (no `elif`) when it is forgotten; nothing where that is no bug."""
    node = context.node
    assert isinstance(node, cst.If)
    if is_elif(context) or not in_function(context) or asks_platform(test_of(context)):
        return
    if any(isinstance(each.node, cst.NamedExpr) for each in test_of(context).inside()):
        return
    body = branch_children(context)
    if all(is_noise(each) for each in body) or len(body) > FEW:
        return
    if node.orelse is not None:
        yield from _promoted(node, context)
    elif jump(node.body):
        if not _is_pointless(node, context) and _can_go(context):
            yield cst.RemoveFromParent()
    else:
        yield from _forgotten(node, context)


def _promoted(node: cst.If, context: Context) -> Iterator[Faulty]:
    """The branches that come after a first one that raises or returns."""
    orelse = node.orelse
    first = [child for child in context.children if child.node is not orelse]
    if not jump(node.body) or leaves_unused(context, *first):
        return
    if isinstance(orelse, cst.If):
        yield orelse.with_changes(leading_lines=node.leading_lines)
    elif isinstance(orelse, cst.Else) and isinstance(jump(node.body), (cst.Raise, cst.Continue)):
        rest = dedented(node, statements(orelse.body))
        if rest and isinstance(orelse.body, cst.IndentedBlock):
            yield rest


def _can_go(context: Context) -> bool:
    return not is_lone(context) and not leaves_unused(context) and not leaves_unbound(context)


def _is_pointless(node: cst.If, context: Context) -> bool:
    """Whether nothing would change without the guard, or nothing would work any more."""
    exit_ = jump(node.body)
    following = context.following
    if isinstance(exit_, (cst.Continue, cst.Break)) and not following:
        return True
    if _leaves_endless_loop(context, exit_) or calls_itself(context):
        return True
    if not isinstance(exit_, cst.Return):
        return False
    value = "" if exit_.value is None else _code(exit_.value)
    if not following:
        return value in ("", "None") and isinstance(context.scope.node, cst.FunctionDef)
    after = only_small(following[0])
    if isinstance(after, cst.Return) and after.value and _code(after.value) == value:
        return True
    return value in EMPTY and _runs_over_nothing(node.test, following[0], len(following))


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _leaves_endless_loop(context: Context, exit_: cst.CSTNode | None) -> bool:
    loop = next(loops_around(context), None)
    if loop is None or not isinstance(loop.node, cst.While) or isinstance(exit_, cst.Continue):
        return False
    ways = [c for c in loop.inside() if isinstance(c.node, (cst.Break, cst.Return, cst.Raise))]
    endless = isinstance(loop.node.test, (cst.Name, cst.Integer))
    return endless and len(ways) <= 1


def _runs_over_nothing(test: cst.BaseExpression, after: cst.CSTNode, count: int) -> bool:
    """`if not rows: return []` before `return [... for row in rows]`: the same without it."""
    inner = negated(test)
    name = dotted(inner) if inner is not None else ""
    if not name:
        return False
    if isinstance(after, cst.For):
        return dotted(after.iter) == name and count <= 2
    small = only_small(after)
    value = small.value if isinstance(small, cst.Return) else None
    if isinstance(value, cst.Call) and value.args:
        whole = call_name(value) in ("sum", "list", "set", "tuple", "sorted", "dict", "any")
        if dotted(value.args[0].value) == name:
            return whole
        value = value.args[0].value
    kinds = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
    return isinstance(value, kinds) and dotted(value.for_in.iter) == name


def _forgotten(node: cst.If, context: Context) -> Iterator[Faulty]:
    if _is_lazy(node):
        return
    fills = isinstance(node.test, cst.Comparison) and _is_missing_key(node.test)
    if not fills and _can_go(context):
        yield cst.RemoveFromParent()
    if _is_default(node.test) or not isinstance(node.body, cst.IndentedBlock):
        return
    if not leaves_unused(context, test_of(context)) and not _is_own_test(node, context):
        body = dedented(node, node.body.body)
        if body:
            yield body


def _is_lazy(node: cst.If) -> bool:
    """`if self._x is None: self._x = ...`: without it nothing works, or nothing changes."""
    test = node.test
    name = dotted(test.left) if isinstance(test, cst.Comparison) else dotted(negated(test) or test)
    small = only_small(node.body.body[-1])
    if not isinstance(small, cst.Assign) or "." not in name:
        return False
    return any(dotted(each.target) == name for each in small.targets)


def _is_missing_key(test: cst.Comparison) -> bool:
    return len(test.comparisons) == 1 and isinstance(test.comparisons[0].operator, cst.NotIn)


def _is_default(test: cst.BaseExpression) -> bool:
    """Whether the branch is for a missing value or another type: nobody would do it always."""
    if isinstance(test, cst.Comparison):
        target = test.comparisons[0]
        return isinstance(target.operator, cst.Is) and is_none(target.comparator)
    if isinstance(test, cst.BooleanOperation):
        return _is_default(test.left) or _is_default(test.right)
    return negated(test) is not None or call_name(test) in ("isinstance", "issubclass", "callable")


def _is_own_test(node: cst.If, context: Context) -> bool:
    """`if a > b: a = b`, `if x == 1: x = 2`: the test has no meaning without what it holds."""
    small = only_small(node.body.body[-1])
    if not isinstance(small, cst.Assign) or len(node.body.body) != 1:
        return False
    target = dotted(small.targets[0].target)
    test = test_of(context)
    return (
        isinstance(node.test, cst.Comparison)
        and bool(target)
        and any(
            isinstance(each.node, (cst.Name, cst.Attribute)) and dotted(each.node) == target
            for each in (test, *test.inside())
        )
        and source_of(test).count(target) > 0
    )


def part_can_go(context: Context, part: Context) -> bool:
    """Whether a part of a condition may be missing: nothing else is left unused or unbound."""
    if is_out_of_reach(context) or asks_platform(context):
        return False
    return not leaves_unused(context, part) and not leaves_unbound(context, part)


def without_filters(context: Context, absent: bool) -> Iterator[Faulty]:
    """A comprehension without one of its `if`s, of those that ask for absence or the others."""
    node = context.node
    assert isinstance(node, Comprehension)
    loop = next(child for child in context.children if child.node is node.for_in)
    for test in loop.children:
        if not isinstance(test.node, cst.CompIf):
            continue
        asked = test.node.test
        if _is_about_absence(asked) is not absent or isinstance(asked, cst.NamedExpr):
            continue
        if part_can_go(context, test):
            rest = [each for each in node.for_in.ifs if each is not test.node]
            yield _plain(node, context, rest)


def _plain(node: Comprehension, context: Context, rest: list[cst.CompIf]) -> cst.BaseExpression:
    """The comprehension with other filters; `list(rows)` rather than `[row for row in rows]`."""
    loop = node.for_in
    if rest or loop.inner_for_in or loop.asynchronous or not _is_identity(node):
        return node.with_changes(for_in=loop.with_changes(ifs=rest))
    source = loop.iter
    if isinstance(node, cst.GeneratorExp):
        alone = isinstance(context.parent, cst.Arg)
        return source if alone else cst.Call(cst.Name("iter"), [cst.Arg(source)])
    kinds = {cst.ListComp: "list", cst.SetComp: "set", cst.DictComp: "dict"}
    kind = kinds[type(node)]
    if kind == "dict" and isinstance(source, cst.Call):
        assert isinstance(source.func, cst.Attribute)
        source = source.func.value
    if kind == "list" and call_name(source) in ("sorted", "list"):
        return source
    return cst.Call(cst.Name(kind), [cst.Arg(source)])


def _is_identity(node: Comprehension) -> bool:
    """Whether a comprehension takes the items as they are."""
    target = node.for_in.target
    if isinstance(node, cst.DictComp):
        items = call_name(node.for_in.iter).endswith(".items")
        pair = isinstance(target, cst.Tuple) and [dotted(e.value) for e in target.elements]
        return items and pair == [dotted(node.key), dotted(node.value)]
    return bool(dotted(target)) and dotted(node.elt) == dotted(target)


def _is_about_absence(test: cst.BaseExpression) -> bool:
    return _all_absent(test) or is_value_name(test)
