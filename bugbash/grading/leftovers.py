"""What is put into code to look at it: prints, logging, breakpoints, statements in comments."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator, Set
from dataclasses import dataclass

from bugbash.syntax import parsed

_DEBUGGERS = frozenset({"pdb", "ipdb", "pudb", "bpdb", "debugpy", "icecream", "pdbpp"})
_FOR_LOOKING = frozenset({"logging", "pprint", "traceback", "rich", "sys", "inspect"})
"""Modules that are imported in order to look, among other things."""
_CALLS = frozenset(
    {"print", "breakpoint", "pprint", "ic", ".set_trace", ".print_exc", ".print_stack"}
)
_LOGS = frozenset(
    {"debug", "info", "warning", "error", "critical", "exception", "log", "basicConfig",
     "setLevel", "addHandler", "listen", "wait_for_client"}
)  # fmt: skip
_LOGGERS = re.compile(r"^_?(?:log|logger|logging|debugpy)$", re.IGNORECASE)
_STREAMS = ("sys.stdout.write", "sys.stderr.write", "sys.stdout.flush", "sys.stderr.flush")
_CODE = re.compile(
    r"^(?:if|for|while|return|def|class|import|from|raise|with|try|elif|assert)\b|[=(]"
)


def marks(source: bytes) -> list[tuple[int, str]]:
    """(line, what) of every print, debugger call and commented-out statement of a module."""
    tree = parsed(source)
    if tree is None:
        return []
    found = [mark for node in ast.walk(tree) if (mark := _mark(node))]
    return sorted(found + _commented_out(source))


def _mark(node: ast.AST) -> tuple[int, str] | None:
    if isinstance(node, ast.Call) and _called(node) in _CALLS:
        return node.lineno, ast.unparse(node)[:80]
    if isinstance(node, ast.Import) and any(a.name in _DEBUGGERS for a in node.names):
        return node.lineno, ast.unparse(node)
    if isinstance(node, ast.ImportFrom) and node.module in _DEBUGGERS:
        return node.lineno, ast.unparse(node)
    return None


def _called(call: ast.Call) -> str:
    """`print` for print(...), `.set_trace` for anything.set_trace(...)."""
    if isinstance(call.func, ast.Attribute):
        return f".{call.func.attr}"
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _commented_out(source: bytes) -> list[tuple[int, str]]:
    found = []
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            text = token.string.lstrip("#").strip()
            if token.type == tokenize.COMMENT and _is_code(text):
                found.append((token.start[0], token.string[:80]))
    except (tokenize.TokenError, SyntaxError):
        return []
    return found


def _is_code(text: str) -> bool:
    if not _CODE.search(text):
        return False
    tree = parsed(text.rstrip(":") + ": pass" if text.endswith(":") else text)
    return tree is not None and not all(
        isinstance(n, ast.Expr) and isinstance(n.value, ast.Name | ast.Constant | ast.Tuple)
        for n in tree.body
    )


@dataclass(frozen=True)
class Module:
    """What a Python file says, with and without what was put in to look."""

    whole: str
    """Its statements, comments and formatting aside."""
    bare: str
    """The same without docstrings, and without the prints, logging and breakpoints that came to
    it."""
    extra: bool
    """Whether anything was put in to look."""


def looking(source: bytes) -> frozenset[str]:
    """The statements of a module that only show something, as text."""
    tree = parsed(source)
    if tree is None:
        return frozenset()
    return frozenset(ast.unparse(node) for node in ast.walk(tree) if _only_looks(node))


def module_of(
    source: bytes, own: Set[str], known: dict[object, Module] | None = None
) -> Module | None:
    """A file's statements; None where it does not parse.

    `own` are statements that belong to the program although they print or log. `known` keeps what
    was found for each part of one file, so that its next version costs little.
    """
    tree = parsed(source)
    if tree is None:
        return None
    lines = source.splitlines(keepends=True)
    known = {} if known is None else known
    try:
        parts = [_part(node, lines, own, known) for node in _parts(tree)]
    except RecursionError:
        return None
    return Module(
        whole="\n".join(part.whole for part in parts),
        bare="\n".join(part.bare for part in parts if part.bare),
        extra=any(part.extra for part in parts),
    )


def _parts(tree: ast.Module | ast.ClassDef) -> Iterator[ast.stmt]:
    """The statements of a module; of its classes the head, then each statement by itself."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield ast.copy_location(ast.ClassDef(**{**vars(node), "body": [ast.Pass()]}), node)
            yield from node.body
        else:
            yield node


def _part(node: ast.stmt, lines: list[bytes], own: Set[str], known: dict[object, Module]) -> Module:
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    text = b"".join(lines[first - 1 : node.end_lineno])
    is_head = isinstance(node, ast.ClassDef) and isinstance(node.body[0], ast.Pass)
    key = (text, node.col_offset, node.end_col_offset, is_head)
    if key not in known:
        margin = "    " if node.col_offset else ""
        whole = textwrap.indent(ast.unparse(node), margin)
        stripper = _Bare(own)
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        left = None if docstring else stripper.visit(node)
        bare = textwrap.indent(ast.unparse(left), margin) if left is not None else ""
        known[key] = Module(whole, bare, stripper.found)
    return known[key]


class _Bare(ast.NodeTransformer):
    """Takes out what only looks, and the blocks that hold nothing else."""

    def __init__(self, own: Set[str]) -> None:
        self._own = own
        self.found = False

    def visit(self, node: ast.AST) -> ast.AST | None:
        if _only_looks(node) and ast.unparse(node) not in self._own:
            self.found = True
            return None
        bodies = [name for name in ("body", "orelse", "finalbody") if _block(node, name)]
        _drop_docstring(node)
        self.generic_visit(node)
        if not isinstance(node, ast.Module) and "body" in bodies and not _block(node, "body"):
            if isinstance(node, ast.If | ast.For | ast.While | ast.With) and not _block(
                node, "orelse"
            ):
                return None
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node


def _block(node: ast.AST, name: str) -> list[ast.stmt]:
    found = getattr(node, name, None)
    return found if isinstance(found, list) else []


def _drop_docstring(node: ast.AST) -> None:
    if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            node.body = node.body[1:] or [ast.Pass()]


def _only_looks(node: ast.AST) -> bool:
    """Whether a statement only shows what goes on: prints, logs, stops in a debugger."""
    if isinstance(node, ast.Import):
        return all(alias.name.split(".")[0] in _DEBUGGERS | _FOR_LOOKING for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in _DEBUGGERS | _FOR_LOOKING
    if isinstance(node, ast.Assign):
        return ast.unparse(node.value).startswith(("logging.getLogger(", "getLogger("))
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _shows(node.value)


def _shows(call: ast.Call) -> bool:
    if _called(call) in _CALLS or ast.unparse(call.func) in _STREAMS:
        return True
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return bool(_LOGGERS.match(name)) and _called(call).lstrip(".") in _LOGS
