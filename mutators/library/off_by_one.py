"""off-by-one: one too many or one too few in an index, a slice or a range."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.calls import method_name, same_code
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, positional
from bugbash.mutation.twins import repeats
from bugbash.mutation.usage import MATCHERS, uses

INDICES = frozenset({"i", "j", "idx", "index", "pos", "position", "row", "col"})
VERSIONS = frozenset({"sys.version_info", "version_info", "sys.argv"})
LARGEST = 9
"""Slice bounds above it are widths rather than positions."""


class OffByOne(Mutator):
    name = "off-by-one"
    family = "library"
    trait = "number"
    summary = "A count, index or bound is one too high or one too low."
    models = "`range(n)` for `range(n + 1)`, a forgotten `- 1`, the wrong one of two columns."
    explanation = (
        "Python counts from 0 and leaves the upper bound out, and the code was right about both. "
        "Try the smallest input by hand: with one element, see which indices are visited."
    )
    examples = (
        Example(
            """
            for page in range(1, pages + 1):
                fetch(page)
            """,
            """
            for page in range(1, pages):
                fetch(page)
            """,
        ),
        Example("last = items[len(items)-1]", "last = items[len(items)]"),
        Example("rest = text[found + 1 :]  # behind it", "rest = text[found :]  # behind it"),
        Example("half = (size - 1) // 2", "half = size // 2"),
        Example("half = (low + high - 1) // 2", "half = (low + high) // 2"),
        Example("for n in range(count): use(n)", "for n in range(1, count): use(n)"),
        Example(
            "for i in range(len(rows)): use(rows[i])",
            "for i in range(len(rows) - 1): use(rows[i])",
            "for i in range(len(rows)): use(rows[i - 1])",
        ),
        Example("for n in range(1, count): use(n)", "for n in range(1, count + 1): use(n)"),
        Example("name = columns[2]", "name = columns[1]"),
        Example("newest = versions[-1]", "newest = versions[-2]"),
        Example(
            "head, tail = line[:2], line[2:]",
            "head, tail = line[:1], line[2:]",
            "head, tail = line[:2], line[1:]",
        ),
        Example("page = page + 1"),
        Example("page += 1"),
        Example("first = items[0]"),
        Example("new = sys.version_info[1]"),
        Example("rest = line[1:]"),
        Example("x = names['a']"),
        Example("shift = -1"),
        Example("for _ in range(3): try_again()"),
        Example("pair = int(found[0]), int(found[1])"),
        Example("""
            match = re.match(PATTERN, text)
            hours = int(match[2])
            """),
        Example("""
            for place in enumerate(rows):
                show(place[1])
            best = max(table.items(), key=lambda entry: entry[1])
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.BinaryOperation):
            if _is_by_one(node) and not _counts_up(node, context):
                yield _without_one(node)
        elif isinstance(node, cst.Call):
            if call_name(node) == "range":
                yield from _ranges(node)
        elif isinstance(node, cst.Subscript) and len(node.slice) == 1:
            found = _subscripts(node, context)
            yield from (each for each in found if not repeats(context, each))


def _is_by_one(node: cst.BinaryOperation) -> bool:
    is_sum = isinstance(node.operator, (cst.Add, cst.Subtract))
    return is_sum and isinstance(node.right, cst.Integer) and node.right.value == "1"


def _counts_up(node: cst.BinaryOperation, context: Context) -> bool:
    """Whether it is the step of a counter: without it, the loop has no end."""
    assign = context.parent
    if not isinstance(assign, cst.Assign):
        return False
    return any(same_code(target.target, node.left) for target in assign.targets)


def _without_one(node: cst.BinaryOperation) -> cst.BaseExpression:
    """The left side; it keeps the brackets where it is a calculation itself."""
    if isinstance(node.left, cst.BinaryOperation) and not node.left.lpar:
        return node.left.with_changes(lpar=node.lpar, rpar=node.rpar)
    return node.left


def _by_one(value: cst.BaseExpression, operator: cst.BaseBinaryOp) -> cst.BinaryOperation:
    return cst.BinaryOperation(value, operator, cst.Integer("1"))


def _ranges(call: cst.Call) -> Iterator[cst.Call]:
    args = positional(call)
    if len(args) != len(call.args) or not 1 <= len(args) <= 2:
        return
    stop = args[-1].value
    if isinstance(stop, (cst.Integer, cst.BinaryOperation)):
        return
    if len(args) == 2:
        if isinstance(stop, (cst.Name, cst.Attribute, cst.Call)):
            last = args[1].with_changes(value=_by_one(stop, cst.Add()))
            yield call.with_changes(args=(args[0], last))
    elif call_name(stop) == "len":
        yield call.with_changes(args=[args[0].with_changes(value=_by_one(stop, cst.Subtract()))])
    elif isinstance(stop, (cst.Name, cst.Attribute)):
        yield call.with_changes(args=[cst.Arg(cst.Integer("1")), args[0]])


def _subscripts(node: cst.Subscript, context: Context) -> Iterator[cst.Subscript]:
    if dotted(node.value) in VERSIONS or _is_stored(context) or _is_record(node.value, context):
        return
    element = node.slice[0]
    inside = element.slice
    if isinstance(inside, cst.Index):
        index = _index(inside.value)
        if index is not None:
            changed = element.with_changes(slice=inside.with_changes(value=index))
            yield node.with_changes(slice=[changed])
    elif isinstance(inside, cst.Slice):
        for bound in ("lower", "upper"):
            moved = _bound(getattr(inside, bound))
            if moved is not None:
                changed = element.with_changes(slice=inside.with_changes(**{bound: moved}))
                yield node.with_changes(slice=[changed])


def _is_record(node: cst.BaseExpression, context: Context) -> bool:
    """Whether each place has a meaning of its own: a match, a pair that is walked over."""
    name = dotted(node)
    if isinstance(node, cst.Call):
        return method_name(node) in MATCHERS or method_name(node) == "groups"
    if not name or "." in name:
        return False
    if name in uses(context.root).matches:
        return True
    walked = any(
        each.sort in ("loop", "comprehension") and _gives_pairs(each.value)
        for scope in context.chain
        for each in context.names.bound(scope, name)
    )
    return walked or any(
        isinstance(around, cst.Lambda) and any(p.name.value == name for p in around.params.params)
        for around in context.ancestors
    )


def _gives_pairs(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, cst.Call) and method_name(node) in ("enumerate", "items", "zip")


def _is_stored(context: Context) -> bool:
    return isinstance(context.parent, (cst.AssignTarget, cst.AugAssign, cst.Del, cst.AnnAssign))


def _index(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """The neighbouring index: `[2]` to `[1]`, `[-1]` to `[-2]`, `[i]` to `[i - 1]`."""
    if isinstance(value, cst.Integer):
        number = value.evaluated_value
        return cst.Integer(str(number - 1)) if 1 <= number <= LARGEST else None
    if isinstance(value, cst.UnaryOperation) and isinstance(value.expression, cst.Integer):
        if isinstance(value.operator, cst.Minus) and value.expression.value == "1":
            return value.with_changes(expression=cst.Integer("2"))
        return None
    if isinstance(value, cst.Name) and value.value in INDICES:
        return _by_one(value, cst.Subtract())
    return None


def _bound(value: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """A smaller bound of a slice: `[2:]` to `[1:]`; `[1:]` stays."""
    if not isinstance(value, cst.Integer) or not 2 <= value.evaluated_value <= LARGEST:
        return None
    return cst.Integer(str(value.evaluated_value - 1))
