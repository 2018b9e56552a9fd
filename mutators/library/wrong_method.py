"""wrong-method: a neighbour of the function that was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from bugbash.mutation.calls import method_name, receiver
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.kinds import type_of
from bugbash.mutation.method_choice import METHODS, ROUNDING, fits
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import positional
from bugbash.mutation.twins import repeats
from bugbash.mutation.words import is_plural

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "any": ("all",),
    "all": ("any",),
    "min": ("max",),
    "max": ("min",),
    "round": ("int",),
    "math.floor": ("math.ceil",),
    "math.ceil": ("math.floor",),
    "math.trunc": ("math.floor",),
    "os.path.isfile": ("os.path.exists",),
    "os.path.isdir": ("os.path.exists",),
    "bisect.bisect_left": ("bisect.bisect_right",),
    "bisect.bisect_right": ("bisect.bisect_left",),
    "bisect.bisect": ("bisect.bisect_left",),
    "itertools.zip_longest": ("zip",),
}
"""Functions, and what is written in their place."""
DICTIONARIES = ("Mapping", "Dict", "dict", "Counter", "Any")
"""Ends of the names of types that `[key]` works with."""
MATCHING = {"match": "search", "search": "match", "fullmatch": "match"}


class WrongMethod(Mutator):
    name = "wrong-method"
    family = "library"
    trait = "name"
    summary = "A function or method is called that does nearly the same as the right one."
    models = "`append` for `extend`, `re.match` for `re.search`, `.seconds` for `.total_seconds()`."
    explanation = (
        "Two functions with nearly the same name differ in a case that the code meets: in what "
        "they return for nothing found, in where they begin, in what they take. Read what the "
        "documentation says of the one that is called, rather than its name."
    )
    examples = (
        Example("names.extend(more)", "names.append(more)"),
        Example("rows.append((name, price))", "rows.extend((name, price))"),
        Example("stem, _, end = name.rpartition('.')", "stem, _, end = name.partition('.')"),
        Example("parts = line.split(':', 1)", "parts = line.rsplit(':', 1)"),
        Example("found = re.search(r'[0-9]+', text)", "found = re.match(r'[0-9]+', text)"),
        Example(
            """
            DATE = re.compile(r"[0-9]{4}")
            ok = DATE.fullmatch(text)
            """,
            """
            DATE = re.compile(r"[0-9]{4}")
            ok = DATE.match(text)
            """,
        ),
        Example(
            """
            def ordered(rows):
                rows.sort(key=name_of)  # by name
                return rows
            """,
            """
            def ordered(rows):
                sorted(rows, key=name_of)  # by name
                return rows
            """,
        ),
        Example("late = (now - due).total_seconds() > 60", "late = (now - due).seconds > 60"),
        Example("groups.setdefault(key, []).append(row)", "groups.get(key, []).append(row)"),
        Example("name = text.strip( )", "name = text.lstrip( )", "name = text.rstrip( )"),
        Example("stem = name.removesuffix('.txt')", "stem = name.rstrip('.txt')"),
        Example("price = names.get('price')", "price = names['price']"),
        Example(
            "cents = value.quantize(CENT, rounding=decimal.ROUND_HALF_UP)",
            "cents = value.quantize(CENT, rounding=decimal.ROUND_HALF_EVEN)",
        ),
        Example("done = all(job.done for job in jobs)", "done = any(job.done for job in jobs)"),
        Example("rows.append(row)"),
        Example("note = line.startswith('#')"),
        Example("parts = line.split(':')"),
        Example("found = re.search(r'^[0-9]+', text)"),
        Example("answer = client.get('/orders')"),
        Example("""
            class Desk:
                def __init__(self, db):
                    self.book = InvoiceBook(db)

                def find(self, number):
                    return self.book.get(number)
            """),
        Example("logger.info(max(a, b))"),
        Example("rows.sort"),
        Example("cell = text.ljust(3) if wide else text.rjust(3)"),
        Example("size, words = int(text.strip()), text.strip().split()"),
        Example("kind = path.suffix.lstrip('.')"),
        Example("row = line.rstrip('\\n').split(',')"),
        Example("both = one.union"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Call):
            is_method = isinstance(node.func, cst.Attribute)
            found = [*(_methods(node, context) if is_method else ()), *_functions(node, context)]
            yield from (each for each in found if not repeats(context, each))
        elif isinstance(node, (cst.Name, cst.Attribute)) and _is_rounding(node, context):
            yield from _rounding(node, context)


def _methods(call: cst.Call, context: Context) -> Iterator[cst.BaseExpression]:
    name = method_name(call)
    special = SPECIAL.get(name)
    if special:
        yield from special(call, context)
    for other in METHODS.get(name, ()):
        if fits(call, name, other, context):
            yield _renamed(call, other)


def _renamed(call: cst.Call, name: str) -> cst.Call:
    assert isinstance(call.func, cst.Attribute)
    return call.with_changes(func=call.func.with_changes(attr=cst.Name(name)))


def _functions(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    name = dotted(call.func)
    for other in FUNCTIONS.get(name, ()):
        if name == "round" and len(call.args) != 1:
            continue
        if name == "itertools.zip_longest" and not _may_lose(context, "itertools", call):
            continue
        yield call.with_changes(func=_expression(other))
    pattern = call.args[0].value if name.startswith("re.") and call.args else None
    if pattern is not None and name[3:] in MATCHING and not _is_anchored(pattern):
        yield _renamed(call, MATCHING[name[3:]])


def _expression(name: str) -> cst.BaseExpression:
    first, *rest = name.split(".")
    found: cst.BaseExpression = cst.Name(first)
    for part in rest:
        found = cst.Attribute(found, cst.Name(part))
    return found


def _may_lose(context: Context, name: str, call: cst.Call) -> bool:
    """Whether the import is still used without this call, and nothing is said by keyword."""
    loads = context.names.loads.get(context.root)
    return loads is not None and loads[name] > 1 and not any(a.keyword for a in call.args)


def _is_anchored(pattern: cst.BaseExpression) -> bool:
    """Whether a pattern begins where it says: `match` and `search` find the same."""
    text = cst.Module([]).code_for_node(pattern).lstrip("rRbBfFuU").lstrip("\"'(")
    return text.startswith(("^", r"\A", "?m)^", ".*"))


def _compiled(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    """Methods of a pattern that the module compiles."""
    name = receiver(call)
    if not isinstance(name, cst.Name):
        return
    bound = context.names.bound(context.root, name.value)
    value = bound[0].value if len(bound) == 1 else None
    if not isinstance(value, cst.Call) or dotted(value.func) != "re.compile":
        return
    if value.args and not _is_anchored(value.args[0].value):
        yield _renamed(call, MATCHING[method_name(call)])


def _sort(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    on = receiver(call)
    if isinstance(context.parent, cst.Expr) and on is not None and dotted(on):
        args = [cst.Arg(on), *call.args] if call.args else [cst.Arg(on)]
        yield cst.Call(cst.Name("sorted"), args)


def _get(call: cst.Call, context: Context) -> Iterator[cst.Subscript]:
    """`d.get(key)` to `d[key]`, where `d` is written like a dictionary."""
    on = receiver(call)
    if on is None or len(call.args) != 1 or call.args[0].keyword or call.args[0].star:
        return
    kept = type_of(on, context).partition("[")[0].rpartition(".")[2]
    if kept[:1].isupper() and not kept.endswith(DICTIONARIES):
        return
    if fits(call, "get", "[]", context):
        index = cst.SubscriptElement(cst.Index(call.args[0].value))
        yield cst.Subscript(on, [index], lpar=call.lpar, rpar=call.rpar)


def _seconds(call: cst.Call, _context: Context) -> Iterator[cst.Attribute]:
    on = receiver(call)
    if on is not None and not call.args:
        yield cst.Attribute(on, cst.Name("seconds"), lpar=call.lpar, rpar=call.rpar)


def _append(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    """`append` to `extend` where the argument can be walked through."""
    args = positional(call)
    if len(args) == len(call.args) == 1 and isinstance(context.parent, cst.Expr):
        value = args[0].value
        several = isinstance(value, (cst.List, cst.Tuple, cst.FormattedString))
        if several or (isinstance(value, cst.Name) and is_plural(value.value)):
            yield _renamed(call, "extend")


def _first(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    """`insert(0, x)` to `append(x)`."""
    args = positional(call)
    if len(args) == 2 and isinstance(args[0].value, cst.Integer) and args[0].value.value == "0":
        yield _renamed(call.with_changes(args=[args[1]]), "append")


SPECIAL: dict[str, Callable[[cst.Call, Context], Iterator[cst.BaseExpression]]] = {
    "match": _compiled,
    "search": _compiled,
    "fullmatch": _compiled,
    "sort": _sort,
    "get": _get,
    "total_seconds": _seconds,
    "append": _append,
    "insert": _first,
}
"""Methods whose neighbour is no other method of the same form."""


def _is_rounding(node: cst.Name | cst.Attribute, context: Context) -> bool:
    name = node.value if isinstance(node, cst.Name) else node.attr.value
    is_attribute = isinstance(context.parent, cst.Attribute)
    return (
        name in ROUNDING and not is_attribute and not isinstance(context.parent, cst.AssignTarget)
    )


def _rounding(node: cst.Name | cst.Attribute, context: Context) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.Attribute):
        yield node.with_changes(attr=cst.Name(ROUNDING[node.attr.value]))
    elif context.names.bound(context.root, ROUNDING[node.value]):
        yield node.with_changes(value=ROUNDING[node.value])
