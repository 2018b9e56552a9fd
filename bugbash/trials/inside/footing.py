"""What a process stands on: the state that one test could leave to the next, and open handles.

A mutant that leaves more behind than the clean code does can break tests that never execute it;
whoever sees that in a fork has to run the whole suite.
"""

from __future__ import annotations

import collections
import contextlib
import locale
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import Any

_FEW = 64
"""Containers up to this length are looked into."""
_CONTAINERS = (
    list, tuple, set, frozenset, dict, collections.OrderedDict, collections.defaultdict,
    collections.Counter, collections.deque,
)  # fmt: skip
_PLAIN = (int, str, bytes, complex, type(None))


def roots_of(request: dict[str, Any]) -> tuple[str, ...]:
    """The real paths below which code is the target's own."""
    return tuple(os.path.realpath(source) for source in request["sources"])


def folders_of(request: dict[str, Any]) -> tuple[str, str]:
    """The folder of temporary files and the home folder of the suite, both empty at first."""
    scratch = request["scratch"]
    return scratch, os.path.join(os.path.dirname(scratch), "home")


class State:
    """The state of a process and of the modules below some folders, in comparable slots."""

    def __init__(self, roots: tuple[str, ...], folders: tuple[str, ...]) -> None:
        self._roots = roots
        self._folders = folders
        self._own: dict[str, bool] = {}
        self._modules: set[str] = set()
        self._modules = set(self._names())
        self._clean = self._take()

    def changed(self) -> list[str]:
        """The slots that differ from what they were when this object was made."""
        now, clean = self._take(), self._clean
        names = now.keys() | clean.keys()
        return sorted(name for name in names if now.get(name) != clean.get(name))

    def _take(self) -> dict[str, Any]:
        found = dict(_process())
        for folder in self._folders:
            with contextlib.suppress(OSError):
                found[f"files: {os.path.basename(folder)}"] = bool(
                    {*os.listdir(folder)} - {"pytest"}
                )
        for name in self._names():
            if name not in self._modules:
                found[f"module: {name}"] = True
                continue
            for key, value in _attributes(sys.modules[name]):
                found[f"{name}.{key}"] = _mark(value)
                if self._is_ours(value):
                    for inner, held in _attributes(value):
                        found[f"{name}.{key}.{inner}"] = _mark(held)
        return found

    def _names(self) -> list[str]:
        return [name for name, module in list(sys.modules.items()) if self._is_own(module)]

    def _is_own(self, module: Any) -> bool:
        file = getattr(module, "__file__", None)
        if not isinstance(file, str):
            return False
        if file not in self._own:
            self._own[file] = os.path.realpath(file).startswith(self._roots)
        return self._own[file]

    def _is_ours(self, value: Any) -> bool:
        """Whether a value is a class of these modules or an instance of one."""
        kind = value if isinstance(value, type) else type(value)
        return kind.__module__ in self._modules


def _process() -> Iterator[tuple[str, Any]]:
    try:
        yield "cwd", os.getcwd()
    except OSError:
        yield "cwd", None
    for name, value in os.environ.items():
        if name != "PYTEST_CURRENT_TEST":
            yield f"environ: {name}", value
    root = logging.getLogger()
    yield "sys.path", tuple(sys.path)
    yield "recursion limit", sys.getrecursionlimit()
    yield "signals", tuple(map(signal.getsignal, (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)))
    yield "threads", threading.active_count()
    yield "socket timeout", socket.getdefaulttimeout()
    yield "logging", (root.level, len(root.handlers), root.manager.disable)
    yield "time zone", time.tzname
    yield "locale", locale.setlocale(locale.LC_ALL)
    yield "temporary folder", tempfile.tempdir
    mask = os.umask(0o022)
    os.umask(mask)
    yield "umask", mask


def _attributes(thing: Any) -> list[tuple[str, Any]]:
    try:
        held = vars(thing)
    except TypeError:
        return []
    return [(key, value) for key, value in list(held.items()) if not key.startswith("__")]


def _mark(value: Any) -> Any:
    """What tells that a value became another one, without running code of anybody's."""
    kind = type(value)
    if kind in _PLAIN or kind is bool:
        return value
    if kind is float:
        return repr(value)
    if kind in _CONTAINERS:
        parts = list(value) if len(value) <= _FEW else []
        if isinstance(value, dict):
            parts += value.values() if parts else ()
        return id(value), len(value), tuple(map(_part, parts))
    if kind.__name__ == "_lru_cache_wrapper":
        return id(value), value.cache_info().currsize
    return id(value)


def _part(value: Any) -> Any:
    return value if type(value) in _PLAIN else id(value)


def handles() -> dict[int, str]:
    """The open handles of this process and what each stands for."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
    return found


class Ground:
    """What a process has open at one time; what is opened later all its forks would share."""

    def __init__(self) -> None:
        self._handles = handles()
        self._maps = _shared_maps()

    def is_shared(self) -> bool:
        """Whether files, sockets or shared memory were opened since; devices keep no place."""
        known = {"/dev/null", "/dev/urandom", "/dev/random", *self._handles.values()}
        now = {link for at, link in handles().items() if self._handles.get(at) != link}
        return bool(now - known) or bool(_shared_maps() - self._maps)


def _shared_maps() -> set[str]:
    found = set()
    with contextlib.suppress(OSError), open("/proc/self/maps", encoding="utf-8") as file:
        found = {line for line in file if line.split(None, 2)[1].endswith("s")}
    return found


def fault(request: dict[str, Any], ground: Ground | None, traces: Any, when: str) -> str:
    """Why forks of this process would not be what a process of their own is, or nothing.

    `ground` is what was open when pytest began; `when` says until when all this happened.
    """
    if threading.active_count() > 1 or traces.untraced:
        return f"threads run {when}"  # they don't survive a fork
    if traces.has_spawned_own():
        return f"processes are started {when}"
    if any(os.listdir(folder) for folder in folders_of(request)):
        return f"files are made {when}"
    if ground is None or ground.is_shared():
        return f"files or sockets are open {when}"
    return ""


def lingers() -> bool:
    """Whether the end of this process would wait for threads or processes of its own."""
    main = threading.main_thread()
    if any(each is not main and not each.daemon for each in threading.enumerate()):
        return True
    children = getattr(sys.modules.get("multiprocessing.process"), "_children", ())
    return any(not each.daemon for each in list(children))
