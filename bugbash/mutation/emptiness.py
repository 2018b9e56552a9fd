"""Whether a value can be there and still be false: 0, "", an empty list."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.vocabulary import vocabulary

SCALARS = vocabulary("int float complex str bytes bytearray bool Decimal Fraction timedelta")
COLLECTIONS = vocabulary(
    "list dict set tuple frozenset deque Counter defaultdict OrderedDict List Dict Set Tuple "
    "Sequence Mapping Collection MutableMapping MutableSequence AbstractSet FrozenSet"
)
FALSY_TYPES = SCALARS | COLLECTIONS
NUMBER_WORDS = vocabulary(
    "width height count limit size timeout length total amount price rate seconds minutes hours "
    "days weeks delay interval offset start stop end index number quantity qty score "
    "weight balance age level depth priority ttl retries port percent discount fee tax step "
    "minimum maximum low high column lineno"
)
TEXT_WORDS = vocabulary(
    "text name title prefix suffix label description message body comment note value default "
    "password username email content separator sep delimiter reason code footer"
)
NOT_PLURAL = vocabulary("class kwargs exists matches has does needs series cls success")
VERBS = vocabulary(
    "ignore allow use show keep skip include exclude follow no with needs supports expand preserve "
    "require requires raise raises print check checks is has strip split hide force only"
)
"""First words of names that say what to do: those are flags."""


def may_be_empty(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression that is not None may be 0, "", False or empty, as far as one sees.

    An annotation decides; without one, the name has to sound like a number or a text.
    """
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.attr.value in ("get", "getenv")
    name = dotted(node)
    if not name or name.count(".") > 1 or name == "self":
        return False
    noted = _annotation(name, context)
    if noted is not None:
        return bool(types_of(noted) & FALSY_TYPES)
    last = name.rpartition(".")[2].strip("_").rpartition("_")[2]
    return last in NUMBER_WORDS or last in TEXT_WORDS


def annotated_types(node: cst.BaseExpression, context: Context) -> frozenset[str] | None:
    """The types that the annotation of a name or field allows; None where there is none."""
    noted = _annotation(dotted(node), context) if dotted(node) else None
    return types_of(noted) if noted is not None else None


def _annotation(name: str, context: Context) -> cst.CSTNode | None:
    """What the code says about the type of `name`, a parameter, a variable or `self.field`."""
    owner, _, field = name.rpartition(".")
    for place in context.chain:
        if isinstance(place.node, cst.ClassDef) and owner == "self":
            return _fields(place).get(field)
        if isinstance(place.node, cst.FunctionDef) and not owner:
            found = _variables(place).get(field)
            if found is not None:
                return found
    return None


@lru_cache(maxsize=8)
def _variables(function: Context) -> dict[str, cst.CSTNode]:
    """The annotations of a function's parameters and of its local variables."""
    node = function.node
    assert isinstance(node, cst.FunctionDef)
    each = (*node.params.params, *node.params.kwonly_params, *node.params.posonly_params)
    found: dict[str, cst.CSTNode] = {
        param.name.value: param.annotation.annotation for param in each if param.annotation
    }
    for context in function.inside():
        if isinstance(context.node, cst.AnnAssign) and dotted(context.node.target):
            name = dotted(context.node.target)
            found.setdefault(name, context.node.annotation.annotation)
    return found


@lru_cache(maxsize=8)
def _fields(owner: Context) -> dict[str, cst.CSTNode]:
    """The annotated fields of a class: in its body, or what `__init__` keeps under another name."""
    found: dict[str, cst.CSTNode] = {}
    for context in owner.inside():
        node = context.node
        if isinstance(node, cst.AnnAssign):
            found.setdefault(dotted(node.target).removeprefix("self."), node.annotation.annotation)
        elif isinstance(node, cst.Assign) and isinstance(node.value, cst.Name):
            _keep(node, context, found)
        elif isinstance(node, cst.FunctionDef) and node.returns and node.decorators:
            found.setdefault(node.name.value, node.returns.annotation)
    return found


def _keep(node: cst.Assign, context: Context, found: dict[str, cst.CSTNode]) -> None:
    """`self.limit = limit`: the field has the type of the parameter."""
    target = dotted(node.targets[0].target)
    scope = context.scope
    if target.startswith("self.") and isinstance(scope.node, cst.FunctionDef):
        assert isinstance(node.value, cst.Name)
        noted = _variables(scope).get(node.value.value)
        if noted is not None:
            found.setdefault(target.removeprefix("self."), noted)


def types_of(annotation: cst.CSTNode) -> frozenset[str]:
    """The types that an annotation allows on its outermost level: `list[int] | None` has list."""
    if isinstance(annotation, cst.BinaryOperation):
        return types_of(annotation.left) | types_of(annotation.right)
    if isinstance(annotation, cst.Subscript):
        name = dotted(annotation.value).rpartition(".")[2]
        if name in ("Optional", "Union"):
            parts = (each.slice for each in annotation.slice)
            found = (types_of(part.value) for part in parts if isinstance(part, cst.Index))
            return frozenset().union(*found)
        return frozenset({"record" if _is_record(annotation) else name})
    if isinstance(annotation, cst.SimpleString):
        words = annotation.raw_value.replace("|", " ").replace("[", " [").split()
        return frozenset(word for word in words if not word.startswith("["))
    return frozenset({dotted(annotation).rpartition(".")[2]})


def _is_record(annotation: cst.Subscript) -> bool:
    """`tuple[str, int]`: there is always something in it."""
    last = annotation.slice[-1].slice
    pair = dotted(annotation.value).rpartition(".")[2] in ("tuple", "Tuple")
    return pair and not (isinstance(last, cst.Index) and isinstance(last.value, cst.Ellipsis))


def is_falsy_literal(node: cst.BaseExpression | None) -> bool:
    """Whether an expression is 0, "", False, None, `[]`, `{}`, `()` or an empty collection call."""
    if isinstance(node, (cst.Integer, cst.Float)):
        return not node.evaluated_value
    if isinstance(node, cst.SimpleString):
        return not node.raw_value
    if isinstance(node, (cst.List, cst.Tuple, cst.Dict)):
        return not node.elements
    if isinstance(node, cst.Call):
        return not node.args and dotted(node.func) in COLLECTIONS | SCALARS
    return node is not None and dotted(node) in ("None", "False")


def is_collection(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression holds several things: by its annotation, or a plural as its name."""
    name = dotted(node)
    if not name or name.count(".") > 1:
        return False
    noted = _annotation(name, context)
    if noted is not None:
        return bool(types_of(noted) & COLLECTIONS)
    last = name.rpartition(".")[2].lower().strip("_")
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return plural and last not in NOT_PLURAL and last.partition("_")[0] not in VERBS


def values_may_be_empty(node: cst.BaseExpression, context: Context) -> bool | None:
    """Whether the values of a mapping may be false, by its annotation; None if that is silent."""
    noted = _annotation(dotted(node), context) if dotted(node) else None
    if not isinstance(noted, cst.Subscript) or len(noted.slice) != 2:
        return None
    last = noted.slice[1].slice
    if not isinstance(last, cst.Index):
        return None
    return bool(types_of(last.value) & (FALSY_TYPES | {"Any", "object"}))
