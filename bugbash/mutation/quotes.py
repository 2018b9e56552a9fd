"""String literals in the style of their module."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import libcst as cst

from bugbash.mutation.context import Context

Quote = Literal['"', "'"]


@lru_cache(maxsize=1)
def _quote(module: Context) -> Quote:
    """The quote that most literals of the module have."""
    balance = 0
    for context in module.inside():
        if isinstance(context.node, cst.SimpleString) and len(context.node.quote) == 1:
            balance += 1 if context.node.quote == '"' else -1
    return '"' if balance >= 0 else "'"


def literal(body: str, context: Context, prefix: str = "") -> cst.SimpleString:
    """A literal with `body`, source rather than value, between the usual quotes."""
    quote = _quote(context.root)
    return cst.SimpleString(f"{prefix}{quote}{body}{quote}")


def slashed(parts: list[cst.BaseExpression], context: Context) -> cst.FormattedString | None:
    """`f"{a}/{b}.csv"` for a, "/" and f"{b}.csv"; None where a part does not fit in there."""
    quote = _quote(context.root)
    pieces: list[cst.BaseFormattedStringContent] = []
    for index, part in enumerate(parts):
        if index:
            pieces.append(cst.FormattedStringText("/"))
        found = _pieces(part, quote)
        if found is None:
            return None
        pieces += found
    return cst.FormattedString(parts=pieces, start=f"f{quote}", end=quote)


def _pieces(part: cst.BaseExpression, quote: str) -> list[cst.BaseFormattedStringContent] | None:
    if isinstance(part, cst.SimpleString):
        plain = not part.prefix and not set(part.raw_value) & set("{}\\\"'")
        return [cst.FormattedStringText(part.raw_value)] if plain else None
    if isinstance(part, cst.FormattedString):
        same = part.start.lower() == f"f{quote}"
        return list(part.parts) if same else None
    if isinstance(part, cst.Name) or (isinstance(part, cst.Attribute) and _is_plain(part)):
        return [cst.FormattedStringExpression(part.with_changes(lpar=[], rpar=[]))]
    return None


def _is_plain(node: cst.CSTNode) -> bool:
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)
