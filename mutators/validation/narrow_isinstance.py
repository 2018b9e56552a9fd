"""narrow-isinstance: a type that is allowed is not expected."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.imports import is_builtin, is_known, is_last_use
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted

CONCRETE = {
    "Mapping": ("dict",),
    "MutableMapping": ("dict",),
    "Sequence": ("list",),
    "MutableSequence": ("list",),
    "Iterable": ("list",),
    "Collection": ("list",),
    "Sized": ("list",),
    "Set": ("set",),
    "AbstractSet": ("set",),
    "MutableSet": ("set",),
    "Number": ("int", "float"),
    "Real": ("float", "int"),
    "Rational": ("Fraction", "int"),
    "Integral": ("int",),
    "PathLike": ("Path", "str"),
    "PurePath": ("Path",),
    "date": ("datetime",),
}
"""The class that people have in mind where they should say the abstract one."""
ABSTRACT_HOMES = ("", "abc", "collections.abc", "typing", "numbers", "os", "pathlib", "datetime")
PART_OF = {
    "datetime": {"date"},
    "Path": {"PurePath", "PathLike"},
    "PurePath": {"PathLike"},
    "str": {"Sequence", "Iterable", "Collection", "Hashable"},
    "list": {"Sequence", "MutableSequence", "Iterable", "Collection"},
    "tuple": {"Sequence", "Iterable", "Collection"},
    "dict": {"Mapping", "MutableMapping", "Iterable", "Collection"},
    "set": {"Set", "AbstractSet", "Iterable", "Collection"},
    "frozenset": {"Set", "AbstractSet", "Iterable", "Collection"},
    "int": {"Number", "Real", "Integral", "Rational"},
    "float": {"Number", "Real"},
    "Mapping": {"Collection", "Iterable"},
    "Sequence": {"Collection", "Iterable"},
    "IntEnum": {"Enum", "int"},
    "OrderedDict": {"dict"},
    "defaultdict": {"dict"},
    "AsyncFunctionDef": set(),
}
"""Classes and those that they are kinds of: without the first, nothing changes."""
KINDS = (cst.Name, cst.Attribute, cst.Tuple, cst.BinaryOperation)


class NarrowIsinstance(Mutator):
    name = "narrow-isinstance"
    family = "validation"
    trait = "condition"
    summary = "A value of an allowed type is not recognised: only one kind was thought of."
    models = "`isinstance(value, list)` refuses the tuple, `int` the float, `dict` other mappings."
    explanation = (
        "A check of types has to name all that callers may pass, best by the abstract class. Print "
        "the type of the value that goes astray and look for the `isinstance` that it should pass."
    )
    examples = (
        Example(
            "ok = isinstance(value, (int, float))",
            "ok = isinstance(value, float)",
            "ok = isinstance(value, int)",
        ),
        Example(
            "ok = isinstance(value, str | bytes)",
            "ok = isinstance(value, bytes)",
            "ok = isinstance(value, str)",
        ),
        Example(
            """
            from collections.abc import Mapping


            def flatten(data: Mapping):
                if isinstance(data, Mapping):
                    return dict(data)
            """,
            """
            from collections.abc import Mapping


            def flatten(data: Mapping):
                if isinstance(data, dict):
                    return dict(data)
            """,
        ),
        Example(
            """
            if isinstance(
                value,
                (
                    list,
                    tuple,  # from JSON never
                    set,
                ),
            ):
                value = sorted(value)
            """,
            """
            if isinstance(
                value,
                (
                    tuple,  # from JSON never
                    set,
                ),
            ):
                value = sorted(value)
            """,
            """
            if isinstance(
                value,
                (
                    list,
                    set,
                ),
            ):
                value = sorted(value)
            """,
            """
            if isinstance(
                value,
                (
                    list,
                    tuple,  # from JSON never
                ),
            ):
                value = sorted(value)
            """,
        ),
        Example(
            """
            match value:
                case int() | float():
                    add(value)
            """,
            """
            match value:
                case float():
                    add(value)
            """,
            """
            match value:
                case int():
                    add(value)
            """,
        ),
        Example(
            "simple = isinstance(x, int | float | str)",
            "simple = isinstance(x, float | str)",
            "simple = isinstance(x, int | str)",
            "simple = isinstance(x, int | float)",
        ),
        Example(
            """
            from datetime import date, datetime

            def is_day(x: date, y: datetime):
                return isinstance(x, date)
            """,
            """
            from datetime import date, datetime

            def is_day(x: date, y: datetime):
                return isinstance(x, datetime)
            """,
        ),
        Example("ok = isinstance(value, (bool, list, int)[:2])"),
        Example("ok = isinstance(value, str)"),
        Example("ok = isinstance(value, KINDS)"),
        Example("""
            from collections.abc import Mapping

            ok = isinstance(value, Mapping)
            """),
        Example("""
            from datetime import date

            def is_day(x: date):
                return isinstance(x, date)
            """),
        Example("pair = make(value, (int, float))"),
        Example("""
            match value:
                case 1 | 2:
                    add(value)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Element):
            if _is_one_of_many(node, context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.MatchOr):
            yield from _fewer_patterns(node, context)
        elif isinstance(node, KINDS) and _is_tested_type(context):
            yield from _narrower(node, context)


def _is_tested_type(context: Context) -> bool:
    """Whether the node is the second argument of `isinstance` or `issubclass`."""
    call = context.outer.parent if context.outer else None
    if not isinstance(context.parent, cst.Arg) or not isinstance(call, cst.Call):
        return False
    if call_name(call) not in ("isinstance", "issubclass") or len(call.args) != 2:
        return False
    return call.args[1] is context.parent


def _narrower(node: cst.BaseExpression, context: Context) -> Iterator[Faulty]:
    if isinstance(node, cst.Tuple):
        kinds = [each.value for each in node.elements]
        if len(kinds) == 2:
            yield from (kinds[1 - i] for i in (0, 1) if _is_missed(kinds[i], kinds, context))
    elif isinstance(node, cst.BinaryOperation):
        yield from _fewer_of_union(node, context)
    else:
        name = _concrete(node, context)
        if name and not is_last_use(context, dotted(node).partition(".")[0]):
            yield cst.Name(name)


def _concrete(node: cst.BaseExpression, context: Context) -> str | None:
    home, _, name = dotted(node).rpartition(".")
    if home not in ABSTRACT_HOMES:
        return None
    names = (each for each in CONCRETE.get(name, ()) if is_known(context, each))
    return next(names, None)


def _fewer_of_union(node: cst.BinaryOperation, context: Context) -> Iterator[Faulty]:
    """`A | B | C` without each of the three."""
    kinds = _members(node)
    for index, kind in enumerate(kinds):
        if _is_missed(kind, kinds, context):
            yield _union([*kinds[:index], *kinds[index + 1 :]], node)


def _members(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        return [*_members(node.left), *_members(node.right)]
    return [node]


def _union(kinds: list[cst.BaseExpression], like: cst.BinaryOperation) -> cst.BaseExpression:
    first, *others = kinds
    whole = first
    for other in others:
        whole = cst.BinaryOperation(left=whole, operator=like.operator, right=other)
    return whole.with_changes(lpar=like.lpar, rpar=like.rpar) if others and like.lpar else whole


def _is_one_of_many(element: cst.Element, context: Context) -> bool:
    display = context.outer
    if display is None or not isinstance(display.node, cst.Tuple):
        return False
    if len(display.node.elements) < 3 or not _is_tested_type(display):
        return False
    return _is_missed(element.value, [each.value for each in display.node.elements], context)


def _is_missed(kind: cst.BaseExpression, kinds: list[cst.BaseExpression], context: Context) -> bool:
    """Whether no other class lets its values in, and its name is used elsewhere too."""
    name = dotted(kind)
    if not name or is_last_use(context, name.partition(".")[0]):
        return False
    return not any(_is_part(name, dotted(other)) for other in kinds if other is not kind)


def _is_part(one: str, other: str) -> bool:
    """Whether class `one` is known to derive from `other`."""
    short, base = one.rpartition(".")[2], other.rpartition(".")[2]
    if is_builtin(short) and is_builtin(base):
        left, right = getattr(builtins, short), getattr(builtins, base)
        if isinstance(left, type) and isinstance(right, type) and issubclass(left, right):
            return True
    return base in PART_OF.get(short, ())


def _fewer_patterns(node: cst.MatchOr, context: Context) -> Iterator[Faulty]:
    """`case int() | float():` without each of the two."""
    kinds = [each.pattern.cls for each in node.patterns if isinstance(each.pattern, cst.MatchClass)]
    if len(kinds) < len(node.patterns):
        return
    for index, kind in enumerate(kinds):
        if _is_missed(kind, list(kinds), context):
            rest = [*node.patterns[:index], *node.patterns[index + 1 :]]
            rest[-1] = rest[-1].with_changes(separator=cst.MaybeSentinel.DEFAULT)
            yield rest[0].pattern if len(rest) == 1 else node.with_changes(patterns=rest)
