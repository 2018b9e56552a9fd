"""A time limit for each test, in pytest-timeout's words, for a pytest that is too old for that."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest


def pytest_addoption(parser: Any) -> None:
    parser.addoption("--timeout", type=float, default=0.0, help="seconds that a test may take")
    parser.addini("timeout", "not read: --timeout is given")


def pytest_configure(config: Any) -> None:
    config.addinivalue_line("markers", "timeout(...): not read: --timeout is given")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: Any) -> Iterator[None]:
    limit = item.config.getoption("--timeout")
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():

        def fail(_: int, __: Any) -> None:
            pytest.fail(f"Timeout (>{limit}s)")

        signal.signal(signal.SIGALRM, fail)
        signal.setitimer(signal.ITIMER_REAL, limit)
        yield
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        return
    timer = threading.Timer(limit, _end, (item.nodeid, limit))
    timer.daemon = True
    timer.start()
    yield
    timer.cancel()


def _end(test: str, limit: float) -> None:
    """Where nothing can interrupt a test, its whole process ends."""
    sys.stderr.write(f"{test}: Timeout (>{limit}s)\n")
    sys.stderr.flush()
    os._exit(1)
