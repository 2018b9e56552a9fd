"""neighbour-literal: a number that is nearly the right one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.twins import repeats
from bugbash.mutation.words import words

STATUS = {
    "200": "201",
    "201": "200",
    "202": "200",
    "204": "200",
    "301": "302",
    "302": "301",
    "303": "302",
    "304": "302",
    "307": "302",
    "308": "301",
    "400": "422",
    "401": "403",
    "403": "401",
    "404": "400",
    "405": "404",
    "409": "400",
    "410": "404",
    "413": "400",
    "415": "400",
    "422": "400",
    "429": "503",
    "500": "502",
    "501": "500",
    "502": "500",
    "503": "502",
    "504": "502",
}
"""Status codes of HTTP, and the one that is written in their place."""
STATUS_WORDS = frozenset({"status", "code", "http", "response", "reply", "answer", "retry"})
FACTORS = {
    "24": "12",
    "30": "31",
    "31": "30",
    "60": "100",
    "86400": "3600",
    "86_400": "3_600",
    "3600": "60",
    "365": "360",
    "1000": "1024",
    "1_000": "1024",
    "1024": "1000",
    "100": "1000",
    "1_000_000": "1_000",
    "1000000": "1000",
}
"""Factors between units."""
SPANS = {
    "weeks": "days",
    "days": "hours",
    "hours": "minutes",
    "minutes": "seconds",
    "seconds": "minutes",
    "milliseconds": "seconds",
    "microseconds": "milliseconds",
}
LOW, HIGH = 3, 64
SAME = (cst.Equal, cst.NotEqual, cst.In, cst.NotIn)
SIZES = frozenset({"size", "bytes", "byte", "blocks", "kb", "mb", "kib", "mib", "length"})
UNITS = (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo)
NO_COUNTS = frozenset({"version_info", "hexversion", "api_version", "errno", "ord", "version"})


class NeighbourLiteral(Mutator):
    name = "neighbour-literal"
    family = "library"
    trait = "number"
    summary = "A number in the code is nearly right: another status code, factor or limit."
    models = "A 404 for a 403, 1000 for 1024, hours for days, a limit that is off by one."
    explanation = (
        "The number stands for something outside of the code: a unit, a protocol, a rule. Look it "
        "up there, and try the values on both sides of it."
    )
    examples = (
        Example("gone = answer.status == 410", "gone = answer.status == 404"),
        Example("reply(status=403)  # not yours", "reply(status=401)  # not yours"),
        Example(
            "if code in (502, 503): again()",
            "if code in (500, 503): again()",
        ),
        Example("size = blocks * 1024", "size = blocks * 1000"),
        Example("hours = seconds / 3600", "hours = seconds / 60"),
        Example("late = timedelta(days=14)", "late = timedelta(hours=14)"),
        Example(
            "wait = datetime.timedelta( minutes = 5 )", "wait = datetime.timedelta( seconds = 5 )"
        ),
        Example("short = len(name) < 8", "short = len(name) < 7"),
        Example("late = days > 30", "late = days > 29"),
        Example("old = sys.version_info >= (3, 12)"),
        Example("old = sys.version_info[0] > 3"),
        Example("total = 404 + rows"),
        Example("one = count == 1"),
        Example("mask = flags & 60"),
        Example("moved = status in (302, 303, 301)"),
        Example("text = 100 * '-'"),
        Example("none = timedelta(days=0)"),
        Example("wait = timedelta(minutes=minutes) + timedelta(days=self.grace_days)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Integer):
            number = _number(node, context)
            if number is not None and not repeats(context, cst.Integer(number)):
                yield node.with_changes(value=number)
        elif isinstance(node, cst.Arg) and node.keyword:
            other = SPANS.get(node.keyword.value)
            if other and _is_span(node, context):
                yield node.with_changes(keyword=node.keyword.with_changes(value=other))


def _number(node: cst.Integer, context: Context) -> str | None:
    if node.value in STATUS and _is_status(context):
        return STATUS[node.value]
    if node.value in FACTORS and _is_factor(context):
        return FACTORS[node.value] if FACTORS[node.value] != "1024" or _is_size(context) else "100"
    if _is_compared(context) and node.value.isdecimal() and LOW <= int(node.value) <= HIGH:
        return str(int(node.value) - 1)
    return None


def _is_status(context: Context) -> bool:
    """Whether the number is compared with, or handed over as, something called a status."""
    for around in context.ancestors:
        if isinstance(around, cst.Comparison):
            if not isinstance(around.comparisons[0].operator, SAME):
                return False
            return _names_status(around.left) or _names_status(around.comparisons[0].comparator)
        if isinstance(around, cst.Arg) and around.keyword:
            return _says_status(around.keyword.value)
        if isinstance(around, (cst.Assign, cst.AnnAssign)):
            target = around.targets[0].target if isinstance(around, cst.Assign) else around.target
            return _names_status(target)
        if isinstance(around, cst.Call) and around is not context.parent:
            return _says_status(dotted(around.func))
        if isinstance(around, (cst.BinaryOperation, cst.BaseStatement, cst.Subscript)):
            return False
    return False


def _names_status(node: cst.BaseExpression) -> bool:
    return _says_status(dotted(node))


def _says_status(name: str) -> bool:
    return bool(STATUS_WORDS & set(words(name)))


def _is_factor(context: Context) -> bool:
    parent = context.parent
    if not isinstance(parent, cst.BinaryOperation) or not isinstance(parent.operator, UNITS):
        return False
    other = parent.left if parent.right is context.node else parent.right
    if isinstance(other, (cst.SimpleString, cst.List, cst.FormattedString)):
        return False
    return parent.right is context.node or isinstance(parent.operator, cst.Multiply)


def _is_size(context: Context) -> bool:
    """Whether the statement is about bytes."""
    inside = (c.node for c in context.statement.inside() if isinstance(c.node, cst.Name))
    return any(SIZES & set(words(node.value)) for node in inside if isinstance(node, cst.Name))


def _is_compared(context: Context) -> bool:
    """Whether the number is the limit in `<` or the count in `==`, of no version and no code."""
    target = context.parent
    comparison = context.outer.parent if context.outer else None
    if not isinstance(target, cst.ComparisonTarget) or not isinstance(comparison, cst.Comparison):
        return False
    left = comparison.left
    while isinstance(left, cst.Subscript):
        left = left.value
    return not NO_COUNTS & set(dotted(left).split(".")) and not _names_status(left)


def _is_span(arg: cst.Arg, context: Context) -> bool:
    call = context.parent
    if not isinstance(call, cst.Call) or len(call.args) != 1:
        return False
    if isinstance(arg.value, cst.Integer) and arg.value.value == "0":
        return False
    if arg.keyword and arg.keyword.value in words(dotted(arg.value)):
        return False
    return dotted(call.func).rpartition(".")[2] == "timedelta"
