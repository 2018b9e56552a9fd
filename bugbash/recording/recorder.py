"""The pytest plugin of a workspace: writes down what every run of its tests did.

Lies in the workspace's `.venv` as `bugbash_recorder.py`, beside `bugbash_journal.py` and
`bugbash_recorder.json` (where the timeline is), and imports pytest and the standard library alone.
Whatever goes wrong in it is said once, in one line, and never touches the run.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

try:
    import bugbash_journal as journal  # type: ignore[import-not-found]
except ImportError:  # in bugbash's own environment, for its types alone
    from bugbash.recording import journal

RANK = {"passed": 0, "skipped": 1, "xfailed": 1, "xpassed": 2, "failed": 3, "error": 4}
SHOWN_FAILURES = 50
"""Failures of a run whose messages are kept."""
SLOW_S = 0.05
DEBUGGERS = ("debugpy", "pydevd", "ipdb", "pudb", "bpdb", "IPython.core.debugger")
VIAS = (("vscode_pytest", "vscode"), ("_jb_pytest_runner", "pycharm"))


def settings_of(beside: str) -> dict[str, Any]:
    """Where the timeline is and which tree it is about; empty where that can't be read."""
    try:
        with open(os.path.join(os.path.dirname(beside), "bugbash_recorder.json"), "rb") as file:
            found: dict[str, Any] = json.load(file)
    except (OSError, ValueError):
        return {}
    root = os.path.dirname(os.path.abspath(beside))
    for _ in range(found.get("up", 0)):
        root = os.path.dirname(root)
    return {**found, "root": root}


def pytest_configure(config: Any) -> None:
    settings = settings_of(__file__)
    if settings and not hasattr(config, "workerinput"):  # xdist's workers are heard by their head
        config.pluginmanager.register(Recorder(config, settings), "bugbash-recorder")


def _quiet(hook: Callable[..., None]) -> Callable[..., None]:
    """A hook that records nothing more after its first failure, and raises none."""

    @functools.wraps(hook)
    def careful(self: Recorder, *args: Any, **kwargs: Any) -> None:
        if not self.problem:
            try:
                hook(self, *args, **kwargs)
            except Exception as error:
                self.problem = f"{type(error).__name__}: {error}"

    return careful


class Recorder:
    """One run of the tests, from its start to its end."""

    def __init__(self, config: Any, settings: dict[str, Any]) -> None:
        self._config = config
        self._folder: str = settings["timeline"]
        self._root: str = settings["root"]
        self._id = f"{time.time_ns():x}-{os.getpid()}"
        self._owner = os.getpid()
        self._start = time.perf_counter()
        self._collected: list[str] = []
        self._outcomes: dict[str, str] = {}
        self._seconds: dict[str, float] = {}
        self._told = 0
        self._debugged: set[str] = set()
        self._loaded = {name for name in DEBUGGERS if name in sys.modules}
        self.problem = ""

    def _say(self, kind: str, **fact: Any) -> None:
        if os.getpid() == self._owner:  # a test that forks must not tell it twice
            journal.append(self._folder, kind, run=self._id, **fact)

    @_quiet
    def pytest_sessionstart(self, session: Any) -> None:
        asked = self._config.invocation_params
        arguments = [str(word).replace(self._root, ".") for word in asked.args]
        self._say(
            "run",
            root=self._root,
            tree=journal.snapshot(self._folder, self._root),
            arguments=arguments,
            inside=os.path.relpath(str(asked.dir), self._root).replace(os.sep, "/"),
            via=self._via(arguments),
            python=".".join(map(str, sys.version_info[:3])),
        )
        if self._loaded and sys.gettrace() is not None:
            self._debug("attached")

    def _via(self, arguments: list[str]) -> str:
        words = " ".join([*arguments, *sys.argv[:1]])
        known = (via for sign, via in VIAS if sign in words)
        return os.environ.get("BUGBASH_VIA") or next(known, "pytest")

    @_quiet
    def pytest_collection_finish(self, session: Any) -> None:
        self._collected = self._collected or [item.nodeid for item in session.items]

    @pytest.hookimpl(optionalhook=True)
    @_quiet
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Any) -> None:
        self._collected = list(ids)

    @_quiet
    def pytest_runtest_logreport(self, report: Any) -> None:
        name = report.nodeid
        outcome = _outcome(report)
        if RANK[outcome] >= RANK[self._outcomes.get(name, "passed")]:
            self._outcomes[name] = outcome
        self._seconds[name] = self._seconds.get(name, 0.0) + report.duration
        if report.failed and self._told < SHOWN_FAILURES:
            self._told += 1
            self._say("fail", test=name, when=report.when, message=_message(report))

    @_quiet
    def pytest_enter_pdb(self, config: Any, pdb: Any) -> None:
        self._debug("pdb")

    def _debug(self, how: str) -> None:
        if how not in self._debugged:
            self._debugged.add(how)
            self._say("debug", how=how)

    @_quiet
    def pytest_sessionfinish(self, session: Any, exitstatus: int) -> None:
        for name in DEBUGGERS:
            if name in sys.modules and name not in self._loaded:
                self._debug(name.partition(".")[0])
        names = self._collected or sorted(self._outcomes)
        names += sorted(self._outcomes.keys() - set(names))
        listed = journal.keep(self._folder, json.dumps(names).encode("ascii"))
        bits = {outcome: self._bits(names, outcome) for outcome in set(self._outcomes.values())}
        slow = {name: round(s, 3) for name, s in self._seconds.items() if s >= SLOW_S}
        self._say(
            "end",
            exit=int(exitstatus),
            tests=listed,
            outcomes=bits,
            seconds=round(time.perf_counter() - self._start, 3),
            slow=slow,
        )

    def _bits(self, names: list[str], outcome: str) -> str:
        """The tests with an outcome: a hexadecimal number with a bit for each name."""
        positions = (i for i, name in enumerate(names) if self._outcomes.get(name) == outcome)
        return f"{sum(1 << i for i in positions):x}"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.problem:
            line = f"bugbash: this run was not recorded ({self.problem})."
            terminalreporter.write_line(line[:200], yellow=True)


def _outcome(report: Any) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed and report.when != "call":
        return "error"
    return str(report.outcome)


def _message(report: Any) -> str:
    """The first line of what a test failed with."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = getattr(crash, "message", None) or str(report.longrepr)
    return next(iter(text.splitlines()), "")[:200]
