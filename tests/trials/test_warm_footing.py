"""Suites whose collected session can't stand for a fresh one: that is seen and said."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bugbash.trials.auto import AutoEngine
from bugbash.trials.line import can_fork
from bugbash.trials.scan import Engine
from tests.trials.test_scan import mutant

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")

TOTAL = "tests/test_prices.py::test_total"

UNFIT = {
    "a thread": ("import threading, time\nthreading.Thread(target=time.sleep, args=(99,), "
                 "daemon=True).start()\n", "threads run"),
    "a process": ("import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])\n",
                  "processes are started"),
    "a temporary folder": ("import tempfile\nHERE = tempfile.mkdtemp()\ndef pytest_runtest_setup():"
                           "\n    open(HERE + '/x', 'w').close()\n", "files are made"),
    "a file in the project": ("open('made.txt', 'w').close()\n\ndef pytest_runtest_setup():\n"
                              "    assert open('made.txt')\n", "files are made"),
    "a socket": ("import socket\nPAIR = socket.socketpair()\n", "files or sockets"),
    "an open file": ("LOG = open('README.md')\n", "files or sockets"),
    "a tracer": ("import sys\nsys.settrace(lambda *_: None)\n", "traces"),
    "an order by chance": ("import random\ndef pytest_collection_modifyitems(items):\n"
                           "    random.SystemRandom().shuffle(items)\n", "another way each time"),
    "two tests of an id": ("def pytest_collection_modifyitems(items):\n"
                           "    items.append(items[-1])\n", "same id"),
    "an end of the run": ("def pytest_sessionfinish():\n    import tiny.prices\n"
                          "    assert tiny.prices.total([]) in (0, 1)\n", "end of a run"),
    "a loop of its own": ("def pytest_runtestloop(session):\n    for one in session.items:\n"
                          "        run = one.config.hook.pytest_runtest_protocol\n"
                          "        run(item=one, nextitem=None)\n"
                          "    return True\n", "pytest ended"),
    "tests need those of another file": (
        "import pytest\nRAN = []\ndef pytest_runtest_setup(item):\n    RAN.append(item.name)\n"
        "    assert item.name != 'test_is_free_at_the_limit' or RAN[0] == 'test_label'\n"
        "@pytest.fixture(autouse=True)\ndef needs(request):\n"
        "    assert request.node.name != 'test_total' or 'test_label' in RAN\n", "other files"),
}  # fmt: skip
FIT = {
    "the terminal": "import pytest\n@pytest.fixture(autouse=True)\ndef tell(request):\n"
    "    plugin = request.config.pluginmanager.getplugin('terminalreporter')\n"
    "    plugin.write_line('here')\n    request.config.get_terminal_writer()\n",
    "signals and folders": "import os, signal, pytest\n@pytest.fixture(autouse=True)\n"
    "def noisy():\n"
    "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    os.environ['X'] = '1'\n"
    "    os.umask(0o077)\n",
    "handles closed": "import os, pytest\n@pytest.fixture(autouse=True)\ndef closes():\n"
    "    os.closerange(60, 90)\n",
    "order turned": "def pytest_collection_modifyitems(items):\n    items.reverse()\n",
    "a report read": "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
    "def pytest_runtest_makereport(item):\n    report = (yield).get_result()\n"
    "    item.user_properties.append((report.when, str(report.longrepr)))\n",
    "a tracer for a while": "import sys, pytest\n@pytest.fixture(autouse=True)\ndef traced():\n"
    "    old = sys.gettrace()\n    sys.settrace(lambda *_: None)\n"
    "    yield\n    sys.settrace(old)\n",
    "own plugins": "pytest_plugins = ['pytester']\n",
}


@pytest.fixture
def engines(engine_of: Callable[..., Engine]) -> Iterator[Callable[[str], AutoEngine]]:
    made: list[AutoEngine] = []

    def make(conftest: str) -> AutoEngine:
        engine = engine_of({"conftest.py": conftest}, kind=AutoEngine)
        assert isinstance(engine, AutoEngine)
        made.append(engine)
        engine.prepare(2)
        return engine

    yield make
    for engine in made:
        engine.close()


def verdicts(engine: AutoEngine) -> list[tuple[str, tuple[str, ...]]]:
    texts = [("return sum(prices)", "return sum(prices) + 1"), ("percent < 0", "percent < -0")]
    trials = [engine.try_mutant(mutant(engine.target, *each)) for each in texts]
    return [(trial.engine, trial.fail_to_pass) for trial in trials]


@pytest.mark.slow
@pytest.mark.parametrize("name", UNFIT)
def test_what_stands_in_the_way_of_swaps_is_seen(
    name: str, engines: Callable[[str], AutoEngine]
) -> None:
    conftest, why = UNFIT[name]
    engine = engines(conftest)
    assert why in engine.fresh_only
    assert engine.why_cold == ""
    assert verdicts(engine) == [("reimport", (TOTAL,)), ("reimport", ())]


@pytest.mark.slow
@pytest.mark.parametrize("name", FIT)
def test_what_does_not_stand_in_the_way_is_borne(
    name: str, engines: Callable[[str], AutoEngine]
) -> None:
    engine = engines(FIT[name])
    assert (engine.fresh_only, engine.why_cold) == ("", "")
    assert verdicts(engine) == [("swap", (TOTAL,)), ("swap", ())]
