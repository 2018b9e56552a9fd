"""Which names a module reads and binds, and where: what a change leaves unused or unbound."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context

Places = dict[str, list[int]]

UNPACKED = (cst.Element, cst.StarredElement, cst.Tuple, cst.List)
BINDERS = (
    cst.AssignTarget,
    cst.AugAssign,
    cst.AnnAssign,
    cst.For,
    cst.CompFor,
    cst.NamedExpr,
    cst.AsName,
    cst.Param,
    cst.FunctionDef,
    cst.ClassDef,
    cst.MatchAs,
    cst.MatchStar,
)
IMPLICIT = frozenset({"self", "cls", "_"})


@dataclass
class Uses:
    """Offsets at which the names of a module are read and bound."""

    reads: Places = field(default_factory=lambda: defaultdict(list))
    binds: Places = field(default_factory=lambda: defaultdict(list))
    attributes: Places = field(default_factory=lambda: defaultdict(list))
    """Where `.name` stands, read or bound."""
    imports: set[str] = field(default_factory=set)


def root_of(context: Context) -> Context:
    while context.outer:
        context = context.outer
    return context


@lru_cache(maxsize=1)
def uses(root: Context) -> Uses:
    """The names of a whole module."""
    found = Uses()
    for context in root.inside():
        node = context.node
        if isinstance(node, cst.Attribute):
            found.attributes[node.attr.value].append(context.start)
        elif isinstance(node, cst.ImportAlias):
            found.imports.add(_imported(node))
        elif isinstance(node, cst.Name):
            role = role_of(context)
            if role:
                (found.reads if role == "read" else found.binds)[node.value].append(context.start)
    for places in found.attributes.values():
        places.sort()
    return found


def _imported(alias: cst.ImportAlias) -> str:
    if alias.asname and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    node: cst.CSTNode = alias.name
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


@lru_cache(maxsize=1)
def text_of(module: cst.Module) -> str:
    """The module's text: `start` and `end` of a context count its characters."""
    return module.code


def source_of(context: Context) -> str:
    """The text of a node as it stands in the module."""
    root = root_of(context).node
    assert isinstance(root, cst.Module)
    return text_of(root)[context.start : context.end]


def role_of(context: Context) -> str:
    """What a name does in its place: "read", "bind", or "" for attributes, keywords and the like.

    The target of `x += 1` counts as bound only; "inner" is what a parameter or a comprehension
    binds, which no statement after it sees.
    """
    node, outer = context.node, context.outer
    parent = context.parent
    if isinstance(parent, cst.Attribute):
        return "read" if parent.value is node else ""
    if isinstance(parent, (cst.NameItem, cst.ImportAlias, cst.ImportFrom)):
        return ""
    if isinstance(parent, (cst.Arg, cst.MatchKeywordElement)):
        return (
            ""
            if node in (getattr(parent, "keyword", None), getattr(parent, "key", None))
            else "read"
        )
    while outer and isinstance(outer.node, UNPACKED):
        node, outer = outer.node, outer.outer
    holder = outer.node if outer else None
    if isinstance(holder, cst.AnnAssign) and holder.value is None:
        return ""
    if isinstance(holder, BINDERS) and node in (
        getattr(holder, "target", None),
        getattr(holder, "name", None),
    ):
        return "inner" if isinstance(holder, (cst.Param, cst.CompFor)) else "bind"
    return "read"


def whole_function(context: Context) -> Context | None:
    """The outermost function around a node."""
    found = None
    for around in context.chain:
        if isinstance(around.node, cst.FunctionDef):
            found = around
    return found


def names_read(context: Context) -> set[str]:
    """The names read inside a node (or by it)."""
    return {
        each.node.value
        for each in (context, *context.inside())
        if isinstance(each.node, cst.Name) and role_of(each) == "read"
    }


def names_bound(context: Context) -> set[str]:
    """The names bound inside a node (or by it)."""
    return {
        each.node.value
        for each in (context, *context.inside())
        if isinstance(each.node, cst.Name) and role_of(each) == "bind"
    }


def reads_within(context: Context, name: str, around: Context) -> list[int]:
    """Where `name` is read inside `around`."""
    return _between(uses(root_of(context)).reads, name, around.start, around.end)


def binds_within(context: Context, name: str, around: Context) -> list[int]:
    """Where `name` is bound inside `around`, parameters included."""
    return _between(uses(root_of(context)).binds, name, around.start, around.end)


def _between(places: Places, name: str, start: int, end: int) -> list[int]:
    all_of_them = places.get(name, [])
    return all_of_them[bisect_left(all_of_them, start) : bisect_left(all_of_them, end)]


def leaves_unused(context: Context, *parts: Context) -> bool:
    """Whether a name would have no reader left without `parts` of a function (or the node itself).

    A variable, a parameter, an import, or a private function or attribute of the module.
    """
    gone = parts or (context,)
    function = whole_function(context) or root_of(context)
    table = uses(root_of(context))
    for part in gone:
        for name in names_read(part) - IMPLICIT:
            binds = _between(table.binds, name, function.start, function.end)
            local = bool(binds)
            if local and not _others(binds, gone):
                continue
            if not local and name not in table.imports and not name.startswith("_"):
                continue
            around = function if local else root_of(context)
            if not _others(_between(table.reads, name, around.start, around.end), gone):
                return True
        if any(not _others(table.attributes[name], gone) for name in _private(part)):
            return True
    return False


def _private(context: Context) -> Iterator[str]:
    for each in (context, *context.inside()):
        node = each.node
        name = node.attr.value if isinstance(node, cst.Attribute) else ""
        if name.startswith("_") and not name.endswith("__"):
            yield name


def _others(places: Iterable[int], gone: Iterable[Context]) -> bool:
    """Whether one of the places lies outside of all that goes."""
    parts = list(gone)
    return any(all(not p.start <= place < p.end for p in parts) for place in places)


def leaves_unbound(context: Context, part: Context | None = None) -> bool:
    """Whether a name that the rest of the function reads might not be bound without the part."""
    gone = part or context
    function = whole_function(context)
    if function is None:
        return bool(names_bound(gone))
    return any(
        _others(reads_within(context, name, function), [gone])
        and not is_bound_before(context, name)
        for name in names_bound(gone)
    )


def is_bound_before(context: Context, name: str) -> bool:
    """Whether a name is sure to be bound when the statement of the node is reached."""
    here = context.statement
    for around in here.chain:
        if isinstance(around.node, (cst.FunctionDef, cst.Lambda)) and around is not here:
            return _is_parameter(around.node, name)
        if isinstance(around.node, cst.For) and around is not here:
            target = next(c for c in around.children if c.node is around.node.target)
            if name in names_bound(target):
                return True
        for sibling in _siblings_before(around):
            if _binds_surely(sibling, name):
                return True
    return False


def _siblings_before(context: Context) -> Iterator[Context]:
    if context.outer and isinstance(context.outer.node, (cst.IndentedBlock, cst.Module)):
        for sibling in context.outer.children:
            if sibling is context:
                return
            yield sibling


def _binds_surely(statement: Context, name: str) -> bool:
    if isinstance(statement.node, cst.SimpleStatementLine):
        return name in names_bound(statement)
    if isinstance(statement.node, cst.With):
        return any(_binds_surely(each, name) for each in _body(statement))
    return False


def _body(statement: Context) -> Iterator[Context]:
    for child in statement.children:
        if isinstance(child.node, cst.IndentedBlock):
            yield from child.children


def _is_parameter(function: cst.FunctionDef | cst.Lambda, name: str) -> bool:
    params = function.params
    every = [*params.params, *params.kwonly_params, *params.posonly_params]
    every += [p for p in (params.star_arg, params.star_kwarg) if isinstance(p, cst.Param)]
    return any(param.name.value == name for param in every)


def is_parameter(context: Context, name: str) -> bool:
    """Whether `name` is a parameter of the function around the node."""
    function = context.scope.node
    return isinstance(function, cst.FunctionDef) and _is_parameter(function, name)
