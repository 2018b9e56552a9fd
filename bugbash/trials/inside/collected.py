"""The collected session: changes code in forks of itself, and runs or traces tests there."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import time
from typing import Any

(
    runner, observing, swapping, tracing, footing, forking, priming, probing, sharing, shortcuts,
    phases,
) = (
    sys.modules[f"_bugbash_{name}"]  # `zygote` loaded them by path
    for name in (
        "runner", "observing", "swapping", "tracing", "footing", "forking", "priming", "probing",
        "sharing", "shortcuts", "phases",
    )
)  # fmt: skip


NOTHING: dict[str, Any] = {
    "ran": 0, "worst": {}, "traces": {}, "timed_out": [], "network": [], "odd": False,
    "stopped": False, "wrote": False, "spawned": False, "changed": [],
    "patterns": [],
}  # fmt: skip
"""What a fork that runs no test says."""


class Warm:
    """The plugin of the collected session: serves requests where pytest would run the tests."""

    def __init__(self, request: dict[str, Any], channel: Any, network: Any) -> None:
        self._request = request
        self._channel = channel
        self._network = network
        self._roots = footing.roots_of(request)
        self._traces = observing.Traces(request["tree"], self._roots)
        self._early = tracing.Lines(self._roots)
        self._early.start()
        self._limits: list[float] = []
        self._probes: Any = None
        self._ground: Any = None
        self.outcomes = observing.Outcomes(request["tree"], runner.is_timeout)
        """A plugin too: one that pytest knows before any conftest, as it does the cold engine's."""
        self.phases = phases.Phases(request, self.outcomes)
        """The same."""
        self.served = False
        self._maxfail = 0
        """What the target's own arguments say."""

    def pytest_load_initial_conftests(self) -> None:
        """pytest captures by now, and no conftest is loaded yet."""
        self._ground = self._ground or footing.Ground()

    def pytest_sessionstart(self, session: Any) -> None:
        shortcuts.remember_hooks(session)

    def pytest_runtestloop(self, session: Any) -> bool:
        self.served = True
        if session.testsfailed:
            self._early.stop()
            self._channel.write(unfit="collection")
            return True
        self._settle(session)
        self._early.stop()
        fault = self._fault(session.config)
        if fault:
            self._channel.write(unfit=fault)
            return True
        self._maxfail = session.config.option.maxfail
        early = self._early
        live = swapping.LiveCode(self._roots, early, self._traces)
        self._swaps = swapping.Swaps(self._request["clean"], self._request["tree"], live)
        folders = (*footing.folders_of(self._request), self._request["cache"])
        self._state = footing.State(self._roots, folders)
        gc.freeze()
        self._channel.write(
            ready=[item.nodeid for item in session.items],
            shares=sharing.sharers(session.items, self._request["tree"]),
            pid=os.getpid(),
        )
        for request in self._channel.requests():
            if not priming.serves(self._channel, request):
                self._answer(session, request)
        return True

    def _fault(self, config: Any) -> str:
        """Why forks of this process would not be what a process of their own is, or nothing."""
        when = "before the first test"
        fault = str(footing.fault(self._request, self._ground, self._traces, when))
        if fault or self._early.lost:
            return fault or f"something else traces {when}"
        if phases.limits_warnings(config):
            return "its warnings are counted at the end of a run"
        for plugin in config.pluginmanager.get_plugins():
            file = getattr(plugin, "__file__", None)
            if not file or not any(map(plugin.__dict__.get, phases.LATE)):
                continue
            if os.path.realpath(file).startswith(os.path.realpath(self._request["tree"])):
                return "a conftest has a hook for the end of a run"
        return ""

    def _settle(self, session: Any) -> None:
        """Leave nothing in this process that a fork's first test could stumble over."""
        config = session.config
        for item in session.items:
            with contextlib.suppress(Exception):
                getattr(item, "location", None)  # it keeps it: each fork would work it out anew
        self.phases.settle(config, to_end=False)
        priming.note_attributes(self._request["tree"])
        gc.collect()
        with contextlib.suppress(Exception):  # pytest 8.4 keeps what could not be raised
            from _pytest.unraisableexception import unraisable_exceptions

            config.stash[unraisable_exceptions].clear()

    def _answer(self, session: Any, request: dict[str, Any]) -> None:
        work = request["do"]
        if work == "limits":
            self._limits = request["limits"]
            self._channel.write(end=0)
        elif work == "watch":
            self._channel.write(watched=self._watch(request["edits"]))
            self._channel.write(end=0)
        elif work == "trace":
            forking.fork(self._channel, request["deadline"], lambda: self._trace(session, request))
        elif work == "company":
            forking.fork(self._channel, request["deadline"], lambda: self._trace_all(session))
        else:
            swap = self._swap(request)
            if swap is None:
                self._channel.write(refused=True)
            elif not request["tests"]:
                self._channel.write(**NOTHING)
                self._channel.write(end=0)
            else:
                forking.fork(
                    self._channel, request["deadline"], lambda: self._run(session, request, swap)
                )

    def _watch(self, edits: list[Any]) -> list[int]:
        """Have the runs that are traced from now on watched for these mutants; which can be."""
        self._probes = probing.Probes(self._request["tree"], self._swaps.text_of, self._traces)
        watched = []
        for number, ((file, start, end, replacement), affected) in enumerate(edits):
            change = (file, start, end, replacement.encode())
            swap = self._swaps.plan(*change, affected)
            if not swap:
                continue
            function, part, new = swap[0]
            code = function.__code__.replace()  # who holds that of a live function is looked at
            if part != "__code__":
                self._probes.add_default(number, file, code, swapping.clean_defaults(swap))
                watched.append(number)
            elif self._probes.add(number, file, self._swaps.texts(*change), code, new):
                watched.append(number)
        gc.collect()
        gc.freeze()
        return watched

    def _swap(self, request: dict[str, Any]) -> list[Any] | None:
        if request["do"] == "control":
            swap = self._swaps.raising(request["file"], request["line"], "control")
            return swap or None
        if request["do"] == "same":
            return []
        file, start, end, replacement = request["edit"]
        found: list[Any] | None = self._swaps.plan(
            file, start, end, replacement.encode(), request["affected"]
        )
        return found

    def _run(self, session: Any, request: dict[str, Any], swap: list[Any]) -> None:
        for function, part, value in swap:
            setattr(function, part, value)
        outcomes = self._begin(session, request["maxfail"])
        items = [session.items[index] for index in request["tests"]]
        ran, stopped = 0, False
        for item, after in zip(items, [*items[1:], None], strict=False):
            self._one(item, after, outcomes, request["tests"][ran])
            ran += 1
            hung = len(outcomes.timed_out) >= runner.HUNG_TESTS
            if session.shouldfail or session.shouldstop or hung:
                stopped = ran < len(items) or item is not session.items[-1]
                break
        self._channel.write(
            ran=ran,
            **outcomes.facts(),
            odd=self._is_odd(outcomes, session.config),
            stopped=stopped,
            wrote=self._traces.wrote,
            spawned=self._traces.has_spawned(),
            changed=[] if stopped else self._state.changed(),  # asked for of whole runs alone
            patterns=[] if swap else priming.patterns(),
        )

    def _is_odd(self, outcomes: Any, config: Any) -> bool:
        """Whether only a run of its own can tell what the tests did."""
        if outcomes.late or outcomes.starved or outcomes.untimely or footing.lingers():
            return True
        return self.phases.were_asked_for or _unraised(config)

    def _begin(self, session: Any, maxfail: int) -> Any:
        outcomes = self.outcomes
        self._channel.own()
        self._network._recorder = outcomes
        self._traces.forget()
        session.config.option.maxfail = self._maxfail or maxfail
        observing.restart_clock(session.config)
        session.testsfailed = 0
        session.shouldfail = session.shouldstop = False
        return outcomes

    def _one(self, item: Any, after: Any, outcomes: Any, index: int) -> None:
        outcomes.limit = self._limits[index] if self._limits else self._request["test_limit_s"]
        item.config._env_timeout = outcomes.limit  # what pytest-timeout reads for each test
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)

    def _trace(self, session: Any, request: dict[str, Any]) -> None:
        """Run one test alone and tell which lines it executed."""
        outcomes = self._begin(session, 0)
        item = session.items[request["test"]]
        lines = self._tracer()
        lines.start()
        start = time.perf_counter()
        self._one(item, None, outcomes, request["test"])
        seconds = time.perf_counter() - start
        lines.stop()
        read = bool(self._traces.read)
        self._channel.write(
            outcome=outcomes.worst.get(item.nodeid, "passed"),
            seconds=seconds,
            lines=lines.by_file(os.path.realpath(self._request["tree"])),
            everywhere=lines.lost or self._traces.has_spawned() or read or self._traces.untraced,
            reads=read,
            inspects=bool(self._traces.inspected),
            leaves=self._state.changed(),
            wrote=self._traces.wrote,
            spawned=self._traces.has_spawned(),
            **self._probed(item),
        )

    def _tracer(self) -> Any:
        if self._probes is not None:
            self._probes.begin()
        return tracing.Lines(self._roots, self._probes)

    def _probed(self, item: Any) -> dict[str, list[int]]:
        """What the probes tell of the test that ended; the next one begins."""
        if self._probes is None:
            return {}
        by_chance = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        inspects = bool(self._traces.inspected)
        told: dict[str, list[int]] = self._probes.told(bool(by_chance), inspects)
        self._probes.begin()
        return told

    def _trace_all(self, session: Any) -> None:
        """Run all tests and tell which lines each executed."""
        outcomes = self._begin(session, 0)
        tree = os.path.realpath(self._request["tree"])
        lines = self._tracer()
        lines.start()
        for index, item in enumerate(session.items):
            after = session.items[index + 1] if index + 1 < len(session.items) else None
            lines.forget()
            self._traces.inspected.clear()
            self._one(item, after, outcomes, index)
            self._channel.write(
                test=index,
                lost=lines.regain(),
                lines=lines.by_file(tree),
                inspects=bool(self._traces.inspected),
                **self._probed(item),
            )
        lines.stop()


def _unraised(config: Any) -> bool:
    """Whether garbage holds an error that pytest, told to be strict, would raise at some time."""
    if not observing.is_strict(config):
        return False
    gc.collect()
    with contextlib.suppress(Exception):
        from _pytest.unraisableexception import unraisable_exceptions

        return bool(config.stash[unraisable_exceptions])
    return False
