"""swap-arguments: two arguments in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_text, positional

UNORDERED = frozenset(
    {
        "max",
        "min",
        "print",
        "isclose",
        "gcd",
        "lcm",
        "hypot",
        "union",
        "intersection",
        "symmetric_difference",
        "isdisjoint",
        "update",
        "set",
        "frozenset",
        "assertEqual",
        "assertNotEqual",
    }
)
"""Calls for which the order of the arguments means little or nothing."""
FIXED = frozenset(
    {
        "isinstance",
        "issubclass",
        "getattr",
        "setattr",
        "hasattr",
        "delattr",
        "super",
        "type",
        "open",
        "encode",
        "decode",
        "map",
        "filter",
        "reduce",
        "partial",
        "cast",
        "namedtuple",
        "TypeVar",
        "format",
        "join",
        "joinpath",
        "Path",
        "PurePath",
    }
)
"""Calls whose arguments nobody mixes up."""
CONFUSED = {
    "re.sub": (1, 2),
    "re.match": (0, 1),
    "re.search": (0, 1),
    "re.fullmatch": (0, 1),
    "re.findall": (0, 1),
    "re.finditer": (0, 1),
    "re.split": (0, 1),
    "datetime.strptime": (0, 1),
    "datetime.datetime.strptime": (0, 1),
    "os.symlink": (0, 1),
}
"""Pairs that people are known to mix up, whatever the arguments look like."""
ROLES = frozenset(
    {
        "self",
        "cls",
        "func",
        "fn",
        "function",
        "callback",
        "callable",
        "handler",
        "predicate",
        "key",
        "logger",
        "log",
        "loop",
        "ctx",
        "context",
        "env",
        "config",
        "request",
        "session",
        "app",
        "parser",
        "args",
        "kwargs",
        "default",
        "timeout",
        "encoding",
        "errors",
        "mode",
        "flags",
        "stream",
        "namespace",
        "mcls",
        "mcs",
        "metacls",
    }
)
"""Names that say what the value is for: no one takes one of them for another."""


class SwapArguments(Mutator):
    name = "swap-arguments"
    family = "library"
    trait = "argument"
    summary = "Two arguments of a call stand in the wrong order."
    models = "`re.sub(pattern, text, new)`, month and day, old and new: the signature was guessed."
    explanation = (
        "The order of positional arguments is the callee's: read its signature and compare it with "
        "the call, argument by argument. Two values of the same kind hide the mistake."
    )
    examples = (
        Example(
            "move(source, target)",
            "move(target, source)",
        ),
        Example(
            r"text = re.sub(r'\s+', ' ', text)",
            r"text = re.sub(r'\s+', text, ' ')",
        ),
        Example(
            "due = datetime(2024, 2, 28)",
            "due = datetime(2024, 28, 2)",
        ),
        Example(
            "name = name.replace('-', '_')",
            "name = name.replace('_', '-')",
        ),
        Example(
            """
            total = price(
                self.net,  # without tax
                self.tax,
            )
            """,
            """
            total = price(
                self.tax,  # without tax
                self.net,
            )
            """,
        ),
        Example(
            "draw(x, y, colour=red)",
            "draw(y, x, colour=red)",
        ),
        Example(
            "span = between(rows[0], rows[1])",
            "span = between(rows[1], rows[0])",
        ),
        Example(
            "when = datetime.strptime(text, '%Y')",
            "when = datetime.strptime('%Y', text)",
        ),
        Example("best = max(left, right)"),
        Example("print(name, value)"),
        Example("ok = isinstance(value, kind)"),
        Example("run(lambda: 1, 2)"),
        Example("call(path, 3)"),
        Example("send(self, message)"),
        Example("make(Kind, value)"),
        Example("wait(LIMIT, delay)"),
        Example("pair(a, a)"),
        Example("fill(row, columns)"),
        Example("logger.info('%s %s', first, second)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Call) or len(node.args) < 2:
            return
        name = call_name(node)
        arguments = positional(node)
        known = CONFUSED.get(name)
        if known and known[1] < len(arguments):
            yield _swapped(node, *known)
        elif not known and name.rpartition(".")[2] not in UNORDERED | FIXED:
            for index in range(len(arguments) - 1):
                if _confusable(arguments[index].value, arguments[index + 1].value):
                    yield _swapped(node, index, index + 1)


def _swapped(call: cst.Call, one: int, other: int) -> cst.Call:
    """The call with two values exchanged; commas, spaces and comments stay where they are."""
    args = list(call.args)
    first, second = args[one].value, args[other].value
    args[one] = args[one].with_changes(value=second)
    args[other] = args[other].with_changes(value=first)
    return call.with_changes(args=args)


def _confusable(one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    kind = _kind(one)
    if kind is None or kind != _kind(other):
        return False
    if kind == "number":
        return abs(_digits(one) - _digits(other)) <= 1
    return kind != "name" or _is_plural(one) == _is_plural(other)


def _digits(node: cst.BaseExpression) -> int:
    """How long a number is: 2024 is not taken for a month."""
    return len(node.value) if isinstance(node, (cst.Integer, cst.Float)) else 0


def _is_plural(node: cst.BaseExpression) -> bool:
    """Whether a name reads like one of many things: `rows` is not taken for `row`."""
    name = dotted(node)
    return name.endswith("s") and not name.endswith(("ss", "us", "is"))


def _kind(node: cst.BaseExpression) -> str | None:
    """What sort of value a reader sees; None where it could not be taken for its neighbour."""
    if isinstance(node, (cst.Integer, cst.Float)):
        return "number"
    if is_text(node):
        return "bytes" if isinstance(node, cst.SimpleString) and "b" in node.prefix else "text"
    if isinstance(node, cst.Subscript):
        return "item" if dotted(node.value) else None
    if isinstance(node, cst.Attribute):
        return _name_kind(node.attr.value, "attribute") if dotted(node) else None
    return _name_kind(node.value, "name") if isinstance(node, cst.Name) else None


def _name_kind(name: str, kind: str) -> str | None:
    if name in ("True", "False"):
        return "truth"
    if name in ROLES or name == "None" or name.startswith("__"):
        return None
    if name.isupper() and len(name) > 1:
        return "constant"
    return "class" if name[0].isupper() and len(name) > 1 else kind
