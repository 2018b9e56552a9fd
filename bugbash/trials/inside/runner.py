"""Runs one suite in the target's own Python and streams what every test did.

Started by path, with the path of a JSON request as its argument. Imports nothing of bugbash: the
target's environment does not hold it. One JSON object a line goes to the results file, written
at once, so that a killed run keeps what it had.
"""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import re
import socket
import sys
import tempfile
from typing import Any

ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
MESSAGE_LIMIT = 2000
HUNG_TESTS = 3
"""Tests that may run into their time limit before the rest of a run is given up."""
TIMEOUT = re.compile(r"(Failed: )?Timeout \(?>[\d.]+s")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def is_timeout(report: Any) -> bool:
    """Whether a failed report is that of pytest-timeout."""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = getattr(crash, "message", None) or str(report.longrepr)
    return TIMEOUT.match(message) is not None


class Results:
    """The results file: one line a fact, flushed by the operating system's own write."""

    def __init__(self, path: str) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._owner = os.getpid()

    def write(self, **fact: Any) -> None:
        if os.getpid() == self._owner:  # a test that forks must not report twice
            os.write(self._handle, (json.dumps(fact) + "\n").encode("utf-8"))


class Recorder:
    """The pytest plugin: leaves tests out, watches the others, names the running one."""

    def __init__(self, request: dict[str, Any], results: Results) -> None:
        self.results = results
        self.running = ""
        self.coverage: Any = None
        self._deselect = frozenset(request["deselect"])
        self._ignore = frozenset(name.replace("::()", "") for name in request["ignore"])
        self._tree = os.path.realpath(request["tree"])
        self._tmp, self._home = tempfile.gettempdir(), os.path.expanduser("~")
        self._control = request["control"]
        self.collected: list[str] = []
        self.first: list[str] = list(request.get("first", ()))
        """Tests that are run before all others."""
        self._session: Any = None
        self._hung: set[str] = set()

    def pytest_configure(self, config: Any) -> None:
        import pytest

        kind = Ignoring if is_modern(pytest) else IgnoringBefore7
        config.pluginmanager.register(kind(self._is_left_out))

    def pytest_sessionstart(self, session: Any) -> None:
        self._session = session

    def _is_left_out(self, path: Any) -> bool | None:
        relative = os.path.relpath(os.path.realpath(path), self._tree)
        return True if relative.replace(os.sep, "/") in self._ignore else None

    def pytest_pycollect_makeitem(self, collector: Any, name: str) -> Any:
        """A class that can't be collected is left out alone, without the rest of its file."""
        node = f"{collector.nodeid}::{name}".replace("::()", "")
        return [] if node in self._ignore else None

    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
        kept = [item for item in items if item.nodeid not in self._deselect]
        left_out = [item for item in items if item.nodeid in self._deselect]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = kept
        self._plant(items)
        place = {name: index for index, name in enumerate(self.first)}
        if place:
            items.sort(key=lambda item: place.get(item.nodeid, len(place)))

    def _plant(self, items: list[Any]) -> None:
        """Add a test that must fail: one that passes means that results can't be trusted.

        It takes no fixture and no mark, stands between two modules and never last: what the
        suite's tear-down does is still told of the test that it was told of without it.
        """
        import pytest

        class Planted(pytest.Function):
            def iter_markers_with_node(self, name: str | None = None) -> Any:
                return iter(())  # a module that is skipped does not skip it

        parents = [item.getparent(pytest.Module) for item in items]
        module = next((parent for parent in reversed(parents) if parent is not None), None)
        if self._control and module is not None:
            name = self._control

            def must_fail() -> None:
                raise AssertionError(name)

            make = getattr(Planted, "from_parent", None)  # since pytest 5.4
            if make is not None:
                planted = make(module, name=name, callobj=must_fail)
            else:
                planted = Planted(name, module, callobj=must_fail)
            planted.fixturenames = []
            items.insert(parents.index(module), planted)

    def pytest_collection_finish(self, session: Any) -> None:
        self.collected = [item.nodeid for item in session.items]
        self.results.write(collected=self.collected)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            text = str(report.longrepr)[-MESSAGE_LIMIT:]
            self.results.write(broken=report.nodeid, message=text)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.running = nodeid
        self.results.write(started=nodeid)
        if self.coverage is not None:
            self.coverage.switch_context(nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.results.write(finished=nodeid)
        self.running = ""
        if self.coverage is not None:
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: Any) -> None:
        fact = {"test": report.nodeid, "when": report.when, "seconds": report.duration}
        fact["outcome"] = self._outcome(report)
        if report.failed:
            fact.update(self._crash(report))
            self._give_up_hanging(report)
        self.results.write(**fact)

    def _give_up_hanging(self, report: Any) -> None:
        if is_timeout(report):
            self._hung.add(report.nodeid)
            if len(self._hung) >= HUNG_TESTS:
                self._session.shouldstop = "too many tests hang"

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.results.write(session=int(exitstatus))

    @staticmethod
    def _outcome(report: Any) -> str:
        if hasattr(report, "wasxfail"):
            return "xfailed" if report.skipped else "xpassed"
        return str(report.outcome)

    def _crash(self, report: Any) -> dict[str, Any]:
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash is None:
            text = str(report.longrepr)[-MESSAGE_LIMIT:]
            return {"message": text, "where": "", "trace": []}
        return {
            "message": self._anonymous(crash.message)[:MESSAGE_LIMIT],
            "where": self._place(crash.path, crash.lineno),
            "trace": self._trace(report.longrepr),
        }

    def _anonymous(self, message: str) -> str:
        """A message without the paths and addresses of this run: they differ in the next."""
        for path, name in ((self._tree, "<project>"), (self._tmp, "<tmp>"), (self._home, "<home>")):
            message = message.replace(path, name)
        return ADDRESS.sub("0x...", message)

    def _trace(self, longrepr: Any) -> list[str]:
        entries = getattr(getattr(longrepr, "reprtraceback", None), "reprentries", [])
        files = [getattr(entry, "reprfileloc", None) for entry in entries]
        return [self._place(f.path, f.lineno) for f in files if f is not None][-30:]

    def _place(self, path: str, line: int) -> str:
        full = os.path.realpath(os.path.join(self._tree, path))
        relative = os.path.relpath(full, self._tree)
        return f"{path if relative.startswith('..') else relative}:{line}".replace(os.sep, "/")


class Ignoring:
    """Leaves whole files out of the collection."""

    def __init__(self, is_left_out: Any) -> None:
        self._is_left_out = is_left_out

    def pytest_ignore_collect(self, collection_path: Any) -> Any:
        return self._is_left_out(collection_path)


class IgnoringBefore7:
    """The same, as the hook was called before pytest 7."""

    def __init__(self, is_left_out: Any) -> None:
        self._is_left_out = is_left_out

    def pytest_ignore_collect(self, path: Any) -> Any:
        return self._is_left_out(path)


def is_modern(pytest: Any) -> bool:
    """Whether a pytest is of version 7 or later."""
    return hasattr(pytest, "version_tuple")


def is_local(host: Any) -> bool:
    """Whether an address can be reached without leaving the machine."""
    if host is None or host == "" or host == b"":
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return text in ("::", socket.gethostname()) or text.lower().startswith(LOOPBACK)


def is_numeric(host: Any) -> bool:
    """Whether a host is an address already, so that no name server need be asked."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
        return True
    return False


class ClosedNetwork:
    """Makes every call that would leave this machine fail at once, and notes which test made it.

    A suite's result then does not depend on the network, and no name server can make it hang.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._lookup, self._by_name = socket.getaddrinfo, socket.gethostbyname

    def close(self) -> None:
        connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

        def guarded_connect(sock: socket.socket, address: Any) -> None:
            if self._leaves(address):
                raise self._refusal()
            connect(sock, address)

        bind = socket.socket.bind

        def watched_bind(sock: socket.socket, address: Any) -> None:
            if isinstance(address, tuple) and len(address) > 1 and address[1]:
                self._recorder.results.write(port=address[1], listens=self._recorder.running)
            bind(sock, address)

        socket.socket.bind = watched_bind  # type: ignore[method-assign, assignment]

        def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
            if self._leaves(address):
                return self._refusal().errno or errno.ENETUNREACH
            return connect_ex(sock, address)

        socket.socket.connect = guarded_connect  # type: ignore[method-assign, assignment]
        socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign, assignment]
        socket.getaddrinfo = self.lookup
        socket.gethostbyname = self.by_name

    def lookup(self, host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host) and not is_numeric(host):
            self._refusal()
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._lookup(host, *args, **kwargs)

    def by_name(self, host: str) -> str:
        self.lookup(host, None)
        return self._by_name(host)

    @staticmethod
    def _leaves(address: Any) -> bool:
        return isinstance(address, tuple) and bool(address) and not is_local(address[0])

    def _refusal(self) -> OSError:
        self._recorder.results.write(network=self._recorder.running)
        return OSError(errno.ENETUNREACH, "Network is unreachable")


def load_limits(request: dict[str, Any]) -> list[Any]:
    """The plugin that limits each test's time, where the target's environment has none."""
    import pytest

    if not is_modern(pytest) and importlib.util.find_spec("pytest_timeout") is None:
        beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "limits.py")
        return [load_from("bugbash_limits", beside)]
    plugin = load_from("pytest_timeout", request["pytest_timeout"])
    return [plugin] if plugin else []


def load_from(name: str, path: str) -> Any:
    """A module of bugbash's own environment, unless the target's has its own."""
    found = importlib.util.find_spec(name)
    if found is not None:
        return None
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def arguments_of(request: dict[str, Any]) -> list[str]:
    """The pytest arguments of a run: plain `pytest`, made to last and to stay in its folder."""
    arguments = [
        "--rootdir", request["tree"], "--confcutdir", request["tree"],
        "-o", f"cache_dir={request['cache']}", "-p", "no:randomly", "-vv",
        f"--timeout={request['test_limit_s']}", f"--maxfail={request['maxfail']}",
    ]  # fmt: skip
    if importlib.util.find_spec("xdist"):
        arguments.append("-n0")
    if importlib.util.find_spec("pytest_cov"):
        arguments.append("--no-cov")
    if request["keep_going"]:
        arguments.append("--continue-on-collection-errors")
    return [*arguments, *request["pytest_args"], *request["only"]]


def end_with_parent(parent: int) -> None:
    """On Linux, have the kernel end this process when its parent is killed; no thread is needed.

    `parent` is 0 where its id can't be known, as in a sandbox.
    """
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if parent and os.getppid() != parent:  # it was killed before this process had said so
            os._exit(1)


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    end_with_parent(request["parent"])
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path != here]
    sys.argv = ["pytest"]
    results = Results(request["results"])
    results.write(began=True)
    recorder = Recorder(request, results)
    listing = load_from("bugbash_listing", os.path.join(here, "listing.py"))
    listing.order(request["reverse_listing"])
    ClosedNetwork(recorder).close()
    if request.get("clock_ahead_s") is not None:
        clock = load_from("bugbash_shifted_clock", os.path.join(here, "shifted_clock.py"))
        clock.shift(request["clock_ahead_s"])
    if request.get("watch_writes") and hasattr(sys, "addaudithook"):  # since Python 3.8
        writes = load_from("bugbash_writes", os.path.join(here, "writes.py"))
        sys.addaudithook(writes.Writes(recorder, request["tree"]))
    import pytest

    plugins = [recorder, *load_limits(request)]
    if request["coverage"]:
        measuring = load_from("bugbash_measuring", os.path.join(here, "measuring.py"))
        tracing = load_from("bugbash_tracing", os.path.join(here, "tracing.py"))
        recorder.coverage = measuring.start_coverage(request, tracing)
    code = pytest.main(arguments_of(request), plugins=plugins)
    if recorder.coverage is not None:
        measuring.report_coverage(recorder.coverage, recorder, request)
    results.write(exit=int(code))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
