"""Methods that are taken for each other, and where the mistake would run and make a difference."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.calls import receiver
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted, is_text
from bugbash.mutation.nodes import positional
from bugbash.mutation.stripping import strips_alike

METHODS: dict[str, tuple[str, ...]] = {
    "extend": ("append",),
    "find": ("index", "rfind"),
    "rfind": ("find",),
    "index": ("find",),
    "rindex": ("index",),
    "split": ("rsplit",),
    "rsplit": ("split",),
    "partition": ("rpartition",),
    "rpartition": ("partition",),
    "popleft": ("pop",),
    "appendleft": ("append",),
    "setdefault": ("get",),
    "strip": ("lstrip", "rstrip"),
    "lstrip": ("strip",),
    "rstrip": ("strip",),
    "removeprefix": ("lstrip",),
    "removesuffix": ("rstrip",),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "isdigit": ("isalnum",),
    "isdecimal": ("isalnum",),
    "isnumeric": ("isalnum",),
    "isalpha": ("isalnum",),
    "isalnum": ("isalpha",),
    "casefold": ("lower",),
    "ljust": ("rjust",),
    "rjust": ("ljust",),
    "title": ("capitalize",),
    "read": ("readline",),
    "readlines": ("readline",),
    "discard": ("remove",),
    "keys": ("values",),
    "values": ("keys",),
    "weekday": ("isoweekday",),
    "isoweekday": ("weekday",),
    "rglob": ("glob",),
    "glob": ("rglob",),
    "is_file": ("exists",),
    "is_dir": ("exists",),
    "fetchone": ("fetchall",),
    "fetchall": ("fetchone",),
    "union": ("intersection",),
    "intersection": ("union",),
    "difference": ("symmetric_difference",),
    "issubset": ("issuperset",),
    "issuperset": ("issubset",),
    "bisect_left": ("bisect_right",),
    "bisect_right": ("bisect_left",),
}
"""Methods, and those that are written in their place with the same arguments."""
ROUNDING = {
    "ROUND_HALF_UP": "ROUND_HALF_EVEN",
    "ROUND_HALF_EVEN": "ROUND_HALF_UP",
    "ROUND_HALF_DOWN": "ROUND_HALF_UP",
    "ROUND_DOWN": "ROUND_FLOOR",
    "ROUND_FLOOR": "ROUND_DOWN",
    "ROUND_UP": "ROUND_CEILING",
    "ROUND_CEILING": "ROUND_UP",
}
NO_DICTIONARIES = frozenset(
    {
        "client",
        "session",
        "requests",
        "http",
        "queue",
        "q",
        "cache",
        "api",
        "var",
        "variable",
        "param",
        "context",
        "registry",
        "store",
        "storage",
        "repository",
        "repo",
        "db",
        "tree",
        "root",
        "elem",
        "element",
        "node",
        "glob",
        "self",
        "cls",
        "re",
    }
)
"""What has methods of these names that do something of their own."""
NO_ARGUMENTS = frozenset(
    {
        "popleft",
        "isdigit",
        "isdecimal",
        "isnumeric",
        "isalpha",
        "isalnum",
        "casefold",
        "title",
        "read",
        "readlines",
        "keys",
        "values",
        "weekday",
        "isoweekday",
        "is_file",
        "is_dir",
        "fetchone",
        "fetchall",
    }
)
SAME_WHEN_WALKED = frozenset({"len", "bool"})


def fits(call: cst.Call, name: str, other: str, context: Context) -> bool:
    """Whether `x.name(...)` may have been written `x.other(...)`: it runs and differs."""
    args = positional(call)
    on = receiver(call)
    owner = dotted(on).rpartition(".")[2].lower().lstrip("_") if on is not None else ""
    if len(args) != len(call.args) or on is None or _is_upper_class(on):
        return False
    if owner in NO_DICTIONARIES or (name in NO_ARGUMENTS and args):
        return False
    check = _CHECKS.get(name)
    return check is None or check(call, other, context)


def _is_upper_class(on: cst.BaseExpression) -> bool:
    """Whether a method is called on a class or on `super()`."""
    name = dotted(on).rpartition(".")[2]
    is_super = isinstance(on, cst.Call) and dotted(on.func) == "super"
    return is_super or (name[:1].isupper() and not name.isupper())


def _has_text(call: cst.Call, _other: str, _context: Context) -> bool:
    return bool(call.args) and is_text(call.args[0].value)


def _has_two(call: cst.Call, _other: str, _context: Context) -> bool:
    """With a limit only, it matters from which end a text is split."""
    return len(call.args) == 2


def _has_long_text(call: cst.Call, _other: str, _context: Context) -> bool:
    value = call.args[0].value if call.args else None
    return not isinstance(value, cst.SimpleString) or len(value.raw_value) > 1


def _is_single_statement(call: cst.Call, _other: str, context: Context) -> bool:
    return isinstance(context.parent, cst.Expr) and len(call.args) == 1


def _is_continued(call: cst.Call, _other: str, context: Context) -> bool:
    """`d.setdefault(k, []).append(x)`: `get` runs and forgets."""
    return isinstance(context.parent, cst.Attribute) and len(call.args) == 2


def _is_walked(_call: cst.Call, _other: str, context: Context) -> bool:
    """Whether keys are looked at one by one: neither counted nor taken apart."""
    parent = context.parent
    if isinstance(parent, (cst.For, cst.CompFor)):
        return isinstance(parent.target, cst.Name)
    if isinstance(parent, cst.Arg) and context.outer and context.outer.outer:
        call = context.outer.outer.node
        return isinstance(call, cst.Call) and dotted(call.func) not in SAME_WHEN_WALKED
    return isinstance(parent, cst.ComparisonTarget)


def _is_pattern(call: cst.Call, _other: str, _context: Context) -> bool:
    value = call.args[0].value if len(call.args) == 1 else None
    if not isinstance(value, cst.SimpleString):
        return len(call.args) == 1
    return "**" not in value.raw_value and "/" not in value.raw_value


def _is_stripped(call: cst.Call, other: str, context: Context) -> bool:
    """Not where only emptiness counts: there, one end is as good as both."""
    tests = (cst.If, cst.While, cst.IfExp, cst.CompIf, cst.BooleanOperation, cst.UnaryOperation)
    if len(call.args) > 1 or isinstance(context.parent, tests):
        return False
    return not strips_alike(call, other, context)


def _is_one_row(call: cst.Call, other: str, context: Context) -> bool:
    """Not where the columns are taken apart at once."""
    return not isinstance(context.parent, cst.Assign) or other == "fetchone"


_CHECKS = {
    "extend": _is_single_statement,
    "find": _has_text,
    "rfind": _has_text,
    "index": _has_text,
    "rindex": _has_text,
    "split": _has_two,
    "rsplit": _has_two,
    "setdefault": _is_continued,
    "startswith": _has_long_text,
    "endswith": _has_long_text,
    "removeprefix": _has_long_text,
    "removesuffix": _has_long_text,
    "strip": _is_stripped,
    "lstrip": _is_stripped,
    "rstrip": _is_stripped,
    "discard": _is_single_statement,
    "keys": _is_walked,
    "values": _is_walked,
    "rglob": _is_pattern,
    "glob": _is_pattern,
    "fetchone": _is_one_row,
}
