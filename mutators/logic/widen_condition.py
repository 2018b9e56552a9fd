"""widen-condition: a condition that lets through what it should tell apart."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import absent_halves, is_test, negated
from bugbash.mutation.context import Context
from bugbash.mutation.flow import asks_platform, in_function, is_out_of_reach, never_falls_through
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_len
from bugbash.mutation.source import is_elif

TEXTS = ("name", "path", "url", "host", "header", "content_type", "line", "text", "title", "suffix")
PUNCTUATION = "-_/:.=@#$ "
Inequality = cst.LessThan | cst.LessThanEqual | cst.GreaterThan | cst.GreaterThanEqual
NEGATIVE = (cst.NotEqual, cst.NotIn, cst.IsNot)


class WidenCondition(Mutator):
    name = "widen-condition"
    family = "logic"
    trait = "condition"
    summary = (
        "A condition is too broad or mixes up `and` and `or`: it holds for cases it should not."
    )
    models = (
        "`in` or a prefix where the whole text counts, `or` for `and` among negations, `if` for "
        "`elif`, a value taken for true where `True` was asked."
    )
    explanation = (
        "The exact form of the question is the rule: the whole text and not a part of it, both and "
        "not either, one branch and not two. Look for a value that the question should answer with "
        "no and answers with yes: close to a right one, but not it."
    )
    examples = (
        Example(
            """
            def late(order, now):
                if order.due < now and order.weight > 30:
                    return 'heavy'
                return ''
            """,
            """
            def late(order, now):
                if order.due < now or order.weight > 30:
                    return 'heavy'
                return ''
            """,
        ),
        Example(
            """
            def other(char):
                return char != ',' and char != ';'
            """,
            """
            def other(char):
                return char != ',' or char != ';'
            """,
        ),
        Example(
            """
            def outside(x, low, high):
                return x < low or x > high
            """,
            """
            def outside(x, low, high):
                return x < low and x > high
            """,
        ),
        Example(
            """
            def sort_out(mail):
                if mail.spam:
                    mail.folder = 'junk'
                # Whatever is left.
                elif mail.big:
                    mail.folder = 'later'
                else:
                    mail.folder = 'in'
            """,
            """
            def sort_out(mail):
                if mail.spam:
                    mail.folder = 'junk'
                # Whatever is left.
                if mail.big:
                    mail.folder = 'later'
                else:
                    mail.folder = 'in'
            """,
        ),
        Example(
            """
            def is_private(name):
                return name.startswith('x-')
            """,
            """
            def is_private(name):
                return 'x-' in name
            """,
            """
            def is_private(name):
                return name.startswith('x')
            """,
        ),
        Example(
            "table = [f for f in files if f.name.endswith('.csv')]",
            "table = [f for f in files if '.csv' in f.name]",
            "table = [f for f in files if f.name.endswith('csv')]",
        ),
        Example(
            """
            def is_json(content_type):
                return content_type == 'application/json'
            """,
            """
            def is_json(content_type):
                return 'application/json' in content_type
            """,
        ),
        Example(
            "ok = answer is True  # nothing else",
            "ok = bool(answer)  # nothing else",
        ),
        Example(
            """
            def run(flag):
                if flag is not False:
                    go()
            """,
            """
            def run(flag):
                if flag:
                    go()
            """,
        ),
        Example(
            "held = [d for d in all_of_them if d.kind in ('draft',)]",
            "held = [d for d in all_of_them if d.kind in ('draft')]",
        ),
        Example(
            """
            def split(parts):
                if len(parts) == 2:
                    host, port = parts
            """,
            """
            def split(parts):
                if len(parts) >= 2:
                    host, port = parts
            """,
        ),
        Example(
            """
            def settle(a):
                if not (a.closed or a.frozen):
                    book(a)
            """,
            """
            def settle(a):
                if not a.closed or not a.frozen:
                    book(a)
            """,
        ),
        Example(
            "plain = type(value) is dict",
            "plain = isinstance(value, dict)",
        ),
        Example("ok = lease is not None and lease.end > now"),
        Example("""
            def name(kind):
                if kind == 1:
                    word = 'one'
                elif kind == 2:
                    word = 'two'
                return word
            """),
        Example("""
            def first(text):
                if text.big:
                    return 1
                elif text.wide:
                    return 2
                else:
                    return 3
            """),
        Example("value = first and second"),
        Example("found = name in ('a', 'b')"),
        Example("hidden = name.startswith('.')"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, (cst.And, cst.Or)):
            yield from _other_operator(node, context)
        elif isinstance(node, cst.If):
            yield from _elifs_as_ifs(node, context)
        elif isinstance(node, cst.Call):
            yield from _looser_affix(node, context)
        elif isinstance(node, cst.UnaryOperation):
            yield from _not_each(node, context)
        elif isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
            yield from _looser_comparison(node, node.comparisons[0], context)


def _other_operator(node: cst.And | cst.Or, context: Context) -> Iterator[Faulty]:
    whole = context.outer
    if whole is None or not isinstance(whole.node, cst.BooleanOperation):
        return
    if is_out_of_reach(whole) or not is_test(whole) or asks_platform(whole):
        return
    halves = whole.node.left, whole.node.right
    nested = isinstance(whole.parent, cst.BooleanOperation) and not whole.node.lpar
    if nested or any(isinstance(half, cst.BooleanOperation) and not half.lpar for half in halves):
        return
    if any(absent_halves(whole.node)):
        return
    other = cst.And if isinstance(node, cst.Or) else cst.Or
    if isinstance(node, cst.And) or _are_negative(*halves) or _are_limits(*halves):
        yield other(node.whitespace_before, node.whitespace_after)


def _are_negative(left: cst.BaseExpression, right: cst.BaseExpression) -> bool:
    return all(
        negated(half) is not None
        or (isinstance(half, cst.Comparison) and isinstance(half.comparisons[0].operator, NEGATIVE))
        for half in (left, right)
    )


def _are_limits(left: cst.BaseExpression, right: cst.BaseExpression) -> bool:
    """`x < low or x > high`."""
    if not isinstance(left, cst.Comparison) or not isinstance(right, cst.Comparison):
        return False
    limits = all(isinstance(c.comparisons[0].operator, Inequality) for c in (left, right))
    return limits and bool(dotted(left.left)) and dotted(left.left) == dotted(right.left)


def _elifs_as_ifs(node: cst.If, context: Context) -> Iterator[Faulty]:
    """`elif` becomes `if` where the branches before it go on."""
    if is_elif(context) or not in_function(context) or not isinstance(node.orelse, cst.If):
        return
    chain: list[cst.If] = []
    here: cst.If | cst.Else | None = node
    while isinstance(here, cst.If):
        chain.append(here)
        here = here.orelse
    for index in range(1, len(chain)):
        if all(never_falls_through(each.body) for each in chain[:index]):
            continue
        if here is None and _exclude_each_other(chain):
            continue
        head: cst.If | None = None
        for each in reversed(chain[:index]):
            head = each.with_changes(orelse=head)
        if head is not None:
            yield cst.FlattenSentinel([head, chain[index]])


def _exclude_each_other(chain: list[cst.If]) -> bool:
    """`x == 1`, `x == 2`: one of them holds at most."""
    names = set()
    for each in chain:
        test = each.test
        if not isinstance(test, cst.Comparison):
            return False
        if not isinstance(test.comparisons[0].operator, (cst.Equal, cst.Is, cst.In)):
            return False
        names.add(_code(test.left))
    return len(names) == 1


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _looser_affix(node: cst.Call, context: Context) -> Iterator[Faulty]:
    """`text.startswith("x-")` to `"x-" in text`, or to a shorter prefix."""
    func = node.func
    if not isinstance(func, cst.Attribute) or len(node.args) != 1 or is_out_of_reach(context):
        return
    method, text = func.attr.value, node.args[0].value
    if method not in ("startswith", "endswith") or not isinstance(text, cst.SimpleString):
        return
    raw = text.raw_value
    if len(raw) < 2 or "\\" in raw:
        return
    if not negated(context.parent or node) and not func.value.lpar and not _is_multiline(func):
        target = cst.ComparisonTarget(cst.In(), func.value)
        whole = cst.Comparison(text, [target])
        yield whole if _stands_free(context) else _in_parentheses(whole)
    last = method == "startswith"
    if raw[-1 if last else 0] in PUNCTUATION and any(char.isalnum() for char in raw):
        quote = text.prefix + text.quote
        short = cst.SimpleString(quote + (raw[:-1] if last else raw[1:]) + text.quote)
        yield node.with_changes(args=[node.args[0].with_changes(value=short)])


def _is_multiline(node: cst.CSTNode) -> bool:
    return "\n" in _code(node)


def _stands_free(context: Context) -> bool:
    """Whether a comparison needs no parentheses in this place."""
    tight = (cst.Comparison, cst.ComparisonTarget, cst.BinaryOperation, cst.Attribute)
    return not isinstance(context.parent, (*tight, cst.Subscript, cst.Await, cst.Call))


def _in_parentheses(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _not_each(node: cst.UnaryOperation, context: Context) -> Iterator[Faulty]:
    """`not (a or b)` to `not a or not b`."""
    inner = negated(node)
    if not isinstance(inner, cst.BooleanOperation) or len(inner.lpar) != 1 or node.lpar:
        return
    if is_out_of_reach(context) or not is_test(context):
        return
    if isinstance(context.parent, cst.BooleanOperation):
        return
    if _is_multiline(inner) or any(absent_halves(inner)) or asks_platform(context):
        return
    halves = (inner.left, inner.right)
    if all(isinstance(half, (cst.Name, cst.Attribute, cst.Call)) for half in halves):
        first, second = (node.with_changes(expression=half) for half in halves)
        yield inner.with_changes(left=first, right=second, lpar=[], rpar=[])


def _looser_comparison(
    node: cst.Comparison, target: cst.ComparisonTarget, context: Context
) -> Iterator[Faulty]:
    if is_out_of_reach(context) or any(isinstance(n, cst.Assert) for n in context.ancestors):
        return
    left, operator, right = node.left, target.operator, target.comparator
    if isinstance(operator, (cst.Is, cst.IsNot)):
        if dotted(right) in ("True", "False"):
            yield from _truthy(node, operator, dotted(right), context)
        elif isinstance(operator, cst.Is) and call_name(left) == "type" and dotted(right):
            assert isinstance(left, cst.Call)
            arguments = [left.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT), cst.Arg(right)]
            if len(left.args) == 1 and not node.lpar:
                yield cst.Call(cst.Name("isinstance"), arguments)
    elif isinstance(operator, cst.In):
        if isinstance(right, cst.Tuple) and len(right.elements) == 1 and right.lpar:
            only = right.elements[0].value
            if isinstance(only, cst.SimpleString):
                text = only.with_changes(lpar=right.lpar, rpar=right.rpar)
                yield node.with_changes(comparisons=[target.with_changes(comparator=text)])
    elif isinstance(operator, cst.Equal):
        yield from _looser_equality(node, target)


def _truthy(
    node: cst.Comparison, operator: cst.BaseCompOp, value: str, context: Context
) -> Iterator[Faulty]:
    """`x is True` to `x`, or `bool(x)` where the value itself is kept."""
    if node.lpar or _is_multiline(node) or not dotted(node.left):
        return
    plain = isinstance(context.parent, (cst.If, cst.While, cst.CompIf, cst.BooleanOperation))
    tested = isinstance(context.parent, cst.IfExp) and context.parent.test is node
    if isinstance(operator, cst.Is) is (value == "True"):
        free = plain or tested
        yield node.left if free else cst.Call(cst.Name("bool"), [cst.Arg(node.left)])
    elif _stands_free(context):
        yield cst.UnaryOperation(cst.Not(), node.left)


def _looser_equality(node: cst.Comparison, target: cst.ComparisonTarget) -> Iterator[Faulty]:
    left, right = node.left, target.comparator
    if is_len(left) and isinstance(right, cst.Integer) and right.evaluated_value > 0:
        operator = target.operator
        assert isinstance(operator, cst.Equal)
        wider = cst.GreaterThanEqual(operator.whitespace_before, operator.whitespace_after)
        yield node.with_changes(comparisons=[target.with_changes(operator=wider)])
    elif isinstance(right, cst.SimpleString) and len(right.raw_value) > 2:
        name = dotted(left).rpartition(".")[2].lower()
        if name.endswith(TEXTS) and not right.lpar and not left.lpar:
            inside = target.with_changes(operator=cst.In(), comparator=left)
            yield node.with_changes(left=right, comparisons=[inside])
