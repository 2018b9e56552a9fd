"""tighten-bound: a limit that refuses what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.verdicts import verdict
from bugbash.mutation.vocabulary import vocabulary

Side = Literal["low", "high"]
HIGH = frozenset(
    {"maximum", "max_value", "max_length", "maxlength", "max_size", "max_digits", "max_len"}
    | {"le", "lt", "high", "highest", "upper", "upper_bound", "hi", "max", "limit", "at_most"}
)
LOW = frozenset(
    {"minimum", "min_value", "min_length", "minlength", "min_size", "min_digits", "min_len"}
    | {"ge", "low", "lowest", "lower", "lower_bound", "lo", "min", "at_least"}
)
"""Names of parameters that take a bound."""
MEASURES = vocabulary(
    "length len size digits chars characters bytes value amount count items entries rows lines "
    "age name description problems files parts weight quantity year level depth width percent "
    "memo note title message attempts recipients body payload total days cents"
)
"""Last words of `MAX_...` names that say what is measured, so that something is refused."""
SMALLER = {
    14: 12,
    24: 12,
    31: 30,
    36: 32,
    48: 40,
    53: 52,
    60: 50,
    63: 32,
    72: 64,
    80: 72,
    90: 60,
    120: 100,
    150: 120,
    254: 64,
    255: 128,
    320: 254,
    366: 365,
    65535: 32767,
    65536: 32768,
}
"""Limits that people confuse with a stricter one."""
LARGER = {0: 1, 1: 2, 2: 3, 3: 4, 4: 6, 6: 8, 8: 10, 10: 12, 12: 16, 13: 16, 16: 18, 18: 21, 32: 64}
ROUNDER = {1: 0.5, 2: 1, 3: 2, 4: 2, 5: 2, 6: 5, 7: 5, 8: 5, 9: 5}
"""What people take for the limit instead when it is this digit and zeros."""
HIGH_WORDS = vocabulary("max maximum largest longest highest widest latest most limit")
LOW_WORDS = vocabulary("min minimum smallest shortest lowest earliest least")
OTHER_SCALES = vocabulary(
    "status code version version_info hexversion errno year month hour minute second weekday index "
    "offset position pos char ch c codepoint byte returncode exit_code ord level mode"
)
"""What has numbers but no limit that anyone could take for another one."""
AMOUNT = re.compile(r"(\d+)(\s*(?:ms|s|m|min|h|d|w|[kKMG]i?B)|(?:\.\d+)?)")
OPERATORS: dict[type[cst.BaseCompOp], Side] = {
    cst.LessThan: "high",
    cst.LessThanEqual: "high",
    cst.GreaterThan: "low",
    cst.GreaterThanEqual: "low",
}
"""Which bound the number on the right is when the comparison lets a value through."""
OTHER_SIDE: dict[Side, Side] = {"low": "high", "high": "low"}


class TightenBound(Mutator):
    name = "tighten-bound"
    family = "validation"
    trait = "number"
    summary = "A limit is stricter than the rule: values near the true limit are refused."
    models = (
        "An address of 64 characters for 254, 365 days for 366, a port up to 32767: from memory."
    )
    explanation = (
        "A limit comes from a rule that is written down somewhere: look the rule up and compare. "
        "Try the refused value and the largest that passes; the number between them is the culprit."
    )
    examples = (
        Example(
            """
            if len(address) > 254:
                raise ValueError("too long")
            """,
            """
            if len(address) > 64:
                raise ValueError("too long")
            """,
        ),
        Example(
            """
            def is_port(number):
                return 1 <= number <= 65535
            """,
            """
            def is_port(number):
                return 1 <= number <= 32767
            """,
        ),
        Example(
            """
            MAX_NAME_LENGTH = 100  # characters
            """,
            """
            MAX_NAME_LENGTH = 50  # characters
            """,
        ),
        Example(
            "age = IntegerField(minimum=16, maximum=5_000)",
            "age = IntegerField(minimum=18, maximum=5_000)",
            "age = IntegerField(minimum=16, maximum=2_000)",
        ),
        Example(
            """
            if not (8 <= len(password) and len(password) < 128):
                errors.append("length")
            """,
            """
            if not (10 <= len(password) and len(password) < 128):
                errors.append("length")
            """,
            """
            if not (8 <= len(password) and len(password) < 64):
                errors.append("length")
            """,
        ),
        Example(
            """
            def number(key, low, high):
                return check(key, low, high)


            batch = number("batch", 1, 500)
            """,
            """
            def number(key, low, high):
                return check(key, low, high)


            batch = number("batch", 2, 500)
            """,
            """
            def number(key, low, high):
                return check(key, low, high)


            batch = number("batch", 1, 200)
            """,
        ),
        Example(
            """
            class Limits:
                max_size: int = 5_000_000
            """,
            """
            class Limits:
                max_size: int = 2_000_000
            """,
        ),
        Example(
            "LARGEST_AMOUNT = Decimal('999999.99')",
            "LARGEST_AMOUNT = Decimal('99999.99')",
        ),
        Example(
            """
            LIMIT = 366

            def check(days):
                if days > LIMIT:
                    return False
            """,
            """
            LIMIT = 365

            def check(days):
                if days > LIMIT:
                    return False
            """,
        ),
        Example("""
            if len(name) > 3:
                shorten(name)
            """),
        Example("""
            if attempts > 5:
                retry()
            """),
        Example("MAX_RETRY_DELAY = 100"),
        Example("""
            if len(address) > 254:
                raise ValueError("more than 254 characters")
            """),
        Example("total = sum(rows[:100])"),
        Example("row = query(page=10, size=50)"),
        Example("""
            if code > 0:
                raise Failure(code)
            """),
        Example("""
            if response.status >= 400:
                raise Failure(response)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, (cst.Integer, cst.SimpleString)):
            return
        text = node.raw_value if isinstance(node, cst.SimpleString) else node.value
        found = AMOUNT.fullmatch(text.replace("_", ""))
        side = _side(node, context) if found else None
        number = _stricter(found[1], side) if found and side else None
        if not found or number is None or _is_written_out(found[1], context):
            return
        if not _contradicts(node, number, context):
            new = (f"{number:_}" if "_" in text else str(number)) + found[2]
            yield node.with_changes(value=node.value.replace(text, new))


def _side(node: cst.BaseExpression, context: Context) -> Side | None:
    """Which kind of bound a literal is; None where it is none."""
    parent, outer = context.parent, context.outer
    if outer is None:
        return None
    if isinstance(parent, cst.Arg) and outer.outer:
        return _argument_side(parent, outer, outer.outer)
    if isinstance(node, cst.SimpleString):
        return None
    if isinstance(parent, cst.Comparison):
        return _compared_side(node, outer)
    if isinstance(parent, cst.ComparisonTarget) and outer.outer:
        return _compared_side(node, outer.outer)
    return _named_side(node, outer)


def _named_side(node: cst.BaseExpression, place: Context) -> Side | None:
    """The side of a constant or a field by its name: `MAX_LENGTH = 64`, `min_age: int = 18`."""
    parent = place.node
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        name = dotted(parent.targets[0].target)
        known = name.isupper()
    elif isinstance(parent, cst.AnnAssign):
        name = dotted(parent.target)
        known = place.function is None
    else:
        return None
    words = set(name.lower().split("_"))
    if parent.value is not node or not known or not _refuses_something(name, words, place):
        return None
    if words & HIGH_WORDS:
        return "high"
    return "low" if words & LOW_WORDS else None


def _refuses_something(name: str, words: set[str], place: Context) -> bool:
    return bool(words & MEASURES) or name in _compared_names(place.root)


@lru_cache(maxsize=1)
def _compared_names(module: Context) -> frozenset[str]:
    """The names that something is compared with in the module."""
    found: set[str] = set()
    for context in module.inside():
        if isinstance(context.node, cst.Name) and context.outer:
            place = context.outer if isinstance(context.parent, cst.Attribute) else context
            if place and isinstance(place.parent, (cst.ComparisonTarget, cst.Comparison)):
                found.add(context.node.value)
    return frozenset(found)


def _compared_side(node: cst.BaseExpression, comparison: Context) -> Side | None:
    side = _open_side(node, comparison.node)
    if side is None or not isinstance(node, cst.Integer) or int(node.evaluated_value) < 4:
        return None
    found = verdict(comparison)
    if found == "refused":
        return OTHER_SIDE[side]
    return side if found else None


def _open_side(node: cst.BaseExpression, comparison: cst.CSTNode) -> Side | None:
    """Which bound the number is for the values that make the comparison true."""
    assert isinstance(comparison, cst.Comparison)
    operands = [comparison.left, *(each.comparator for each in comparison.comparisons)]
    if any(_has_other_scale(operand) for operand in operands):
        return None
    if isinstance(node, cst.Integer) and node.value == "100" and any(map(_is_share, operands)):
        return None
    index = next(i for i, operand in enumerate(operands) if operand is node)
    side = OPERATORS.get(type(comparison.comparisons[max(index - 1, 0)].operator))
    return OTHER_SIDE[side] if side and not index else side


def _has_other_scale(operand: cst.BaseExpression) -> bool:
    name = dotted(operand) or call_name(operand)
    if isinstance(operand, cst.Subscript):
        name = dotted(operand.value)
    last = name.rpartition(".")[2].lower()
    return last in OTHER_SCALES or last.rpartition("_")[2] in OTHER_SCALES


def _is_share(operand: cst.BaseExpression) -> bool:
    """Per cent end at 100."""
    last = dotted(operand).rpartition(".")[2].lower().rpartition("_")[2]
    return last in ("percent", "percentage", "pct", "progress", "rate", "share", "ratio")


def _argument_side(arg: cst.Arg, place: Context, call: Context) -> Side | None:
    """The side of an argument, by its keyword or by the parameter that gets it."""
    if not isinstance(call.node, cst.Call):
        return None
    if call_name(call.node).rpartition(".")[2] in ("Decimal", "timedelta"):
        return _named_side(call.node, call.outer) if call.outer else None
    name = arg.keyword.value if arg.keyword else _parameter(arg, call.node, place)
    if name in HIGH:
        return "high"
    return "low" if name in LOW else None


def _parameter(arg: cst.Arg, call: cst.Call, place: Context) -> str:
    """The name of the parameter that a positional argument reaches, in this module."""
    index = next(i for i, each in enumerate(call.args) if each is arg)
    if any(each.star or each.keyword for each in call.args[: index + 1]):
        return ""
    names = _parameters(place.root).get(call_name(call).rpartition(".")[2], ())
    return names[index] if index < len(names) else ""


@lru_cache(maxsize=1)
def _parameters(module: Context) -> dict[str, tuple[str, ...]]:
    """The parameters of each function of the module, `self` left out; none where two differ."""
    found: dict[str, tuple[str, ...]] = {}
    for context in module.inside():
        if isinstance(context.node, cst.FunctionDef):
            names = tuple(each.name.value for each in context.node.params.params)
            names = names[names[:1] in (("self",), ("cls",)) :]
            known = found.setdefault(context.node.name.value, names)
            found[context.node.name.value] = names if known == names else ()
    return found


def _is_written_out(digits: str, context: Context) -> bool:
    """Whether the statement says the number again, in its message as a rule."""
    node = context.statement.node
    if isinstance(node, cst.If):
        code = cst.Module([]).code_for_node(node.body)
    elif isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Assert):
        message = node.body[0].msg
        code = cst.Module([]).code_for_node(message) if message else ""
    else:
        return False
    return re.search(rf"\b{digits}\b", code.replace("_", "").replace(",", "")) is not None


def _contradicts(node: cst.BaseExpression, number: int, context: Context) -> bool:
    """Whether another number of the call, a default or the other bound, would not fit any more."""
    call = context.outer.parent if context.outer else None
    if not isinstance(node, cst.Integer) or not isinstance(call, cst.Call):
        return False
    others = [int(a.value.evaluated_value) for a in call.args if isinstance(a.value, cst.Integer)]
    low, high = sorted((number, int(node.evaluated_value)))
    return sum(low <= other <= high for other in others if other != number) > 1


def _stricter(digits: str, side: Side) -> int | None:
    """The limit that someone remembers instead of this one."""
    number = int(digits)
    if side == "low":
        return LARGER.get(number)
    if number < 10 or 1900 <= number <= 2200 or number in (12, 23, 59):
        return None
    if number in SMALLER:
        return SMALLER[number]
    if set(digits) == {"9"}:
        return number // 10
    if number & (number - 1) == 0:
        return number // 2
    scale = 10 ** (len(digits) - 1)
    first = number // scale
    return int(ROUNDER[first] * scale) if number == first * scale else first * scale
