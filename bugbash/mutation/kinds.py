"""What kind of value a name holds, as far as annotations, values, uses and its words tell."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.conditions import is_flag
from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import NUMBER_WORDS
from bugbash.mutation.excluded import dotted
from bugbash.mutation.names import Binding, is_telling
from bugbash.mutation.words import alike, words

_SAME = dict.fromkeys(("int", "float", "Decimal"), "number") | dict.fromkeys(
    ("datetime", "date"), "moment"
)
"""Types that pass for one kind."""
_TIME_WORDS = frozenset({"day", "date", "now", "today", "moment", "deadline", "when"})
_VAGUE = frozenset({"Any", "object", "T", "None", ""})
"""Types that say nothing about a value."""


def type_of(node: cst.BaseExpression, context: Context) -> str:
    """The type of a variable or of an attribute of `self`, read at `context`; "" if unknown."""
    places = (each for each in (context, *context.inside()) if each.node is node)
    place = next(places, None)
    return _noted(place) if place and isinstance(node, (cst.Name, cst.Attribute)) else ""


def last_name(node: cst.CSTNode) -> str:
    """`end` of `self.end`."""
    return dotted(node).rpartition(".")[2]


def may_be_alike(one: Context, other: Context) -> bool:
    """Whether two names or attributes may hold values of one kind: nothing says otherwise.

    A function, a flag or a type of the project's own on one side asks for the same on the other,
    or for a name that is much like it.
    """
    first, second = _kind(one), _kind(other)
    if first and second:
        return first == second
    if alike(last_name(one.node), last_name(other.node)):
        return True
    return not _is_particular(first) and not _is_particular(second)


def _is_particular(kind: str) -> bool:
    return kind in ("()", "bool", "moment") or (kind[:1].isupper() and is_telling(kind))


def _kind(context: Context) -> str:
    """A type, "()" for a function, "number" or "moment" by the words of a name; "" if unknown."""
    noted = _noted(context).replace("|None", "").replace("None|", "")
    if noted.startswith("Optional["):
        noted = noted[9:-1]
    noted = noted.strip("\"'").rpartition(".")[2] if "[" not in noted else noted
    if noted not in _VAGUE:
        return _SAME.get(noted, noted.partition("[")[0])
    if isinstance(context.node, cst.Name) and _is_called(context):
        return "()"
    if is_flag(context.node) or last_name(context.node).startswith(("is_", "has_")):
        return "bool"
    last = (words(last_name(context.node)) or ("",))[-1]
    return "moment" if last in _TIME_WORDS else "number" if last in NUMBER_WORDS else ""


def _noted(context: Context) -> str:
    """The type that the code gives to a variable or attribute."""
    node, names = context.node, context.names
    if isinstance(node, cst.Name):
        bound = names.resolve(context)
        return _type(bound) if bound else ""
    assert isinstance(node, cst.Attribute)
    known = [f[node.attr.value].holds for f in names.fields.values() if node.attr.value in f]
    return known[0] if len(set(known)) == 1 else ""


def _type(bound: Binding) -> str:
    if bound.sort in ("function", "class"):
        return "()"
    return bound.holds if bound.sort in ("parameter", "assignment") else ""


def _is_called(context: Context) -> bool:
    bound = context.names.resolve(context)
    return bound is not None and "()" in context.names.uses.get((bound.scope, bound.name), set())
