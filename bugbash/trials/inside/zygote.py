"""A process that has collected a suite once, and forks for every mutant.

Started by path in the target's own Python, with the path of a JSON request as its argument. It
splits in three, each with a socket of its own, over which requests and answers are lines of JSON:

- *warm* has collected the suite. For a mutant it changes the code of live functions in a fork and
  runs some tests there. It never runs a test itself.
- *fresh* has imported pytest but nothing of the target. For a mutant it runs the suite from the
  start in a fork; the changed file lies on the disk.
- *gate* does the same from the first import of the target on. It starts when it is asked to.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import sys
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


runner, listing, forking, observing, footing, priming, shortcuts, *_, collected, whole = map(
    sibling,
    ("runner", "listing", "forking", "observing", "footing", "priming", "shortcuts", "compiling",
     "swapping", "tracing", "looking", "evaluating", "comparing", "probing", "sharing", "phases",
     "collected", "whole"),
)  # fmt: skip


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
    channel = forking.Channel(handle)
    warm = collected.Warm(request, channel, network)
    forking.note_chance()
    plugins = [Collecting({**request, "control": ""}, channel), warm, warm.outcomes, warm.phases]
    code = run_pytest(request, plugins)
    if not warm.served:
        channel.write(unfit=f"pytest ended with {code}")


def serve_fresh(request: dict[str, Any], handle: int, network: Any) -> None:
    """Run the suite in a fork for each request until the other end is closed."""
    channel = forking.Channel(handle)
    traces = observing.Traces(request["tree"], footing.roots_of(request))
    channel.write(ready=[], pid=os.getpid())
    forking.note_chance()
    gc.freeze()
    for asked in channel.requests():
        if priming.serves(channel, asked, request["tree"]):
            continue

        def work(asked: dict[str, Any] = asked) -> None:
            run = whole.Run(request, channel, traces, network)
            run.begin(asked)
            run.end(run_pytest(request, [run, run.outcomes, run.phases]))

        forking.fork(channel, asked["deadline"], work)


def serve_gate(request: dict[str, Any], handle: int, network: Any) -> None:
    """When asked to, start pytest and answer requests before the target's first import."""
    channel = forking.Channel(handle)
    channel.write(ready=[], pid=os.getpid())
    status = 70
    try:
        for _ in channel.requests():
            traces = observing.Traces(request["tree"], footing.roots_of(request))
            run = whole.Run(request, channel, traces, network)
            gate = whole.Gate(request, channel, run, traces)
            forking.note_chance()
            gate.ended(run_pytest(request, [run, run.outcomes, run.phases, gate]))
        status = 0
    finally:
        os._exit(status)


def run_pytest(request: dict[str, Any], plugins: list[Any]) -> Any:
    """`pytest.main` as the cold engine calls it, without its report."""
    import pytest

    extra = runner.load_limits(request)
    arguments = [a for a in runner.arguments_of(request) if a != "-vv"]
    arguments += ["--basetemp", os.path.join(request["scratch"], "pytest")]
    return pytest.main(arguments, plugins=[*plugins, *extra])


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    runner.end_with_parent(request["parent"])
    for handle in request["handles"]:
        os.set_inheritable(handle, False)  # what the suite starts must not keep them open
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path != here]
    sys.argv = ["pytest"]
    listing.order(request["reverse_listing"])
    network = runner.ClosedNetwork(observing.Outcomes(request["tree"], runner.is_timeout))
    network.close()
    import pytest  # paid for once

    fresh, *others = request["handles"]
    if not runner.is_modern(pytest):
        forking.Channel(fresh).write(unfit=f"pytest {pytest.__version__} is too old for it")
        return
    shortcuts.take(request["tree"])
    parent = os.getpid()
    for handle, serve in zip(others, (serve_warm, serve_gate), strict=True):
        if os.fork() == 0:
            runner.end_with_parent(parent)
            close_others(request["handles"], handle)
            serve(request, handle, network)
            os._exit(0)
    close_others(request["handles"], fresh)
    serve_fresh(request, fresh, network)
    os._exit(0)


def close_others(handles: list[int], own: int) -> None:
    for handle in handles:
        if handle != own:
            os.close(handle)


if __name__ == "__main__":
    main()
