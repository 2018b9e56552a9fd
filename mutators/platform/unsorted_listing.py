"""unsorted-listing: the order of the file system, or of a set, is taken for granted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import annotated_types
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_lone

LAZY = frozenset({"glob", "rglob", "iglob", "iterdir", "scandir", "walk"})
READY = frozenset({"listdir"})
SETS = frozenset({"set", "frozenset", "union", "intersection", "difference"})
SET_TYPES = frozenset({"set", "frozenset", "Set", "AbstractSet", "FrozenSet", "MutableSet"})
TAKERS = frozenset(
    {"list", "tuple", "dict", "enumerate", "map", "filter", "join", "extend", "zip", "islice"}
)
"""Calls that take anything that can be looped over, in its order."""
ANY_ORDER = frozenset({"set", "frozenset", "sum", "len", "any", "all", "max", "min", "sorted"})


class UnsortedListing(Mutator):
    name = "unsorted-listing"
    family = "platform"
    trait = "return"
    summary = "Files or members come in any order: it differs from machine to machine."
    models = "The author's file system lists names in order, so that nobody missed `sorted`."
    explanation = (
        "Neither a folder nor a set has an order that one can rely on; what depends on it has to "
        "sort. A result that is right but in another order, or only on some machines, points here: "
        "look where the names come from."
    )
    examples = (
        Example(
            """
            for path in sorted(folder.glob("*.csv")):
                load(path)
            """,
            """
            for path in folder.glob("*.csv"):
                load(path)
            """,
        ),
        Example(
            "names = sorted(os.listdir(folder))",
            "names = os.listdir(folder)",
        ),
        Example(
            "newest = sorted(folder.iterdir(), key=by_age)[-1]",
            "newest = list(folder.iterdir())[-1]",
        ),
        Example(
            """
            files = sorted(
                path for path in folder.rglob("*") if path.is_file()
            )
            """,
            """
            files = [
                path for path in folder.rglob("*") if path.is_file()
            ]
            """,
        ),
        Example(
            "return_value = ', '.join(sorted({row.name for row in rows}))",
            "return_value = ', '.join({row.name for row in rows})",
        ),
        Example(
            "extra = sorted(set(names) - KNOWN)",
            "extra = list(set(names) - KNOWN)",
        ),
        Example(
            """
            def load(folder):
                names = os.listdir(folder)
                names.sort()
                return [read(name) for name in names]
            """,
            """
            def load(folder):
                names = os.listdir(folder)
                return [read(name) for name in names]
            """,
        ),
        Example(
            """
            for root, folders, files in os.walk(top):
                folders.sort()
                for name in sorted(files):
                    visit(root, name)
            """,
            """
            for root, folders, files in os.walk(top):
                for name in sorted(files):
                    visit(root, name)
            """,
            """
            for root, folders, files in os.walk(top):
                folders.sort()
                for name in files:
                    visit(root, name)
            """,
        ),
        Example("rows = sorted(rows)"),
        Example("names = set(sorted(os.listdir(folder)))"),
        Example("text = ''.join(sorted(word))"),
        Example("""
            def load(rows):
                rows.sort()
            """),
        Example("best = max(sorted(folder.iterdir()))"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Expr):
            if _sorts_listing(node, context) and not is_lone(context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Call) and call_name(node) == "sorted" and node.args:
            listing = node.args[0].value
            if _is_unordered(listing, context) and not _any_order(context):
                yield _unsorted(node, listing, context)


def _is_unordered(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression gives its items in no certain order."""
    if isinstance(node, (cst.GeneratorExp, cst.ListComp)):
        return _is_unordered(node.for_in.iter, context)
    if isinstance(node, (cst.Set, cst.SetComp)):
        return True
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, (cst.Subtract, cst.BitAnd, cst.BitOr)) and (
            _is_unordered(node.left, context) or _is_unordered(node.right, context)
        )
    if isinstance(node, cst.Name) and node.value in _walked(context.scope):
        return True
    if isinstance(node, (cst.Name, cst.Attribute)):
        return bool((annotated_types(node, context) or frozenset()) & SET_TYPES)
    return _method(node) in LAZY | READY | SETS


def _method(node: cst.CSTNode) -> str:
    return call_name(node).rpartition(".")[2]


@lru_cache(maxsize=4)
def _walked(scope: Context) -> frozenset[str]:
    """The names of folders and files that `os.walk` gives, or that hold a listing."""
    found: set[str] = set()
    for context in scope.inside():
        node = context.node
        if isinstance(node, cst.For) and isinstance(node.target, cst.Tuple):
            walked = node.target.elements[1:] if _method(node.iter) == "walk" else ()
            found.update(dotted(each.value) for each in walked)
        elif isinstance(node, cst.Assign) and _is_listing(node.value):
            found.update(dotted(target.target) for target in node.targets)
    return frozenset(found - {""})


def _is_listing(node: cst.BaseExpression) -> bool:
    if isinstance(node, (cst.Set, cst.SetComp)):
        return True
    if _method(node) == "list" and isinstance(node, cst.Call) and node.args:
        return _method(node.args[0].value) in LAZY
    if isinstance(node, cst.ListComp):
        return _method(node.for_in.iter) in LAZY | READY
    return _method(node) in READY | {"set"}


def _sorts_listing(node: cst.Expr, context: Context) -> bool:
    """`names.sort()` of a listing."""
    call = node.value
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return False
    name = dotted(call.func.value)
    return call.func.attr.value == "sort" and name in _walked(context.scope)


def _any_order(context: Context) -> bool:
    """Whether the order of the sorted list means nothing, or little, where it goes."""
    if (context.function or "").endswith("__repr__"):
        return True
    user = context.outer.parent if context.outer else None
    if isinstance(context.parent, cst.Arg) and isinstance(user, cst.Call):
        return _method(user) in ANY_ORDER
    return isinstance(context.parent, cst.FormattedStringExpression)


def _unsorted(node: cst.Call, listing: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    looped = _is_looped_over(context)
    if isinstance(listing, cst.GeneratorExp):
        return listing if looped and _is_lone_argument(context) else _as_list(listing, node)
    ready = isinstance(listing, cst.ListComp) or _method(listing) in READY
    if looped or ready or (isinstance(listing, cst.Name) and _holds_list(listing, context)):
        return listing.with_changes(lpar=[], rpar=[]) if listing.lpar else listing
    last = node.args[-1]
    end = {"comma": last.comma, "whitespace_after_arg": last.whitespace_after_arg}
    return node.with_changes(func=cst.Name("list"), args=[node.args[0].with_changes(**end)])


def _holds_list(name: cst.Name, context: Context) -> bool:
    """Whether a name is bound to a list, not to a set or a generator."""
    if annotated_types(name, context):
        return False
    for place in context.scope.inside():
        node = place.node
        if not isinstance(node, cst.Assign) or _method(node.value) in READY | {"list"}:
            continue
        if any(dotted(target.target) == name.value for target in node.targets):
            return isinstance(node.value, cst.ListComp)
    return True


def _is_lone_argument(context: Context) -> bool:
    """Whether a generator needs no brackets of its own."""
    user = context.outer.parent if context.outer else None
    return isinstance(user, cst.Call) and len(user.args) == 1


def _is_looped_over(context: Context) -> bool:
    parent, outer = context.parent, context.outer
    if isinstance(parent, (cst.For, cst.CompFor)):
        return parent.iter is context.node
    user = outer.parent if outer else None
    return isinstance(parent, cst.Arg) and user is not None and _method(user) in TAKERS


def _as_list(listing: cst.GeneratorExp, node: cst.Call) -> cst.ListComp:
    """`sorted(x for x in y)` becomes `[x for x in y]`, line breaks included."""
    open_space, close_space = node.whitespace_before_args, node.args[-1].whitespace_after_arg
    return cst.ListComp(
        elt=listing.elt,
        for_in=listing.for_in,
        lbracket=cst.LeftSquareBracket(whitespace_after=open_space),
        rbracket=cst.RightSquareBracket(whitespace_before=close_space),
    )
