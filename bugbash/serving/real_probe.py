"""Runs scripts in the target's own Python and tells what each printed and how it ended.

Started by path; takes JSON on stdin, gives JSON on stdout. Imports nothing of bugbash.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import socket
import sys
from typing import Any

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
CLOSED = "bugbash: the network is closed"
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
MOST = 4000
MOST_VALUES = 40


def close_network() -> None:
    """Nothing that a script does leaves the machine."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def is_local(host: Any) -> bool:
        text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        return text in ("", "::") or text.lower().startswith(LOOPBACK)

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not is_local(address[0]):
            raise OSError(CLOSED)
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        if not is_local(host):
            raise OSError(CLOSED)
        return look_up(host, *arguments, **named)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = guarded_look_up


def plain(text: str) -> str:
    """A text without addresses, at most so long."""
    return ADDRESS.sub("0x...", text)[:MOST]


def error_of(error: BaseException) -> list[str]:
    message = str(error)
    if isinstance(error, KeyError):  # as Python shows it
        message = repr(error.args[0]) if error.args else ""
    return [type(error).__name__, plain(message)]


class Seen:
    """What one script showed."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {}

    def record(self, number: int, *values: Any) -> None:
        told = self.values.setdefault(str(number), [])
        if len(told) < MOST_VALUES:
            told.append([[plain(str(value)), plain(repr(value))] for value in values])

    def failed(self, number: int, error: BaseException) -> None:
        self.values.setdefault(str(number), []).append({"error": error_of(error)})


def run(text: str) -> dict[str, Any]:
    seen = Seen()
    names: dict[str, Any] = {"__name__": "__main__", "__bugbash__": seen}
    printed, error = io.StringIO(), None
    try:
        code = compile(text, "steps.py", "exec")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            exec(code, names)
    except BaseException as problem:
        error = error_of(problem)
    return {
        "printed": plain(printed.getvalue()),
        "error": error,
        "values": seen.values,
    }


def main() -> None:
    asked = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    out = os.dup(1)
    os.dup2(2, 1)  # what a script's own processes print is no answer
    sys.path[:1] = asked["paths"]
    close_network()
    answers = [run(text) for text in asked["scripts"]]
    with os.fdopen(out, "wb") as answer:
        answer.write(json.dumps(answers).encode("ascii"))
    os._exit(0)  # a thread that a script left running keeps nobody waiting


main()
