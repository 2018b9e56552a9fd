"""A socket to a process that answers requests with lines of JSON."""

from __future__ import annotations

import json
import os
import select
import socket
import sys
from threading import Event
from typing import Any

from bugbash.trials.workers import HaltedRun

_POLL_S = 0.2


class Unfit(Exception):
    """The warm engine can't serve this target, or not any more; says why."""


class Line:
    """One socket to the process: sends requests, yields the facts of the answer."""

    def __init__(self) -> None:
        self._ours, self.theirs = socket.socketpair()
        self._ours.settimeout(_POLL_S)
        self._rest = b""
        self._process = -1

    def started(self) -> None:
        self.theirs.close()

    def watch(self, pid: int) -> None:
        """Have the answer end with that process, though a child of its own keeps the socket."""
        try:
            self._process = os.pidfd_open(pid)
        except OSError as error:
            raise Unfit("its process ended") from error

    def close(self) -> None:
        self._ours.close()
        if self._process >= 0:
            os.close(self._process)
            self._process = -1

    def ask(
        self, halt: Event, last: tuple[str, ...] = ("end", "refused"), **request: Any
    ) -> list[dict[str, Any]]:
        """Send a request and wait for every fact of its answer, up to one with a key of `last`."""
        try:
            self._ours.sendall((json.dumps(request) + "\n").encode())
        except OSError as error:
            raise Unfit("its process ended") from error
        return self.facts(halt, last)

    def facts(self, halt: Event, last: tuple[str, ...]) -> list[dict[str, Any]]:
        """Facts up to one that has a key of `last`."""
        found: list[dict[str, Any]] = []
        while True:
            line, ended, rest = self._rest.partition(b"\n")
            if ended:
                self._rest = rest
                found.append(_fact(line))
                if any(key in found[-1] for key in last):
                    return found
                continue
            if halt.is_set():
                raise HaltedRun
            self._rest += self._more()

    def _more(self) -> bytes:
        """What came meanwhile; nothing where nothing came."""
        try:
            data = self._ours.recv(1 << 20)
        except TimeoutError:
            if self._process >= 0 and select.select([self._process], [], [], 0)[0]:
                raise Unfit("its process ended") from None
            return b""
        except OSError as error:
            raise Unfit("its process ended") from error
        if not data:
            raise Unfit("its process ended")
        return data


def _fact(line: bytes) -> dict[str, Any]:
    """One line, read; a test can write into any handle, and a fork can end in a word."""
    try:
        fact = json.loads(line)
    except ValueError:
        fact = None
    if not isinstance(fact, dict):
        raise Unfit("its answer is garbled")
    return fact


def can_fork() -> bool:
    """Whether this system can serve the warm engine: Linux, with pidfds (since 5.3)."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")
