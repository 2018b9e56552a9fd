"""identity-for-equality: the wrong question about two values: the same, equal, or contained."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted, is_text
from bugbash.mutation.kinds import type_of
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import is_state
from bugbash.mutation.words import words

PLAIN = (cst.Name, cst.Attribute)
CODED = frozenset(
    words(
        "currency_country_language_locale_unit_region_zone_method_category_role_scheme_protocol_"
        "colour_color_symbol_label_tag_name_encoding_suffix_extension"
    )
)
"""Words of short texts that mostly come from constants: equal ones are the same object, so that
only those that were read or put together show the difference."""


class IdentityForEquality(Mutator):
    name = "identity-for-equality"
    family = "library"
    trait = "condition"
    summary = "Two values are asked whether they are the same object, or one part of the other."
    models = "`is` for `==`, `x in ('a')` where the comma is missing, `==` for `in`."
    explanation = (
        "`is` asks for the same object, `==` for an equal one, and `in` a text also finds parts of "
        "words. Equal values that were made at different times, read from a file say, are not the "
        "same object, even where short ones happen to be."
    )
    examples = (
        Example("known = order.name == name", "known = order.name is name"),
        Example(
            """
            if first.currency!=second.currency:  # no sum of those
                show()
            """,
            """
            if first.currency is not second.currency:  # no sum of those
                show()
            """,
        ),
        Example("settled = amount == invoice.balance"),
        Example("""
            class Area:
                @property
                def zone(self):
                    return self.name.partition("-")[0]

                def holds(self, other):
                    return self.zone == other.zone
            """),
        Example("changed = old.digest != digest or wanted == known"),
        Example("ok = kind in ('paid',)", "ok = kind in ('paid')"),
        Example("found = 'error' in line", "found = 'error' == line"),
        Example("ok = tag in ['new']", "ok = tag in 'new'"),
        Example("same = count == total_count"),
        Example("paid = order.status == Status.PAID"),
        Example("none = value == None"),
        Example("zero = value == 0"),
        Example("ok = kind == 'paid'"),
        Example("ok = kind in ('paid', 'open')"),
        Example("ok = text == ''"),
        Example("ok = name in 'abc'"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
            return
        target = node.comparisons[0]
        if isinstance(target.operator, (cst.Equal, cst.NotEqual)):
            if _is_object(node.left, context) and _is_object(target.comparator, context):
                yield _with(node, _identity(target.operator))
        elif isinstance(target.operator, cst.In):
            yield from _contained(node, target)


def _with(node: cst.Comparison, operator: cst.BaseCompOp) -> cst.Comparison:
    target = node.comparisons[0].with_changes(operator=operator)
    return node.with_changes(comparisons=[target])


def _identity(operator: cst.Equal | cst.NotEqual) -> cst.BaseCompOp:
    return cst.Is() if isinstance(operator, cst.Equal) else cst.IsNot()


def _is_object(node: cst.BaseExpression, context: Context) -> bool:
    """Whether a name stands for a text that ordinarily is the same object as an equal one.

    No property that makes a new value each time, and nothing of another type.
    """
    if not isinstance(node, PLAIN) or is_state(node):
        return False
    last = dotted(node).rpartition(".")[2]
    if not last.islower() or not CODED & set(words(last)[-1:]):
        return False
    if isinstance(node, cst.Attribute) and any(last in m for m in context.names.methods.values()):
        return False
    return type_of(node, context) in ("", "str", "str|None")


def _is_word(node: cst.BaseExpression) -> bool:
    """Whether it is a text that other words may be a part of."""
    return isinstance(node, cst.SimpleString) and not node.prefix and len(node.raw_value) >= 4


def _contained(node: cst.Comparison, target: cst.ComparisonTarget) -> Iterator[cst.Comparison]:
    held = target.comparator
    if isinstance(held, (cst.Tuple, cst.List)):
        only = held.elements[0] if len(held.elements) == 1 else None
        value = only.value if isinstance(only, cst.Element) else None
        if value is not None and isinstance(value, cst.SimpleString) and not is_text(node.left):
            bare = _bracketed(value, held)
            yield node.with_changes(comparisons=[target.with_changes(comparator=bare)])
    elif _is_word(node.left) and isinstance(held, PLAIN):
        last = words(dotted(held))[-1:]
        if last and last[0] in ("line", "text", "name", "path", "message", "value", "title", "url"):
            yield _with(node, cst.Equal())


def _bracketed(value: cst.SimpleString, held: cst.Tuple | cst.List) -> cst.SimpleString:
    """`("paid",)` without its comma; `["paid"]` without its brackets."""
    if isinstance(held, cst.Tuple) and held.lpar:
        return value.with_changes(lpar=held.lpar, rpar=held.rpar)
    return value
