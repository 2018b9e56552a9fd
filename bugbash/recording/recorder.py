"""The pytest plugin of a workspace: writes down what every run of its tests did.

Lies in the workspace's `.venv` as `bugbash_recorder.py`, beside `bugbash_journal.py` and
`bugbash_recorder.json` (where the timeline is), and imports pytest and the standard library alone.
Whatever goes wrong in it is said once, in one line on stderr, and never touches the run.
"""

from __future__ import annotations

import base64
import errno
import functools
import inspect
import json
import os
import re
import sys
import time
import zlib
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bugbash.recording import journal
else:
    import bugbash_journal as journal

RANK = {"skipped": 1, "xfailed": 1, "xpassed": 2, "failed": 3, "error": 4}
SHOWN_FAILURES = 50
"""Failures of a run whose messages are kept."""
MOST_ARGUMENTS = 200
"""Words of the command line that are kept; an editor may name each test."""
LONGEST = 500
"""Characters of such a word."""
NO_RUNS = (
    "collectonly", "setuponly", "setupplan", "showfixtures", "show_fixtures_per_test", "cacheshow",
    "markers", "version", "help",
)  # fmt: skip
"""Options of pytest with which it runs no test."""
ATTACHED = ("debugpy", "pydevd", "_pydevd_bundle")
IMPORTED = ("ipdb", "pudb", "bpdb", "remote_pdb", "web_pdb", "rpdb")
"""Debuggers that nobody imports without entering them."""
VIAS = (("vscode_pytest", "vscode"), ("_jb_pytest_runner", "pycharm"))
WHY = {
    errno.ENOSPC: "the disk is full",
    getattr(errno, "EDQUOT", 0): "the disk is full",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "read-only",
    errno.ENOENT: "it is gone; set BUGBASH_HOME if it moved",
}
_active: list[Recorder] = []
"""The recorder of the run in this process: tests that run pytest are no runs of the learner's."""


def settings_of(beside: str) -> dict[str, Any]:
    """Where the timeline is and which tree it is about.

    Raises OSError or ValueError where that can't be read.
    """
    with open(os.path.join(os.path.dirname(beside), "bugbash_recorder.json"), "rb") as file:
        found: dict[str, Any] = json.load(file)
    if "pack" in found:
        return _settings_of_pack(found["pack"])
    root = os.path.dirname(os.path.abspath(beside))
    for _ in range(found["up"]):
        root = os.path.dirname(root)
    return {"timeline": _timeline(found["timeline"]), "root": os.path.realpath(root)}


def _settings_of_pack(name: str) -> dict[str, Any]:
    """Those of the packed workspace around this Python's environment, else around the run."""
    roots = [os.path.dirname(sys.prefix), os.getcwd()]
    while os.path.dirname(roots[-1]) != roots[-1]:
        roots.append(os.path.dirname(roots[-1]))
    root = next((one for one in roots if os.path.isdir(os.path.join(one, name))), None)
    if root is None:
        raise ValueError(f"no folder {name} here: run pytest in the exercise")
    with open(os.path.join(root, name, "pack.json"), "rb") as file:
        served = json.load(file)["tree"]
    timeline = os.path.join(root, name, "timeline")
    return {"timeline": timeline, "root": os.path.realpath(root), "served": served}


def _timeline(folder: str) -> str:
    """The timeline's folder: where it was, else in the BUGBASH_HOME of today."""
    home = os.environ.get("BUGBASH_HOME")
    if home and not os.path.isdir(folder):
        moved = os.path.join(os.path.abspath(home), "timelines", os.path.basename(folder))
        return moved if os.path.isdir(moved) else folder
    return folder


def pytest_configure(config: Any) -> None:
    try:
        if hasattr(config, "workerinput") or _active:  # xdist's workers are heard by their head
            return
        recorder = Recorder(config, settings_of(__file__))
        if recorder.is_wanted():
            _active.append(recorder)
            config.pluginmanager.register(recorder, "bugbash-recorder")
    except Exception as error:
        _warn("not recorded", error)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: Any) -> Generator[None, Any, None]:
    """A conftest that can't be imported ends pytest before it has a session."""
    outcome = yield
    error = outcome.excinfo[1] if outcome.excinfo else None
    if type(error).__name__ == "ConftestImportFailure" and not _active:  # it is private
        try:
            recorder = Recorder(early_config, settings_of(__file__))
            if recorder.is_wanted():
                recorder.end_without_session(error)
        except Exception as problem:
            _warn("not recorded", problem)


def _warn(what: str, error: Exception, where: str = "") -> None:
    """One line on stderr, below pytest's own output."""
    why = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError):
        why = WHY.get(error.errno or 0, error.strerror or str(error))
        why = f"{where or error.filename or 'its timeline'}: {why}"
    line = f"bugbash: this run was {what} ({' '.join(why.split())[:300]})"
    try:
        os.write(2, f"{line}. The tests are not affected.\n".encode("utf-8", "replace"))
    except Exception:
        return


def _quiet(hook: Callable[..., None]) -> Callable[..., None]:
    """A hook that records nothing more after its first failure, and raises none."""

    @functools.wraps(hook)
    def careful(self: Recorder, *args: Any, **kwargs: Any) -> None:
        # A child that a test or a conftest forked must not tell it twice.
        if self.problem is None and self.getpid() == self.owner:
            try:
                hook(self, *args, **kwargs)
            except Exception as error:
                self.problem = error

    careful.__signature__ = inspect.signature(hook)  # type: ignore[attr-defined]  # old pluggy
    return careful


class Recorder:
    """One run of the tests, from its start to its end."""

    def __init__(self, config: Any, settings: dict[str, Any]) -> None:
        self.problem: Exception | None = None
        self.getpid = os.getpid
        self.owner = os.getpid()
        self._config = config
        self._folder: str = settings["timeline"]
        self._root: str = settings["root"]
        self._served: str = settings.get("served", "")
        self._id = f"{time.time_ns():x}-{os.getpid()}"
        self._seconds_now = time.perf_counter
        self._start = time.perf_counter()
        self._began = False
        root, folder, self._asked = _invocation(config)
        self._prefix = _prefix(self._root, os.path.realpath(root))
        self._inside = _relative(os.path.realpath(folder), self._root)
        self._collected: list[str] = []
        self._outcomes: dict[str, str] = {}
        self._seconds: dict[str, float] = {}
        self._failures: list[dict[str, str]] = []
        self._told = 0
        self._debugged: set[str] = set()
        self._loaded = {name for name in IMPORTED if name in sys.modules}

    def is_wanted(self) -> bool:
        """Whether this is a run of the workspace's tests by its learner."""
        options = self._config.option
        if any(getattr(options, name, False) for name in NO_RUNS):
            return False
        if _is_outside(self._inside) and _is_outside(self._prefix):
            return False  # the tests of something else, with this pytest
        running = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
        return not (running and os.path.exists(os.path.join(self._root, running)))

    def _say(self, kind: str, **fact: Any) -> None:
        journal.append(self._folder, kind, run=self._id, **fact)

    @pytest.hookimpl(tryfirst=True)
    @_quiet
    def pytest_sessionstart(self, session: Any) -> None:
        self._begin()

    def _begin(self) -> None:
        asked = self._asked
        os.stat(self._folder)
        if self._served and not os.path.exists(os.path.join(self._folder, journal.EVENTS)):
            journal.append(self._folder, "start", tree=self._served, recorded=True)
        self._say(
            "run",
            root="." if self._served else self._root,  # no concern of who it is handed in to
            tree=journal.snapshot(self._folder, self._root),
            arguments=[self._shown(word) for word in asked[:MOST_ARGUMENTS]],
            inside=self._inside,
            via=_via(asked),
            python=".".join(map(str, sys.version_info[:3])),
        )
        self._began = True
        how = _attached()
        if how:
            self._debug(how)

    def end_without_session(self, error: Any) -> None:
        """Tell of a run that ended at a conftest which pytest could not import."""
        self._begin()
        name = _relative(os.path.realpath(str(error.path)), self._root)
        cause = getattr(error, "cause", None)  # since pytest 8
        cause = cause or getattr(error, "excinfo", (None, None))[1]
        raised = f"{type(cause).__name__}: {cause}" if cause else str(error)
        message = next(iter(raised.splitlines()), "")[:200]
        self._say("fail", test=name, when="collect", message=message)
        self._say(
            "end",
            exit=4,  # what pytest calls a usage error
            tests=journal.keep(self._folder, json.dumps([name]).encode("ascii")),
            outcomes={"error": "1"},
            seconds=round(self._seconds_now() - self._start, 3),
        )

    def _shown(self, word: str) -> str:
        """A word of the command line without where the workspace lies."""
        return re.sub(rf"{re.escape(self._root)}(?=$|[/\\:])", ".", word)[:LONGEST]

    def _name(self, node: str) -> str:
        """The id of a test below the workspace, whatever folder pytest took for its root."""
        if not self._prefix:
            return node
        path, colons, rest = node.partition("::")
        path = os.path.normpath(os.path.join(self._prefix, path)).replace(os.sep, "/")
        return f"{path}{colons}{rest}"

    @_quiet
    def pytest_collection_finish(self, session: Any) -> None:
        self._collected = self._collected or [item.nodeid for item in session.items]

    @pytest.hookimpl(optionalhook=True)
    @_quiet
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Any) -> None:
        self._collected = list(ids)

    @_quiet
    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and report.nodeid not in self._outcomes:  # a file that can't be imported
            self._outcomes[report.nodeid] = "error"
            self._failed(report, "collect")
            self._tell_failures()

    @_quiet
    def pytest_runtest_logreport(self, report: Any) -> None:
        name = report.nodeid
        outcome = _outcome(report)
        if outcome != "passed":
            if RANK.get(outcome, 0) >= RANK.get(self._outcomes.get(name, ""), 0):
                self._outcomes[name] = outcome
        elif report.when == "call" and RANK.get(self._outcomes.get(name, ""), 0) == 0:
            self._outcomes[name] = outcome
        if not hasattr(report, "context"):  # a subtest's seconds are in its test's
            self._seconds[name] = self._seconds.get(name, 0.0) + report.duration
        if report.failed:
            self._failed(report, report.when)

    def _failed(self, report: Any, when: str) -> None:
        if self._told + len(self._failures) < SHOWN_FAILURES:
            fact = {"test": self._name(report.nodeid), "when": when, "message": _message(report)}
            self._failures.append(fact)

    @_quiet
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._tell_failures()  # not before: a test may have patched what writes them down

    def _tell_failures(self) -> None:
        for fact in self._failures:
            self._told += 1
            self._say("fail", **fact)
        self._failures.clear()

    @_quiet
    def pytest_enter_pdb(self, config: Any, pdb: Any) -> None:
        self._tell_failures()
        self._debug("pdb")

    def _debug(self, how: str) -> None:
        if how not in self._debugged:
            self._debugged.add(how)
            self._say("debug", how=how)

    @pytest.hookimpl(trylast=True)
    @_quiet
    def pytest_sessionfinish(self, session: Any, exitstatus: int) -> None:
        if not self._began:
            return
        self._tell_failures()
        for name in IMPORTED:
            if name in sys.modules and name not in self._loaded:
                self._debug(name)
        names = list(dict.fromkeys([*self._collected, *sorted(self._outcomes)]))
        listed = json.dumps([self._name(name) for name in names]).encode("ascii")
        known = set(self._outcomes.values())
        self._say(
            "end",
            exit=int(getattr(session, "exitstatus", exitstatus)),
            tests=journal.keep(self._folder, listed),
            outcomes={outcome: self._bits(names, outcome) for outcome in known},
            seconds=round(self._seconds_now() - self._start, 3),
            ms=self._milliseconds(names),
        )

    def _bits(self, names: list[str], outcome: str) -> str:
        """The tests with an outcome: a hexadecimal number with a bit for each name."""
        bits = ("1" if self._outcomes.get(name) == outcome else "0" for name in reversed(names))
        return f"{int('0' + ''.join(bits), 2):x}"

    def _milliseconds(self, names: list[str]) -> str:
        """How long each test took, -1 for one that did not run, packed: a number for each name."""
        each = [round(self._seconds[n] * 1000) if n in self._seconds else -1 for n in names]
        packed = zlib.compress(json.dumps(each, separators=(",", ":")).encode("ascii"))
        return base64.b85encode(packed).decode("ascii")

    def pytest_unconfigure(self) -> None:
        if self in _active:
            _active.remove(self)
        if self.problem is not None and self.getpid() == self.owner:
            what = "not recorded to its end" if self._began else "not recorded"
            _warn(what, self.problem, self._folder)


def _invocation(config: Any) -> tuple[str, str, list[str]]:
    """pytest's root, the folder that it was started in, and its arguments."""
    root = str(getattr(config, "rootpath", None) or config.rootdir)  # the first since pytest 6.1
    told = getattr(config, "invocation_params", None)  # since pytest 5.1
    if told is None:
        return root, str(config.invocation_dir), sys.argv[1:]
    return root, str(told.dir), [str(word) for word in told.args]


def _prefix(root: str, rootpath: str) -> str:
    """What stands between the workspace and the folder that pytest's ids start from."""
    relative = _relative(rootpath, root)
    return "" if relative == "." else relative


def _relative(path: str, root: str) -> str:
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:  # another drive
        return "../" + path.replace(os.sep, "/")


def _is_outside(path: str) -> bool:
    return path.split("/")[0] == ".."


def _via(arguments: list[str]) -> str:
    words = " ".join([*arguments, *sys.argv[:1]])
    known = (via for sign, via in VIAS if sign in words)
    return os.environ.get("BUGBASH_VIA") or next(known, "pytest")


def _attached() -> str:
    """How the whole run is debugged: by an editor, by `python -m pdb`; or nothing."""
    if any(name in sys.modules for name in ATTACHED):
        monitoring = getattr(sys, "monitoring", None)
        watched = monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID)
        return "attached" if watched or sys.gettrace() is not None else ""
    tracer = getattr(sys.gettrace(), "__self__", None)
    bases = [base.__module__ for base in type(tracer).__mro__]
    return "pdb" if "bdb" in bases else ""


def _outcome(report: Any) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed and report.when != "call":
        return "error"
    return str(report.outcome)


def _message(report: Any) -> str:
    """The first line of what a test, or the import of a file, failed with."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = getattr(crash, "message", None)
    if text:
        return next(iter(str(text).splitlines()), "")[:200]
    lines = str(report.longrepr).splitlines()
    raised = (line[1:].strip() for line in lines if line.startswith("E "))
    return next(raised, next(iter(lines), ""))[:200]
