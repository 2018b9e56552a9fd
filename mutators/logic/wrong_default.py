"""wrong-default: what is taken when nothing is given is not what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.callers import field_is_always_given, parameter_is_always_given
from bugbash.mutation.context import Context
from bugbash.mutation.flow import is_out_of_reach
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.near_numbers import PORTS, near
from bugbash.mutation.nodes import argument, call_name, dotted
from bugbash.mutation.verdicts import counts_as_truth

SETTINGS = ("settings", "config", "options", "defaults", "limits", "preferences")
COUNTED = re.compile(
    r"start|index|offset|step|page|level|pos|attempt|retry|retries|version|priorit|number|row|line|first"
    r"|base|delay|timeout|depth|generation|quantity|factor|column|indent|seq|rank|min|rate|weight"
    r"|scale|ratio|multipl|minor|grace|tolerance|digits|places|skip|next|last|high|low"
)
"""Names of numbers for which 0 and 1 are taken for one another."""
LIMITED = re.compile(r"limit|max|top|size|timeout|width|height|depth|length|count|until|end|stop")
"""Names of numbers that may be left open with None, and for which 0 seems to say the same."""
CONSTANT_HOLDERS = frozenset({"os", "socket", "signal", "sys", "stat", "errno", "subprocess"})
CLIENTS = frozenset({"requests", "client", "session", "http", "httpx"})
OPTIONS = frozenset({"add_argument", "add_option", "option", "argument"})
"""What declares an option of a command."""
POSITIONS = {"get": 1, "setdefault": 1, "pop": 1, "getattr": 2, "next": 1}
"""Calls with a default, and where that stands."""


class WrongDefault(Mutator):
    name = "wrong-default"
    family = "logic"
    trait = "argument"
    summary = "What is taken when nothing is given is not the value that was meant."
    models = "A default of 1 for 0, of None for an empty list, of True for an opt-in."
    explanation = (
        "A default speaks for everyone who says nothing, so few callers show it. Leave out the "
        "argument, the key or the option in question and compare what you get with what the "
        "documentation, the name and the other callers expect."
    )
    examples = (
        Example(
            """
            def connect(host, retries=3, secure=True, *, prefix=''):
                return open_line(host, retries, secure, prefix)
            """,
            """
            def connect(host, retries=2, secure=True, *, prefix=''):
                return open_line(host, retries, secure, prefix)
            """,
            """
            def connect(host, retries=3, secure=False, *, prefix=''):
                return open_line(host, retries, secure, prefix)
            """,
        ),
        Example(
            """
            def count(seen, key):
                return seen.get(key, 0) + 1  # the first one
            """,
            """
            def count(seen, key):
                return seen.get(key, 1) + 1  # the first one
            """,
        ),
        Example(
            """
            def parts(found, key):
                return found.pop(key, [])
            """,
            """
            def parts(found, key):
                return found.pop(key, None)
            """,
        ),
        Example(
            """
            def fast(task):
                return getattr(task, 'fast', False)
            """,
            """
            def fast(task):
                return getattr(task, 'fast', True)
            """,
        ),
        Example(
            """
            @dataclass
            class Line:
                text: str
                quantity: int = 1
                taxed: bool = True
                width: int = field(default=60)
            """,
            """
            @dataclass
            class Line:
                text: str
                quantity: int = 0
                taxed: bool = True
                width: int = field(default=60)
            """,
            """
            @dataclass
            class Line:
                text: str
                quantity: int = 1
                taxed: bool = False
                width: int = field(default=60)
            """,
            """
            @dataclass
            class Line:
                text: str
                quantity: int = 1
                taxed: bool = True
                width: int = field(default=30)
            """,
        ),
        Example(
            """
            def price(item):
                return item.price * (item.factor or 1)
            """,
            """
            def price(item):
                return item.price * (item.factor or 0)
            """,
        ),
        Example(
            """
            def ranked(rows, order="name", top: int | None = None):
                if order == "name":
                    rows = by_name(rows)
                elif order == "size":
                    rows = by_size(rows)
                return rows[:top]
            """,
            """
            def ranked(rows, order="size", top: int | None = None):
                if order == "name":
                    rows = by_name(rows)
                elif order == "size":
                    rows = by_size(rows)
                return rows[:top]
            """,
            """
            def ranked(rows, order="name", top: int | None = 0):
                if order == "name":
                    rows = by_name(rows)
                elif order == "size":
                    rows = by_size(rows)
                return rows[:top]
            """,
        ),
        Example(
            """
            def highest(rows):
                return max((row.no for row in rows), default=0)
            """,
            """
            def highest(rows):
                return max((row.no for row in rows), default=1)
            """,
        ),
        Example("""
            def line(width: int = 60):
                return "-" * width

            def page(rows):
                return [line(72), *rows, line(width=len(rows))]
            """),
        Example("""
            class Settings:
                retries: int = 3
            """),
        Example("""
            def __exit__(self, kind, value=None, trace=None):
                return False
            """),
        Example("""
            def where(environ):
                return os.environ.get('PORT', '80')
            """),
        Example("body = requests.get(url, 3)"),
        Example("""
            class Colour(Enum):
                RED: int = 1
            """),
        Example("""
            class Row:
                width: int = 3
            """),
        Example("ready = a or False"),
        Example("""
            def chosen(found, key, parser):
                parser.add_argument("--all", action="store_true", default=False)
                parser.add_argument("--name", default="")
                return found.pop(key, []) or found.get(key, "") or key
            """),
        Example("""
            def tags(record, total: int = 0):
                return record.get('tags', []), total
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Param):
            for value in _parameter(node, context):
                yield node.with_changes(default=value)
        elif isinstance(node, cst.Arg):
            for value in _argument(node, context):
                yield node.with_changes(value=value)
        elif isinstance(node, cst.BooleanOperation):
            for value in _fallback(node, context):
                yield node.with_changes(right=value)
        elif isinstance(node, cst.AnnAssign):
            for value in _field(node, context):
                yield node.with_changes(value=value)


def _fallback(node: cst.BooleanOperation, context: Context) -> Iterator[cst.BaseExpression]:
    if isinstance(node.operator, cst.Or) and _is_fallback(node, context):
        yield from _others(node.right, dotted(node.left).rpartition(".")[2] or "rate")


def _argument(node: cst.Arg, context: Context) -> Iterator[cst.BaseExpression]:
    name = _default_of(node, context)
    if name and not name.startswith("__") and not is_out_of_reach(context):
        yield from _others(node.value, name)


def _field(node: cst.AnnAssign, context: Context) -> Iterator[cst.BaseExpression]:
    if node.value is None or _is_empty(node.value) or not _is_field(context):
        return
    if not field_is_always_given(node, context):
        yield from _others(node.value, dotted(node.target))


def _others(node: cst.BaseExpression, name: str) -> Iterator[cst.BaseExpression]:
    """Another value that somebody might have written as the default of `name`."""
    counted = bool(COUNTED.search(name.lower()))
    if isinstance(node, cst.Integer):
        if node.evaluated_value > 1 or (counted and node.value in ("0", "1")):
            port = PORTS.get(node.evaluated_value) if "port" in name else None
            yield cst.Integer(str(port or near(node.evaluated_value)))
    elif isinstance(node, cst.Float):
        if node.evaluated_value in (0.0, 1.0) and counted:
            yield cst.Float("1.0" if node.evaluated_value == 0.0 else "0.0")
        elif node.evaluated_value == 0.5:
            yield cst.Float("0.05")
    elif isinstance(node, cst.Name):
        if node.value in ("True", "False"):
            yield cst.Name("False" if node.value == "True" else "True")
    elif _is_empty(node):
        yield cst.Name("None")


def _is_empty(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.SimpleString):
        return not node.raw_value and "b" not in node.prefix
    if isinstance(node, (cst.List, cst.Dict)):
        return not node.elements
    return isinstance(node, cst.Tuple) and not node.elements


def _parameter(param: cst.Param, context: Context) -> Iterator[cst.BaseExpression]:
    default, name = param.default, param.name.value
    if default is None or is_out_of_reach(context) or parameter_is_always_given(param, context):
        return
    if isinstance(default, cst.SimpleString):
        if default.raw_value:
            yield from _sibling(name, default, context)
    elif isinstance(default, cst.Name) and default.value == "None":
        annotation = param.annotation.annotation if param.annotation else default
        if _optional_int(annotation) and LIMITED.search(name):
            yield cst.Integer("0")
    elif isinstance(default, (cst.Integer, cst.Float, cst.Name)):
        yield from _others(default, name)


def _optional_int(node: cst.BaseExpression) -> bool:
    """`int | None`, `Optional[int]`."""
    if isinstance(node, cst.BinaryOperation):
        return {dotted(node.left), dotted(node.right)} == {"int", "None"}
    if isinstance(node, cst.Subscript) and dotted(node.value).endswith("Optional"):
        index = node.slice[0].slice
        return isinstance(index, cst.Index) and dotted(index.value) == "int"
    return False


def _sibling(
    name: str, default: cst.SimpleString, context: Context
) -> Iterator[cst.BaseExpression]:
    """Another text that the function compares the parameter with."""
    for each in context.scope.inside():
        node = each.node
        if isinstance(node, cst.Match) and dotted(node.subject) == name:
            patterns = [case.pattern for case in node.cases]
            values = [p.value for p in patterns if isinstance(p, cst.MatchValue)]
        elif isinstance(node, cst.Comparison) and dotted(node.left) == name:
            equal = isinstance(node.comparisons[0].operator, cst.Equal)
            values = [node.comparisons[0].comparator] if equal else []
        else:
            continue
        for value in values:
            if isinstance(value, cst.SimpleString) and value.raw_value != default.raw_value:
                yield cst.SimpleString(value.value)
                return


def _default_of(arg: cst.Arg, context: Context) -> str:
    """What an argument is the default of: a key, attribute or option; "" where it is none."""
    call = context.parent
    if not isinstance(call, cst.Call):
        return ""
    if arg.keyword:
        named = arg.keyword.value == "default" and not _is_settings(context)
        return _key(call, 0, context) if named and _is_open(call, arg) else ""
    name = call_name(call)
    last = name.rpartition(".")[2]
    position = POSITIONS.get(last)
    if position is None or argument(call, position, "default") is not arg:
        return ""
    if last in ("getattr", "next"):
        fixed = dotted(call.args[0].value) in CONSTANT_HOLDERS
        return "" if name != last or fixed else _key(call, position - 1, context)
    owner = name.rpartition(".")[0].rpartition(".")[2]
    if owner in CLIENTS or "environ" in name or name == last:
        return ""
    if _is_empty(arg.value) and (last != "pop" or _is_only_asked(context)):
        return ""
    return _key(call, 0, context)


def _is_only_asked(context: Context) -> bool:
    """Whether the call with this argument is only asked for its truth: `pop(key, []) or x`."""
    return context.outer is not None and counts_as_truth(context.outer)


def _is_open(call: cst.Call, arg: cst.Arg) -> bool:
    """Whether an option of a command takes a number; flags and empty texts are seen at once."""
    if call_name(call).rpartition(".")[2] not in OPTIONS:
        return True
    return isinstance(arg.value, (cst.Integer, cst.Float))


def _key(call: cst.Call, position: int, context: Context) -> str:
    """What is looked up, as far as it is named; sums and extremes count from it."""
    above = context.outer.parent if context.outer else None
    if call_name(call) in ("max", "min") or isinstance(above, cst.BinaryOperation):
        return "start"
    first = call.args[position].value if position < len(call.args) else call
    if isinstance(first, cst.SimpleString):
        return first.raw_value or "?"
    return dotted(first) or "?"


def _is_settings(context: Context) -> bool:
    """Whether a class or function reads like settings: those are the configuration family's."""
    names = [
        around.node.name.value.lower()
        for around in context.chain
        if isinstance(around.node, (cst.ClassDef, cst.FunctionDef))
    ]
    return any(word in name for name in names for word in SETTINGS)


def _is_fallback(node: cst.BooleanOperation, context: Context) -> bool:
    """`size or 1`: a value, and what stands in for it."""
    parent = context.parent
    tests = (cst.If, cst.While, cst.BooleanOperation, cst.UnaryOperation, cst.Assert, cst.CompIf)
    if isinstance(parent, tests) or is_out_of_reach(context):
        return False
    constant = isinstance(node.right, (cst.Integer, cst.Float)) and node.right.value != "0"
    return constant and not isinstance(node.left, (cst.Comparison, cst.UnaryOperation))


def _is_field(context: Context) -> bool:
    """Whether an annotated assignment is a field of a dataclass."""
    block = context.statement.outer
    owner = block.outer if block else None
    if owner is None or not isinstance(owner.node, cst.ClassDef) or _is_settings(context):
        return False
    marks = [d.decorator for d in owner.node.decorators]
    names = [dotted(m.func) if isinstance(m, cst.Call) else dotted(m) for m in marks]
    return any(name.endswith(("dataclass", "define", "attrs.s")) for name in names)
