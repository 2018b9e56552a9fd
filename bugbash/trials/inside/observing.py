"""What a fork notices while it runs tests: outcomes, and what it does to the machine."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

RANK = {"passed": 0, "xfailed": 1, "skipped": 2, "xpassed": 3, "failed": 4}
STARTING = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn",
     "os.system"}
)  # fmt: skip
MOVING = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def outcome_of(report: Any) -> str:
    """pytest's outcome of a report, expected failures told apart."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return str(report.outcome)


class Traces:
    """What a fork does to the machine, by audit events (PEP 578): processes, files of the tree."""

    def __init__(self, tree: str, sources: tuple[str, ...]) -> None:
        self._tree = os.path.realpath(tree) + os.sep
        self._sources = sources
        self.spawned = self.wrote = self.read_source = False
        sys.addaudithook(self._hear)

    def forget(self) -> None:
        self.spawned = self.wrote = self.read_source = False

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(flags, int) and isinstance(path, (str, bytes)):
                self._opened(path, flags)
        elif event in STARTING:
            self.spawned = True
        elif event in MOVING and not self.wrote:
            self.wrote = self._inside(args[0]) or (len(args) > 1 and self._inside(args[1]))

    def _opened(self, path: str | bytes, flags: int) -> None:
        if flags & WRITING:
            self.wrote = self.wrote or self._inside(path)
        elif not self.read_source:
            text = os.fsdecode(path)
            if text.endswith(".py") and text.startswith(self._sources):
                self.read_source = not sys._getframe(2).f_code.co_filename.startswith("<frozen")

    def _inside(self, path: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        full = os.path.join(os.getcwd(), os.fsdecode(path))
        return full.startswith(self._tree) and "__pycache__" not in full


class Outcomes:
    """The plugin of a fork: the worst outcome of each test, without the cost of a traceback."""

    def __init__(self, tree: str, is_timeout: Callable[[Any], bool]) -> None:
        self._tree = tree + os.sep
        self._is_timeout = is_timeout
        self.results = self
        self.running = ""
        self.worst: dict[str, str] = {}
        self.traces: dict[str, list[str]] = {}
        """FILE:LINE of the frames inside the tree, the outermost first."""
        self.timed_out: set[str] = set()
        self.network: set[str] = set()
        self.late = False
        """Whether a tear-down failed: its test may be another one in a whole run."""
        self.starved = False
        """Whether a test ran into its limit without using the processor."""
        self.fixed_port = False
        self.clock = 0.0
        self.limit = 0.0

    def write(self, **fact: Any) -> None:
        """What the closed network has to tell."""
        if "network" in fact:
            self.network.add(fact["network"])
        self.fixed_port = self.fixed_port or "port" in fact

    def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:
        import pytest

        if call.excinfo is None or isinstance(call.excinfo.value, pytest.skip.Exception):
            return None
        self.traces[item.nodeid] = self._trace(call.excinfo.tb)
        try:
            message = f"{call.excinfo.typename}: {call.excinfo.value}"[:200]
        except Exception as error:  # the text of an exception is anybody's code
            message = f"{call.excinfo.typename}: {type(error).__name__}"
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords=dict.fromkeys(item.keywords, 1),
            outcome="failed",
            longrepr=message,
            when=call.when,
            duration=call.duration,
            user_properties=item.user_properties,
        )

    def _trace(self, entry: Any) -> list[str]:
        found = []
        while entry is not None:
            path = entry.tb_frame.f_code.co_filename
            if path.startswith(self._tree):
                found.append(f"{path[len(self._tree) :]}:{entry.tb_lineno}".replace(os.sep, "/"))
            entry = entry.tb_next
        return found[-30:]

    def pytest_runtest_logreport(self, report: Any) -> None:
        outcome = outcome_of(report)
        if RANK.get(outcome, 4) > RANK.get(self.worst.get(report.nodeid, "passed"), 4):
            self.worst[report.nodeid] = outcome
        if report.failed:
            self.late = self.late or report.when == "teardown"
            if self._is_timeout(report):
                self.timed_out.add(report.nodeid)
                used = time.process_time() - self.clock
                self.starved = self.starved or used < self.limit / 2
