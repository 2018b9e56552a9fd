"""What a `setup.py` says literally, read from its syntax tree and never executed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bugbash.syntax import parsed

_UNKNOWN = object()


def keywords(path: Path) -> dict[str, Any]:
    """The keywords of the `setup()` call whose values can be read; empty for a missing file.

    `find_packages("src")` comes out as {"find_packages": "src"}. What is computed is left out.
    """
    module = _parsed(path)
    call = _setup_call(module)
    if call is None:
        return {}
    names = _constants(module)
    given = dict(names.get("**", {}))
    for keyword in call.keywords:
        value = _value(keyword.value, names)
        if keyword.arg is None and isinstance(value, dict):
            given |= value
        elif keyword.arg is not None and value is not _UNKNOWN:
            given[keyword.arg] = value
    return given


def has_extensions(path: Path) -> bool:
    """Whether the `setup()` call of the file at `path` builds C code."""
    call = _setup_call(_parsed(path))
    given = {keyword.arg for keyword in call.keywords} if call else set()
    return bool(given & {"ext_modules", "cffi_modules", "rust_extensions"})


def _parsed(path: Path) -> ast.Module:
    """The syntax tree; an empty one for a file that is missing or not Python of this version."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return ast.Module([], [])
    return parsed(text) or ast.Module([], [])


def _setup_call(module: ast.Module) -> ast.Call | None:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name == "setup":
                return node
    return None


def _constants(module: ast.Module) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = _value(node.value, names)
            if value is not _UNKNOWN:
                names[node.targets[0].id] = value
    return names


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """The node's value, or _UNKNOWN where it would take running code to know."""
    if isinstance(node, ast.Name):
        return names.get(node.id, _UNKNOWN)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        items = [_value(item, names) for item in node.elts]
        return _UNKNOWN if _UNKNOWN in items else items
    if isinstance(node, ast.Dict):
        return _mapping(node, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _sum(_value(node.left, names), _value(node.right, names))
    if isinstance(node, ast.Call):
        return _call(node, names)
    return node.value if isinstance(node, ast.Constant) else _UNKNOWN


def _mapping(node: ast.Dict, names: Mapping[str, Any]) -> Any:
    found = {}
    for key, value in zip(node.keys, node.values, strict=True):
        known = _UNKNOWN if key is None else _value(key, names)
        content = _value(value, names)
        if isinstance(known, str) and content is not _UNKNOWN:
            found[known] = content
    return found


def _sum(left: Any, right: Any) -> Any:
    same = type(left) is type(right) and isinstance(left, str | list)
    return left + right if same else _UNKNOWN


def _call(node: ast.Call, names: Mapping[str, Any]) -> Any:
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
    if name == "dict" and not node.args:
        pairs = {k.arg: _value(k.value, names) for k in node.keywords if k.arg}
        return {key: value for key, value in pairs.items() if value is not _UNKNOWN}
    if name in ("find_packages", "find_namespace_packages"):
        where = [k.value for k in node.keywords if k.arg == "where"] or node.args[:1]
        value = _value(where[0], names) if where else "."
        return {"find_packages": value} if isinstance(value, str) else _UNKNOWN
    return _UNKNOWN
