"""A process that has collected a suite once, and forks for every mutant.

Started by path in the target's own Python, with the path of a JSON request as its argument. It
splits in two, each with a socket of its own, over which requests and answers go as lines of JSON:

- *warm* has collected the suite. For a mutant it changes the code of live functions in a fork and
  runs some tests there. It never runs a test itself.
- *fresh* has imported pytest but nothing of the target. For a mutant it runs the suite from the
  start in a fork; the changed file lies on the disk.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import os
import select
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any


def sibling(name: str) -> Any:
    """A module of this folder, under a name that no target has."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_bugbash_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


runner, observing, swapping, tracing = map(sibling, ("runner", "observing", "swapping", "tracing"))


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


class Warm:
    """The plugin of the collected session: serves requests where pytest would run the tests."""

    def __init__(self, request: dict[str, Any], channel: Channel, network: Any) -> None:
        self._request = request
        self._channel = channel
        self._network = network
        self._roots = source_roots(request)
        self._traces = observing.Traces(request["tree"], self._roots)
        self._early = tracing.Lines(self._roots)
        self._early.start()
        self._limits: list[float] = []
        self.served = False

    def pytest_runtestloop(self, session: Any) -> bool:
        self.served = True
        self._early.stop()
        if session.testsfailed:
            self._channel.write(unfit="collection")
            return True
        self._settle(session.config)
        live = swapping.LiveCode(self._roots, self._early.entered)
        self._swaps = swapping.Swaps(self._request["clean"], self._request["tree"], live)
        gc.freeze()
        ids = [item.nodeid for item in session.items]
        self._channel.write(ready=ids, pid=os.getpid(), threads=threading.active_count())
        for request in self._channel.requests():
            self._answer(session, request)
        return True

    def _settle(self, config: Any) -> None:
        """Leave nothing in this process that a fork's first test could stumble over."""
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None:
            config.pluginmanager.unregister(reporter)
        gc.collect()
        with contextlib.suppress(Exception):  # pytest 8.4 keeps what could not be raised
            from _pytest.unraisableexception import unraisable_exceptions

            config.stash[unraisable_exceptions].clear()

    def _answer(self, session: Any, request: dict[str, Any]) -> None:
        work = request["do"]
        if work == "limits":
            self._limits = request["limits"]
            self._channel.write(end=0)
        elif work == "trace":
            fork(self._channel, request["deadline"], lambda: self._trace(session, request))
        else:
            swap = self._swap(request)
            if swap is None:
                self._channel.write(refused=True)
            else:
                fork(self._channel, request["deadline"], lambda: self._run(session, request, swap))

    def _swap(self, request: dict[str, Any]) -> list[Any] | None:
        if request["do"] == "control":
            swap = self._swaps.raising(request["file"], request["line"], "control")
            return swap or None
        if request["do"] == "same":
            return []
        file, start, end, replacement = request["edit"]
        found: list[Any] | None = self._swaps.plan(file, start, end, replacement.encode())
        return found

    def _run(self, session: Any, request: dict[str, Any], swap: list[Any]) -> None:
        for function, code in swap:
            function.__code__ = code
        outcomes = self._begin(session, request["maxfail"])
        items = [session.items[index] for index in request["tests"]]
        ran = 0
        for item, after in zip(items, [*items[1:], None], strict=False):
            self._one(item, after, outcomes, request["tests"][ran])
            ran += 1
            hung = len(outcomes.timed_out) >= runner.HUNG_TESTS
            if session.shouldfail or session.shouldstop or hung:
                break
        self._channel.write(
            ran=ran,
            worst=outcomes.worst,
            traces=outcomes.traces if len(outcomes.traces) <= 10 else {},
            timed_out=sorted(outcomes.timed_out),
            network=sorted(outcomes.network),
            odd=outcomes.late or outcomes.starved,
            wrote=self._traces.wrote,
            spawned=self._traces.spawned,
        )

    def _begin(self, session: Any, maxfail: int) -> Any:
        outcomes = observing.Outcomes(self._request["tree"], runner.is_timeout)
        self._channel.own()
        self._network._recorder = outcomes
        self._traces.forget()
        session.config.pluginmanager.register(outcomes)
        session.config.option.maxfail = maxfail
        session.testsfailed = 0
        session.shouldfail = session.shouldstop = False
        return outcomes

    def _one(self, item: Any, after: Any, outcomes: Any, index: int) -> None:
        outcomes.running = item.nodeid
        outcomes.clock = time.process_time()
        outcomes.limit = self._limits[index] if self._limits else self._request["test_limit_s"]
        item.config._env_timeout = outcomes.limit  # what pytest-timeout reads for each test
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)

    def _trace(self, session: Any, request: dict[str, Any]) -> None:
        """Run one test alone and tell which lines it executed."""
        outcomes = self._begin(session, 0)
        item = session.items[request["test"]]
        lines = tracing.Lines(self._roots)
        lines.start()
        start = time.perf_counter()
        self._one(item, None, outcomes, request["test"])
        seconds = time.perf_counter() - start
        lines.stop()
        self._channel.write(
            outcome=outcomes.worst.get(item.nodeid, "passed"),
            seconds=seconds,
            lines=lines.by_file(os.path.realpath(self._request["tree"])),
            everywhere=lines.lost or self._traces.spawned or self._traces.read_source,
        )


def fork(channel: Channel, deadline: float, work: Callable[[], None]) -> None:
    """Do `work` in a fork; when it has ended, or the deadline came, say how on the channel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fork of a process with threads
        pid = os.fork()
    if pid == 0:
        status = 70
        try:
            os.setsid()
            runner.end_with_parent()
            sys.dont_write_bytecode = True
            gc.enable()
            work()
            status = 0
        finally:
            os._exit(status)
    channel.write(end=_wait(pid, deadline))


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


def source_roots(request: dict[str, Any]) -> tuple[str, ...]:
    """The real paths below which code is the target's own."""
    return tuple(os.path.realpath(source) for source in request["sources"])


class Collecting(runner.Recorder):  # type: ignore[misc, name-defined]
    """Leaves out what the baseline left out; nothing of it is told while tests run."""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        pass

    pytest_runtest_logfinish = pytest_runtest_logstart

    def pytest_runtest_logreport(self, report: Any) -> None:
        pass

    def pytest_collection_finish(self, session: Any) -> None:
        pass


def serve_warm(request: dict[str, Any], handle: int, network: Any) -> None:
    """Collect the suite and answer requests until the other end is closed."""
    channel = Channel(handle)
    warm = Warm(request, channel, network)
    code = run_pytest(request, [Collecting({**request, "control": ""}, channel), warm])
    if not warm.served:
        channel.write(unfit=f"pytest ended with {code}")


def serve_fresh(request: dict[str, Any], handle: int, network: Any) -> None:
    """Run the suite in a fork for each request until the other end is closed."""
    channel = Channel(handle)
    traces = observing.Traces(request["tree"], source_roots(request))
    channel.write(ready=[], pid=os.getpid(), threads=threading.active_count())
    gc.freeze()
    for asked in channel.requests():

        def work(asked: dict[str, Any] = asked) -> None:
            channel.own()
            recorder = runner.Recorder({**request, "control": ""}, channel)
            network._recorder = recorder
            traces.forget()
            limited = {**request, "maxfail": asked["maxfail"], "test_limit_s": asked["limit"]}
            outcomes = observing.Outcomes(request["tree"], runner.is_timeout)
            code = run_pytest(limited, [recorder, outcomes])
            traced = outcomes.traces if len(outcomes.traces) <= 10 else {}
            channel.write(exit=int(code), traces=traced, wrote=traces.wrote, spawned=traces.spawned)

        fork(channel, asked["deadline"], work)


def run_pytest(request: dict[str, Any], plugins: list[Any]) -> Any:
    """`pytest.main` as the cold engine calls it, without its report."""
    import pytest

    timeout_plugin = runner.load_from("pytest_timeout", request["pytest_timeout"])
    extra = [timeout_plugin] if timeout_plugin else []
    arguments = [a for a in runner.arguments_of(request) if a != "-vv"]
    arguments += ["--basetemp", os.path.join(request["scratch"], "pytest")]
    return pytest.main(arguments, plugins=[*plugins, *extra])


def main() -> None:
    runner.end_with_parent()
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    warm_handle, fresh_handle = request["handles"]
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path != here]
    sys.argv = ["pytest"]
    runner.order_listings(request["reverse_listing"])
    network = runner.ClosedNetwork(observing.Outcomes(request["tree"], runner.is_timeout))
    network.close()
    import pytest  # noqa: F401  # paid for once

    if os.fork() == 0:
        runner.end_with_parent()
        os.close(fresh_handle)
        serve_warm(request, warm_handle, network)
    else:
        os.close(warm_handle)
        serve_fresh(request, fresh_handle, network)
    os._exit(0)


if __name__ == "__main__":
    main()
