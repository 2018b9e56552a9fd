"""neighbour-literal: a number that is nearly the right one."""

from __future__ import annotations

import re
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
ORDINARY = "200"
"""What most answers are: a condition that takes it for something else hits them all."""
STATUS_WORDS = frozenset({"status", "code", "http", "response", "reply", "answer", "retry"})
FACTORS = {
    "24": "12",
    "30": "31",
    "31": "30",
    "60": "100",
    "365": "360",
    "1000": "1024",
    "1_000": "1024",
    "1024": "1000",
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
EXTREMES = frozenset(
    {"max", "maximum", "most", "widest", "farthest", "furthest", "longest", "largest", "latest"}
)
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
        Example("minutes = seconds / 60", "minutes = seconds / 100"),
        Example("late = timedelta(days=14)", "late = timedelta(hours=14)"),
        Example(
            "wait = datetime.timedelta( minutes = 5 )", "wait = datetime.timedelta( seconds = 5 )"
        ),
        Example("short = len(name) < 8", "short = len(name) < 7"),
        Example("late = days > 30", "late = days > 29"),
        Example("""
            if len(name) > 50:
                raise ValueError("more than 50 letters")
            """),
        Example("old = sys.version_info >= (3, 12)"),
        Example("old = sys.version_info[0] > 3"),
        Example("total = 404 + rows"),
        Example("one = count == 1"),
        Example("mask = flags & 60"),
        Example("moved = status in (302, 303, 301)"),
        Example("text = 100 * '-'"),
        Example("none = timedelta(days=0)"),
        Example("share = part * 100 / whole, latency * 1000, seconds / 3600"),
        Example("yesterday, due = today - timedelta(days=1), today + timedelta(days=7)"),
        Example("UNITS = {'d': timedelta(days=1)}"),
        Example("WIDEST_OFFSET = timedelta(hours=14)"),
        Example("ok = len(parts) == 3 and status != 200"),
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
        is_answer = STATUS[node.value] == ORDINARY or node.value == ORDINARY
        return None if is_answer and _is_asked(context) else STATUS[node.value]
    if node.value in FACTORS and _is_factor(context):
        return FACTORS[node.value] if FACTORS[node.value] != "1024" or _is_size(context) else None
    if _is_compared(context) and node.value.isdecimal() and LOW <= int(node.value) <= HIGH:
        return None if _is_said(node.value, context) else str(int(node.value) - 1)
    return None


def _is_said(number: str, context: Context) -> bool:
    """Whether the error that the same statement raises says the number."""
    said = re.compile(rf"(?<![\w.]){number}(?![\w.])")
    raised = (c for c in context.statement.inside() if isinstance(c.node, cst.Raise))
    texts = (c.node for each in raised for c in each.inside())
    return any(
        isinstance(node, (cst.SimpleString, cst.FormattedStringText)) and said.search(node.value)
        for node in texts
    )


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


def _is_asked(context: Context) -> bool:
    return any(isinstance(around, cst.Comparison) for around in context.ancestors)


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
    """Whether the number is the limit in `<`, of no version and no code.

    Another count in `==` would turn down all that is right.
    """
    target = context.parent
    comparison = context.outer.parent if context.outer else None
    if not isinstance(target, cst.ComparisonTarget) or not isinstance(comparison, cst.Comparison):
        return False
    if isinstance(target.operator, SAME):
        return False
    left = comparison.left
    while isinstance(left, cst.Subscript):
        left = left.value
    return not NO_COUNTS & set(dotted(left).split(".")) and not _names_status(left)


def _is_span(arg: cst.Arg, context: Context) -> bool:
    """Whether it is a span that stands for itself, like a delay: no step between days, no unit."""
    call = context.parent
    if not isinstance(call, cst.Call) or len(call.args) != 1:
        return False
    if not isinstance(arg.value, cst.Integer) or arg.value.value in ("0", "1"):
        return False
    place = context.outer.parent if context.outer else None
    if isinstance(place, (cst.BinaryOperation, cst.DictElement)) or _is_extreme(context):
        return False
    return dotted(call.func).rpartition(".")[2] == "timedelta"


def _is_extreme(context: Context) -> bool:
    """Whether it is given to something like `WIDEST_OFFSET`: nothing ordinary would pass it."""
    for around in context.ancestors:
        target: cst.CSTNode | None = None
        if isinstance(around, cst.Assign):
            target = around.targets[0].target
        elif isinstance(around, (cst.AnnAssign, cst.NamedExpr)):
            target = around.target
        elif isinstance(around, cst.Param):
            target = around.name
        if target is not None:
            return bool(EXTREMES & set(words(dotted(target))))
    return False
