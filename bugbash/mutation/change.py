"""From a faulty node to the text that changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Faulty
from bugbash.mutation.removal import removal
from bugbash.mutation.source import NEWLINE, Source

OPERATORS = frozenset("<>=!+-*/%&|^~@:")


class Change(NamedTuple):
    """Characters `start` to `end` of a source's text become `text`."""

    start: int
    end: int
    text: str


def change(source: Source, context: Context, faulty: Faulty) -> Change | None:
    """The change that puts `faulty` in the place of the node; None where that can't be done."""
    new = _nodes(faulty)
    if not new:
        found = removal(source, context)
        return Change(*found) if found else None
    new = (_below(context.node, new[0]), *new[1:])
    while source.render(context.node, context) != source.text[context.start : context.end]:
        if context.outer is None:
            return None
        new = (_with_child(context.outer.node, context.node, new),)
        context = context.outer
    text = "".join(source.render(node, context) for node in new)
    return _trimmed(source.text, Change(context.start, context.end, text))


def _nodes(faulty: Faulty) -> tuple[cst.CSTNode, ...]:
    """The nodes that take the place of one; none for a removal."""
    if isinstance(faulty, cst.FlattenSentinel):
        return tuple(faulty.nodes)
    return () if isinstance(faulty, cst.RemovalSentinel) else (faulty,)


def _below(node: cst.CSTNode, faulty: cst.CSTNode) -> cst.CSTNode:
    """`faulty` below the blank lines and comments that stand above the clean statement."""
    lines = getattr(node, "leading_lines", ())
    if lines and not getattr(faulty, "leading_lines", True):
        return faulty.with_changes(leading_lines=lines)
    return faulty


def _with_child(
    parent: cst.CSTNode, child: cst.CSTNode, new: tuple[cst.CSTNode, ...]
) -> cst.CSTNode:
    """`parent` with `new` where `child` was."""
    for field in dataclasses.fields(parent):
        value = getattr(parent, field.name)
        if value is child:
            return parent.with_changes(**{field.name: new[0]})
        if isinstance(value, (tuple, list)) and any(item is child for item in value):
            items = [n for item in value for n in (new if item is child else (item,))]
            return parent.with_changes(**{field.name: items})
    raise ValueError(f"{type(parent).__name__} does not hold {type(child).__name__}")


def _trimmed(text: str, change: Change) -> Change:
    """The same change without the lines, then the words, that stay at either end."""
    old = text[change.start : change.end]
    old_lines, new_lines = _lines(old), _lines(change.text)
    head = _common(old_lines, new_lines)
    tail = _common(old_lines[head:][::-1], new_lines[head:][::-1])
    start = change.start + sum(map(len, old_lines[:head]))
    old_lines, new_lines = (
        old_lines[head : len(old_lines) - tail],
        new_lines[head : len(new_lines) - tail],
    )
    lines = Change(start, start + sum(map(len, old_lines)), "".join(new_lines))
    return lines if not old_lines or not new_lines else _trim_words(text, lines)


def _lines(text: str) -> list[str]:
    ends = [0, *(match.end() for match in NEWLINE.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(ends) if a < b]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    for count, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return count
    return min(len(one), len(other))


def _trim_words(text: str, change: Change) -> Change:
    old, new = text[change.start : change.end], change.text
    head = _common(old, new)
    while head and _same_token(old[head - 1], (old[head:] or " ")[0], (new[head:] or " ")[0]):
        head -= 1
    tail = _common(old[head:][::-1], new[head:][::-1])
    while tail and _same_token(old[-tail], (" " + old)[-tail - 1], (" " + new)[-tail - 1]):
        tail -= 1
    return Change(change.start + head, change.end - tail, new[head : len(new) - tail])


def _same_token(kept: str, *changed: str) -> bool:
    """Whether a cut between a kept character and a changed one would split a word or operator."""
    if kept.isalnum() or kept == "_":
        return any(c.isalnum() or c == "_" for c in changed)
    return kept in OPERATORS and any(c in OPERATORS for c in changed)
