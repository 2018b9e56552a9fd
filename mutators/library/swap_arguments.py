"""swap-arguments: two arguments in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.callers import calls_of
from bugbash.mutation.calls import receiver
from bugbash.mutation.context import Context
from bugbash.mutation.kinds import last_name, may_be_alike
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_text, positional
from bugbash.mutation.words import is_plural

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
        "audit",
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
        "get",
        "getenv",
        "setdefault",
        "pop",
        "fromkeys",
        "add_argument",
        "option",
        "argument",
    }
)
"""Calls whose arguments nobody mixes up: a key and its default, two spellings of an option."""
TYPES = frozenset(
    {"str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "object"}
)
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

PATTERN = 3
"""Calls that make a pattern."""


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
        Example("name = environ.get(prefix, fallback) or environ.get('HOME', '')"),
        Example("parser.add_argument('-o', '--output')"),
        Example("text = text.replace(' ', '').replace('_', '1')"),
        Example("age = layers.span('state', '30d')"),
        Example("""
            host = layers.text("server", "host")
            place = layers.text("server", "place")
            zone = layers.text("reports", "zone")
            """),
        Example("""
            def read(text: str, currency: Currency, row, strict: bool, size: int, done):
                done()
                return parse(text, currency, row, strict, size, text, done)
            """),
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
                one, other = (_value(arguments[i], context) for i in (index, index + 1))
                if not _is_pattern(node, index, context) and _is_mixed_up(one, other):
                    yield _swapped(node, index, index + 1)


def _is_pattern(call: cst.Call, index: int, context: Context) -> bool:
    """Whether a row of calls gives fixed texts here: the odd one out is seen, and ends all.

    `layers.span("cache", "life", "1h", "2d")`, `layers.text("server", "host")`.
    """
    alike = [
        given.args[index : index + 2]
        for given in calls_of(call, context)
        if len(given.args) > index + 1
    ]
    texts = [a for a in alike if all(isinstance(arg.value, cst.SimpleString) for arg in a)]
    own = all(isinstance(arg.value, cst.SimpleString) for arg in call.args[index : index + 2])
    return own and len(texts) >= PATTERN and not isinstance(receiver(call), cst.Call)


def _value(arg: cst.Arg, call: Context) -> Context:
    """What is given as an argument."""
    place = next(child for child in call.children if child.node is arg)
    return next(child for child in place.children if child.node is arg.value)


def _swapped(call: cst.Call, one: int, other: int) -> cst.Call:
    """The call with two values exchanged; commas, spaces and comments stay where they are."""
    args = list(call.args)
    first, second = args[one].value, args[other].value
    args[one] = args[one].with_changes(value=second)
    args[other] = args[other].with_changes(value=first)
    return call.with_changes(args=args)


def _is_mixed_up(one: Context, other: Context) -> bool:
    """Whether somebody may take one argument for the other: they are of one kind."""
    first, second = one.node, other.node
    assert isinstance(first, cst.BaseExpression) and isinstance(second, cst.BaseExpression)
    kind = _kind(first)
    if kind is None or kind != _kind(second):
        return False
    if kind == "number":
        return abs(_digits(first) - _digits(second)) <= 1
    if kind == "text":
        return _look(first) == _look(second)
    if kind not in ("name", "attribute"):
        return True
    if is_plural(last_name(first)) != is_plural(last_name(second)):
        return False
    return may_be_alike(one, other)


def _digits(node: cst.BaseExpression) -> int:
    """How long a number is: 2024 is not taken for a month."""
    return len(node.value) if isinstance(node, (cst.Integer, cst.Float)) else 0


def _look(node: cst.BaseExpression) -> str:
    """What a text looks like: nothing, a number, a name, marks, or prose."""
    if not isinstance(node, cst.SimpleString):
        return "prose" if " " in cst.Module([]).code_for_node(node) else "name"
    text = node.raw_value
    if not text or text[0].isdigit():
        return text and "number"
    if not any(char.isalnum() for char in text):
        return "marks"
    return "prose" if " " in text else "name"


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
    if name in ROLES or name == "None" or name.startswith(("__", "on_")):
        return None
    if name.isupper() and len(name) > 1:
        return "constant"
    if name in TYPES:
        return "type"
    return "class" if name[0].isupper() and len(name) > 1 else kind
