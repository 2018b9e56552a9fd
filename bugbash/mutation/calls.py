"""Questions about calls: which function of the module is called, and what an argument is for."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.names import function_of


def method_name(call: cst.Call) -> str:
    """The last name of what is called: `join` for `os.path.join(...)` and `"".join(...)`."""
    if isinstance(call.func, cst.Attribute):
        return call.func.attr.value
    return call.func.value if isinstance(call.func, cst.Name) else ""


def receiver(call: cst.Call) -> cst.BaseExpression | None:
    """What a method is called on; None for a plain function."""
    return call.func.value if isinstance(call.func, cst.Attribute) else None


def same_code(one: cst.CSTNode | None, other: cst.CSTNode | None) -> bool:
    """Whether two expressions are written alike, spaces apart."""
    if one is None or other is None:
        return one is other
    return one.deep_equals(other)


def called_function(call: cst.Call, context: Context) -> cst.FunctionDef | None:
    """The function of the same module that `f(...)` or `self.f(...)` calls, where it is plain.

    None where decorators or several definitions leave it open.
    """
    scope: Context | None = context.root
    name = dotted(call.func)
    if name.startswith(("self.", "cls.")):
        name = name.partition(".")[2]
        scope = _own_class(context)
    if scope is None or not name or "." in name:
        return None
    bound = context.names.bound(scope, name)
    if len(bound) != 1 or bound[0].at.outer is None:
        return None
    node = bound[0].at.outer.node
    if not isinstance(node, cst.FunctionDef):
        return None
    plain = all(dotted(d.decorator) in ("classmethod", "staticmethod") for d in node.decorators)
    return node if plain else None


def _own_class(context: Context) -> Context | None:
    function = function_of(context)
    scope = function.scope if function else None
    return scope if scope is not None and isinstance(scope.node, cst.ClassDef) else None


def parameter(call: cst.Call, arg: cst.Arg, function: cst.FunctionDef) -> cst.Param | None:
    """The parameter of `function` that `arg` is given for."""
    params = function.params
    if arg.keyword:
        every = (*params.params, *params.kwonly_params)
        return next((p for p in every if p.name.value == arg.keyword.value), None)
    index = next(i for i, each in enumerate(call.args) if each is arg)
    if arg.star or any(each.star or each.keyword for each in call.args[:index]):
        return None
    taken = [*params.posonly_params, *params.params]
    if isinstance(call.func, cst.Attribute) and not _is_static(function):
        taken = taken[1:]
    return taken[index] if index < len(taken) else None


def _is_static(function: cst.FunctionDef) -> bool:
    return any(dotted(d.decorator) == "staticmethod" for d in function.decorators)


def is_last_positional(call: cst.Call, arg: cst.Arg) -> bool:
    """Whether no other argument without a keyword follows."""
    if arg.keyword or arg.star:
        return False
    index = next(i for i, each in enumerate(call.args) if each is arg)
    return all(each.keyword is not None or each.star == "**" for each in call.args[index + 1 :])


def leaves_unused(context: Context) -> bool:
    """Whether a local name inside `context` is read nowhere else: without it, a linter objects.

    So is an import of the module; parameters may go unused.
    """
    inside = [c for c in context.inside() if isinstance(c.node, cst.Name)]
    return any(_is_last_use(each) for each in _reads(inside))


def _reads(contexts: list[Context]) -> Iterator[Context]:
    for context in contexts:
        parent = context.parent
        if isinstance(parent, cst.Attribute) and parent.attr is context.node:
            continue
        if isinstance(parent, cst.Arg) and parent.keyword is context.node:
            continue
        yield context


def _is_last_use(context: Context) -> bool:
    bound = context.names.resolve(context)
    if bound is None or bound.sort not in ("assignment", "with", "except", "import"):
        return False
    if isinstance(bound.scope.node, cst.ClassDef):
        return False
    if isinstance(bound.scope.node, cst.Module) and bound.sort != "import":
        return False
    return context.names.loads[bound.scope][bound.name] <= 1


def takes_first_parts(call: cst.Call, limit: cst.BaseExpression, context: Context) -> bool:
    """Whether of a split text only parts are taken that `limit`, the `maxsplit`, leaves alone.

    `split(",", 1)[0]`, `rsplit(".", 1)[-1]` and `head, *_ = split(",", 1)`, at `context`.
    """
    name = method_name(call)
    if name not in ("split", "rsplit") or not isinstance(limit, cst.Integer):
        return False
    parent, most = context.parent, limit.evaluated_value
    if isinstance(parent, cst.Assign) and name == "split":
        target = parent.targets[0].target
        parts = target.elements if isinstance(target, (cst.Tuple, cst.List)) else ()
        rest = parts[-1] if parts else None
        unused = isinstance(rest, cst.StarredElement) and dotted(rest.value) == "_"
        return unused and len(parts) - 1 <= most
    if not isinstance(parent, cst.Subscript) or len(parent.slice) != 1:
        return False
    index = parent.slice[0].slice
    place = _number(index.value) if isinstance(index, cst.Index) else None
    if place is None:
        return False
    return 0 <= place < most if name == "split" else -most <= place < 0


def _number(node: cst.BaseExpression) -> int | None:
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        found = _number(node.expression)
        return None if found is None else -found
    return node.evaluated_value if isinstance(node, cst.Integer) else None
