"""Forks of a process that answers over a socket: each does one piece of work and ends."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import select
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any


class Channel:
    """One end of a socket: requests come in, facts go out. Only its owner may write."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._owner = os.getpid()
        self._rest = b""

    def own(self) -> None:
        self._owner = os.getpid()

    def write(self, **fact: Any) -> None:
        if os.getpid() == self._owner:  # a test that forks must not report twice
            data = memoryview((json.dumps(fact) + "\n").encode("utf-8"))
            while data:
                data = data[os.write(self._handle, data) :]

    def requests(self) -> Iterator[dict[str, Any]]:
        while True:
            line, found, rest = self._rest.partition(b"\n")
            if found:
                self._rest = rest
                yield json.loads(line)
                continue
            data = os.read(self._handle, 1 << 16)
            if not data:
                return
            self._rest += data


_undrawn: Any = None
"""The state of `random` before anybody's code ran."""


def note_chance() -> None:
    """Remember the state of `random`: a process that seeds it later has forks with its numbers."""
    global _undrawn
    _undrawn = random.getstate()


def fork(channel: Channel, deadline: float, work: Callable[[], None]) -> None:
    """Do `work` in a fork; when it has ended, or the deadline came, say how on the channel."""
    if is_branch(channel, deadline):
        status = 70
        try:
            work()
            status = 0
        finally:
            os._exit(status)


def is_branch(channel: Channel, deadline: float) -> bool:
    """Split in two: True in a fork, which has to end by `os._exit`; False here, after its end.

    The channel is told how it ended, or that the deadline came.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fork of a process with threads
        drawn = random.getstate()
        parent, pid = os.getpid(), os.fork()
    if pid == 0:
        try:
            if drawn != _undrawn:
                random.setstate(drawn)  # Python seeds it anew in each fork
            os.setsid()
            sys.modules["_bugbash_runner"].end_with_parent(parent)
            sys.dont_write_bytecode = True
        except BaseException:
            os._exit(70)
        return True
    channel.write(end=_wait(pid, deadline))
    return False


def _wait(pid: int, deadline: float) -> int | None:
    """The exit status of a fork (negative: a signal), or None where it had to be ended."""
    handle = os.pidfd_open(pid)
    try:
        in_time = bool(select.select([handle], [], [], deadline)[0])
    finally:
        os.close(handle)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not in_time:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if in_time else None


def has_spawned() -> bool:
    """Whether this fork had a process of its own, be it one that no audit event told of."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0 or has_child()


def has_child() -> bool:
    """Whether this process has a child that was not waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
