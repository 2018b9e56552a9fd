"""What values are, found out without running code of anybody's.

Attributes that only have to be read, methods and functions of Python's own types given nothing
but such values. Whatever else there is, is `Unknown`.
"""

from __future__ import annotations

import abc
import ast
import collections.abc
import sys
import types
import typing
from collections.abc import Callable
from typing import Any

ATOMS = frozenset({int, bool, float, str, bytes, type(None)})
HOLDERS = (list, tuple, set, frozenset, dict)
_FEW = 64
_LONG = 4_000
MISSING = object()
_mro = type.__dict__["__mro__"].__get__
_space = type.__dict__["__dict__"].__get__
_OWN_LOOKUP = object.__dict__["__getattribute__"]
_C_METHOD = type(_OWN_LOOKUP)
_OWN_CLASS = object.__dict__["__class__"]


def is_folded(node: ast.AST) -> bool:
    """Whether the compiler makes one constant of an expression, if it wants to."""
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Tuple)):
        parts = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
        return all(type(each) is ast.Constant or is_folded(each) for each in parts)
    return False


class Unknown(Exception):
    """It can't be said what this code does, or it does more than to have a value."""


def looked_up(kind: type, name: str) -> Any:
    """What a class and its bases hold under a name, as it stands there."""
    for base in _mro(kind):
        space = _space(base)
        if name in space:
            return space[name]
    return MISSING


def _has(kind: type, *names: str) -> bool:
    return any(looked_up(kind, name) is not MISSING for name in names)


def is_plain(value: Any) -> bool:
    """Whether a value is of Python's own types through and through, and small."""
    kind = type(value)
    if kind in ATOMS:
        return kind not in (str, bytes) or len(value) <= _LONG
    if kind not in HOLDERS or len(value) > _FEW:
        return False
    parts = [*value, *value.values()] if kind is dict else value
    return all(type(part) in ATOMS for part in parts)


def truth(value: Any) -> bool:
    """Whether a condition on this value holds."""
    kind = type(value)
    if kind in ATOMS or kind in HOLDERS:
        return bool(value)
    if _has(kind, "__bool__", "__len__"):
        raise Unknown
    return True


def attribute(thing: Any, name: str, get: Callable[[Any, Any], Any]) -> Any:
    """An attribute where reading it runs nobody's code.

    `get(function, thing)` goes through the function of a property.
    """
    kind = type(thing)
    if name.startswith("__") or kind in ATOMS or kind in HOLDERS:
        raise Unknown
    if kind is types.ModuleType:
        return _member(vars(thing), name)
    if kind is type:
        found = looked_up(thing, name)
        if found is MISSING or _has(type, name):
            raise Unknown
        return _bound(found, None, thing)
    if looked_up(kind, "__getattribute__") is not _OWN_LOOKUP:
        raise Unknown
    found = looked_up(kind, name)
    if type(found) is property:
        return get(found.fget, thing)
    if type(found) is types.MemberDescriptorType:
        return found.__get__(thing, kind)
    if found is not MISSING and _has(type(found), "__set__", "__delete__"):
        raise Unknown
    space = _held(thing, kind)
    if name in space:
        return space[name]
    return _bound(found, thing, kind)


def _held(thing: Any, kind: type) -> dict[str, Any]:
    """What an instance itself holds."""
    held = looked_up(kind, "__dict__")
    if held is MISSING:
        return {}
    space = held.__get__(thing, kind) if type(held) is types.GetSetDescriptorType else None
    if type(space) is not dict:
        raise Unknown
    return space


def _member(space: Any, name: str) -> Any:
    if type(space) is not dict or name not in space:
        raise Unknown
    return space[name]


def _bound(found: Any, thing: Any, kind: type) -> Any:
    """What a class's entry is when it is read from an instance, or from the class (None)."""
    if found is MISSING:
        raise Unknown
    if type(found) is types.FunctionType:
        return found if thing is None else types.MethodType(found, thing)
    if type(found) is staticmethod:
        return found.__func__
    if type(found) is classmethod and type(found.__func__) is types.FunctionType:
        return types.MethodType(found.__func__, kind)
    if _has(type(found), "__get__"):
        raise Unknown
    return found


def has_plain_keys(thing: dict[Any, Any]) -> bool:
    return len(thing) <= _FEW and all(type(key) in ATOMS for key in thing)


def contains(holder: Any, value: Any) -> bool:
    kind = type(holder)
    if kind in (str, bytes) and type(value) is kind:
        return value in holder
    if kind is dict and type(value) in ATOMS and has_plain_keys(holder):
        return value in holder
    if kind in HOLDERS and kind is not dict and type(value) in ATOMS and is_plain(holder):
        return value in holder
    raise Unknown


_TEXT = (
    "capitalize",
    "casefold",
    "count",
    "endswith",
    "find",
    "isalnum",
    "isalpha",
    "isdecimal",
    "isdigit",
    "islower",
    "isnumeric",
    "isspace",
    "istitle",
    "isupper",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "rfind",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "index",
    "rindex",
    "replace",
)
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset([*_TEXT, "encode", "isidentifier", "join"]),
    bytes: frozenset([name for name in _TEXT if hasattr(bytes, name)] + ["decode", "hex", "join"]),
    int: frozenset({"bit_length", "bit_count"}),
    list: frozenset({"count", "index", "copy"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "copy"}),
}
_CODECS = frozenset({"utf-8", "utf8", "ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1"})
_ERRORS = frozenset({"strict", "ignore", "replace"})


def call_method(thing: Any, name: str, given: list[Any], named: dict[str, Any]) -> Any:
    """Call a method of one of Python's own types."""
    if not all(map(is_plain, (thing, *given, *named.values()))):
        raise Unknown
    if name in ("encode", "decode"):
        codec, errors = (given + ["utf-8", "strict"][len(given) :])[:2]
        if (
            named.get("encoding", codec) not in _CODECS
            or named.get("errors", errors) not in _ERRORS
        ):
            raise Unknown
    return getattr(thing, name)(*given, **named)


def _isinstance(value: Any, kinds: Any) -> bool:
    kind = type(value)
    asked = kinds if type(kinds) is tuple else (kinds,)
    if kind in ATOMS or kind in HOLDERS:
        if not all(type(each) is type or _is_interface(each) for each in asked):
            raise Unknown
        return isinstance(value, asked)
    if not all(type(each) is type for each in asked):
        raise Unknown  # a class of a class may decide otherwise
    if any(each in _mro(kind) for each in asked):
        return True
    lookup = looked_up(kind, "__getattribute__")
    if looked_up(kind, "__class__") is not _OWN_CLASS or type(lookup) is not _C_METHOD:
        raise Unknown  # an object can say that it is of another class
    return False


def _is_interface(kind: Any) -> bool:
    """Whether a class is one of `collections.abc`: they know Python's own types."""
    return type(kind) is abc.ABCMeta and getattr(collections.abc, kind.__name__, None) is kind


def _issubclass(value: Any, kinds: Any) -> bool:
    asked = kinds if type(kinds) is tuple else (kinds,)
    if not all(type(each) is type for each in (value, *asked)):
        raise Unknown
    return any(each in _mro(value) for each in asked)


def _callable(value: Any) -> bool:
    return _has(type(value), "__call__")


def _refuse(*_: Any) -> Any:
    raise Unknown


def _is_absent(thing: Any, name: str) -> bool:
    """Whether an attribute is missing, be it asked for in the usual way."""
    if type(name) is not str:
        raise Unknown
    kind = type(thing)
    if kind is type:
        return looked_up(thing, name) is MISSING and not _has(type, name, "__getattr__")
    if looked_up(kind, name) is not MISSING or _has(kind, "__getattr__"):
        return False
    if kind in ATOMS or kind in HOLDERS:
        return True
    if looked_up(kind, "__getattribute__") is not _OWN_LOOKUP:
        return False
    return name not in _held(thing, kind)


def _getattr(thing: Any, name: str, *default: Any) -> Any:
    if len(default) == 1 and _is_absent(thing, name):
        return default[0]
    return attribute(thing, name, _refuse)


def _hasattr(thing: Any, name: str) -> bool:
    if _is_absent(thing, name):
        return False
    kind = type(thing)
    if kind not in ATOMS and kind not in HOLDERS:
        attribute(thing, name, _refuse)
    return True


def _of_plain(function: Any) -> Callable[..., Any]:
    def called(*given: Any) -> Any:
        if not given or not all(map(is_plain, given)):
            raise Unknown
        return function(*given)

    return called


def _made_of(accepts: Callable[[Any], bool], kind: Any) -> Callable[..., Any]:
    def made(*given: Any) -> Any:
        if len(given) > 1 or not all(map(accepts, given)):
            raise Unknown
        return kind(*given)

    return made


def _is_row(value: Any) -> bool:
    return type(value) in (list, tuple)


def _is_plain_holder(value: Any) -> bool:
    return type(value) in HOLDERS and is_plain(value)


def _len(value: Any) -> int:
    if type(value) not in (str, bytes, *HOLDERS):
        raise Unknown
    return len(value)


def _type(value: Any) -> type:
    return type(value)


_PLAIN: tuple[Any, ...] = (str, repr, abs, min, max, ord, chr, any, all)
_KNOWN: list[tuple[Any, Callable[..., Any]]] = [
    (len, _len),
    (issubclass, _issubclass),
    (callable, _callable),
    (getattr, _getattr),
    (hasattr, _hasattr),
    (set, _made_of(_is_plain_holder, set)),
    (frozenset, _made_of(_is_plain_holder, frozenset)),
    (isinstance, _isinstance),
    (bool, truth),
    (type, _type),
    (list, _made_of(_is_row, list)),
    (tuple, _made_of(_is_row, tuple)),
    (typing.cast, lambda _, value: value),
]
_KNOWN += [(each, _of_plain(each)) for each in _PLAIN]
_PURE = {
    "base64": (
        "b64encode", "b64decode", "standard_b64encode", "standard_b64decode",
        "urlsafe_b64encode", "urlsafe_b64decode", "b32encode", "b32decode",
    ),
    "posixpath": ("basename", "dirname", "join", "normpath", "split", "splitext", "isabs"),
}  # fmt: skip
"""Functions of Python's own modules that have a value and no effect, where they are loaded."""
_FUNCTIONS = {id(function): stand_in for function, stand_in in _KNOWN}


def known_function(target: Any) -> Callable[..., Any] | None:
    """What does the same as one of Python's own functions, where nobody can notice."""
    known = _FUNCTIONS.get(id(target))
    if known is None and type(target) is types.BuiltinFunctionType and _packs(target):
        return _of_plain(target)
    if known is None and type(target) is types.FunctionType:
        names = _PURE.get(target.__module__, ())
        module = sys.modules.get(target.__module__)
        if target.__name__ in names and getattr(module, target.__name__, None) is target:
            return _of_plain(target)
    return known


def _packs(target: types.BuiltinFunctionType) -> bool:
    """Whether a function is `pack` or `unpack` of the module `struct`, or of a format of it."""
    module: Any = sys.modules.get("_struct")
    owner = target.__self__
    of_struct = owner is module or type(owner) is getattr(module, "Struct", None)
    return module is not None and of_struct and target.__name__ in ("pack", "unpack")


def is_method(thing: Any, name: str) -> bool:
    """Whether `call_method` knows this method of a value."""
    return name in _METHODS.get(type(thing), ())
