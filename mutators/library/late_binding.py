"""late-binding: a function made in a loop sees the loop's last value."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator


class LateBinding(Mutator):
    name = "late-binding"
    family = "library"
    trait = "argument"
    summary = "Functions made in a loop all see the value of its last round."
    models = "`lambda: run(x)` in a loop, where `lambda x=x: run(x)` or `partial(run, x)` holds it."
    explanation = (
        "A function looks its outer names up when it is called, not when it is made. `x=x` or "
        "`partial` keeps the value of the round; without it, every one of the functions finds "
        "what the loop has left."
    )
    examples = (
        Example(
            """
            for name in names:
                calls.append(lambda name=name: greet(name))
            """,
            """
            for name in names:
                calls.append(lambda: greet(name))
            """,
        ),
        Example(
            """
            for name in names:
                def call(text, name=name):  # of this round
                    return text + name
                calls.append(call)
            """,
            """
            for name in names:
                def call(text):  # of this round
                    return text + name
                calls.append(call)
            """,
        ),
        Example(
            "calls = [lambda text, n=n: text * n for n in range(3)]",
            "calls = [lambda text: text * n for n in range(3)]",
        ),
        Example(
            """
            for name in names:
                calls.append(partial(greet, name))
                more.append(partial(greet, "all"))
            """,
            """
            for name in names:
                calls.append(lambda: greet(name))
                more.append(partial(greet, "all"))
            """,
        ),
        Example(
            """
            def handlers(names):
                made = {}
                for name in names:
                    made[name] = functools.partial(handle, name, key=1)
                    made[name].first = functools.partial
                return made
            """,
            """
            def handlers(names):
                made = {}
                for name in names:
                    made[name] = lambda: handle(name, key=1)
                    made[name].first = functools.partial
                return made
            """,
        ),
        Example("call = lambda name=name: greet(name)"),
        Example("call = partial(greet, name)"),
        Example("""
            for name in names:
                calls.append(lambda text=name: greet(text))
            """),
        Example("""
            for name in names:
                calls.append(lambda limit=limit: greet(name, limit))
            """),
        Example("""
            for name in names:
                calls.append(partial(greet, name))
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Lambda):
            yield from _lambdas(node, context)
        elif isinstance(node, cst.Param):
            function = context.outer.outer if context.outer else None
            if function and isinstance(function.node, cst.FunctionDef) and _keeps(node, function):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Call) and dotted(node.func) in ("partial", "functools.partial"):
            yield from _partials(node, context)


def _lambdas(node: cst.Lambda, context: Context) -> Iterator[cst.Lambda]:
    params = node.params.params
    for index, param in enumerate(params):
        if not _keeps(param, context):
            continue
        kept = [*params[:index], *params[index + 1 :]]
        if kept:
            kept[-1] = kept[-1].with_changes(comma=params[-1].comma)
            yield node.with_changes(params=node.params.with_changes(params=kept))
        elif not node.params.kwonly_params and not node.params.star_kwarg:
            none = node.params.with_changes(params=())
            yield node.with_changes(params=none, whitespace_after_lambda=cst.SimpleWhitespace(""))


def _keeps(param: cst.Param, context: Context) -> bool:
    """Whether it is `x=x` with `x` of a loop around."""
    value = param.default
    if not isinstance(value, cst.Name) or value.value != param.name.value:
        return False
    return value.value in _loop_names(context)


def _loop_names(context: Context) -> set[str]:
    """The names that loops and comprehensions around a node give a new value every round."""
    found: set[str] = set()
    for around in context.ancestors:
        if isinstance(around, cst.For):
            found |= _targets(around.target)
        elif isinstance(around, cst.BaseComp):
            found |= _targets(around.for_in.target)
        elif isinstance(around, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            break
    return found


def _targets(target: cst.BaseExpression) -> set[str]:
    if isinstance(target, cst.Name):
        return {target.value}
    if isinstance(target, (cst.Tuple, cst.List)):
        return {name for each in target.elements for name in _targets(each.value)}
    return set()


def _partials(call: cst.Call, context: Context) -> Iterator[cst.Lambda]:
    """`partial(f, x)` to `lambda: f(x)`, where the module uses `partial` elsewhere, too."""
    first = call.args[0] if call.args else None
    names = {arg.value.value for arg in call.args[1:] if isinstance(arg.value, cst.Name)}
    if first is None or first.star or not names & _loop_names(context):
        return
    imported = dotted(call.func).partition(".")[0]
    if context.names.loads[context.root][imported] > 1:
        made = cst.Call(first.value, call.args[1:])
        nothing = cst.SimpleWhitespace("")
        yield cst.Lambda(cst.Parameters(), made, whitespace_after_lambda=nothing)
