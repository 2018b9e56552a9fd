"""drop-accepted-value: one of the values that are allowed is not on the list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_state
from bugbash.mutation.verdicts import is_cosmetic
from bugbash.mutation.vocabulary import vocabulary

Display = cst.Set | cst.Tuple | cst.List
MANY = 16
"""Tables of more values are data rather than a rule."""
WRAPPERS = frozenset({"frozenset", "set", "tuple", "list", "MappingProxyType"})
LISTS = vocabulary("allowed accepted supported known valid permitted recognised recognized")
"""Words of names that say what a list is for."""
AFFIXES = frozenset({".startswith", ".endswith"})
SIGNS = frozenset("+-.,:;/_ eExXtTzZ#*\t\r\n'\"")
"""Characters of texts that are tested like sets: `char in "+-"`."""


class DropAcceptedValue(Mutator):
    name = "drop-accepted-value"
    family = "validation"
    trait = "condition"
    summary = "One of the allowed values is refused: it is missing from the list."
    models = "A list of allowed currencies, suffixes or words was typed from memory, less one."
    explanation = (
        "A list of allowed values has a source: an enum, a standard, the page for users. Compare "
        "it with that source value by value; the value that is refused is the one to look for."
    )
    examples = (
        Example(
            """
            SUFFIXES = {".csv", ".txt"}  # of exports
            """,
            """
            SUFFIXES = {".txt"}  # of exports
            """,
            """
            SUFFIXES = {".csv"}  # of exports
            """,
        ),
        Example(
            """
            UNITS = (
                "g",
                "kg",  # the usual one
                "t",
            )

            def check(unit):
                if unit not in UNITS:
                    raise ValueError(unit)
            """,
            """
            UNITS = (
                "kg",  # the usual one
                "t",
            )

            def check(unit):
                if unit not in UNITS:
                    raise ValueError(unit)
            """,
            """
            UNITS = (
                "g",
                "t",
            )

            def check(unit):
                if unit not in UNITS:
                    raise ValueError(unit)
            """,
            """
            UNITS = (
                "g",
                "kg",  # the usual one
            )

            def check(unit):
                if unit not in UNITS:
                    raise ValueError(unit)
            """,
        ),
        Example(
            """
            if value in (None, ""):
                return_nothing()
            """,
            """
            if value == "":
                return_nothing()
            """,
            """
            if value is None:
                return_nothing()
            """,
        ),
        Example(
            'ok = name.endswith((".yml", ".yaml"))',
            'ok = name.endswith(".yaml")',
            'ok = name.endswith(".yml")',
        ),
        Example(
            "kind = click.Choice(['csv', 'json', 'text'])",
            "kind = click.Choice(['json', 'text'])",
            "kind = click.Choice(['csv', 'text'])",
            "kind = click.Choice(['csv', 'json'])",
        ),
        Example(
            """
            if text[0] in "+-":
                text = text[1:]
            """,
            """
            if text[0] == "+":
                text = text[1:]
            """,
            """
            if text[0] == "-":
                text = text[1:]
            """,
        ),
        Example(
            """
            SECTIONS = {
                "mail": {"sender", "host"},
                "jobs": set(),
            }
            """,
            """
            SECTIONS = {
                "mail": {"host"},
                "jobs": set(),
            }
            """,
            """
            SECTIONS = {
                "mail": {"sender"},
                "jobs": set(),
            }
            """,
        ),
        Example(
            """
            aliases = {"gbp": "GBP", "quid": "GBP"}


            def currency(text):
                return aliases.get(text, text)
            """,
            """
            aliases = {"quid": "GBP"}


            def currency(text):
                return aliases.get(text, text)
            """,
            """
            aliases = {"gbp": "GBP"}


            def currency(text):
                return aliases.get(text, text)
            """,
        ),
        Example("__all__ = ['one', 'two']"),
        Example("retry = code in {429, 503}"),
        Example("COLUMNS = ('id', 'name')"),
        Example("payload = {'name': name, 'size': size}"),
        Example("point = (1, 2)"),
        Example("found = name in (first, second)"),
        Example("found = 'ab' in text"),
        Example("kind: Literal['a', 'b'] = 'a'"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, (cst.Element, cst.DictElement)):
            if _is_accepted(context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Tuple):
            if len(node.elements) == 2 and _is_affix(context):
                yield from (each.value for each in reversed(node.elements))
        elif isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
            yield from _fewer(node, context)


def _is_accepted(context: Context) -> bool:
    """Whether an element of a display is one of several values that the code allows."""
    display = context.outer
    if display is None or not isinstance(display.node, (cst.Set, cst.Tuple, cst.List, cst.Dict)):
        return False
    if not 2 <= len(display.node.elements) <= MANY or not _are_values(display.node):
        return False
    if _ends_line(context.node, display.node):
        return False
    return _is_list(_wrapped(display), display.node)


def _ends_line(element: cst.CSTNode, display: Display | cst.Dict) -> bool:
    """Whether an element is the last of several on its line: two lines would become one."""
    index = next(i for i, each in enumerate(display.elements) if each is element)
    if not _breaks(display.elements[index].comma):
        return False
    if index:
        return not _breaks(display.elements[index - 1].comma)
    start = display.lpar[:1] if isinstance(display, cst.Tuple) else [_bracket(display)]
    return not any(_breaks(each) for each in start)


def _bracket(display: cst.Set | cst.List | cst.Dict) -> cst.CSTNode:
    return display.lbracket if isinstance(display, cst.List) else display.lbrace


def _breaks(node: object) -> bool:
    """Whether a line ends behind a comma or bracket."""
    space = getattr(node, "whitespace_after", None)
    return isinstance(space, cst.ParenthesizedWhitespace)


@lru_cache(maxsize=1)
def _are_values(display: Display | cst.Dict) -> bool:
    """Whether all elements, or the keys, are literals or constants."""
    if isinstance(display, cst.Dict):
        return all(map(_is_entry, display.elements))
    return all(isinstance(e, cst.Element) and _is_value(e.value) for e in display.elements)


def _is_entry(element: cst.BaseDictElement) -> bool:
    containers = (cst.List, cst.Tuple, cst.Dict, cst.Set)
    if not isinstance(element, cst.DictElement) or isinstance(element.value, containers):
        return False
    return is_state(element.key)


def _is_value(node: cst.BaseExpression) -> bool:
    return is_state(node) or dotted(node) in ("None", "True", "False")


def _wrapped(display: Context) -> Context:
    """The display with `frozenset(...)` and the like around it."""
    call = display.outer.outer if display.outer else None
    if call is None or not isinstance(call.node, cst.Call) or len(call.node.args) != 1:
        return display
    return call if call_name(call.node).rpartition(".")[2] in WRAPPERS else display


def _is_list(place: Context, display: Display | cst.Dict) -> bool:
    """Whether a display is used as a list of what is allowed."""
    parent = place.parent
    if isinstance(parent, cst.Arg):
        return not isinstance(display, cst.Dict) and _is_choice(place, display)
    if isinstance(parent, cst.ComparisonTarget):
        operator = isinstance(parent.operator, (cst.In, cst.NotIn))
        return operator and len(display.elements) > 2 and not _are_states(display)
    if isinstance(parent, cst.DictElement) and isinstance(display, cst.Set):
        table = place.outer.outer if place.outer else None
        return table is not None and _name(table).isupper()
    return _is_named_list(place, display)


def _is_named_list(place: Context, display: Display | cst.Dict) -> bool:
    name = _name(place)
    last = name.rpartition(".")[2]
    if not last or last.startswith("__"):
        return False
    if isinstance(display, cst.Dict):
        shared = last.isupper() and not isinstance(place.parent, cst.AugAssign)
        return (
            not shared
            and place.function is None
            and last in _tested_names(place.root) | _looked_up(place.root)
        )
    if isinstance(display, cst.Set) and last.isupper() and place.function is None:
        return True
    return last in _tested_names(place.root) or bool(set(last.lower().split("_")) & LISTS)


def _are_states(display: Display | cst.Dict) -> bool:
    """Whether drop-enum-case looks after the display already."""
    elements = display.elements
    return all(isinstance(each, cst.Element) and is_state(each.value) for each in elements)


def _name(place: Context) -> str:
    """The name that an expression is assigned to."""
    parent = place.parent
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        return dotted(parent.targets[0].target)
    return dotted(parent.target) if isinstance(parent, (cst.AnnAssign, cst.AugAssign)) else ""


def _is_choice(place: Context, display: Display) -> bool:
    arg, call = place.parent, place.outer.parent if place.outer else None
    assert isinstance(arg, cst.Arg)
    if arg.keyword:
        return arg.keyword.value == "choices"
    if len(display.elements) > 2 and _is_affix(place):
        return True
    return call_name(call).rpartition(".")[2] == "Choice" if call else False


def _is_affix(context: Context) -> bool:
    """Whether a tuple is the argument of `startswith` or `endswith`, its elements literals."""
    call = context.outer.parent if context.outer else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return False
    if f".{call.func.attr.value}" not in AFFIXES or not isinstance(context.node, cst.Tuple):
        return False
    return all(isinstance(each.value, cst.SimpleString) for each in context.node.elements)


@lru_cache(maxsize=1)
def _tested_names(module: Context) -> frozenset[str]:
    """The names with `x in NAME` somewhere in the module."""
    targets = (each.node for each in module.inside() if isinstance(each.node, cst.ComparisonTarget))
    tests = (each for each in targets if isinstance(each.operator, (cst.In, cst.NotIn)))
    return frozenset(dotted(test.comparator).rpartition(".")[2] for test in tests)


@lru_cache(maxsize=1)
def _looked_up(module: Context) -> frozenset[str]:
    """The names with `NAME[x]` or `NAME.get(x)`, where x is no literal."""
    found: set[str] = set()
    for context in module.inside():
        node = context.node
        if isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
            if not _is_value(node.slice[0].slice.value):
                found.add(dotted(node.value).rpartition(".")[2])
        elif isinstance(node, cst.Call) and node.args and not _is_value(node.args[0].value):
            owner, _, method = call_name(node).rpartition(".")
            if method == "get":
                found.add(owner.rpartition(".")[2])
    return frozenset(found)


def _fewer(node: cst.Comparison, context: Context) -> Iterator[Faulty]:
    """One of two values: `x in (None, "")` becomes `x == ""`; `x in "+-"` becomes `x in "+"`."""
    target = node.comparisons[0]
    if not isinstance(target.operator, (cst.In, cst.NotIn)) or is_cosmetic(context):
        return
    values = target.comparator
    if isinstance(values, cst.SimpleString):
        yield from _fewer_characters(node, target, values)
        return
    if not isinstance(values, (cst.Tuple, cst.List, cst.Set)) or len(values.elements) != 2:
        return
    if _are_values(values) and not _are_states(values):
        for element in reversed(values.elements):
            yield _compared(node, element.value, isinstance(target.operator, cst.In))


def _fewer_characters(
    node: cst.Comparison, target: cst.ComparisonTarget, values: cst.SimpleString
) -> Iterator[Faulty]:
    text = values.raw_value
    if not 2 <= len(text) <= 6 or not set(text) <= SIGNS - {"\\"} or len(set(text)) < len(text):
        return
    for index in range(len(text)):
        rest = text[:index] + text[index + 1 :]
        fewer = values.with_changes(value=values.value.replace(text, rest))
        if len(rest) == 1:
            yield _compared(node, fewer, isinstance(target.operator, cst.In))
        else:
            yield node.with_changes(comparisons=[target.with_changes(comparator=fewer)])


def _compared(node: cst.Comparison, value: cst.BaseExpression, wanted: bool) -> cst.Comparison:
    operator: cst.BaseCompOp
    if dotted(value) in ("None", "True", "False"):
        operator = cst.Is() if wanted else cst.IsNot()
    else:
        operator = cst.Equal() if wanted else cst.NotEqual()
    return node.with_changes(comparisons=[cst.ComparisonTarget(operator, value)])
