"""Which names a module reads and binds, and where: what a change leaves unused or unbound."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.nodes import call_name

Places = dict[str, list[int]]
Span = tuple[int, int]
WORD = re.compile(r"[^\W\d]\w*")

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
FILLERS = frozenset({"append", "add", "extend", "insert", "update", "appendleft", "setdefault"})
"""Methods that put something in; called as a statement, they read nothing."""
ARRANGERS = frozenset({"sort", "reverse", "clear"})
"""Methods that leave a list in another state; called as a statement, they read nothing either."""
MATCHERS = frozenset({"match", "fullmatch", "search"})
EMPTY_CALLS = frozenset({"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict"})


@dataclass
class Uses:
    """Offsets at which the names of a module are read and bound."""

    reads: Places = field(default_factory=lambda: defaultdict(list))
    binds: Places = field(default_factory=lambda: defaultdict(list))
    attributes: Places = field(default_factory=lambda: defaultdict(list))
    """Where `.name` stands, read or bound."""
    imports: set[str] = field(default_factory=set)
    fills: Places = field(default_factory=lambda: defaultdict(list))
    """Of the reads, those that only put something in: `rows.append(x)`, `rows[key] = x`."""
    arranged: Places = field(default_factory=lambda: defaultdict(list))
    """Of the reads, those that only sort or clear."""
    begun: Places = field(default_factory=lambda: defaultdict(list))
    """Of the binds, those to a new collection: `rows = []`."""
    groups: Places = field(default_factory=lambda: defaultdict(list))
    """Where a group of a match is read: `match["day"]`, by that text."""
    matches: set[str] = field(default_factory=lambda: {"match"})
    """Names that hold what a pattern found."""
    order: list[tuple[int, str]] = field(default_factory=list)
    """All reads, by their offset."""
    handed_on: set[str] = field(default_factory=set)
    """Names that are given to somebody else whole."""


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
                _note(context, node.value, role, found)
    for places in found.attributes.values():
        places.sort()
    found.order = sorted((at, name) for name, places in found.reads.items() for at in places)
    return found


def _note(context: Context, name: str, role: str, found: Uses) -> None:
    """What a name that is read or bound is there for, beside that."""
    above = context.outer.outer if context.outer else None
    if role == "read":
        if _is_filled(context):
            by = context.parent.attr.value if isinstance(context.parent, cst.Attribute) else ""
            (found.arranged if by in ARRANGERS else found.fills)[name].append(context.start)
        group = _group(context.parent, above.node if above else None)
        if group:
            found.groups[f"{name}[{group}]"].append(context.start)
        elif isinstance(context.parent, (cst.Arg, cst.Return)):
            found.handed_on.add(name)
        return
    holder = above.node if above and isinstance(above.node, cst.Assign) else context.parent
    value = getattr(holder, "value", None)
    if _is_new(value):
        found.begun[name].append(context.start)
    elif value is not None and call_name(value).rpartition(".")[2] in MATCHERS:
        found.matches.add(name)


def _is_filled(context: Context) -> bool:
    """`rows.append(x)` as a statement, `rows[key] = x`."""
    part, parent = context.outer, context.parent
    above = part.outer if part else None
    if part is None or above is None or getattr(parent, "value", None) is not context.node:
        return False
    if isinstance(parent, cst.Subscript):
        return isinstance(above.node, (cst.AssignTarget, cst.AugAssign))
    if not isinstance(parent, cst.Attribute) or parent.attr.value not in FILLERS | ARRANGERS:
        return False
    return isinstance(above.node, cst.Call) and isinstance(above.parent, cst.Expr)


def _group(parent: cst.CSTNode | None, above: cst.CSTNode | None) -> str:
    """The key in `match["day"]` and `match.group("day")`, as it is written."""
    key: cst.CSTNode | None = None
    if isinstance(parent, cst.Subscript) and isinstance(parent.slice[0].slice, cst.Index):
        key = parent.slice[0].slice.value
    elif isinstance(parent, cst.Attribute) and parent.attr.value == "group":
        key = above.args[0].value if isinstance(above, cst.Call) and above.args else None
    return key.value if isinstance(key, (cst.SimpleString, cst.Integer)) else ""


def _is_new(value: cst.CSTNode | None) -> bool:
    if isinstance(value, (cst.List, cst.Dict)):
        return not value.elements
    if not isinstance(value, cst.Call) or not isinstance(value.func, cst.Name):
        return False
    return value.func.value in EMPTY_CALLS and (not value.args or value.func.value == "defaultdict")


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
    """Whether something would be left behind without `parts` of a function (or the node itself).

    A variable, a parameter, an import, a captured group, or a private function or attribute of
    the module that nothing reads any more; a collection that is only filled, or never filled.
    """
    gone = [(part.start, part.end) for part in parts or (context,)]
    if leaves_behind(context, gone):
        return True
    table = uses(root_of(context))
    for part in parts or (context,):
        for name in names_read(part) - IMPLICIT:
            if name.startswith("_") and not _others(table.reads[name], gone):
                return True
        if any(not _others(table.attributes[name], gone) for name in _private(part)):
            return True
    return False


def leaves_behind(context: Context, gone: Sequence[Span], new: str = "") -> bool:
    """Whether a name is left that nothing reads any more when `new` takes the place of `gone`.

    Spans are offsets in the module's text, all in one function (or outside of any).
    """
    function = whole_function(context) or root_of(context)
    table, words = uses(root_of(context)), set(WORD.findall(new))
    for name in _read_within(table, gone) - words - IMPLICIT:
        inside = isinstance(function.node, cst.FunctionDef)
        local = _between(table.binds, name, function.start, function.end) if inside else []
        if local and not _others(local, gone):
            continue
        if not local and name not in table.imports:
            continue
        around = function if local else root_of(context)
        if _ends(table, name, around, gone):
            return True
    return _drops_group(table, function, gone, "".join(new.split()))


def _ends(table: Uses, name: str, around: Context, gone: Sequence[Span]) -> bool:
    """Whether what goes holds the last reader of a name, or all that fills a collection."""
    reads, binds, begun, fills, arranged = (
        set(_between(places, name, around.start, around.end))
        for places in (table.reads, table.binds, table.begun, table.fills, table.arranged)
    )
    reads -= arranged
    if binds and binds == begun:
        reads -= fills
        if fills and not _others(fills, gone):
            return _others(reads, gone)
    return bool(_within(reads, gone)) and not _others(reads, gone)


def _drops_group(table: Uses, function: Context, gone: Sequence[Span], new: str) -> bool:
    for text in table.groups:
        places = _between(table.groups, text, function.start, function.end)
        name = text.partition("[")[0]
        if name not in table.matches or name in table.handed_on or text in new:
            continue
        if _within(places, gone) and not _others(places, gone):
            return True
    return False


def _private(context: Context) -> Iterator[str]:
    for each in (context, *context.inside()):
        node = each.node
        name = node.attr.value if isinstance(node, cst.Attribute) else ""
        if name.startswith("_") and not name.endswith("__"):
            yield name


def _read_within(table: Uses, gone: Sequence[Span]) -> set[str]:
    """The names that are read in what goes."""
    found: set[str] = set()
    for start, end in gone:
        first, last = (bisect_left(table.order, (at, "")) for at in (start, end))
        found |= {name for _, name in table.order[first:last]}
    return found


def _within(places: Iterable[int], gone: Sequence[Span]) -> list[int]:
    return [place for place in places if any(a <= place < b for a, b in gone)]


def _others(places: Iterable[int], gone: Sequence[Span]) -> bool:
    """Whether one of the places lies outside of all that goes."""
    return any(all(not a <= place < b for a, b in gone) for place in places)


def leaves_unbound(context: Context, part: Context | None = None) -> bool:
    """Whether a name that the rest of the function reads might not be bound without the part."""
    gone = part or context
    function = whole_function(context)
    if function is None:
        return bool(names_bound(gone))
    return any(
        _others(reads_within(context, name, function), [(gone.start, gone.end)])
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
