"""Which lines of the target's sources a piece of a run executes, in the target's own Python.

`sys.monitoring` (PEP 669) where Python has it, else `sys.settrace`.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

_TOOL = 4


class Lines:
    """Collects executed lines, and the code objects that are entered, of files below `roots`."""

    def __init__(self, roots: tuple[str, ...], probes: Any = None) -> None:
        self._roots = roots
        self._probes = probes
        self._watched: Any = probes.at if probes is not None else {}
        self._entries: Any = probes.entries if probes is not None else {}
        self._paths: dict[str, str] = {}
        self.seen: set[tuple[str, int]] = set()
        """Real path and line."""
        self.entered: set[tuple[str, int]] = set()
        """Real path and first line of each function or class body that began to run."""
        self.files: set[str] = set()
        """Real paths of the files of which something began to run."""
        self.lost = False
        """Whether somebody else took tracing over, so that lines may be missing."""

    def start(self) -> None:
        if hasattr(sys, "monitoring"):
            self._monitor(True)
        else:
            threading.settrace(self._enter)
            sys.settrace(self._enter)
            self._guard(sys.settrace)

    def stop(self) -> None:
        if hasattr(sys, "monitoring"):
            self._monitor(False)
        else:
            # A bound method is a new object each time it is looked up.
            self.lost = self.lost or sys.gettrace() != self._enter
            sys.settrace = self._settrace
            sys.settrace(None)
            threading.settrace(None)

    def regain(self) -> bool:
        """Whether somebody else took tracing over since this was asked; it is ours again."""
        self.lost = self.lost or (not hasattr(sys, "monitoring") and sys.gettrace() != self._enter)
        was, self.lost = self.lost, False
        if was:
            self.stop()
            self.start()
            self.lost = False
        return was

    def by_file(self, tree: str) -> dict[str, list[int]]:
        """The lines seen, by path relative to `tree` with forward slashes."""
        found: dict[str, list[int]] = {}
        for path, line in sorted(self.seen):
            relative = os.path.relpath(path, tree).replace(os.sep, "/")
            found.setdefault(relative, []).append(line)
        return found

    def _guard(self, settrace: Any) -> None:
        """Notice who else traces, be it for a while."""
        self._settrace = settrace

        def watched(function: Any) -> None:
            self.lost = self.lost or function != self._enter
            settrace(function)

        sys.settrace = watched

    def forget(self) -> None:
        """Begin anew, while tracing goes on."""
        self.seen = set()
        if hasattr(sys, "monitoring"):
            sys.monitoring.restart_events()

    def _path(self, filename: str) -> str:
        known = self._paths.get(filename)
        if known is None:
            real = os.path.realpath(filename)
            known = real if real.startswith(self._roots) else ""
            self._paths[filename] = known
        return known

    def _enter(self, frame: Any, event: str, _: Any) -> Any:
        code = frame.f_code
        path = self._path(code.co_filename)
        if not path:
            return None
        self._note(path, code)
        if (path, code.co_firstlineno) in self._entries:
            self._probes.enter(path, frame)

        def line(frame: Any, event: str, _: Any) -> Any:
            if event == "line":
                place = (path, frame.f_lineno)
                self.seen.add(place)
                if place in self._watched:
                    self._probes.see(*place, frame)
            return line

        return line

    def _note(self, path: str, code: Any) -> None:
        self.files.add(path)
        if code.co_name != "<module>":  # it begins where a function of the first line does
            self.entered.add((path, code.co_firstlineno))

    def _monitor(self, on: bool) -> None:
        monitoring = sys.monitoring  # type: ignore[attr-defined]
        events = monitoring.events
        if not on:
            monitoring.set_events(_TOOL, 0)
            monitoring.register_callback(_TOOL, events.LINE, None)
            monitoring.register_callback(_TOOL, events.PY_START, None)
            monitoring.free_tool_id(_TOOL)
            return
        monitoring.use_tool_id(_TOOL, "bugbash")
        monitoring.restart_events()

        def entered(code: Any, _: int) -> Any:
            path = self._path(code.co_filename)
            if path:
                self._note(path, code)
                if (path, code.co_firstlineno) in self._entries:
                    self._probes.enter(path, sys._getframe(1))
                    return None
            return monitoring.DISABLE

        def line(code: Any, number: int) -> Any:
            path = self._path(code.co_filename)
            if path:
                self.seen.add((path, number))
                if (path, number) in self._watched:
                    self._probes.see(path, number, sys._getframe(1))
                    return None
            return monitoring.DISABLE

        monitoring.register_callback(_TOOL, events.PY_START, entered)
        monitoring.register_callback(_TOOL, events.LINE, line)
        monitoring.set_events(_TOOL, events.LINE | events.PY_START)
