"""What differs between two syntax trees, node by node."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

Within = tuple[tuple[ast.AST, str], ...]


@dataclass(frozen=True)
class TreeEdit:
    """One difference: a node that came, went, or has another in its place."""

    before: ast.AST | None
    after: ast.AST | None
    within: Within
    """The nodes around it, as they are after the change, each with the field that leads inwards."""


def tree_edits(before: ast.AST, after: ast.AST) -> Iterator[TreeEdit]:
    """The differences, outermost first where whole nodes differ.

    Lists are aligned by equal nodes, then by nodes of the same type (Ratcliff and Obershelp's
    matching, as in difflib); a node whose name or value differs is an edit itself.
    """
    yield from _nodes(before, after, ())


def _nodes(before: object, after: object, within: Within) -> Iterator[TreeEdit]:
    if not (isinstance(before, ast.AST) and isinstance(after, ast.AST)):
        return
    if type(before) is not type(after):
        yield TreeEdit(before, after, within)
        return
    for field in after._fields:
        old, new = getattr(before, field, None), getattr(after, field, None)
        inner = (*within, (after, field))
        if isinstance(old, list) and isinstance(new, list):
            yield from _lists(old, new, inner)
        elif isinstance(old, ast.AST) and isinstance(new, ast.AST):
            yield from _nodes(old, new, inner)
        elif isinstance(old, ast.AST) or isinstance(new, ast.AST):
            yield TreeEdit(
                old if isinstance(old, ast.AST) else None,
                new if isinstance(new, ast.AST) else None,
                inner,
            )
        elif old != new or type(old) is not type(new):
            yield TreeEdit(before, after, within)


def _lists(old: list[ast.AST], new: list[ast.AST], within: Within) -> Iterator[TreeEdit]:
    for tag, i, j, k, m in _aligned([_text(n) for n in old], [_text(n) for n in new]):
        if tag != "equal":
            yield from _by_type(old[i:j], new[k:m], within)


def _by_type(old: list[ast.AST], new: list[ast.AST], within: Within) -> Iterator[TreeEdit]:
    types = [type(n).__name__ for n in old], [type(n).__name__ for n in new]
    for tag, i, j, k, m in _aligned(*types):
        if tag == "equal":
            for before, after in zip(old[i:j], new[k:m], strict=True):
                yield from _nodes(before, after, within)
        else:
            yield from (TreeEdit(node, None, within) for node in _only_nodes(old[i:j]))
            yield from (TreeEdit(None, node, within) for node in _only_nodes(new[k:m]))


def _aligned(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _only_nodes(values: list[ast.AST]) -> list[ast.AST]:
    """Without the names of a `global` statement, and the gaps of a dictionary's keys."""
    return [value for value in values if isinstance(value, ast.AST)]


def _text(node: object) -> str:
    return ast.dump(node) if isinstance(node, ast.AST) else repr(node)
