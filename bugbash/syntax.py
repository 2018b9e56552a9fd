"""Parsing Python that anybody may have written, from any thread."""

from __future__ import annotations

import ast
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.Lock()
"""Two threads that make trees at once end in a SystemError: https://github.com/python/cpython/issues/106905
(Python 3.11 before 3.11.8, 3.12 before 3.12.2)."""


def parse(source: str | bytes) -> ast.Module:
    """The syntax tree of a module. Raises what `ast.parse` raises, and says no warning."""
    with _alone():
        return ast.parse(source)


def parse_expression(source: str) -> ast.Expression:
    """The same for an expression."""
    with _alone():
        return ast.parse(source, mode="eval")


@contextmanager
def _alone() -> Iterator[None]:
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parsed(source: str | bytes) -> ast.Module | None:
    """The syntax tree, or None where it does not parse (or is too deep to)."""
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
