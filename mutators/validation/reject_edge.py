"""reject-edge: one item, the last one or the first one is too few."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.edges import takes_more, tells_of_nothing
from bugbash.mutation.emptiness import is_collection, is_falsy_literal, values_may_be_empty
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_len
from bugbash.mutation.paths import last_word
from bugbash.mutation.verdicts import is_test, refuses, verdict
from bugbash.mutation.vocabulary import vocabulary

FINDERS = frozenset({"find", "rfind"})
RECORDS = vocabulary(
    "record row data options settings config kwargs params payload document values query headers "
    "metadata info body attrs fields entry overrides defaults table"
)
"""Names of mappings whose values may be anything."""
LENGTHS = {cst.LessThan: "refused", cst.GreaterThanEqual: "taken"}


class RejectEdge(Mutator):
    name = "reject-edge"
    family = "validation"
    trait = "condition"
    summary = "The smallest case is refused: a single item, the first place, or a falsy entry."
    models = "`find(...) > 0` misses the start; a list of one counts as none; `!= 2` for `< 2`."
    explanation = (
        "Ask of every check what it does with nothing, one, two and the most there can be. A bug "
        "at the edge shows with the shortest input that fails: shorten it step by step."
    )
    examples = (
        Example(
            """
            def mean(values: list[float]) -> float | None:
                if not values:
                    return None
                return sum(values) / len(values)
            """,
            """
            def mean(values: list[float]) -> float | None:
                if len(values) < 2:
                    return None
                return sum(values) / len(values)
            """,
        ),
        Example(
            """
            if len(rows) == 0:
                return_early()
            """,
            """
            if len(rows) <= 1:
                return_early()
            """,
        ),
        Example(
            """
            while len(queue) > 0:
                work(queue.pop())
            """,
            """
            while len(queue) > 1:
                work(queue.pop())
            """,
        ),
        Example(
            """
            if line.find("#") != -1:
                line = cut(line)
            """,
            """
            if line.find("#") > 0:
                line = cut(line)
            """,
        ),
        Example(
            """
            def head(text):
                at = text.find(":")
                if at == -1:
                    return text
                return text[:at]
            """,
            """
            def head(text):
                at = text.find(":")
                if at <= 0:
                    return text
                return text[:at]
            """,
        ),
        Example(
            """
            if len(parts) < 2:
                raise ValueError(text)  # no unit
            """,
            """
            if len(parts) != 2:
                raise ValueError(text)  # no unit
            """,
        ),
        Example(
            """
            def value(stock: dict[str, int], key):
                if key in stock:
                    return stock[key]
                return None
            """,
            """
            def value(stock: dict[str, int], key):
                if stock.get(key):
                    return stock[key]
                return None
            """,
        ),
        Example(
            """
            def count(table, key):
                if key not in table:
                    table[key] = load(key)
                return table[key]
            """,
            """
            def count(table, key):
                if not table.get(key):
                    table[key] = load(key)
                return table[key]
            """,
        ),
        Example(
            "lines = [parse(line) for line in text.split('\\n')]",
            "lines = [parse(line) for line in text.split('\\n')[:-1]]",
        ),
        Example(
            """
            if all(row.done for row in rows):
                finish(rows)
            """,
            """
            if rows and all(row.done for row in rows):
                finish(rows)
            """,
        ),
        Example("""
            if not found:
                raise ValueError(text)
            """),
        Example("""
            if len(rows) > 1:
                sort(rows)
            """),
        Example("""
            def mean(values: list[float]) -> float:
                if not values:
                    raise ValueError("no values")
                return sum(values) / len(values)
            """),
        Example("""
            if len(words) < 2:
                raise ValueError(line)
            name, rest = words[0], words[2:]
            """),
        Example("""
            if code != -1:
                stop(code)
            """),
        Example("""
            if name in names:
                skip(name)
            """),
        Example("""
            def style(self, code):
                if code in self._cache:
                    return self._cache[code]
            """),
        Example("short = text.find('.') == 0"),
        Example("ok = all(checks)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Comparison):
            if len(node.comparisons) == 1:
                yield from _stricter(node, node.comparisons[0], context)
        elif isinstance(node, cst.UnaryOperation):
            if _is_guard_of_empty(node, context):
                yield _compared(cst.Call(cst.Name("len"), [cst.Arg(node.expression)]), "<", 2)
        elif isinstance(node, cst.Call):
            if _splits_lines(node, context):
                last = cst.Slice(lower=None, upper=_number(-1))
                yield cst.Subscript(value=node, slice=[cst.SubscriptElement(last)])
            else:
                yield from _and_not_empty(node, context)


OPERATORS: dict[str, type[cst.BaseCompOp]] = {
    "<": cst.LessThan,
    "<=": cst.LessThanEqual,
    ">": cst.GreaterThan,
    "==": cst.Equal,
    "!=": cst.NotEqual,
}


def _compared(left: cst.BaseExpression, sign: str, right: int) -> cst.Comparison:
    target = cst.ComparisonTarget(OPERATORS[sign](), _number(right))
    return cst.Comparison(left=left, comparisons=[target])


def _number(value: int) -> cst.BaseExpression:
    if value < 0:
        return cst.UnaryOperation(cst.Minus(), cst.Integer(str(-value)))
    return cst.Integer(str(value))


def _stricter(
    node: cst.Comparison, target: cst.ComparisonTarget, context: Context
) -> Iterator[Faulty]:
    operator, right = target.operator, target.comparator
    if isinstance(operator, (cst.In, cst.NotIn)):
        yield from _looked_up(node, target, context)
        return
    value = _value(right)
    found: cst.Comparison | None = None
    if value == -1 and _is_found_place(node.left, context):
        if isinstance(operator, (cst.Equal, cst.NotEqual)):
            found = _compared(node.left, "<=" if isinstance(operator, cst.Equal) else ">", 0)
    elif is_len(node.left) and value is not None:
        found = _of_length(node, operator, value, context)
    if found:
        yield found.with_changes(lpar=node.lpar, rpar=node.rpar)


def _of_length(
    node: cst.Comparison, operator: cst.BaseCompOp, value: int, context: Context
) -> cst.Comparison | None:
    """One where nothing was meant; more than needed where at least so many were meant."""
    if value in (0, 1) and tells_of_nothing(context):
        return None
    if value == 0 and is_test(context):
        sign = {cst.Equal: "<=", cst.GreaterThan: ">", cst.NotEqual: ">"}.get(type(operator))
        return _compared(node.left, sign, 1) if sign else None
    if value == 1 and isinstance(operator, cst.LessThan):
        return _compared(node.left, "<", 2)
    wanted = LENGTHS.get(type(operator))
    fits = wanted and 2 <= value <= 9 and verdict(context) == wanted
    if fits and _counts_parts(node.left, value, context):
        return _compared(node.left, "!=" if wanted == "refused" else "==", value)
    return None


def _counts_parts(length: cst.BaseExpression, count: int, context: Context) -> bool:
    """Whether the length is of several things rather than of a text, and never of more."""
    assert isinstance(length, cst.Call)
    name = dotted(length.args[0].value) if length.args else ""
    several = name.endswith("s") and not name.endswith(("ss", "address", "us"))
    return several and not takes_more(name, count, context)


def _value(node: cst.BaseExpression) -> int | None:
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = _value(node.expression)
        return -inner if inner is not None else None
    return int(node.evaluated_value) if isinstance(node, cst.Integer) else None


def _is_found_place(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression is what `find` gave."""
    if isinstance(node, cst.NamedExpr):
        node = node.value
    if isinstance(node, cst.Call):
        return call_name(node).rpartition(".")[2] in FINDERS
    return bool(dotted(node)) and dotted(node) in _found_places(context.scope)


@lru_cache(maxsize=4)
def _found_places(scope: Context) -> frozenset[str]:
    """The names that hold what `find` gave."""
    found: set[str] = set()
    for context in scope.inside():
        node = context.node
        value = node.value if isinstance(node, cst.Assign) else node
        if isinstance(node, cst.Assign) and call_name(value).rpartition(".")[2] in FINDERS:
            found.update(dotted(target.target) for target in node.targets)
    return frozenset(found - {""})


def _looked_up(
    node: cst.Comparison, target: cst.ComparisonTarget, context: Context
) -> Iterator[Faulty]:
    """`key in table` becomes `table.get(key)` where the value is used right after."""
    table, key = target.comparator, node.left
    if not dotted(table) or not is_test(context) or dotted(key) == "None":
        return
    if not _may_hold_nothing(table, context) or not _is_subscripted(table, key, context):
        return
    call = cst.Call(
        cst.Attribute(table, cst.Name("get")), [cst.Arg(key.with_changes(lpar=[], rpar=[]))]
    )
    if isinstance(target.operator, cst.In):
        yield call
    else:
        yield cst.UnaryOperation(cst.Not(), call)


def _may_hold_nothing(table: cst.BaseExpression, context: Context) -> bool:
    """Whether a table may have a key with 0, "" or the like as its value."""
    known = values_may_be_empty(table, context)
    if known is None and last_word(table) in RECORDS:
        parent = context.parent
        beside = parent.right if isinstance(parent, cst.BooleanOperation) else None
        return not (isinstance(beside, cst.Comparison) and _asks_for_none(beside))
    return bool(known) or dotted(table) in _tables_with_nothing(context.root)


def _asks_for_none(node: cst.Comparison) -> bool:
    return any(dotted(each.comparator) == "None" for each in node.comparisons)


@lru_cache(maxsize=1)
def _tables_with_nothing(module: Context) -> frozenset[str]:
    """The constant tables of the module that hold a value like 0, False or an empty set."""
    found: set[str] = set()
    for context in module.inside():
        node = context.node
        if isinstance(node, cst.DictElement) and is_falsy_literal(node.value) and context.outer:
            user = context.outer.parent
            if isinstance(user, cst.Assign):
                found.update(dotted(each.target) for each in user.targets)
            elif isinstance(user, (cst.AnnAssign, cst.AugAssign)):
                found.add(dotted(user.target))
    return frozenset(found - {""})


def _is_subscripted(table: cst.BaseExpression, key: cst.BaseExpression, context: Context) -> bool:
    """Whether the statement, or what follows it, reads `table[key]`."""
    for place in context.scope.inside():
        node = place.node
        if isinstance(node, cst.Subscript) and len(node.slice) == 1:
            index = node.slice[0].slice
            same = isinstance(index, cst.Index) and index.value.deep_equals(key)
            if same and node.value.deep_equals(table) and not isinstance(place.parent, cst.Del):
                return True
    return False


def _is_guard_of_empty(node: cst.UnaryOperation, context: Context) -> bool:
    """`if not items:` that refuses."""
    parent = context.parent
    if not isinstance(node.operator, cst.Not) or not isinstance(parent, cst.If):
        return False
    if not refuses(parent.body) or parent.test is not node:
        return False
    return is_collection(node.expression, context) and not tells_of_nothing(context)


def _splits_lines(node: cst.Call, context: Context) -> bool:
    """`for line in text.split("\\\\n")`: the last line is taken to be empty."""
    if not isinstance(context.parent, (cst.For, cst.CompFor)) or len(node.args) != 1:
        return False
    if context.parent.iter is not node or not call_name(node).endswith(".split"):
        return False
    arg = node.args[0].value
    return isinstance(arg, cst.SimpleString) and arg.raw_value in ("\\n", "\n")


def _and_not_empty(node: cst.Call, context: Context) -> Iterator[Faulty]:
    """`all(... for x in rows)` is not enough any more: `rows` must hold something."""
    parent = context.parent
    is_whole = isinstance(parent, (cst.If, cst.Return)) and len(node.args) == 1
    if not is_whole or call_name(node) != "all":
        return
    inside = node.args[0].value
    rows = inside.for_in.iter if isinstance(inside, cst.GeneratorExp) else None
    if rows is not None and dotted(rows) and is_collection(rows, context):
        left = rows if isinstance(parent, cst.If) else cst.Call(cst.Name("bool"), [cst.Arg(rows)])
        yield cst.BooleanOperation(left=left, operator=cst.And(), right=node)
