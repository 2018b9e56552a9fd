"""Names in a piece of test code: what it reads, binds and imports, and values put in place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable

from bugbash.serving.real_parameters import Function

NOT_SHOWN = frozenset({"pytest", "unittest", "mock", "self", "cls", "tests", "request"})


class NoSteps(Exception):
    """A test that no script can show."""


def acts(node: ast.expr) -> bool:
    """Whether an expression does or reads something, rather than being a value written down."""
    return any(isinstance(inner, ast.Call | ast.Attribute) for inner in ast.walk(node))


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def names_in(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def stored(body: Iterable[ast.AST]) -> set[str]:
    found = set()
    for node in body:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                found.add(inner.id)
            elif isinstance(inner, Function | ast.ClassDef):
                found.add(inner.name)
            elif isinstance(inner, ast.arg):
                found.add(inner.arg)
            elif isinstance(inner, ast.ExceptHandler) and inner.name:
                found.add(inner.name)
            elif isinstance(inner, ast.Import | ast.ImportFrom):
                found |= {a.asname or a.name.partition(".")[0] for a in inner.names}
    return found


def free(body: Iterable[ast.AST]) -> set[str]:
    """Names that some statements read and do not bind themselves."""
    body = list(body)
    reads = {
        inner.id
        for node in body
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    }
    return reads - (stored(body) - {getattr(node, "name", "") for node in body})


def defined(module: ast.Module) -> dict[str, ast.stmt]:
    """The names that a module binds at its top, also inside `if` and `try`."""
    found: dict[str, ast.stmt] = {}
    waiting = list(module.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                found.setdefault(alias.asname or alias.name.partition(".")[0], node)
        elif isinstance(node, Function | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            names = (target.id for target in node.targets if isinstance(target, ast.Name))
            found |= dict.fromkeys(names, node)
        elif isinstance(node, ast.If | ast.Try):
            waiting = [*node.body, *node.orelse, *waiting]
    return found


def import_of(node: ast.Import | ast.ImportFrom, name: str) -> tuple[str, str]:
    """The module that a name is taken from ("" for a module itself), and what is taken."""
    alias = next(a for a in node.names if (a.asname or a.name.partition(".")[0]) == name)
    told = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    if isinstance(node, ast.Import):
        return "", told
    if node.level or node.module is None or node.module.partition(".")[0] in NOT_SHOWN:
        raise NoSteps(f"it needs {name} of the tests")
    return node.module, told


def import_lines(imports: Iterable[tuple[str, str]]) -> str:
    taken: dict[str, list[str]] = {}
    for module, name in sorted(imports):
        taken.setdefault(module, []).append(name)
    lines = [f"import {name}" for name in taken.pop("", ())]
    return "\n".join([*lines, *(f"from {m} import {', '.join(taken[m])}" for m in sorted(taken))])


def bare(node: ast.stmt) -> ast.stmt:
    """A definition without its docstring."""
    if isinstance(node, Function) and len(node.body) > 1 and is_text(node.body[0]):
        node = copy.deepcopy(node)
        node.body = node.body[1:]
    return node


def inlined(body: list[ast.stmt]) -> list[ast.stmt]:
    """The body without values that nothing reads; a value read once stands where it is read."""
    body = list(body)
    while body:
        for place, node in enumerate(body):
            name = _plain_value(node)
            if name is None:
                continue
            reads = [n for later in body[place + 1 :] for n in ast.walk(later) if _reads(n, name)]
            if name in stored(body[place + 1 :]) or len(reads) > 1:
                continue
            value = node.value  # type: ignore[attr-defined]
            del body[place]
            if reads:
                swap = _Swap(name, value)
                body = [swap.visit(one) for one in body]
            break
        else:
            break
    return body


def _plain_value(node: ast.stmt) -> str | None:
    """The name that a value written down is given, if it is a short one."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or acts(node.value):
        return None
    target = node.targets[0]
    plain = all(
        isinstance(n, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.UnaryOp | ast.USub
                   | ast.Load | ast.Name | ast.Set)
        for n in ast.walk(node.value)
    )  # fmt: skip
    if not isinstance(target, ast.Name) or not plain or len(ast.unparse(node.value)) > 60:
        return None
    return target.id


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


class _Swap(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self._name, self._value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self._value) if _reads(node, self._name) else node
