"""Which test writes which file of the project, as Python's own audit events tell."""

from __future__ import annotations

import os
from typing import Any

CACHES = frozenset({"__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache"})


class Writes:
    """An audit hook that notes which test writes which file of the tree, caches aside.

    It does not see what other programs and compiled code write.
    """

    def __init__(self, recorder: Any, tree: str) -> None:
        self._recorder = recorder
        self._tree = os.path.realpath(tree) + os.sep
        self._told: set[tuple[str, str]] = set()

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and self._writes(*args):
            self._note(args[0])
        elif event in ("os.remove", "os.mkdir", "os.rename") and args[-1] == -1:
            self._note(args[1] if event == "os.rename" else args[0])

    @staticmethod
    def _writes(path: Any, mode: Any, flags: Any) -> bool:
        """Whether a file is opened to be written; a relative path may be that of another folder."""
        if isinstance(path, int) or (mode is None and not os.path.isabs(os.fsdecode(path))):
            return False
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    def _note(self, path: Any) -> None:
        try:
            full = os.path.realpath(os.fsdecode(path))
        except (TypeError, ValueError):
            return
        if not full.startswith(self._tree):
            return
        name = full[len(self._tree) :].replace(os.sep, "/")
        parts = name.split("/")
        if CACHES.intersection(parts) or ".pyc" in parts[-1]:
            return
        fact = (self._recorder.running, name)
        if fact not in self._told:
            self._told.add(fact)
            self._recorder.results.write(writer=fact[0], in_tree=name)
