"""Which names a module imports or defines, and whether one use of an import is its last."""

from __future__ import annotations

import builtins
from collections import Counter
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted

ALWAYS_USED = frozenset({"self", "cls", "Path", "pathlib"})
"""Names whose use nobody counts: `Path(base) / name` becomes `Path(name)`."""


def is_builtin(name: str) -> bool:
    return hasattr(builtins, name)


def is_imported(context: Context, name: str) -> bool:
    """Whether the module imports the name at its top level."""
    return name in _imported(context.root)


def is_known(context: Context, name: str) -> bool:
    """Whether a name means something everywhere in the module: built in, imported or defined."""
    return is_builtin(name) or name in _defined(context.root)


def is_last_use(context: Context, name: str) -> bool:
    """Whether nothing else in the module uses the name, which is not built in."""
    return not is_builtin(name) and _uses(context.root)[name] < 2


def leaves_idle(context: Context, *parts: cst.CSTNode, parameters: bool = False) -> bool:
    """Whether an import or a local variable has no other use than in `parts`.

    With `parameters`, those count as well: a function would ignore what it is given.
    """
    scope = context.scope
    given = _parameters(scope.node) if isinstance(scope.node, cst.FunctionDef) else frozenset()
    for name in (name for part in parts for name in _names_in(part)):
        if name in ALWAYS_USED:
            continue
        if name in given:
            if parameters and _uses(scope)[name] <= 2:
                return True
        elif is_imported(context, name):
            if is_last_use(context, name):
                return True
        elif isinstance(scope.node, cst.FunctionDef) and _uses(scope)[name] == 2:
            return True
    return False


def _names_in(node: cst.CSTNode) -> list[str]:
    """The names that an expression reads, those of attributes left out."""
    if isinstance(node, cst.Name):
        return [node.value]
    children = [node.value] if isinstance(node, (cst.Attribute, cst.Arg)) else node.children
    return [name for child in children for name in _names_in(child)]


def _parameters(function: cst.FunctionDef) -> frozenset[str]:
    every = function.params
    named = (*every.params, *every.kwonly_params, *every.posonly_params)
    return frozenset(param.name.value for param in named)


@lru_cache(maxsize=8)
def _uses(module: Context) -> Counter[str]:
    """How often each name is read or written, imports and attributes not counted."""
    found: Counter[str] = Counter()
    for context in module.inside():
        if isinstance(context.node, cst.Name) and not _is_label(context):
            found[context.node.value] += 1
    return found


def _is_label(context: Context) -> bool:
    parent = context.parent
    if isinstance(parent, cst.Attribute):
        return parent.attr is context.node
    if isinstance(parent, cst.Arg):
        return parent.keyword is context.node
    return isinstance(parent, (cst.ImportAlias, cst.AsName))


@lru_cache(maxsize=1)
def _imported(module: Context) -> frozenset[str]:
    assert isinstance(module.node, cst.Module)
    found: set[str] = set()
    for line in module.node.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, (cst.Import, cst.ImportFrom)):
                found.update(_names(small))
    return frozenset(found)


def _names(node: cst.Import | cst.ImportFrom) -> list[str]:
    if isinstance(node.names, cst.ImportStar):
        return []
    return [
        dotted(alias.asname.name) if alias.asname else dotted(alias.name).partition(".")[0]
        for alias in node.names
    ]


@lru_cache(maxsize=1)
def _defined(module: Context) -> frozenset[str]:
    assert isinstance(module.node, cst.Module)
    found = set(_imported(module))
    for statement in module.node.body:
        if isinstance(statement, (cst.ClassDef, cst.FunctionDef)):
            found.add(statement.name.value)
    return frozenset(found)
