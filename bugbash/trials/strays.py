"""Ending what a suite left running: other people's code starts processes that leave their group."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection
from pathlib import Path

_WAIT_S = 0.02
_ROUNDS = 50
"""A stray can start another before it is ended: looked again until there is none."""


def end_strays(home: Path, spare: Collection[int] = ()) -> None:
    """On Linux, end every process of this user that was started with this HOME, but `spare`."""
    if sys.platform != "linux":
        return
    mark = b"HOME=" + os.fsencode(home) + b"\0"
    for _ in range(_ROUNDS):
        strays = [pid for pid in _with_environment(mark) if pid not in spare]
        if not strays:
            return
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_WAIT_S)


def _with_environment(mark: bytes) -> list[int]:
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if mark in Path(entry, "environ").read_bytes():
                    found.append(int(entry.name))
    return found
