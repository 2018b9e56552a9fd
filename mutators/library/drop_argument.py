"""drop-argument: an optional argument at the end of a call is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.calls import (
    called_function,
    is_last_positional,
    leaves_unused,
    method_name,
    parameter,
    receiver,
    same_code,
    takes_first_parts,
)
from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import is_falsy_literal
from bugbash.mutation.excluded import dotted, is_text
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import positional
from bugbash.mutation.verdicts import counts_as_truth

FUNCTIONS: dict[str, int] = {
    "enumerate": 1,
    "round": 1,
    "next": 1,
    "sum": 1,
    "int": 1,
    "getattr": 2,
    "pow": 2,
    "os.getenv": 1,
    "math.log": 1,
    "re.compile": 1,
    "re.sub": 3,
    "re.match": 2,
    "re.search": 2,
    "re.fullmatch": 2,
    "re.findall": 2,
    "dict.fromkeys": 1,
    "itertools.count": 0,
    "functools.reduce": 2,
    "reduce": 2,
}
"""Functions, and the position (from 0) of an argument that may be left out."""
METHODS: dict[str, tuple[int, ...]] = {
    "split": (1,),
    "rsplit": (1,),
    "strip": (0,),
    "lstrip": (0,),
    "rstrip": (0,),
    "replace": (2,),
    "pop": (0, 1),
    "get": (1,),
    "group": (0,),
    "quantize": (1,),
    "find": (1,),
    "rfind": (1,),
    "ljust": (1,),
    "rjust": (1,),
    "center": (1,),
    "most_common": (0,),
    "splitlines": (0,),
    "removeprefix": (),
}
"""The same for methods."""
CLIENTS = frozenset({"client", "session", "requests", "http", "queue", "q", "cache"})
"""What has a `get` that is not a dictionary's."""


class DropArgument(Mutator):
    name = "drop-argument"
    family = "library"
    trait = "argument"
    summary = "A call lacks its last argument, and what is taken instead is something else."
    models = "`enumerate(x)` for `enumerate(x, 1)`, `split(':')` where a value may hold a colon."
    explanation = (
        "The argument can be left out, but its default means something else: counting from 0, "
        "splitting everywhere, no answer where nothing is found. Look the signature up and ask "
        "what the value that is missing is for."
    )
    examples = (
        Example(
            "for n, line in enumerate(lines, 1): show(n)",
            "for n, line in enumerate(lines): show(n)",
        ),
        Example("key, value = line.split('=', 1)", "key, value = line.split('=')"),
        Example("price = round(net * rate, 2)  # cents", "price = round(net * rate)  # cents"),
        Example("found = next(hits, None)", "found = next(hits)"),
        Example("code = int(text, 16)", "code = int(text)"),
        Example("name = path.rstrip('/')", "name = path.rstrip()"),
        Example("job = queue.pop(0)", "job = queue.pop()"),
        Example("old = seen.pop(key, None)", "old = seen.pop(key)"),
        Example("size = sizes.get(name, 0)", "size = sizes.get(name)"),
        Example("port = getattr(server, 'port', 80)", "port = getattr(server, 'port')"),
        Example("year = found.group(1)", "year = found.group()"),
        Example("rows = sum(parts, [])", "rows = sum(parts)"),
        Example(
            """
            def shown(price, places=2):
                return f"{price:.{places}f}"

            def label(price):
                return shown(
                    price,
                    3,  # as printed
                )
            """,
            """
            def shown(price, places=2):
                return f"{price:.{places}f}"

            def label(price):
                return shown(
                    price,
                )
            """,
        ),
        Example("size = sizes.get(name, None)"),
        Example("for n, line in enumerate(lines, 0): show(n)"),
        Example("value = text.strip()"),
        Example("parts = line.split(',')"),
        Example("answer = session.get(url, params)"),
        Example("last = int(text, 10)"),
        Example("name, end = line.split('#', 1)[0], path.rsplit('.', 1)[-1]"),
        Example("head, *_ = line.split('#', 1)"),
        Example("port = environ.get('PORT', '') or settings.port"),
        Example("if environ.get('MODE', '') == 'fast' or not options.get('slow', False): run()"),
        Example("""
            def shown(price, places=2):
                return f"{price:.{places}f}"

            text = shown(9, 2)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        call = context.parent
        if not isinstance(node, cst.Arg) or not isinstance(call, cst.Call):
            return
        if not is_last_positional(call, node) or not _may_go(call, node, context):
            return
        if not leaves_unused(context):
            yield cst.RemoveFromParent()


def _may_go(call: cst.Call, arg: cst.Arg, context: Context) -> bool:
    function = called_function(call, context)
    if function is not None:
        given = parameter(call, arg, function)
        if given is None or given.default is None:
            return False
        return not same_code(given.default, arg.value) and not _is_prose(arg.value)
    if not _is_optional(call, arg) or _is_default(call, arg):
        return False
    assert context.outer is not None
    return not _is_all_the_same(call, arg, context.outer)


def _is_all_the_same(call: cst.Call, arg: cst.Arg, context: Context) -> bool:
    """Whether what is taken instead leads to the same: `split(",", 1)[0]`, `get(key, "") or x`."""
    if method_name(call) in ("get", "getenv"):
        return is_falsy_literal(arg.value) and _is_only_asked(context)
    return takes_first_parts(call, arg.value, context)


def _is_only_asked(context: Context) -> bool:
    """Whether a value is only tested, or compared with a text or number that is not false."""
    parent = context.parent
    if isinstance(parent, cst.Comparison) and len(parent.comparisons) == 1:
        target = parent.comparisons[0]
        fixed = isinstance(target.comparator, (cst.SimpleString, cst.Integer))
        equal = isinstance(target.operator, (cst.Equal, cst.NotEqual))
        return equal and fixed and not is_falsy_literal(target.comparator)
    return counts_as_truth(context)


def _is_prose(value: cst.BaseExpression) -> bool:
    """Whether it is text of several words, for people."""
    return is_text(value) and " " in cst.Module([]).code_for_node(value)


def _is_optional(call: cst.Call, arg: cst.Arg) -> bool:
    position = len(positional(call)) - 1
    if FUNCTIONS.get(dotted(call.func)) == position:
        return True
    on = receiver(call)
    method = method_name(call)
    if on is None or position not in METHODS.get(method, ()):
        return False
    if method in ("get", "pop") and dotted(on).rpartition(".")[2].lower() in CLIENTS:
        return method == "pop"
    if method == "pop" and position == 0:
        return isinstance(arg.value, cst.Integer)
    if method == "replace":
        return is_text(call.args[0].value)
    return method != "group" or _is_number(arg.value, "123456789")


def _is_default(call: cst.Call, arg: cst.Arg) -> bool:
    """Whether the argument says what would be taken without it, or what an error would end."""
    value, method = arg.value, method_name(call)
    if isinstance(value, cst.Name) and value.value == "None":
        return method in ("get", "getenv")
    if method in ("enumerate", "sum"):
        return _is_number(value, "0")
    return method == "int" and _is_number(value, ("10",))


def _is_number(value: cst.BaseExpression, numbers: str | tuple[str, ...]) -> bool:
    return isinstance(value, cst.Integer) and value.value in numbers
