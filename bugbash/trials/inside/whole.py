"""Runs of the whole suite in a fork, from the first import of the target on.

Two processes serve them. One has imported pytest and nothing else. The other, the gate, has let
pytest start and stands before the first import of the target: what comes until then is the same
for every mutant of a file that nobody has read yet.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

runner, observing, forking, footing, priming, shortcuts, swapping, tracing, probing, phases = (
    sys.modules[f"_bugbash_{name}"]  # `zygote` loaded them by path
    for name in (
        "runner", "observing", "forking", "footing", "priming", "shortcuts", "swapping", "tracing",
        "probing", "phases",
    )
)  # fmt: skip


class Run(runner.Recorder):  # type: ignore[misc, name-defined]
    """The plugin of one run: tells at its end, at once, what all tests did."""

    def __init__(self, request: dict[str, Any], channel: Any, traces: Any, network: Any) -> None:
        super().__init__({**request, "control": ""}, Facts(channel))
        self.outcomes = observing.Outcomes(request["tree"], runner.is_timeout)
        self.phases = phases.Phases(request, self.outcomes)
        self._channel = channel
        self._traces = traces
        self._asked: dict[str, Any] = {}
        self._config: Any = None
        network._recorder = self.outcomes

    def begin(self, asked: dict[str, Any]) -> None:
        """In the fork: what is asked for is known now."""
        gc.unfreeze()
        self._channel.own()
        self._traces.forget()
        self._asked = asked
        self.first = asked["first"]
        self.outcomes.limit = asked["limit"]
        self.results.release()
        if self._config is not None:
            self._limit(self._config)

    def pytest_sessionstart(self, session: Any) -> None:
        super().pytest_sessionstart(session)
        self._config = session.config
        shortcuts.remember_hooks(session)
        if self._asked:
            self._limit(session.config)

    def _limit(self, config: Any) -> None:
        config.option.maxfail = config.option.maxfail or self._asked["maxfail"]
        observing.restart_clock(config)
        config._env_timeout = self._asked["limit"]  # what pytest-timeout reads for each test

    def pytest_runtestloop(self, session: Any) -> None:
        self.phases.settle(session.config)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        pass

    pytest_runtest_logfinish = pytest_runtest_logstart

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._give_up_hanging(report)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if self.phases.is_silent and not observing.is_strict(self._config):
            gc.freeze()  # pytest would look for garbage twice, only to warn of what it raises

    def end(self, code: Any) -> None:
        """Tell all and end the fork."""
        whole = {
            "running": self.outcomes.running,
            "ran": sorted(self.outcomes.ran),
            **self.outcomes.facts(),
            "wrote": self._traces.wrote,
            "spawned": self._traces.has_spawned(),
            "odd": self.outcomes.starved
            or self.outcomes.untimely
            or self.phases.were_asked_for
            or footing.lingers(),
        }
        self._channel.write(exit=int(code), whole=whole)
        os._exit(0)


class Facts:
    """Keeps facts until it is known which fork they are of."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._kept: list[dict[str, Any]] = []
        self._released = False

    def write(self, **fact: Any) -> None:
        if self._released:
            self._channel.write(**fact)
        else:
            self._kept.append(fact)

    def release(self) -> None:
        self._released = True
        while self._kept:
            self._channel.write(**self._kept.pop(0))


def names_of(tree: str, sources: list[str]) -> set[str]:
    """The names by which the target's modules are first imported, and maybe some more."""
    found: set[str] = set()
    for source in sources:
        parts = os.path.relpath(source, tree).split(os.sep)
        if os.path.isdir(source):
            parts += os.listdir(source)
        found.update(part.partition(".")[0] for part in parts)
    return found


class Gate:
    """A finder and plugin that stops before the first import of the target and forks there."""

    def __init__(self, request: dict[str, Any], channel: Any, run: Run, traces: Any) -> None:
        self._request = request
        self._channel = channel
        self._run = run
        self._traces = traces
        self._names = names_of(request["tree"], request["sources"])
        self._tree = os.path.realpath(request["tree"]) + os.sep
        self._opened: set[str] = set()
        self._vaguely: set[str] = set()
        """Names of files that were opened relative to a folder that nobody tells."""
        self._watch: Watch | None = None
        self._waits = True
        self._ground: Any = None
        sys.addaudithook(self._hear)
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Finds nothing, ever."""
        if self._waits and name.partition(".")[0] in self._names:
            self._serve()

    def pytest_load_initial_conftests(self) -> None:
        """pytest captures by now, and no conftest is loaded yet: others come before it is done."""
        self._ground = self._ground or footing.Ground()

    def pytest_runtestloop(self, session: Any) -> None:
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
        if self._waits:
            self.refuse("nothing of it is imported before the first test")
        if self._watch is not None:
            self._watch.end()

    def ended(self, code: Any) -> None:
        """pytest came to its end, in a fork or, where there was no place to fork, here."""
        if self._waits or self._watch is not None:
            self.refuse(f"pytest ended with {code}")
        self._run.end(code)

    def refuse(self, why: str) -> None:
        """End: there is no place from which forks could start."""
        self._channel.write(unfit=why)
        os._exit(0)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and self._waits and isinstance(args[0], (str, bytes, os.PathLike)):
            name = os.fsdecode(args[0])
            if not os.path.isabs(name):
                self._vaguely.add(os.path.basename(name))
            self._opened.add(observing.full(name))

    def _serve(self) -> None:
        """Answer requests; returns in each fork, which goes on from here."""
        self._waits = False
        fault = self._fault()
        if fault:
            self.refuse(fault)
        gc.collect()
        gc.freeze()
        self._channel.write(ready=[], read=sorted(set(self._read())))
        for asked in self._channel.requests():
            if priming.serves(self._channel, asked, self._request["tree"]):
                continue
            if forking.is_branch(self._channel, asked["deadline"]):
                if asked["do"] == "watch":
                    self._channel.own()
                    self._watch = Watch(self._request, self._channel, self._traces, asked["edits"])
                else:
                    self._run.begin(asked)
                return
        os._exit(0)

    def _fault(self) -> str:
        """Why forks of this process would not be what a process of their own is, or nothing."""
        if sys.pycache_prefix:
            return "bytecode lies elsewhere"
        when = "before the target is imported"
        if self._traces.wrote:
            return f"files are made {when}"
        return str(footing.fault(self._request, self._ground, self._traces, when))

    def _read(self) -> Iterator[str]:
        """The files of the tree that were read, be it as bytecode, relative, with `/`."""
        loaded = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        for path in {*self._opened, *(each for each in loaded if isinstance(each, str))}:
            full = os.path.realpath(path)
            folder, name = os.path.split(full)
            if os.path.basename(folder) == "__pycache__":
                stem = name.partition(".cpython-")[0].partition(".pypy")[0]
                full = os.path.join(os.path.dirname(folder), f"{stem}.py")
            if full.startswith(self._tree):
                yield full[len(self._tree) :].replace(os.sep, "/")
        for root, _, files in os.walk(self._tree) if self._vaguely else ():
            for name in self._vaguely.intersection(files):
                yield os.path.join(root, name)[len(self._tree) :].replace(os.sep, "/")


class Watch:
    """A fork that runs no test: tells which mutants nobody could notice until then."""

    def __init__(self, request: dict[str, Any], channel: Any, traces: Any, edits: Any) -> None:
        traces.forget()
        self._channel = channel
        swaps = swapping.Swaps(request["clean"], request["tree"], traces)
        self._probes = probing.Probes(request["tree"], swaps.text_of, traces)
        for number, (file, start, end, replacement) in enumerate(edits):
            change = (file, start, end, replacement.encode())
            codes = swaps.codes(*change)
            if codes is not None:
                self._probes.add(number, file, swaps.texts(*change), *codes)
        self._lines = tracing.Lines(footing.roots_of(request), self._probes)
        self._probes.follow_seeds()
        self._probes.begin()
        self._lines.start()

    def end(self) -> None:
        """Tell what was seen; the fork ends."""
        self._lines.stop()
        told = self._probes.told()
        lost = self._lines.lost or threading.active_count() > 1
        self._channel.write(calm=[] if lost else sorted({*told["asked"]} - {*told["noticed"]}))
        os._exit(0)
