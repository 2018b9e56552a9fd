"""Parsing Python that anybody may have written."""

from __future__ import annotations

import ast
import warnings


def parsed(source: bytes) -> ast.Module | None:
    """The syntax tree, or None where it does not parse (or is too deep to)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
