"""naive-datetime: a moment without its time zone."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.imports import is_imported, leaves_idle
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import argument, call_name
from bugbash.mutation.verdicts import is_cosmetic
from bugbash.mutation.wrapping import instead, sets_itself

ZONED = {"now": (0, "tz"), "fromtimestamp": (1, "tz"), "combine": (2, "tzinfo")}
"""Class methods of `datetime`, and where they take the zone."""
LOCAL = {
    "datetime.utcnow": "now",
    "datetime.datetime.utcnow": "now",
    "datetime.utcfromtimestamp": "fromtimestamp",
    "datetime.datetime.utcfromtimestamp": "fromtimestamp",
    "time.gmtime": "localtime",
}
"""Calls that give UTC, and the one beside them that gives local time."""
MAKERS = frozenset({"datetime", "datetime.datetime", "time", "datetime.time", "dt.datetime"})


class NaiveDatetime(Mutator):
    name = "naive-datetime"
    family = "platform"
    trait = "argument"
    summary = "A moment is taken in the machine's own time zone, or in none at all."
    models = "`datetime.now()` for `datetime.now(UTC)`: right at home, wrong on the server."
    explanation = (
        "A moment that is stored or compared needs its zone; without one Python takes the "
        "machine's. Results that are off by whole hours, days that change around midnight, and "
        "errors about naive and aware moments all come from the place where the zone was lost."
    )
    examples = (
        Example(
            "moment = datetime.now(timezone.utc)",
            "moment = datetime.now()",
        ),
        Example(
            "moment = datetime.now(tz=UTC)  # never local",
            "moment = datetime.now()  # never local",
        ),
        Example(
            """
            seen = datetime.datetime.fromtimestamp(
                seconds,
                tz=datetime.timezone.utc,
            )
            """,
            """
            seen = datetime.datetime.fromtimestamp(
                seconds,
            )
            """,
        ),
        Example(
            "moment = datetime.fromisoformat(text).replace(tzinfo=UTC)",
            "moment = datetime.fromisoformat(text)",
        ),
        Example(
            """
            def stamp(moment):
                return moment.astimezone(UTC).isoformat()
            """,
            """
            def stamp(moment):
                return moment.isoformat()
            """,
            """
            def stamp(moment):
                return moment.astimezone().isoformat()
            """,
        ),
        Example(
            "start = datetime(2024, 3, 1, tzinfo=UTC)",
            "start = datetime(2024, 3, 1)",
        ),
        Example(
            """
            from datetime import UTC, date, datetime

            def today():
                return datetime.now(UTC).date()

            def yesterday(day: date):
                return datetime(day.year, 1, 1, tzinfo=UTC)
            """,
            """
            from datetime import UTC, date, datetime

            def today():
                return date.today()

            def yesterday(day: date):
                return datetime(day.year, 1, 1, tzinfo=UTC)
            """,
            """
            from datetime import UTC, date, datetime

            def today():
                return datetime.now().date()

            def yesterday(day: date):
                return datetime(day.year, 1, 1, tzinfo=UTC)
            """,
            """
            from datetime import UTC, date, datetime

            def today():
                return datetime.now(UTC).date()

            def yesterday(day: date):
                return datetime(day.year, 1, 1)
            """,
        ),
        Example(
            "now = datetime.utcnow()",
            "now = datetime.now()",
        ),
        Example(
            "due = datetime.combine(day, at, tzinfo=office).astimezone(UTC)",
            "due = datetime.combine(day, at).astimezone(UTC)",
            "due = datetime.combine(day, at, tzinfo=office)",
            "due = datetime.combine(day, at, tzinfo=office).astimezone()",
        ),
        Example("moment = datetime.now()"),
        Example("moment = now(UTC)"),
        Example("start = moment.replace(hour=0, tzinfo=None)"),
        Example("raise ValueError(moment.astimezone(UTC))"),
        Example("""
            from datetime import UTC, datetime

            def now():
                return datetime.now(UTC)
            """),
        Example("row = row.replace(zone=UTC)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Arg):
            if _is_zone(node, context) and not leaves_idle(context, node):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Call):
            yield from _local(node, context)


def _is_zone(arg: cst.Arg, context: Context) -> bool:
    """Whether an argument gives a new moment its zone."""
    call = context.parent
    if not isinstance(call, cst.Call) or arg.star or _is_none(arg.value):
        return False
    name = call_name(call)
    owner, _, method = name.rpartition(".")
    if method in ZONED and owner.rpartition(".")[2] == "datetime":
        return argument(call, *ZONED[method]) is arg
    keyword = arg.keyword.value if arg.keyword else ""
    if name in MAKERS and keyword == "tzinfo":
        return True
    converts = isinstance(call.func, cst.Attribute) and call.func.attr.value == "astimezone"
    return converts and _is_utc(arg.value) and not is_cosmetic(context)


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_utc(node: cst.BaseExpression) -> bool:
    name = node.attr.value if isinstance(node, cst.Attribute) else getattr(node, "value", "")
    return isinstance(name, str) and name.lower() == "utc"


def _local(call: cst.Call, context: Context) -> Iterator[Faulty]:
    func = call.func
    if not isinstance(func, cst.Attribute):
        return
    local = LOCAL.get(call_name(call))
    if local:
        yield call.with_changes(func=func.with_changes(attr=cst.Name(local)))
    elif _gives_zone(call, func.attr.value):
        idle = leaves_idle(context, *call.args) or call_name(func.value) == "super"
        if not idle and not is_cosmetic(context) and not sets_itself(func.value, context):
            yield instead(call, func.value, context)
    elif func.attr.value == "date" and not call.args and _could_be_today(func.value, context):
        yield cst.Call(cst.Attribute(cst.Name("date"), cst.Name("today")))


def _gives_zone(call: cst.Call, method: str) -> bool:
    """`.replace(tzinfo=UTC)` and `.astimezone(zone)`."""
    if len(call.args) != 1 or _is_none(call.args[0].value):
        return False
    keyword = call.args[0].keyword
    if method == "replace":
        return keyword is not None and keyword.value == "tzinfo"
    return method == "astimezone"


def _could_be_today(node: cst.BaseExpression, context: Context) -> bool:
    """`datetime.now(UTC)`, of which only the day counts."""
    if not isinstance(node, cst.Call) or len(node.args) != 1 or not is_imported(context, "date"):
        return False
    now = call_name(node) == "datetime.now" and _is_utc(node.args[0].value)
    return now and not leaves_idle(context, node.args[0])
