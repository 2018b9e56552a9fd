"""wrong-return: the work is right, what is handed back is not."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import in_place
from bugbash.mutation.context import Context
from bugbash.mutation.flow import block_children, in_function, jump, only_small, statements
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_text, positional
from bugbash.mutation.usage import (
    leaves_unused,
    reads_within,
    root_of,
    source_of,
    uses,
)

TAILS = frozenset(
    {
        "quantize",
        "normalize",
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "casefold",
        "title",
        "capitalize",
        "replace",
        "removeprefix",
        "removesuffix",
        "astimezone",
        "resolve",
        "expanduser",
        "absolute",
        "zfill",
        "rjust",
        "ljust",
        "center",
        "translate",
        "with_suffix",
        "copy",
        "total_seconds",
        "simplify",
        "reduce",
    }
)
"""Methods that make of a value another of its kind, as the last touch."""
WRAPPERS = frozenset({"abs", "round", "sorted", "reversed", "ceil", "floor"})
FEW_LINES = 7
"""Below the `def`: a function that is seen as a whole, where an indentation is easy to miss."""


class WrongReturn(Mutator):
    name = "wrong-return"
    family = "logic"
    trait = "return"
    summary = "The work is done, but what is handed back is another value, or one step short of it."
    models = "The last operation of a result left out, or one of two lists given for the other."
    explanation = (
        "A function's callers only see what it returns. Compare its last line with the promise of "
        "its name and docstring, and ask whether every step is applied, whether it is this "
        "variable that holds the answer, and whether all is done when it is handed back."
    )
    examples = (
        Example(
            """
            def gross(net, rate):
                total = net * (1 + rate)
                return total.quantize(CENT)
            """,
            """
            def gross(net, rate):
                total = net * (1 + rate)
                return total
            """,
        ),
        Example(
            """
            def sort_out(rows):
                good, bad = [], []
                for row in rows:
                    (good if row.ok else bad).append(row)
                return good, bad
            """,
            """
            def sort_out(rows):
                good, bad = [], []
                for row in rows:
                    (good if row.ok else bad).append(row)
                return bad, good
            """,
        ),
        Example(
            """
            def missing(rows, wanted):
                found = []
                lost = []
                for name in wanted:
                    found.append(rows.get(name))
                    lost.append(name)
                report(found)
                check(lost)
                return lost
            """,
            """
            def missing(rows, wanted):
                found = []
                lost = []
                for name in wanted:
                    found.append(rows.get(name))
                    lost.append(name)
                report(found)
                check(lost)
                return found
            """,
        ),
        Example(
            """
            def delay(base, tries, cap):
                pause = base * tries + cap
                return min(pause, cap)  # never longer
            """,
            """
            def delay(base, tries, cap):
                pause = base * tries + cap
                return pause  # never longer
            """,
        ),
        Example(
            """
            def due(self, fee):
                log(fee)
                return self.total + fee - self.paid
            """,
            """
            def due(self, fee):
                log(fee)
                return self.total + fee
            """,
        ),
        Example(
            """
            def longest(words):
                best = ''
                for word in words:
                    if len(word) > len(best):
                        best = word
                return best
            """,
            """
            def longest(words):
                best = ''
                for word in words:
                    if len(word) > len(best):
                        best = word
                    return best
            """,
        ),
        Example("""
            def name(user):
                return user.first + ' ' + user.last
            """),
        Example("""
            def clean(text):
                return text.encode()
            """),
        Example("""
            def next_number(number):
                return number + 1
            """),
        Example("""
            def place(x, y):
                return x, y
            """),
        Example("""
            def count(rows):
                total = 0
                for row in rows:
                    if row:
                        continue
                    total += row
                    break
                return total
            """),
        Example("""
            def best(rows):
                return max(rows, key=len)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Return):
            if node.value is not None and in_function(context):
                value = next(c for c in context.children if c.node is node.value)
                for other in _other_values(node.value, value):
                    yield node.with_changes(value=other)
        elif isinstance(node, cst.IndentedBlock) and len(node.body) > 1 and in_function(context):
            yield from _too_early(node, context)


def _other_values(value: cst.BaseExpression, context: Context) -> Iterator[cst.BaseExpression]:
    if isinstance(value, cst.Call):
        yield from _without_last_call(value, context)
    elif isinstance(value, cst.BinaryOperation):
        yield from _without_last_operand(value, context)
    elif isinstance(value, cst.Tuple):
        yield from _exchanged(value, context)
    elif isinstance(value, cst.Name):
        yield from _twins(value, context)


def _without_last_call(call: cst.Call, context: Context) -> Iterator[cst.BaseExpression]:
    kept: cst.BaseExpression | None = None
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in TAILS:
        kept = call.func.value
    name = call_name(call).rpartition(".")[2]
    leading = positional(call)
    if name in WRAPPERS and leading:
        kept = leading[0].value
    elif name in ("min", "max") and len(leading) == 2 == len(call.args):
        kept = _clamped(leading[0].value, leading[1].value)
    imports = uses(root_of(context)).imports | {"unicodedata", "re"}
    if kept is None or isinstance(kept, (cst.SimpleString, cst.Integer)) or dotted(kept) in imports:
        return
    if isinstance(kept, (cst.GeneratorExp, cst.ListComp)):
        return
    gone = [each for each in context.children if not _holds(each, kept)]
    if not leaves_unused(context, *gone) if gone else True:
        yield in_place(kept, context)


def _holds(context: Context, node: cst.CSTNode) -> bool:
    return context.node is node or any(each.node is node for each in context.inside())


def _clamped(first: cst.BaseExpression, second: cst.BaseExpression) -> cst.BaseExpression | None:
    """The value of `min(value, limit)`, not the limit."""
    if isinstance(first, (cst.Integer, cst.Float)) or dotted(first).rpartition(".")[2].isupper():
        return second
    return first


def _without_last_operand(
    value: cst.BinaryOperation, context: Context
) -> Iterator[cst.BaseExpression]:
    """`total - paid` to `total`."""
    if not isinstance(value.operator, (cst.Add, cst.Subtract)) or is_text(value):
        return
    if not isinstance(value.right, (cst.Name, cst.Attribute, cst.Call)) or _gives_text(context):
        return
    if isinstance(value.left, (cst.Integer, cst.Float)) or dotted(value.left).isupper():
        return
    right = next(c for c in context.children if c.node is value.right)
    if not leaves_unused(context, right):
        yield in_place(value.left, context)


def _gives_text(context: Context) -> bool:
    """Whether the function says that it returns a text: half of one is an odd slip."""
    function = context.scope.node
    returns = function.returns if isinstance(function, cst.FunctionDef) else None
    return returns is not None and dotted(returns.annotation) in ("str", "bytes")


def _exchanged(value: cst.Tuple, context: Context) -> Iterator[cst.BaseExpression]:
    """`good, bad` to `bad, good`, where both are made in the same way."""
    if len(value.elements) != 2 or not all(isinstance(e, cst.Element) for e in value.elements):
        return
    one, other = (dotted(each.value) for each in value.elements)
    if one and other and one != other and _start(one, context) == _start(other, context) != "":
        first, second = value.elements
        elements = [
            first.with_changes(value=second.value),
            second.with_changes(value=first.value),
        ]
        yield value.with_changes(elements=elements)


def _twins(value: cst.Name, context: Context) -> Iterator[cst.BaseExpression]:
    """Another variable that began as the same empty list, dictionary or number."""
    start = _start(value.value, context)
    if not start or len(reads_within(context, value.value, context.scope)) < 2:
        return
    for name in _starts(context):
        if name != value.value and _start(name, context) == start:
            yield cst.Name(name)


def _start(name: str, context: Context) -> str:
    return _starts(context).get(name, "")


def _starts(context: Context) -> dict[str, str]:
    """The variables of the function that begin as something empty, and how they are spelled."""
    function = context.scope
    found: dict[str, str] = {}
    for child in function.children:
        if isinstance(child.node, cst.IndentedBlock):
            for statement in block_children(child):
                small = only_small(statement.node)
                if isinstance(small, (cst.Assign, cst.AnnAssign)):
                    found.update(_begins(small))
    return found


def _begins(small: cst.Assign | cst.AnnAssign) -> Iterator[tuple[str, str]]:
    targets = [small.target] if isinstance(small, cst.AnnAssign) else [small.targets[0].target]
    target, value = targets[0], small.value
    pairs: list[tuple[cst.CSTNode, cst.BaseExpression | None]] = [(target, value)]
    if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple):
        pairs = [(t.value, v.value) for t, v in zip(target.elements, value.elements, strict=False)]
    for name, start in pairs:
        if isinstance(name, cst.Name) and start is not None:
            spelled = cst.Module([]).code_for_node(start)
            if spelled in ("[]", "{}", "0", "set()", "Decimal(0)", '""', "''", "0.0"):
                yield name.value, spelled


def _too_early(node: cst.IndentedBlock, context: Context) -> Iterator[Faulty]:
    """The last `return`, indented into the loop above it."""
    loop, last = node.body[-2], node.body[-1]
    small = only_small(last)
    if not isinstance(loop, cst.For) or loop.orelse or not isinstance(small, cst.Return):
        return
    value = dotted(small.value) if small.value else ""
    if not value or (value.lower() != value and value not in ("True", "False")):
        return
    if jump(loop.body) or not isinstance(context.parent, cst.FunctionDef):
        return
    if not isinstance(loop.body, cst.IndentedBlock) or _has_comments(loop.body, last):
        return
    if source_of(context).strip("\n").count("\n") >= FEW_LINES:
        return
    if any(isinstance(each, cst.FunctionDef) for each in statements(loop.body)):
        return
    moved = last.with_changes(leading_lines=())
    body = loop.body.with_changes(body=[*loop.body.body, moved])
    yield node.with_changes(body=[*node.body[:-2], loop.with_changes(body=body)])


def _has_comments(body: cst.IndentedBlock, last: cst.CSTNode) -> bool:
    lines = [*body.footer, *getattr(last, "leading_lines", ())]
    return any(line.comment for line in lines)
