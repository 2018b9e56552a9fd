"""wrong-name: another name in scope that looks and is used alike."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import is_none
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.names import Binding, function_of, is_telling
from bugbash.mutation.twins import repeats
from bugbash.mutation.usage import role_of
from bugbash.mutation.words import alike, is_pair, is_plural

ROLES = frozenset(
    {
        "args",
        "callback",
        "config",
        "context",
        "ctx",
        "default",
        "encoding",
        "environ",
        "errors",
        "flags",
        "func",
        "function",
        "fn",
        "key",
        "kwargs",
        "logger",
        "loop",
        "mode",
        "options",
        "parser",
        "session",
        "stream",
        "timeout",
    }
)
"""Names that say what the value is for: no one takes one of them for another."""


class WrongName(Mutator):
    name = "wrong-name"
    family = "library"
    trait = "name"
    summary = "A variable is used where another one, of the same kind, was meant."
    models = "`start` for `end`, `net` for `gross`, the loop's `total` for the one outside."
    explanation = (
        "Both names are in scope and hold the same kind of value, so nothing but the result tells "
        "them apart. Say aloud what each variable holds where it is used, and compare it with what "
        "the line has to compute."
    )
    examples = (
        Example(
            """
            def shifted(start, end, offset):
                size = end - start
                return (start + offset, size)
            """,
            """
            def shifted(start, end, offset):
                size = end - start
                return (end + offset, size)
            """,
        ),
        Example(
            """
            def due(created: Moment, limit: Duration, grace: Duration):
                show([grace, limit])
                return created.plus(limit)  # and no more
            """,
            """
            def due(created: Moment, limit: Duration, grace: Duration):
                show([grace, limit])
                return created.plus(grace)  # and no more
            """,
        ),
        Example(
            """
            def bill(rows, rate):
                net_price = total_of(rows)
                gross_price = net_price * rate
                show(net_price)
                return Bill(gross_price)
            """,
            """
            def bill(rows, rate):
                net_price = total_of(rows)
                gross_price = net_price * rate
                show(gross_price)
                return Bill(gross_price)
            """,
        ),
        Example(
            """
            def label(first_name, last_name, loud):
                check([first_name, last_name])
                return loud(
                    text=last_name,
                    key=first_name,
                )
            """,
            """
            def label(first_name, last_name, loud):
                check([first_name, last_name])
                return loud(
                    text=first_name,
                    key=first_name,
                )
            """,
            """
            def label(first_name, last_name, loud):
                check([first_name, last_name])
                return loud(
                    text=last_name,
                    key=last_name,
                )
            """,
        ),
        Example(
            """
            MAX_SIZE = 10
            MIN_SIZE = 1

            def ok(size):
                return size <= MAX_SIZE
            """,
            """
            MAX_SIZE = 10
            MIN_SIZE = 1

            def ok(size):
                return size <= MIN_SIZE
            """,
        ),
        Example("""
            def first(rows):
                row = rows[0]
                return row.name, row.price, rows
            """),
        Example("""
            def read(text: str, encoding: str):
                return text.encode(encoding)
            """),
        Example("""
            def total(old_count, new_count):
                old_count = new_count
            """),
        Example("""
            def pick(one):
                if one:
                    low = 1
                high = 2
                return high
            """),
        Example("""
            def bill(net):
                gross = net * 2
                return gross
            """),
        Example("start = 1\nend = 2\nsize = end"),
        Example("""
            def covers(day, first_day, last_day):
                show(first_day, last_day, day)
                return (first_day is not None and day < first_day) or (
                    last_day is not None and last_day < day
                )
            """),
        Example("""
            def shown(start, end):
                return f"{start:>3}-{end}", range(start, end), start.day == end.day

            def rest(start, end, delay):
                return min(start + delay, end), end - (start + delay), [end, *start]
            """),
        Example("""
            def parts(old_size, new_size):
                old_size, new_size = halves()
                return [old_size, new_size]
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Name) or not _is_read(context):
            return
        names = context.names
        bound = names.resolve(context)
        if bound is None or bound.sort not in ("parameter", "assignment", "loop", "with"):
            return
        if isinstance(bound.scope.node, cst.Module):
            known = names.constants(context) if node.value.isupper() else []
        else:
            known = names.visible(context) if bound.scope is function_of(context) else []
        if bound not in known or _is_last_read(bound, context):
            return
        asked = _asked_for(context)
        if node.value in asked:
            return
        fitting = [other for other in known if _fits(bound, other, context)]
        for other in sorted(fitting, key=lambda other: _distance(bound, other)):
            if other.name not in asked and not _is_itself(other, context):
                yield node.with_changes(value=other.name)
                return


def _is_read(context: Context) -> bool:
    handed = isinstance(context.parent, cst.Del)
    return not handed and role_of(context) == "read" and function_of(context) is not None


def _is_last_read(bound: Binding, context: Context) -> bool:
    """Whether a local would go unused, which a linter says."""
    if bound.sort not in ("assignment", "with") or isinstance(bound.scope.node, cst.Module):
        return False
    return context.names.loads[bound.scope][bound.name] <= 1


def _asked_for(context: Context) -> set[str]:
    """The names of which the condition around asks if they are None: `x is not None and x > 1`.

    With another name in one of the two places, the question has no sense.
    """
    whole = None
    for around in context.chain:
        if isinstance(around.node, cst.BooleanOperation):
            whole = around
        elif isinstance(around.node, cst.BaseStatement):
            break
    return {
        dotted(each.node.left)
        for each in (whole.inside() if whole else ())
        if isinstance(each.node, cst.Comparison) and is_none(each.node.comparisons[0].comparator)
    }


def _fits(bound: Binding, other: Binding, context: Context) -> bool:
    if other.name == bound.name or is_plural(other.name) != is_plural(bound.name):
        return False
    if bound.name in ROLES or other.name in ROLES:
        return False
    one, another = bound.holds, other.holds
    if one and another and one != another:
        return False
    if alike(bound.name, other.name):
        return _used_alike(bound, other, context)
    both = bound.sort == other.sort == "parameter"
    return both and one == another and bool(bound.annotation) and is_telling(one)


def _is_itself(other: Binding, context: Context) -> bool:
    """Whether `other` has that place already: `end = start` and `end - start` with `end` twice."""
    assign = context.parent
    if repeats(context, cst.Name(other.name)):
        return True
    line = context.statement.node
    for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
        if isinstance(small, cst.Assign):
            return any(dotted(target.target) == other.name for target in small.targets)
    return isinstance(assign, cst.Arg) and bool(assign.keyword) and _hands_on(assign, other)


def _hands_on(arg: cst.Arg, other: Binding) -> bool:
    """Whether an argument is called like its value, `end=end`: nobody gets that wrong."""
    return (
        arg.keyword is not None
        and isinstance(arg.value, cst.Name)
        and (arg.keyword.value == arg.value.value and arg.keyword.value != other.name)
    )


def _used_alike(bound: Binding, other: Binding, context: Context) -> bool:
    """Whether what is done with one is done with the other, as far as it tells."""
    uses = context.names.uses
    one, another = (uses.get((b.scope, b.name), set()) for b in (bound, other))
    needed = _need(context)
    if not one or not another or not needed:
        return not needed or not another or needed in another
    return needed in another or bool(one & another)


def _need(context: Context) -> str:
    """What is done with the name at this place."""
    parent, node = context.parent, context.node
    if isinstance(parent, cst.Attribute):
        return f".{parent.attr.value}"
    if isinstance(parent, cst.Call) and parent.func is node:
        return "()"
    return "[]" if isinstance(parent, cst.Subscript) and parent.value is node else ""


def _distance(bound: Binding, other: Binding) -> tuple[bool, bool, int]:
    one, another = bound.name, other.name
    return not is_pair(one, another), not alike(one, another), abs(other.at.start - bound.at.start)
