"""The names of a module: what binds them where, what they hold, and how they are used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.words import words

Sort = Literal[
    "parameter",
    "assignment",
    "change",
    "loop",
    "with",
    "except",
    "comprehension",
    "import",
    "function",
    "class",
]
"""What binds a name; a "change" is `+=`."""
_Scope = cst.FunctionDef | cst.ClassDef | cst.Module | cst.Lambda
_DISPLAYS = (cst.Tuple, cst.List, cst.Element, cst.StarredElement)
_BINDERS: dict[type[cst.CSTNode], tuple[str, Sort]] = {
    cst.AssignTarget: ("target", "assignment"),
    cst.AnnAssign: ("target", "assignment"),
    cst.AugAssign: ("target", "change"),
    cst.NamedExpr: ("target", "assignment"),
    cst.For: ("target", "loop"),
    cst.CompFor: ("target", "comprehension"),
    cst.AsName: ("name", "with"),
    cst.Param: ("name", "parameter"),
    cst.FunctionDef: ("name", "function"),
    cst.ClassDef: ("name", "class"),
    cst.ImportAlias: ("name", "import"),
}
_CALLED = {
    "len": "int",
    "int": "int",
    "float": "float",
    "str": "str",
    "list": "list",
    "dict": "dict",
    "set": "set",
    "tuple": "tuple",
    "bool": "bool",
    "sorted": "list",
    "Decimal": "Decimal",
    "Path": "Path",
}


@dataclass(frozen=True, eq=False)
class Binding:
    """One place that binds a name."""

    name: str
    sort: Sort
    at: Context
    """Of the name itself."""
    scope: Context
    """The function, class, lambda or module that the name belongs to."""
    annotation: str
    """Its text without spaces; "" where there is none."""
    value: cst.BaseExpression | None
    """What is assigned, a parameter's default, or what a loop goes through; else None."""

    @property
    def holds(self) -> str:
        """The type as far as it can be read off: the annotation, or the form of the value."""
        if self.annotation or self.sort not in ("assignment", "parameter"):
            return self.annotation
        return holds(self.value)


@dataclass(frozen=True)
class Field:
    """An attribute of the objects of a class of the module."""

    name: str
    holds: str
    """The annotation's text, or the form of the value; "" where neither is known."""
    at: int
    """Where it is first declared or assigned."""


class Names:
    """The names of one module; reached by `context.names`."""

    def __init__(self, root: Context) -> None:
        self.bindings: dict[Context, dict[str, list[Binding]]] = {}
        """Scope, name, and what binds it there, in source order."""
        self.loads: dict[Context, Counter[str]] = {}
        """Scope, and how often each name is read in it, in functions inside included."""
        self.uses: dict[tuple[Context, str], set[str]] = {}
        """What is done with a name of a scope: ".strip", "()", "[]", "for"."""
        self.attributes: dict[str, dict[str, list[Context]]] = {}
        """Receiver as it is written (`order`, `self.order`), attribute, and where that is read."""
        self.fields: dict[Context, dict[str, Field]] = {}
        """Class, and the attributes that its body and `self.x = ...` give to its objects."""
        self.methods: dict[Context, set[str]] = {}
        """Class, and the functions in its body."""
        for context in root.inside():
            if isinstance(context.node, cst.Name):
                self._name(context)
            elif isinstance(context.node, cst.Attribute):
                self._attribute(context)

    def bound(self, scope: Context, name: str) -> list[Binding]:
        """What binds `name` in `scope` itself."""
        return self.bindings.get(scope, {}).get(name, [])

    def resolve(self, context: Context) -> Binding | None:
        """The first binding of the name that is read at `context`, in the scopes around it."""
        assert isinstance(context.node, cst.Name)
        for scope in _around(context):
            found = self.bound(scope, context.node.value)
            if found:
                return found[0]
        return None

    def visible(self, context: Context) -> list[Binding]:
        """Parameters and locals of the function around `context` that surely hold a value there.

        One binding a name, in source order; `self` and `cls` are left out. Names of enclosing
        functions, classes and the module are not among them.
        """
        scope = function_of(context)
        if scope is None:
            return []
        around = set(map(id, context.chain))
        here = context.statement.start
        found: dict[str, Binding] = {}
        for name, bindings in self.bindings.get(scope, {}).items():
            if name in ("self", "cls", "_") or name.startswith("__"):
                continue
            sure = [b for b in bindings if _is_surely_bound(b, around, here)]
            if sure:
                found[name] = sure[0]
        return sorted(found.values(), key=lambda binding: binding.at.start)

    def constants(self, context: Context) -> list[Binding]:
        """Upper-case names that the module itself assigns, ready when `context` runs."""
        inside = function_of(context) is not None
        return [
            bindings[0]
            for name, bindings in self.bindings.get(context.root, {}).items()
            if name.isupper()
            and len(name) > 1
            and len(bindings) == 1
            and bindings[0].sort == "assignment"
            and (inside or bindings[0].at.end < context.statement.start)
        ]

    def _name(self, context: Context) -> None:
        binder, sort = _binder(context)
        if binder is None or sort is None:
            self._load(context)
            return
        scope = _home(binder, sort)
        assert isinstance(context.node, cst.Name)
        binding = Binding(
            context.node.value, sort, context, scope, _annotation(binder), _value(binder, context)
        )
        self.bindings.setdefault(scope, {}).setdefault(binding.name, []).append(binding)
        if isinstance(scope.node, cst.ClassDef):
            self._member(scope, binding)

    def _member(self, scope: Context, binding: Binding) -> None:
        if binding.sort == "function":
            self.methods.setdefault(scope, set()).add(binding.name)
        elif binding.annotation and not binding.annotation.startswith("ClassVar"):
            self._field(scope, Field(binding.name, binding.annotation, binding.at.start))

    def _field(self, scope: Context, field: Field) -> None:
        known = self.fields.setdefault(scope, {}).get(field.name)
        if known is None or (not known.holds and field.holds):
            self.fields[scope][field.name] = field

    def _load(self, context: Context) -> None:
        node, parent = context.node, context.parent
        assert isinstance(node, cst.Name)
        if isinstance(parent, cst.Attribute) and parent.attr is node:
            return
        if isinstance(parent, (cst.Arg, cst.NameItem)) and getattr(parent, "keyword", 0) is node:
            return
        use = _use(context)
        for scope in _around(context):
            self.loads.setdefault(scope, Counter())[node.value] += 1
            if use:
                self.uses.setdefault((scope, node.value), set()).add(use)

    def _attribute(self, context: Context) -> None:
        node = context.node
        assert isinstance(node, cst.Attribute)
        receiver = dotted(node.value)
        if not receiver:
            return
        binder, sort = _binder(context)
        if binder is None:
            self.attributes.setdefault(receiver, {}).setdefault(node.attr.value, []).append(context)
        elif receiver == "self" and sort == "assignment":
            self._own_field(context, binder, node.attr.value)

    def _own_field(self, context: Context, binder: Context, name: str) -> None:
        function = function_of(context)
        owner = function.scope if function else None
        if owner is None or not isinstance(owner.node, cst.ClassDef):
            return
        value = _value(binder, context)
        known = _annotation(binder) or holds(value)
        if isinstance(value, cst.Name) and function is not None and not known:
            bound = self.bound(function, value.value)
            known = bound[0].holds if bound else ""
        self._field(owner, Field(name, known, context.start))


def is_telling(annotation: str) -> bool:
    """Whether a type says what a value is for: `Money` and `timedelta` do, `str` does not."""
    plain = annotation.removesuffix("|None").rpartition("Optional[")[2].rstrip("]")
    plain = plain.partition("[")[0].rpartition(".")[2].strip("\"'").lower()
    return plain not in _COMMON


_COMMON = frozenset(
    words(
        "str_bytes_int_float_bool_complex_none_any_object_list_dict_tuple_set_frozenset_sequence_"
        "mapping_iterable_iterator_generator_callable_type_union_literal_collection_self"
    )
) | {""}


def function_of(context: Context) -> Context | None:
    """The innermost `def` whose body holds the node; None outside of any, in a class body too."""
    child = context
    for around in context.chain:
        if isinstance(around.node, cst.FunctionDef) and around is not context:
            if isinstance(child.node, cst.BaseSuite):
                return around
        elif isinstance(around.node, cst.ClassDef) and isinstance(child.node, cst.BaseSuite):
            return None
        child = around
    return None


def holds(value: cst.BaseExpression | None) -> str:
    """The type of an expression as far as its form tells: `3`, `len(x)` and "ab" do."""
    if isinstance(value, cst.Name):
        return "bool" if value.value in ("True", "False") else ""
    if isinstance(value, cst.Call):
        name = dotted(value.func)
        last = name.rpartition(".")[2]
        return _CALLED.get(name, last if last[:1].isupper() else "")
    return _FORMS.get(type(value), "")


_FORMS: dict[type, str] = {
    cst.Integer: "int",
    cst.Float: "float",
    cst.SimpleString: "str",
    cst.FormattedString: "str",
    cst.ConcatenatedString: "str",
    cst.List: "list",
    cst.ListComp: "list",
    cst.Dict: "dict",
    cst.DictComp: "dict",
    cst.Set: "set",
    cst.SetComp: "set",
    cst.Tuple: "tuple",
    cst.Comparison: "bool",
}


def _binder(context: Context) -> tuple[Context | None, Sort | None]:
    """What binds the name (or attribute) at `context`; None where it is read."""
    child, around = context, context.outer
    while around is not None and isinstance(around.node, _DISPLAYS):
        child, around = around, around.outer
    if around is None:
        return None, None
    part, sort = _BINDERS.get(type(around.node), ("", None))
    if sort is None or getattr(around.node, part) is not child.node:
        if isinstance(around.node, cst.ImportAlias):
            return around, "import"
        return None, None
    if isinstance(around.node, cst.AsName):
        return around, _as_name(around)
    return around, sort


def _as_name(context: Context) -> Sort:
    if isinstance(context.parent, cst.ImportAlias):
        return "import"
    return "except" if isinstance(context.parent, cst.ExceptHandler) else "with"


def _home(binder: Context, sort: Sort) -> Context:
    """The scope that a binding belongs to; that of a comprehension is the function around it."""
    if sort == "parameter":
        return next(c for c in binder.chain if isinstance(c.node, (cst.FunctionDef, cst.Lambda)))
    return next(c for c in binder.chain if c is not binder and isinstance(c.node, _Scope))


def _around(context: Context) -> Iterator[Context]:
    """The scopes around a node, the innermost first; a class hides nothing from its methods."""
    return (c for c in context.chain if isinstance(c.node, _Scope) and c is not context)


def _annotation(binder: Context) -> str:
    annotation = getattr(binder.node, "annotation", None)
    if not isinstance(annotation, cst.Annotation):
        return ""
    text = cst.Module([]).code_for_node(annotation.annotation)
    return text.replace(" ", "").replace("\n", "").strip("\"'")


def _value(binder: Context, context: Context) -> cst.BaseExpression | None:
    """What a name is bound to, where it is bound alone and not as one of several."""
    node = binder.node
    if isinstance(node, cst.Param):
        return node.default
    if isinstance(node, (cst.For, cst.CompFor)):
        return node.iter
    if context.outer is not binder:
        return None
    if isinstance(node, (cst.AnnAssign, cst.AugAssign, cst.NamedExpr)):
        return node.value
    return binder.parent.value if isinstance(binder.parent, cst.Assign) else None


def _use(context: Context) -> str:
    node, parent = context.node, context.parent
    if isinstance(parent, cst.Attribute):
        return f".{parent.attr.value}"
    if isinstance(parent, cst.Call):
        return "()" if parent.func is node else ""
    if isinstance(parent, cst.Subscript):
        return "[]" if parent.value is node else ""
    return "for" if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node else ""


def _is_surely_bound(binding: Binding, around: set[int], here: int) -> bool:
    """Whether the binding ran before a statement that starts at `here` inside `around`."""
    if binding.sort == "parameter":
        return True
    statement = binding.at.statement
    if binding.sort in ("loop", "with"):
        return id(statement) in around and here > binding.at.start
    if binding.sort != "assignment" or statement.outer is None:
        return False
    return id(statement.outer) in around and statement.end <= here
