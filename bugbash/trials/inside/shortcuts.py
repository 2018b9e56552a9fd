"""Questions that pytest asks for every test, answered in fewer steps; the answers are pytest's own.

Nothing of this where pytest lies in the project: it is what its tests are about then.
"""

from __future__ import annotations

import contextlib
import os
import sys
import types
from collections.abc import Callable
from inspect import getattr_static
from typing import Any

_MARKS = "pytestmark"
"""The attribute of a function that tells nothing of its signature, or of where it stands."""


def take(tree: str) -> None:
    """Have pytest read the names of arguments from the code of plain functions."""
    fixtures, tree = sys.modules["_pytest.fixtures"], os.path.realpath(tree) + os.sep
    slow = getattr(fixtures, "getfuncargnames", None)
    if slow is None or os.path.realpath(str(fixtures.__file__)).startswith(tree):
        return
    with contextlib.suppress(Exception):
        quick = names_by(slow)
        if all(quick(each, **more) == slow(each, **more) for each, more in _samples()):
            fixtures.getfuncargnames = quick  # type: ignore[attr-defined]


def names_by(slow: Callable[..., Any]) -> Callable[..., Any]:
    """pytest's `getfuncargnames`, given that, for the functions that are what their code says:
    the names of the arguments that have no default, without the one that a method is bound to."""

    def getfuncargnames(function: Any, name: str = "", cls: Any = None, **more: Any) -> Any:
        if any(more.values()) or not is_plain(function) or function.__code__.co_posonlyargcount:
            return slow(function, name=name, cls=cls, **more)
        code, default = function.__code__, function.__defaults__
        names: tuple[str, ...] = code.co_varnames[: code.co_argcount - len(default or ())]
        if code.co_kwonlyargcount:
            kept, end = function.__kwdefaults__ or (), code.co_argcount + code.co_kwonlyargcount
            named = code.co_varnames[code.co_argcount : end]
            names += tuple(each for each in named if each not in kept)
        if cls and not isinstance(
            getattr_static(cls, name or function.__name__, None), staticmethod
        ):
            return names[1:]
        return names

    return getfuncargnames


def is_plain(function: Any) -> bool:
    """Whether this is a function, and nobody said of it what its code does not say."""
    return type(function) is types.FunctionType and function.__dict__.keys() <= {_MARKS}


def _samples() -> list[tuple[Any, dict[str, Any]]]:
    class Tests:
        def method(self, one, two=2):  # type: ignore[no-untyped-def]
            pass

        @staticmethod
        def static(one):  # type: ignore[no-untyped-def]
            pass

    def all_kinds(one, two=2, *many, three, four=4, **more):  # type: ignore[no-untyped-def]
        pass

    return [
        (all_kinds, {}),
        (lambda: None, {"name": "request"}),
        (Tests.method, {"cls": Tests}),
        (Tests.method, {}),
        (Tests.static, {"cls": Tests, "name": "static"}),
    ]


def is_placed_by_its_code(item: Any) -> bool:
    """Whether to ask an item of pytest where it stands would run nobody's code."""
    if type(item) is not sys.modules["_pytest.python"].Function:
        return False
    return is_plain(getattr(item.obj, "__func__", item.obj))


def remember_hooks(session: Any) -> None:
    """Have pytest find out once for each file which plugins' hooks are called for its tests."""
    manager = session.config.pluginmanager
    if hasattr(manager, "_conftest_plugins") and hasattr(manager, "_dirpath2confmods"):
        session.gethookproxy = Hooks(session, manager).of_file


class Hooks:
    """Which paths have the hooks of all plugins, forgotten as soon as there is another conftest.

    Of those that have not, pytest is asked each time: an old pluggy would not let the hooks of a
    plugin that comes later into what it answered.
    """

    def __init__(self, session: Any, manager: Any) -> None:
        self._ask = session.gethookproxy
        self._all = session.config.hook
        self._manager = manager
        self._usual: set[Any] = set()
        """The paths for which the answer is the hooks of all plugins."""
        self._conftests: tuple[set[Any], int] = set(), -1

    def of_file(self, fspath: Any) -> Any:
        """Stands in for `Session.gethookproxy`."""
        manager = self._manager
        conftests = manager._conftest_plugins, len(manager._dirpath2confmods)
        if conftests != self._conftests:
            self._conftests = set(conftests[0]), conftests[1]
            self._usual.clear()
        if fspath in self._usual:
            return self._all
        answer = self._ask(fspath)
        if answer is self._all:
            self._usual.add(fspath)
        return answer
