"""wrong-attribute: another attribute of the same object."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.calls import same_code
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.names import Field, is_telling
from bugbash.mutation.twins import repeats
from bugbash.mutation.words import alike, is_pair, is_plural

MODULES = frozenset(
    {
        "str",
        "bytes",
        "dict",
        "sys",
        "os",
        "re",
        "math",
        "string",
        "errno",
        "signal",
        "stat",
        "np",
        "token",
    }
)


class WrongAttribute(Mutator):
    name = "wrong-attribute"
    family = "library"
    trait = "name"
    summary = "One attribute of an object is read where another, of the same kind, was meant."
    models = "`order.net` for `order.gross`, `.created_at` for `.updated_at`, a copied line."
    explanation = (
        "The object has both attributes and they hold the same kind of value. Look at what the "
        "class says about each, and at the places that read the other one."
    )
    examples = (
        Example(
            "fee = order.gross * rate + base(order.net)",
            "fee = order.net * rate + base(order.net)",
            "fee = order.gross * rate + base(order.gross)",
        ),
        Example("gap = order.gross - order.net"),
        Example(
            """
            @dataclass
            class Job:
                due: datetime
                started: datetime
                name: str

            def late(job, now):
                return job.due < now
            """,
            """
            @dataclass
            class Job:
                due: datetime
                started: datetime
                name: str

            def late(job, now):
                return job.started < now
            """,
        ),
        Example(
            """
            class Span:
                def __init__(self, start, end):
                    self.start = start
                    self.end = end

                def moved(self, offset):
                    return self.start + offset  # in bytes
            """,
            """
            class Span:
                def __init__(self, start, end):
                    self.start = start
                    self.end = end

                def moved(self, offset):
                    return self.end + offset  # in bytes
            """,
        ),
        Example(
            """
            class Page:
                def __init__(self):
                    self.first_row = 0
                    self.last_row = 9

                def show(self):
                    return self.first_row
            """,
            """
            class Page:
                def __init__(self):
                    self.first_row = 0
                    self.last_row = 9

                def show(self):
                    return self.last_row
            """,
        ),
        Example(
            """
            class Page:
                def __init__(self):
                    self.row = 0
                    self.rows = []

                def show(self):
                    return self.row
            """
        ),
        Example("order.net = 1\norder.gross = 2"),
        Example("name = order.name + order.price"),
        Example("path = os.path.join(a.left, b)"),
        Example("value = order.start() - order.end"),
        Example("order.old = order.new"),
        Example("address = f'{parts.path}?{parts.query}'"),
        Example("""
            folder = root / f"{day.year:04d}" / f"{day.month:02d}"
            move(order.source, order.target)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Attribute) or not _is_read(node, context):
            return
        receiver = dotted(node.value)
        if not receiver or receiver.partition(".")[0] in MODULES or _is_import(node, context):
            return
        others = dict.fromkeys([*_declared(node, context), *_seen(node, receiver, context)])
        for name in sorted(others, key=lambda other: not is_pair(node.attr.value, other))[:1]:
            other = node.with_changes(attr=cst.Name(name))
            if not _is_set_here(other, context) and not repeats(context, other):
                yield other


def _is_read(node: cst.Attribute, context: Context) -> bool:
    parent = context.parent
    if isinstance(parent, (cst.AssignTarget, cst.Del, cst.Decorator)):
        return False
    if isinstance(parent, (cst.AugAssign, cst.AnnAssign)) and parent.target is node:
        return False
    return not (isinstance(parent, cst.Call) and parent.func is node)


def _is_import(node: cst.Attribute, context: Context) -> bool:
    """Whether the attribute is that of a module or class."""
    first = dotted(node).partition(".")[0]
    names = context.names.bindings.get(context.root, {}).get(first, [])
    return first[:1].isupper() or any(b.sort in ("import", "class") for b in names)


def _declared(node: cst.Attribute, context: Context) -> Iterator[str]:
    """Attributes of the same type in the classes that declare this one, the likest first."""
    name = node.attr.value
    fields = context.names.fields
    if isinstance(node.value, cst.Name) and node.value.value == "self":
        owners = [c for c in context.chain if isinstance(c.node, cst.ClassDef)][:1]
    else:
        owners = [c for c in fields if name in fields[c] and not name.startswith("_")]
    for owner in owners:
        known = fields.get(owner, {})
        if name in known:
            found = [other for other in known.values() if _fits(known[name], other)]
            yield from (f.name for f in sorted(found, key=lambda f: _distance(known[name], f)))


def _fits(field: Field, other: Field) -> bool:
    if field.name == other.name or is_plural(field.name) != is_plural(other.name):
        return False
    if field.holds != other.holds and field.holds and other.holds:
        return False
    if alike(field.name, other.name):
        return True
    same = field.holds == other.holds and is_telling(field.holds)
    return same and field.name.startswith("_") == other.name.startswith("_")


def _distance(field: Field, other: Field) -> tuple[bool, int]:
    return not alike(field.name, other.name), abs(field.at - other.at)


def _seen(node: cst.Attribute, receiver: str, context: Context) -> Iterator[str]:
    """Attributes of an object that the module reads under the same name."""
    read = context.names.attributes.get(receiver, {})
    name = node.attr.value
    for other, places in sorted(read.items(), key=lambda item: item[1][0].start):
        if alike(name, other) and not any(_is_called(place) for place in places):
            yield other


def _is_called(context: Context) -> bool:
    return isinstance(context.parent, cst.Call) and context.parent.func is context.node


def _is_set_here(other: cst.Attribute, context: Context) -> bool:
    """Whether the statement gives the other attribute its value: `a.old = a.new`."""
    for around in context.ancestors:
        if isinstance(around, cst.Assign):
            return any(same_code(target.target, other) for target in around.targets)
        if isinstance(around, (cst.AugAssign, cst.AnnAssign)):
            return same_code(around.target, other)
        if isinstance(around, cst.BaseStatement):
            return False
    return False
