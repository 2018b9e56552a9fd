"""What a statement reads and what it leaves changed: which of two steps depends on the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.names import Binding
from bugbash.mutation.nodes import dotted
from bugbash.mutation.usage import role_of, root_of, uses


@dataclass
class Effects:
    """Dotted names: `total`, `self.total`, `row`."""

    reads: set[str] = field(default_factory=set)
    """What is read, or has one of its methods called."""
    binds: set[str] = field(default_factory=set)
    """What gets another value."""
    changes: set[str] = field(default_factory=set)
    """What is changed in place: an item set or deleted, a method called for its effect."""
    methods: set[str] = field(default_factory=set)
    """The methods of `self` that are called."""

    @property
    def writes(self) -> set[str]:
        return self.binds | self.changes


def effects(statement: Context) -> Effects:
    """What a statement, or a part of one, reads and leaves changed."""
    found = Effects()
    for context in (statement, *statement.inside()):
        node, parent = context.node, context.parent
        if isinstance(node, cst.Name):
            if not isinstance(parent, cst.Attribute) or parent.value is not node:
                _note_name(context, found)
        elif isinstance(node, cst.Attribute) and dotted(node):
            if not isinstance(parent, cst.Attribute):
                _note_attribute(context, found)
        elif isinstance(node, cst.Subscript) and _is_target(context) and dotted(node.value):
            found.changes.add(dotted(node.value))
    found.changes |= {receiver for receiver, _ in _called(statement)}
    return found


def _note_name(context: Context, found: Effects) -> None:
    assert isinstance(context.node, cst.Name)
    role = role_of(context)
    if role == "bind":
        found.binds.add(context.node.value)
    if role == "read" or isinstance(context.parent, cst.AugAssign):
        found.reads.add(context.node.value)


def _note_attribute(context: Context, found: Effects) -> None:
    name, parent = dotted(context.node), context.parent
    if _is_target(context):
        found.binds.add(name)
        if isinstance(parent, cst.AugAssign):
            found.reads.add(name)
        return
    if isinstance(parent, cst.Call) and parent.func is context.node:
        name, _, method = name.rpartition(".")
        if name == "self":
            found.methods.add(method)
    found.reads.add(name)


def _is_target(context: Context) -> bool:
    node, outer = context.node, context.outer
    while outer and isinstance(outer.node, (cst.Element, cst.Tuple, cst.List)):
        node, outer = outer.node, outer.outer
    holder = outer.node if outer else None
    if isinstance(holder, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.For)):
        return holder.target is node
    return isinstance(holder, cst.Del)


def _called(statement: Context) -> Iterator[tuple[str, str]]:
    """Receiver and method of a call that is a statement of its own."""
    for context in (statement, *statement.inside()):
        if isinstance(context.node, cst.Expr):
            value = context.node.value
            value = value.expression if isinstance(value, cst.Await) else value
            if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
                receiver = dotted(value.func.value)
                if receiver:
                    yield receiver, value.func.attr.value


def method_called(statement: Context) -> str:
    """The method that a statement calls for its effect."""
    return next((method for _, method in _called(statement)), "")


def depends(reader: Effects, writer: Effects, place: Context) -> bool:
    """Whether what `reader` reads is something that `writer` leaves changed."""
    for written in writer.writes - {"self", "cls"}:
        for read in reader.reads:
            if read == written or read.startswith(written + "."):
                return True
            if written.startswith(read + ".") and read not in ("self", "cls"):
                return True
        owner, _, attribute = written.partition(".")
        if owner == "self" and _methods_mention(place, reader.methods, attribute.split(".")[0]):
            return True
    return False


def other_items(one: Context, other: Context) -> bool:
    """Whether two statements share a container alone, and each its own item of it.

    `d["a"] = x` and `y = d["b"]`, or `mail["a"] = x` and `mail.set_body(y)`.
    """
    first, second = _items(one), _items(other)
    done, then = effects(one), effects(other)
    shared = done.writes & (then.reads | then.writes) | then.writes & done.reads
    return bool(shared) and all(
        name in first and name in second and not first[name] & second[name] for name in shared
    )


def _items(statement: Context) -> dict[str, set[str]]:
    """Containers of which only items with a fixed key are read or set, and those keys.

    What `mail.set_body(y)` sets counts as an item.
    """
    found: dict[str, set[str]] = {}
    whole: set[str] = set()
    for context in (statement, *statement.inside()):
        name = dotted(context.node)
        parent = context.parent
        if not name or (isinstance(parent, cst.Attribute) and not _is_setter(parent)):
            continue
        if _is_setter(context.node):
            continue
        key = _fixed_key(parent) if isinstance(parent, cst.Subscript) else ""
        key = dotted(parent) if isinstance(parent, cst.Attribute) else key
        if key and getattr(parent, "value", None) is context.node:
            found.setdefault(name, set()).add(key)
        else:
            whole.add(name)
    return {name: keys for name, keys in found.items() if name not in whole}


def _is_setter(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value.startswith("set_")


def _fixed_key(node: cst.Subscript) -> str:
    index = node.slice[0].slice if len(node.slice) == 1 else None
    value = index.value if isinstance(index, cst.Index) else None
    return value.value if isinstance(value, (cst.SimpleString, cst.Integer)) else ""


def is_own(name: str, place: Context) -> bool:
    """Whether a local variable holds a list, dict or set that its function made itself."""
    function = place.scope
    bound = place.names.bound(function, name)
    return bool(bound) and all(_is_made(each) for each in bound)


def _is_made(bound: Binding) -> bool:
    kinds = (cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp)
    made = isinstance(bound.value, cst.Call) and dotted(bound.value.func) in _MAKERS
    return bound.sort == "assignment" and (made or isinstance(bound.value, kinds))


_MAKERS = frozenset({"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict"})


def class_around(context: Context) -> Context | None:
    return next((c for c in context.chain if isinstance(c.node, cst.ClassDef)), None)


def _methods_mention(place: Context, methods: Iterable[str], attribute: str) -> bool:
    """Whether one of the methods of the class around mentions `self.attribute`."""
    owner = class_around(place)
    if owner is None or not attribute:
        return False
    wanted = set(methods)
    spots = uses(root_of(place)).attributes.get(attribute, [])
    for block in owner.children:
        for child in block.children:
            named = isinstance(child.node, cst.FunctionDef) and child.node.name.value in wanted
            if named and any(child.start <= spot < child.end for spot in spots):
                return True
    return False


def is_set_elsewhere(attribute: str, statement: Context) -> bool:
    """Whether `self.attribute` has a value before this statement: from the class or `__init__`.

    Set in another method, before it in this one, or in the body of the class.
    """
    owner = class_around(statement)
    if owner is None:
        return False
    function = statement.scope
    for context in owner.inside():
        same = function.start <= context.start < function.end
        if same and context.start >= statement.start:
            continue
        if _gives_value(context, attribute, owner):
            return True
    return False


def _gives_value(context: Context, attribute: str, owner: Context) -> bool:
    """Whether a node is the target of an assignment to `self.attribute`, or to it in the class."""
    node = context.node
    if isinstance(node, cst.Attribute) and dotted(node) == f"self.{attribute}":
        return _is_target(context) and not isinstance(context.parent, cst.Del)
    if isinstance(node, cst.Name) and node.value == attribute and context.scope is owner:
        return role_of(context) == "bind" or _is_declared(context)
    return False


def _is_declared(context: Context) -> bool:
    """A field of a dataclass without a default."""
    return isinstance(context.parent, cst.AnnAssign) and context.parent.target is context.node
