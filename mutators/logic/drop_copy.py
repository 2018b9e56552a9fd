"""drop-copy: two owners of one object."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.flow import in_function
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.usage import leaves_unused

MAKERS = frozenset({"list", "dict", "set", "copy.copy", "copy.deepcopy", "copy", "deepcopy"})
CHANGING = frozenset(
    {
        "append",
        "extend",
        "insert",
        "pop",
        "popitem",
        "popleft",
        "remove",
        "clear",
        "sort",
        "reverse",
        "update",
        "setdefault",
        "add",
        "discard",
    }
)
TAKING = frozenset({"append", "appendleft", "insert", "put", "push", "add"})


class DropCopy(Mutator):
    name = "drop-copy"
    family = "logic"
    trait = "return"
    summary = "A list, dictionary or object is shared where a copy is needed: a change shows twice."
    models = "The caller's list that grows by itself, the template that changes with its first use."
    explanation = (
        "Assignment never copies. Whoever keeps or changes what came from elsewhere needs one of "
        "its own. Look for a value that changes though no line on the failing path seems to touch "
        "it: two names, one object; `id()` or `is` shows it."
    )
    examples = (
        Example(
            """
            class Basket:
                def __init__(self, items):
                    self.items = list(items)
            """,
            """
            class Basket:
                def __init__(self, items):
                    self.items = items
            """,
        ),
        Example(
            """
            class Basket:
                def all(self):
                    return self.items.copy()  # theirs to change
            """,
            """
            class Basket:
                def all(self):
                    return self.items  # theirs to change
            """,
        ),
        Example(
            """
            def with_total(row):
                row = dict(row)
                row['total'] = row['net'] + row['tax']
                return row
            """,
        ),
        Example(
            """
            def with_total(row):
                full = {**row}
                full['total'] = row['net'] + row['tax']
                return full
            """,
            """
            def with_total(row):
                full = row
                full['total'] = row['net'] + row['tax']
                return full
            """,
        ),
        Example(
            """
            def ranked(names):
                ordered = names[:]
                ordered.sort()
                return ordered
            """,
            """
            def ranked(names):
                ordered = names
                ordered.sort()
                return ordered
            """,
        ),
        Example(
            """
            def expire(cache, now):
                for key in list(cache):
                    if cache[key] < now:
                        del cache[key]
            """,
            """
            def expire(cache, now):
                for key in cache:
                    if cache[key] < now:
                        del cache[key]
            """,
        ),
        Example(
            """
            def expire(cache, now):
                for key, end in list(cache.items()):
                    if end < now:
                        cache.pop(key)
            """,
            """
            def expire(cache, now):
                for key, end in cache.items():
                    if end < now:
                        cache.pop(key)
            """,
        ),
        Example(
            """
            import copy

            def start(self, state):
                self.clean = copy.deepcopy(state)
                self.state = copy.copy(state)
            """,
            """
            import copy

            def start(self, state):
                self.clean = state
                self.state = copy.copy(state)
            """,
            """
            import copy

            def start(self, state):
                self.clean = copy.deepcopy(state)
                self.state = state
            """,
        ),
        Example("""
            def names(users):
                found = list(users)
                return len(found)
            """),
        Example("""
            def show(rows):
                for row in list(rows):
                    print(row)
            """),
        Example("""
            def keys(table):
                self.keys = list(table.keys())
            """),
        Example("""
            def fresh():
                items = list()
                items.append(1)
                return items
            """),
        Example("""
            def tail(names):
                rest = names[1:]
                rest.sort()
                return rest
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, (cst.Call, cst.Subscript, cst.Dict, cst.List)):
            return
        original = _copied(node)
        if original is None or not in_function(context):
            return
        shared = _is_kept(original, context) or _is_changed(context)
        if _is_changed_meanwhile(original, context) or (shared and not _leaves_import(context)):
            yield original


def _copied(node: cst.CSTNode) -> cst.BaseExpression | None:
    """What `list(x)`, `x.copy()`, `x[:]`, `{**x}` and `[*x]` are copies of."""
    if isinstance(node, cst.Call):
        return _copied_by_call(node)
    if isinstance(node, cst.Subscript):
        if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Slice):
            return None
        part = node.slice[0].slice
        return None if part.lower or part.upper or part.step else node.value
    elements = node.elements if isinstance(node, (cst.Dict, cst.List)) else ()
    if len(elements) == 1 and isinstance(elements[0], (cst.StarredDictElement, cst.StarredElement)):
        return elements[0].value
    return None


def _copied_by_call(node: cst.Call) -> cst.BaseExpression | None:
    name = call_name(node)
    is_method = isinstance(node.func, cst.Attribute) and node.func.attr.value == "copy"
    if is_method and not node.args and isinstance(node.func, cst.Attribute):
        return node.func.value
    if len(node.args) != 1 or node.args[0].keyword or node.args[0].star:
        return None
    if name in MAKERS or name in ("dataclasses.replace", "replace"):
        return node.args[0].value
    return None


def _is_plain(node: cst.BaseExpression) -> bool:
    """Whether an expression names something that lives on: no call that makes it."""
    if isinstance(node, cst.Subscript):
        return not any(isinstance(each.slice, cst.Slice) for each in node.slice)
    return bool(dotted(node))


def _is_kept(original: cst.BaseExpression, context: Context) -> bool:
    """Whether a copy becomes an attribute, or an attribute's copy is handed out."""
    parent, outer = context.parent, context.outer
    if not _is_plain(original):
        return False
    if isinstance(parent, (cst.Return, cst.Yield)):
        return "." in dotted(original) or isinstance(original, cst.Subscript)
    if isinstance(parent, cst.Assign):
        return any(isinstance(each.target, cst.Attribute) for each in parent.targets)
    if isinstance(parent, cst.AnnAssign):
        return isinstance(parent.target, cst.Attribute)
    return isinstance(parent, cst.Arg) and outer is not None and _keeps(outer.parent)


def _keeps(call: cst.CSTNode | None) -> bool:
    """Whether a call keeps what it is given: a class, or a container that takes an item."""
    if not isinstance(call, cst.Call):
        return False
    last = call_name(call).rpartition(".")[2]
    of_type = call_name(call.func) == "type"
    return of_type or last == "cls" or last[:1].isupper() or last in TAKING


def _is_changed(context: Context) -> bool:
    """Whether the copy gets a name of its own and is changed under it."""
    parent = context.parent
    if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
        return False
    name, original = dotted(parent.targets[0].target), _copied(context.node)
    if not name or "." in name or original is None or not _is_plain(original):
        return False
    if dotted(original) == name:
        return False
    function = context.scope
    return any(each.start > context.end and _changes(each, name) for each in function.inside())


def _changes(context: Context, name: str) -> bool:
    """Whether a node is a call, item or attribute assignment that changes `name` in place."""
    node, parent = context.node, context.parent
    if isinstance(node, cst.Attribute) and dotted(node.value) == name:
        called = isinstance(parent, cst.Call) and parent.func is node
        return (called and node.attr.value in CHANGING) or isinstance(parent, cst.AssignTarget)
    if isinstance(node, cst.Subscript) and dotted(node.value) == name:
        return isinstance(parent, (cst.AssignTarget, cst.AugAssign, cst.Del))
    return False


def _is_changed_meanwhile(original: cst.BaseExpression, context: Context) -> bool:
    """`for key in list(table)` whose body takes out of the table, or puts into it."""
    loop = context.outer
    if loop is None or not isinstance(loop.node, cst.For) or loop.node.iter is not context.node:
        return False
    name = dotted(original)
    owner, _, method = call_name(original).rpartition(".")
    if method in ("items", "keys", "values"):
        name = owner
    if not name:
        return False
    return any(_changes(each, name) for each in loop.inside())


def _leaves_import(context: Context) -> bool:
    """Whether the import of `copy` would be left over."""
    if not isinstance(context.node, cst.Call):
        return False
    function = next(child for child in context.children if child.node is context.node.func)
    return call_name(context.node) in MAKERS and leaves_unused(context, function)
