"""What the callers of a function say themselves, so that its defaults are never taken."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from bugbash.mutation.calls import method_name
from bugbash.mutation.context import Context
from bugbash.mutation.nodes import argument, dotted


def parameter_is_always_given(param: cst.Param, context: Context) -> bool:
    """Whether all calls that the module has of a function give `param`; False where it has none.

    `context` is that of the parameter.
    """
    function, owner = context.scope, context.scope.scope
    if not isinstance(function.node, cst.FunctionDef):
        return False
    leading = [*function.node.params.posonly_params, *function.node.params.params]
    name = function.node.name.value
    if isinstance(owner.node, cst.ClassDef):
        leading = leading[1:]
        name = owner.node.name.value if name == "__init__" else name
    place = next((i for i, each in enumerate(leading) if each is param), None)
    return _all_give(name, param.name.value, place, context)


def field_is_always_given(field: cst.AnnAssign, context: Context) -> bool:
    """Whether all calls that the module has of a dataclass give `field`; False where it has none.

    `context` is that of the field.
    """
    owner = context.scope
    if not isinstance(owner.node, cst.ClassDef):
        return False
    fields = [each.node for each in owner.inside() if isinstance(each.node, cst.AnnAssign)]
    place = next((i for i, each in enumerate(fields) if each is field), None)
    return _all_give(owner.node.name.value, dotted(field.target), place, context)


def calls_of(call: cst.Call, context: Context) -> list[cst.Call]:
    """The calls of the module with the same last name, this one included."""
    return _calls(context.root).get(method_name(call), [])


def _all_give(function: str, name: str, place: int | None, context: Context) -> bool:
    calls = _calls(context.root).get(function, [])
    position = place if place is not None else 10_000
    return bool(calls) and all(
        any(arg.star for arg in call.args) is False and argument(call, position, name) is not None
        for call in calls
    )


@lru_cache(maxsize=1)
def _calls(module: Context) -> dict[str, list[cst.Call]]:
    """The calls of a module by the last name of what is called; `cls(...)` is left out."""
    found: dict[str, list[cst.Call]] = {}
    for context in module.inside():
        if isinstance(context.node, cst.Call):
            found.setdefault(method_name(context.node), []).append(context.node)
    return found
