"""Which tests share what outlives each of them: a fixture of a class, module or session.

A test that fails half-way leaves such a fixture in another state, so that the next one fails
which never executes what was changed: they are run together or not at all.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

_SET_UP = re.compile(r"set_?up_?(module|class)", re.IGNORECASE)
"""In the names under which pytest runs `setup_module`, `setUpClass` and the like."""


def sharers(items: list[Any], tree: str) -> list[list[int]]:
    """The positions of the tests of each group, in order; a test can be in several."""
    groups: dict[tuple[int, int], list[int]] = {}
    below = os.path.realpath(tree) + os.sep
    for index, item in enumerate(items):
        for key in set(_shared_by(item, below)):
            groups.setdefault(key, []).append(index)
    return [list(each) for each in sorted({tuple(g) for g in groups.values() if len(g) > 1})]


def _shared_by(item: Any, below: str) -> Iterator[tuple[int, int]]:
    """The fixture and the class, module or session that it lives as long as."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    for name, definitions in known.items():
        for each in definitions:
            if each.scope != "function" and (_is_own(each.func, below) or _sets_up(name, item)):
                yield id(each), id(_owner(item, each.scope))


def _owner(item: Any, scope: str) -> Any:
    import pytest

    kind: Any = {"class": pytest.Class, "module": pytest.Module}.get(scope)
    return (item.getparent(kind) if kind else None) or item.session


def _is_own(function: Any, below: str) -> bool:
    """Whether a fixture, or what it wraps, was written in the tree, or nobody can say where."""
    while function is not None:
        code = getattr(function, "__code__", None)
        if code is None or os.path.realpath(code.co_filename).startswith(below):
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def _sets_up(name: str, item: Any) -> bool:
    """Whether the test's class or module has a set-up or tear-down of its own."""
    case = getattr(sys.modules.get("unittest"), "TestCase", None)
    kind = getattr(item, "cls", None)
    if not _SET_UP.search(name):
        return False
    if "setupclass" not in name.lower().replace("_", "") or case is None or kind is None:
        return True
    if not issubclass(kind, case):
        return True
    return any(
        getattr(kind, part).__func__ is not getattr(case, part).__func__
        for part in ("setUpClass", "tearDownClass")
        if hasattr(getattr(kind, part), "__func__")
    )
