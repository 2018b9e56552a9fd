"""late-binding: a function made in a loop sees the loop's last value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from bugbash.mutation.conditions import mentions
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.usage import role_of
from bugbash.mutation.words import words

LATER = {
    "submit": 0,
    "call_soon": 0,
    "call_soon_threadsafe": 0,
    "callback": 0,
    "register": 0,
    "call_later": 1,
    "call_at": 1,
    "run_in_executor": 1,
}
"""Methods that call a function later, and which of their arguments that is."""
KEEPERS = frozenset({"executor", "pool", "loop", "stack", "atexit", "threads", "workers", "queue"})
"""What has such methods."""


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
        Example(
            """
            for name in names:
                calls.append(lambda text=name: greet(text, text=text.upper()))
            """,
            """
            for name in names:
                calls.append(lambda: greet(name, text=name.upper()))
            """,
        ),
        Example(
            """
            for name in names:
                pool.submit(greet, name, loud=True)  # at once
            """,
            """
            for name in names:
                pool.submit(lambda: greet(name, loud=True))  # at once
            """,
        ),
        Example(
            """
            threads = [
                threading.Thread(target=work, args=(f"worker-{n}",), daemon=True)
                for n in range(3)
            ]
            """,
            """
            threads = [
                threading.Thread(target=lambda: work(f"worker-{n}"), daemon=True)
                for n in range(3)
            ]
            """,
        ),
        Example(
            """
            for factor in factors:
                columns.append([row * factor for row in rows])
                table[factor] = [row * factor for row in rows]
            """,
            """
            for factor in factors:
                columns.append(row * factor for row in rows)
                table[factor] = [row * factor for row in rows]
            """,
            """
            for factor in factors:
                columns.append([row * factor for row in rows])
                table[factor] = (row * factor for row in rows)
            """,
        ),
        Example("call = lambda name=name: greet(name)"),
        Example("call = partial(greet, name)"),
        Example("sizes = [len(name) for name in names]"),
        Example("""
            async def all_of(names, loop):
                for name in names:
                    await loop.run_in_executor(None, greet, name)
                    pool.submit(greet, first)
            """),
        Example("""
            for row in rows:
                shown.append([cell.text for cell in row])
                print([cell.text for cell in row])
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
        elif isinstance(node, cst.Call):
            if dotted(node.func) in ("partial", "functools.partial"):
                yield from _partials(node, context)
            yield from _handed_over(node, context)
        elif isinstance(node, cst.ListComp) and _is_kept(node, context):
            alone = isinstance(context.parent, cst.Arg)
            brackets = ([], []) if alone else ([cst.LeftParen()], [cst.RightParen()])
            yield cst.GeneratorExp(node.elt, node.for_in, lpar=brackets[0], rpar=brackets[1])


def _lambdas(node: cst.Lambda, context: Context) -> Iterator[cst.Lambda]:
    params = node.params.params
    loops = _loop_names(context)
    for index, param in enumerate(params):
        if not isinstance(param.default, cst.Name) or param.default.value not in loops:
            continue
        old, new = param.name.value, param.default.value
        places = [
            each.node
            for each in context.inside()
            if isinstance(each.node, cst.Name)
            and each.node.value == old
            and role_of(each) == "read"
        ]
        free = node.visit(_Renaming(places, new))
        assert isinstance(free, cst.Lambda)
        body = node.body if _keeps(param, context) else free.body
        kept = [*params[:index], *params[index + 1 :]]
        if kept:
            kept[-1] = kept[-1].with_changes(comma=params[-1].comma)
            changed = node.params.with_changes(params=kept)
            yield node.with_changes(params=changed, body=body)
        elif not node.params.kwonly_params and not node.params.star_kwarg:
            none = node.params.with_changes(params=())
            nothing = cst.SimpleWhitespace("")
            yield node.with_changes(params=none, body=body, whitespace_after_lambda=nothing)


class _Renaming(cst.CSTTransformer):
    """Another name in each of the places."""

    def __init__(self, places: Sequence[cst.CSTNode], new: str) -> None:
        super().__init__()
        self.places, self.new = places, new

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.CSTNodeT:
        if any(original_node is place for place in self.places):
            return updated_node.with_changes(value=self.new)
        return updated_node


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


def _handed_over(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    """`submit(f, x)` to `submit(lambda: f(x))`, `Thread(target=f, args=(x,))` likewise."""
    loops = _loop_names(context)
    if not loops or isinstance(context.parent, (cst.Await, cst.Attribute)):
        return
    place = _place_of_function(call)
    given = call.args[place + 1 :] if place is not None else ()
    if place is not None and place < len(call.args) and _reads(given, loops):
        function = call.args[place]
        if _is_name(function):
            made = function.with_changes(value=_later(function.value, given), comma=_NO_COMMA)
            yield call.with_changes(args=[*call.args[:place], made])
    elif dotted(call.func).rpartition(".")[2] in ("Thread", "Timer"):
        yield from _threads(call, loops)


_NO_COMMA = cst.MaybeSentinel.DEFAULT


def _later(function: cst.BaseExpression, given: Sequence[cst.Arg]) -> cst.Lambda:
    nothing = cst.SimpleWhitespace("")
    last = [*given[:-1], given[-1].with_changes(comma=_NO_COMMA)]
    made = cst.Call(function, last)
    return cst.Lambda(cst.Parameters(), made, whitespace_after_lambda=nothing)


def _is_name(arg: cst.Arg) -> bool:
    return not arg.keyword and not arg.star and bool(dotted(arg.value))


def _place_of_function(call: cst.Call) -> int | None:
    """Which argument is the function that is called later, with the arguments after it."""
    receiver, _, method = dotted(call.func).rpartition(".")
    place = LATER.get(method)
    if place is None or not words(receiver) or words(receiver)[-1] not in KEEPERS:
        return None
    return place


def _reads(parts: Sequence[cst.CSTNode], names: set[str]) -> bool:
    return any(mentions(part, name) for part in parts for name in names)


def _threads(call: cst.Call, loops: set[str]) -> Iterator[cst.Call]:
    named = {arg.keyword.value: arg for arg in call.args if arg.keyword}
    target, handed = named.get("target") or named.get("function"), named.get("args")
    if target is None or handed is None or not dotted(target.value) or "kwargs" in named:
        return
    if not isinstance(handed.value, (cst.Tuple, cst.List)) or not _reads([handed.value], loops):
        return
    given = [cst.Arg(element.value) for element in handed.value.elements]
    if all(isinstance(element, cst.Element) for element in handed.value.elements):
        made = target.with_changes(value=_later(target.value, given))
        args = [made if arg is target else arg for arg in call.args if arg is not handed]
        args[-1] = args[-1].with_changes(comma=call.args[-1].comma)
        yield call.with_changes(args=args)


def _is_kept(node: cst.ListComp, context: Context) -> bool:
    """Whether a list made with a loop's value is put away in that loop, to be read after it."""
    parent = context.parent
    if isinstance(parent, cst.Assign):
        target = parent.targets[0].target
        kept = len(parent.targets) == 1 and isinstance(target, cst.Subscript)
    else:
        user = context.outer.outer.node if context.outer and context.outer.outer else None
        appended = isinstance(user, cst.Call) and dotted(user.func).endswith(".append")
        kept = appended and isinstance(parent, cst.Arg)
    own = {name for part in _loops_of(node.for_in) for name in _targets(part.target)}
    later = [node.elt, *node.for_in.ifs, *_loops_of(node.for_in)[1:]]
    return kept and _reads(later, _loop_names(context) - own)


def _loops_of(loop: cst.CompFor) -> list[cst.CompFor]:
    return [loop, *(_loops_of(loop.inner_for_in) if loop.inner_for_in else [])]
