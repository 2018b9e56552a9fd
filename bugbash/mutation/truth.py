"""Whether a value that is not None is true in any case: a match, a moment, a function."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.calls import called_function
from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import FALSY_TYPES, types_of, values_may_be_empty
from bugbash.mutation.nodes import call_name
from bugbash.mutation.vocabulary import vocabulary

TRUE_TYPES = vocabulary("datetime date time tzinfo timezone Path Pattern Match Callable type")
VAGUE_TYPES = vocabulary("Any Optional Union Self Literal Final ClassVar Annotated Iterable")
MATCHERS = vocabulary("match fullmatch search")
MAKERS = vocabulary(
    "re.compile datetime.now datetime.datetime.now datetime.today date.today datetime.date.today "
    "datetime.strptime datetime.fromisoformat date.fromisoformat datetime.utcnow"
)


def is_always_true(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression is None or true, as far as one sees where it stands or is assigned."""
    if isinstance(node, cst.Lambda):
        return True
    if isinstance(node, cst.Call):
        return _is_true_result(node, context)
    if isinstance(node, cst.Name):
        return _is_true_name(node.value, context)
    if isinstance(node, cst.Attribute):
        fields = context.names.fields.values()
        known = {found[node.attr.value].holds for found in fields if node.attr.value in found}
        return len(known) == 1 and _is_true_type(frozenset(_plain(known.pop())), context)
    return False


def _plain(holds: str) -> list[str]:
    return [part.strip("\"'").rpartition(".")[2] for part in holds.partition("[")[0].split("|")]


def _is_true_result(call: cst.Call, context: Context) -> bool:
    name = call_name(call)
    receiver, _, last = name.rpartition(".")
    if (last in MATCHERS and receiver) or name in MAKERS:
        return True
    if last == "get" and isinstance(call.func, cst.Attribute):
        return values_may_be_empty(call.func.value, context) is False
    function = called_function(call, context)
    if function is not None:
        return function.returns is not None and _is_true_type(
            types_of(function.returns.annotation), context
        )
    return last[:1].isupper() and _is_true_type(frozenset({last}), context)


def _is_true_name(name: str, context: Context) -> bool:
    """Whether all that a variable is given is true or None."""
    for scope in context.chain:
        bound = context.names.bound(scope, name)
        if bound and isinstance(scope.node, (cst.FunctionDef, cst.Module)):
            break
    else:
        return False
    if any(each.sort in ("function", "class") for each in bound):
        return True
    noted = next((each.annotation for each in bound if each.annotation), "")
    if noted:
        return _is_true_type(frozenset(_plain(noted)), context)
    values = [each.value for each in bound if not _is_none(each.value)]
    sure = all(each.sort == "assignment" for each in bound)
    return (
        sure
        and bool(values)
        and all(
            value is not None and not isinstance(value, cst.Name) and is_always_true(value, context)
            for value in values
        )
    )


def _is_none(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_true_type(types: frozenset[str], context: Context) -> bool:
    named = types - {"None"}
    if not named or named & (FALSY_TYPES | VAGUE_TYPES):
        return False
    return all(each in TRUE_TYPES or _is_plain_class(each, context) for each in named)


def _is_plain_class(name: str, context: Context) -> bool:
    """Whether it is a class of this module that leaves it to Python what is true."""
    bound = context.names.bound(context.root, name)
    owner = bound[0].at.outer if len(bound) == 1 and bound[0].sort == "class" else None
    if owner is None or not isinstance(owner.node, cst.ClassDef) or owner.node.bases:
        return False
    methods = context.names.methods.get(owner, set())
    return not methods & {"__bool__", "__len__"}
