"""How much code a tree has, and how much of it tests run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bugbash.syntax import parsed

_EMPTY = ast.Module([], [])
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def code_lines(source: str) -> set[int]:
    """The lines on which some part of the syntax tree lies, texts that nobody uses aside.

    None of a source that does not parse.
    """
    lines: set[int] = set()
    for node in ast.walk(parsed(source) or _EMPTY):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            lines.update(range(node.lineno, max(node.lineno, last) + 1))
    blank = {n for n, line in enumerate(source.splitlines(), 1) if not _holds_code(line)}
    return lines - blank


def _holds_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def reached(
    tree: Path, files: Iterable[str], lines: Mapping[str, Mapping[int, int]]
) -> tuple[int, int]:
    """How many statements in functions some test runs, and how many there are.

    `lines` has the tests by file and line, as `Reach` does. Statements outside of functions run
    when the module is imported, which says nothing of the tests.
    """
    ran = every = 0
    for file in files:
        known = lines.get(file, {})
        statements = set(_in_functions(parsed((tree / file).read_bytes()) or _EMPTY))
        every += len(statements)
        ran += sum(line in known for line in statements)
    return ran, every


def _in_functions(tree: ast.AST) -> Iterator[int]:
    """The first line of every statement in a function that some line of bytecode stands for."""
    for function in ast.walk(tree):
        if not isinstance(function, _FUNCTIONS):
            continue
        for node in ast.walk(function):
            if node is function or not isinstance(node, ast.stmt):
                continue
            text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if not text and not isinstance(node, ast.Global | ast.Nonlocal | ast.Try):
                yield node.lineno
