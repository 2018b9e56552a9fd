"""What a fork notices while it runs tests: outcomes, and what it does to the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable
from typing import Any

forking = sys.modules["_bugbash_forking"]  # `zygote` loaded it by path
ANY = ("", 0)
"""Stands for every function."""
FEW = 10
"""As many failing tests as a bug worth serving has at most."""
RANK = {"passed": 0, "xfailed": 1, "skipped": 2, "xpassed": 3, "failed": 4}
STARTING = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn",
     "os.system"}
)  # fmt: skip
MOVING = frozenset(
    {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
     "os.chmod", "os.utime", "shutil.rmtree", "sqlite3.connect"}
)  # fmt: skip
LOOKING = frozenset(
    {"object.__getattr__", "object.__setattr__", "gc.get_referents", "gc.get_referrers"}
)  # fmt: skip
THREADS = frozenset({"_thread.start_new_thread", "_thread.start_joinable_thread"})
HEARD = STARTING | MOVING | LOOKING | THREADS | {"open"}
"""All other events are none of ours: most are, as one of each call of `id`."""
HARMLESS = frozenset({"warnings.py", "rewrite.py", "doctest.py"})
"""Modules of Python and pytest that show a source line or number, or compile what they read."""
QUESTIONS = tuple(
    os.path.join(os.path.dirname(os.__file__), *name.split("/"))
    for name in ("ctypes/util.py", "platform.py", "uuid.py")
)
"""Python's own modules that start programs of the system, as `ldconfig`, to ask them something."""
OF_REPORTS = (
    "pytest_runtest_makereport", "pytest_runtest_logreport", "pytest_exception_interact",
)  # fmt: skip
"""Hooks that are given reports."""
UNTIMELY = frozenset(
    {"PytestUnraisableExceptionWarning", "PytestUnhandledThreadExceptionWarning",
     "PytestUnhandledCoroutineWarning"}
)  # fmt: skip
"""Raised in whatever test runs when the garbage is collected."""
_DEEP = 12
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def outcome_of(report: Any) -> str:
    """pytest's outcome of a report, expected failures told apart."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return str(report.outcome)


def is_strict(config: Any) -> bool:
    """Whether pytest was told to take warnings for errors."""
    told = [*config.getini("filterwarnings"), *(config.known_args_namespace.pythonwarnings or ())]
    if any(each.strip().startswith("error") for each in (*told, *sys.warnoptions)):
        return True
    return any(action == "error" for action, *_ in warnings.filters)


def restart_clock(config: Any) -> None:
    """Let pytest-timeout's limit of a whole session begin anew."""
    module = sys.modules.get("pytest_timeout")
    limit = getattr(module, "SESSION_TIMEOUT_KEY", None)
    end = getattr(module, "SESSION_EXPIRE_KEY", None)
    if limit is not None and end is not None and config.stash.get(limit, None):
        config.stash[end] = time.time() + config.stash[limit]


class Traces:
    """What a fork does to the machine, by audit events (PEP 578): processes, files of the tree."""

    def __init__(self, tree: str, sources: tuple[str, ...]) -> None:
        self._trees = tuple({tree + os.sep, os.path.realpath(tree) + os.sep})
        self._sources = sources
        self._real: dict[str, str] = {}
        self.hears_inspection = False
        """Whether this Python tells who looks at the defaults of a function."""
        self.is_deaf = False
        """Set while it is bugbash itself that looks at defaults."""
        self.forget()
        sys.addaudithook(self._hear)
        getattr(self._hear, "__defaults__", None)

    def forget(self) -> None:
        self.spawned = self.wrote = self.untraced = False
        self._asked = False
        self.read: set[str] = set()
        """Real paths of the sources that were read as text."""
        self.inspected: set[tuple[str, int]] = set()
        """Real path and first line of the functions at whose defaults somebody looked."""

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in HEARD:
            return
        if event == "open":
            path, _, flags = args
            if isinstance(flags, int) and isinstance(path, (str, bytes, os.PathLike)):
                self._opened(path, flags)
        elif event in LOOKING:
            if event.startswith("gc."):
                self.inspected.add(ANY)
            elif not self.is_deaf:
                self._looked_at(event, *args)
        elif event in THREADS:
            self.untraced = self.untraced or not _is_threading()
        elif event in STARTING:
            asks = _asks_the_system()
            self._asked = self._asked or asks
            self.spawned = self.spawned or not asks
        elif event in MOVING and not self.wrote:
            self.wrote = any(map(self._inside, args[:2]))

    def has_spawned(self) -> bool:
        """Whether processes were started, be it by those who tell nobody."""
        return bool(self.spawned or forking.has_spawned())

    def has_spawned_own(self) -> bool:
        """The same, but for those that Python's own modules ask something of the system."""
        return bool(self.spawned or forking.has_child()) if self._asked else self.has_spawned()

    def _looked_at(self, event: str, thing: Any, name: str, new: Any = None) -> None:
        if name in ("__defaults__", "__kwdefaults__"):
            self.hears_inspection = True
            self._inspect(thing)
        elif event == "object.__setattr__" and name == "__code__":
            self._inspect(thing)
            self._note(new)

    def _inspect(self, thing: Any) -> None:
        self._note(getattr(thing, "__code__", None))

    def _note(self, code: Any) -> None:
        if isinstance(code, types.CodeType):
            name = code.co_filename
            if name not in self._real:
                self._real[name] = os.path.realpath(name)
            if self._real[name].startswith(self._sources):
                self.inspected.add((self._real[name], code.co_firstlineno))

    def _opened(self, path: Any, flags: int) -> None:
        if flags & WRITING:
            self.wrote = self.wrote or self._inside(path)
        elif os.fsencode(path).endswith(b".py") and not _is_import():
            real = os.path.realpath(full(path))
            if real.startswith(self._sources):
                self.read.add(real)

    def _inside(self, path: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        whole = full(path)
        return whole.startswith(self._trees) and "__pycache__" not in whole


def _is_threading() -> bool:
    return sys._getframe(2).f_code.co_filename == threading.__file__


def _asks_the_system() -> bool:
    """Whether one of Python's own modules starts a process to learn something of the system: it
    waits for its end, and no code of the target runs there."""
    frame = sys._getframe(2)
    for _ in range(_DEEP):
        name = frame.f_code.co_filename
        if name not in (__file__, subprocess.__file__):
            return name in QUESTIONS
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return False


def full(path: Any) -> str:
    """A path from the root; what a hook raises would be raised in the suite."""
    text = os.fsdecode(path)
    if not os.path.isabs(text):
        try:
            text = os.path.join(os.getcwd(), text)
        except OSError:
            return ""
    return os.path.normpath(text)


def _is_import() -> bool:
    """Whether a source is opened to be executed, or by those whose reading changes no result."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_name in ("_opened", "_hear"):
        frame = frame.f_back  # type: ignore[assignment]
    back = frame.f_back if frame is not None else None
    if back is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        return back.f_code.co_name == "get_code"
    for _ in range(_DEEP):
        if frame is None:
            return False
        if os.path.basename(frame.f_code.co_filename) in HARMLESS:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


class Outcomes:
    """The plugin of a fork: the worst outcome of each test, without the cost of a traceback."""

    def __init__(self, tree: str, is_timeout: Callable[[Any], bool]) -> None:
        self._tree = tree + os.sep
        self._is_timeout = is_timeout
        self._readers: bool | None = None
        self.results = self
        self.running = ""
        self.ran: set[str] = set()
        """The tests of which something is known."""
        self.heard = 0
        """So many reports there were."""
        self.worst: dict[str, str] = {}
        self.traces: dict[str, list[str]] = {}
        """FILE:LINE of the frames inside the tree, the outermost first."""
        self.timed_out: set[str] = set()
        self.network: set[str] = set()
        self.late = False
        """Whether a tear-down failed: its test may be another one in a whole run."""
        self.starved = False
        """Whether a test ran into its limit without using the processor."""
        self.untimely = False
        """Whether a failure may have come from an earlier test."""
        self.clock = 0.0
        self.limit = 0.0

    def write(self, **fact: Any) -> None:
        """What the closed network has to tell."""
        if fact.get("network"):
            self.network.add(fact["network"])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.started(nodeid)

    def pytest_runtest_logfinish(self) -> None:
        self.ended()

    def started(self, nodeid: str) -> None:
        """A test begins."""
        self.running = nodeid
        self.clock = time.process_time()

    def ended(self) -> None:
        """It came to its end."""
        self.running = ""

    def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:
        import pytest

        if call.excinfo is None or isinstance(call.excinfo.value, pytest.skip.Exception):
            return None
        if len(self.traces) <= FEW:
            self.traces[item.nodeid] = self._trace(call.excinfo.tb)
        self.untimely = self.untimely or _is_untimely(call.excinfo.value)
        if self._has_readers(item.config):
            return None
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

    def _has_readers(self, config: Any) -> bool:
        """Whether the tree has hooks that look at reports: they get them as pytest makes them."""
        if self._readers is None:
            hooks = [getattr(config.hook, name).get_hookimpls() for name in OF_REPORTS]
            modules = [sys.modules.get(impl.function.__module__) for each in hooks for impl in each]
            files = [getattr(module, "__file__", None) or "" for module in modules]
            below = os.path.realpath(self._tree) + os.sep
            self._readers = any(os.path.realpath(file).startswith(below) for file in files)
        return self._readers

    def facts(self) -> dict[str, Any]:
        """What there is to tell of the tests; tracebacks only where few failed."""
        return {
            "worst": self.worst,
            "traces": self.traces if len(self.traces) <= FEW else {},
            "timed_out": sorted(self.timed_out),
            "network": sorted(self.network),
        }

    def _trace(self, entry: Any) -> list[str]:
        found = []
        while entry is not None:
            path = entry.tb_frame.f_code.co_filename
            if path.startswith(self._tree):
                found.append(f"{path[len(self._tree) :]}:{entry.tb_lineno}".replace(os.sep, "/"))
            entry = entry.tb_next
        return found[-30:]

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.heard += 1
        self.ran.add(report.nodeid)
        outcome = outcome_of(report)
        if RANK.get(outcome, 4) > RANK.get(self.worst.get(report.nodeid, "passed"), 4):
            self.worst[report.nodeid] = outcome
        if report.failed:
            self.late = self.late or report.when == "teardown"
            if self._is_timeout(report):
                self.timed_out.add(report.nodeid)
                used = time.process_time() - self.clock
                self.starved = self.starved or used < self.limit / 2


def _is_untimely(error: BaseException) -> bool:
    if any(kind.__name__ in UNTIMELY for kind in type(error).__mro__):
        return True
    return any(_is_untimely(each) for each in getattr(error, "exceptions", ()) or ())
