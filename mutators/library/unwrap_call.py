"""unwrap-call: a conversion is left out."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted, is_text
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.twins import repeats

CONVERSIONS = frozenset(
    {
        "abs",
        "bool",
        "Decimal",
        "float",
        "Fraction",
        "frozenset",
        "int",
        "list",
        "Path",
        "reversed",
        "round",
        "set",
        "sorted",
        "str",
        "tuple",
    }
)
TO_ELEMENTS = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed"})
WALKS = frozenset(
    {"sorted", "set", "frozenset", "tuple", "list", "any", "all", "min", "max", "dict", "join"}
)
"""What walks through its argument once, whatever that is."""
ORDERED = frozenset({"sorted", "set", "frozenset", "any", "all", "min", "max"})
"""Of these, what does not care for the order."""
SIMPLE = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)
OPERATIONS = (
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.BooleanOperation,
    cst.Attribute,
    cst.Subscript,
    cst.Await,
    cst.StarredElement,
)
LISTINGS = frozenset({"iterdir", "glob", "rglob", "listdir", "scandir"})
"""Sorting these is another mutator's."""


MOMENTS = frozenset({"date", "time", "datetime", "timedelta"})
"""What takes whole numbers alone."""


class UnwrapCall(Mutator):
    name = "unwrap-call"
    family = "library"
    trait = "return"
    summary = "A value is used as it came: text for a number, an iterator for a list, unsorted."
    models = "`int(...)`, `list(...)`, `sorted(...)` or `str(...)` around a value was forgotten."
    explanation = (
        "What comes in is not yet what is needed here: text that looks like a number compares as "
        "text, an iterator is empty after its first use, a set drops what stands twice. Look at "
        "the type of the value, not at how it prints."
    )
    examples = (
        Example("port = int(text)", "port = text"),
        Example("names = sorted(found)  # by name", "names = found  # by name"),
        Example("total = Decimal(str(price))", "total = str(price)", "total = Decimal(price)"),
        Example("count = len(set(names))", "count = len(names)"),
        Example("rows = list(read(path))", "rows = read(path)"),
        Example("for row in reversed(rows): show(row)", "for row in rows: show(row)"),
        Example("gap = abs(one - other)", "gap = one - other"),
        Example(
            """
            rows = list(
                map(parse, lines)
            )
            """,
            """
            rows = map(parse, lines)
            """,
        ),
        Example("key = str(order.id)", "key = order.id"),
        Example("late = int(text) > limit", "late = text > limit"),
        Example("gap = abs(one - other) * 2"),
        Example("names = sorted(set(found))", "names = set(found)", "names = sorted(found)"),
        Example("names = sorted(list(found))", "names = list(found)"),
        Example("ok = name in set(names)"),
        Example("label = f'{str(name)}'"),
        Example("port = int('80')"),
        Example("""
            try:
                value = int(text)
            except ValueError:
                value = 0
            """),
        Example("names = sorted(found, key=len)"),
        Example("value = int(text, 16)"),
        Example("empty = list()"),
        Example("start, text = date(int(year), 1, 1), str(self).split('+')"),
        Example("place = Point(int(match[1]), int(match[2]))"),
        Example("files = sorted(folder.iterdir())"),
        Example("assert len(rows) == len(set(rows))"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Call) or len(node.args) != 1:
            return
        name = dotted(node.func).rpartition(".")[2]
        arg = node.args[0]
        if name not in CONVERSIONS or arg.keyword or arg.star or is_text(arg.value):
            return
        if dotted(arg.value) == "self" or _is_like_others(name, context) or _is_tried(context):
            return
        fits = _can_stand(arg.value, context) and _matters(name, arg.value, context)
        if fits and not _is_only_use(context) and not repeats(context, arg.value):
            yield _bare(arg.value, node)


def _is_tried(context: Context) -> bool:
    """Whether a `try` is there for this conversion alone: without it nothing could be caught."""
    block = context.statement.outer
    if block is None or len(context.block) != 1 or not isinstance(block.parent, cst.Try):
        return False
    return block.parent.body is block.node


def _is_like_others(name: str, context: Context) -> bool:
    """Whether another argument is converted alike, which is seen at once: `date(int(y), int(m))`.

    A date and the like take nothing else than numbers.
    """
    call = context.outer.parent if context.outer else None
    if not isinstance(context.parent, cst.Arg) or not isinstance(call, cst.Call):
        return False
    if name not in ("int", "float", "str", "Decimal"):
        return False
    values = [arg.value for arg in call.args if arg is not context.parent]
    alike = any(isinstance(v, cst.Call) and dotted(v.func) == name for v in values)
    return alike or (name == "int" and dotted(call.func).rpartition(".")[2] in MOMENTS)


def _bare(value: cst.BaseExpression, call: cst.Call) -> cst.BaseExpression:
    """The value itself, with the brackets that stood around the call."""
    return value if not call.lpar else value.with_changes(lpar=call.lpar, rpar=call.rpar)


def _can_stand(value: cst.BaseExpression, context: Context) -> bool:
    """Whether the value needs no brackets in the place of the call."""
    if isinstance(value, SIMPLE):
        return not isinstance(context.parent, (cst.Expr, cst.Decorator))
    if isinstance(value, (cst.BinaryOperation, cst.UnaryOperation)):
        inside_text = isinstance(context.parent, cst.FormattedStringExpression)
        return not isinstance(context.parent, (*OPERATIONS, cst.Expr)) and not inside_text
    return False


def _matters(name: str, value: cst.BaseExpression, context: Context) -> bool:
    """Whether it makes a difference: not where the same conversion follows."""
    parent = context.parent
    outer = _call_around(context)
    if name == "str" and (isinstance(parent, cst.FormattedStringExpression) or outer == "print"):
        return False
    if name in ("bool", "str", "int", "float") and outer == name:
        return False
    if name in TO_ELEMENTS and outer in (ORDERED if name != "set" else {"set", "frozenset"}):
        return False
    if name in ("list", "tuple") and (outer in WALKS or _is_next_walked(context)):
        return False
    if isinstance(parent, cst.ComparisonTarget) and name in TO_ELEMENTS:
        return False
    if isinstance(parent, cst.BinaryOperation) and name in ("set", "frozenset", "bool", "Path"):
        return False
    if isinstance(parent, cst.Attribute) and name == "Path":
        return False
    if name == "sorted" and isinstance(value, cst.Call):
        return dotted(value.func).rpartition(".")[2] not in LISTINGS and not _lists(value)
    return name != "bool" or not isinstance(parent, (cst.If, cst.BooleanOperation, cst.IfExp))


def _lists(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in LISTINGS


def _is_next_walked(context: Context) -> bool:
    """Whether only a loop sees it, over something that a copy would not save from changing."""
    return isinstance(context.parent, cst.CompFor)


def _call_around(context: Context) -> str:
    if isinstance(context.parent, cst.Arg) and context.outer and context.outer.outer:
        call = context.outer.outer.node
        if isinstance(call, cst.Call):
            if isinstance(call.func, cst.Attribute):
                return call.func.attr.value
            return dotted(call.func)
    return ""


def _is_only_use(context: Context) -> bool:
    """Whether an imported name would go unused."""
    function = context.children[0] if context.children else None
    return function is not None and _import_goes(function)


def _import_goes(function: Context) -> bool:
    if not isinstance(function.node, cst.Name):
        return False
    bound = function.names.resolve(function)
    if bound is None or bound.sort != "import":
        return False
    return function.names.loads[bound.scope][bound.name] <= 1
