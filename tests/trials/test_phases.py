"""Phases that pass are not reported in forks: what each test comes to is as in a cold run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bugbash.trials.auto import AutoEngine
from bugbash.trials.line import can_fork
from bugbash.trials.scan import Engine
from tests.trials.test_scan import mutant

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")

BOX = """
LEVEL = 3


def raised(number):
    return number + 1


def level():
    return LEVEL
"""
RAISED = ("number + 1", "number + 2")
LEVEL = ("LEVEL = 3", "LEVEL = 4")
HEAD = """
import unittest
import pytest
from tiny.box import level, raised

def right(): return raised(1) == 2 and level() == 3
"""
MARKS = """
def test_right(): assert right()

@pytest.mark.xfail
def test_expected(): assert not right()

@pytest.mark.xfail(strict=True)
def test_strict(): assert not right()

@pytest.mark.xfail(strict=True, raises=ValueError)
def test_raises():
    if right(): raise ValueError

def test_says_so():
    if not right(): pytest.xfail("known")

def test_leaves_out():
    if not right(): pytest.skip("not now")

@pytest.mark.skipif("not right()")
def test_left_out_by_a_mark(): pass
"""
FIXTURES = """
@pytest.fixture
def before(): assert right()

@pytest.fixture
def after():
    yield
    assert right()

@pytest.fixture
def both(request):
    request.addfinalizer(lambda: None)
    yield
    if not right(): raise KeyError

def test_set_up(before): pass
def test_folder(tmp_path): assert right() and not list(tmp_path.iterdir())
def test_folder_after(tmp_path, capsys, caplog): assert tmp_path.exists()
def test_next(): assert raised(3) == 4
"""
TEAR_DOWN = """
@pytest.fixture
def after():
    yield
    assert right()

def test_tear_down(after): pass
def test_next(): assert raised(3) == 4
"""
OF_UNITTEST = """
class TestOld(unittest.TestCase):
    def test_fails(self): self.assertTrue(right())

    @unittest.expectedFailure
    def test_expected(self): self.assertFalse(right())

    def test_skips(self):
        if not right(): raise unittest.SkipTest("not now")

    def test_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertTrue(right() or number != 1)

    def test_cleans_up(self): self.addCleanup(self.assertTrue, right())

    def tearDown(self): assert raised(7) in (8, 9)
"""
INNER = """
def test_inner(pytester):
    pytester.makepyfile("def test_a(): pass\\ndef test_b(): pass\\n" + (
        "" if right() else "def test_c(): assert 0\\n"))
    pytester.runpytest_inprocess().assert_outcomes(passed=2)

def test_told(pytester):
    found = pytester.inline_run(pytester.makepyfile("def test_a(): pass"))
    assert len(found.getreports("pytest_runtest_logreport")) == 3 and right()
"""
LATE_PLUGIN = """
class Counts:
    told = 0

    def pytest_runtest_logreport(self, report): self.told += report.passed

counts = Counts()

def test_begin(request):
    request.config.pluginmanager.register(counts)
    assert right()

def test_between(): pass

def test_told():
    assert counts.told >= 3 or not right()
    assert counts.told >= 5
"""
COUNTING = """
told = []

def pytest_runtest_logreport(report): told.append(report)

def pytest_runtest_teardown(item):
    item.session.told = told
"""
COUNTED = """
def test_first(): pass
def test_second(request): assert len(request.session.told) >= 1 and right()
"""
RUNNING_TWICE = """
import pytest
from _pytest.runner import runtestprotocol

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    if "flaky" not in item.name:
        return None
    for _ in range(2):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if all(each.passed for each in reports):
            break
    for each in reports:
        item.ihook.pytest_runtest_logreport(report=each)
    return True
"""
FLAKY = """
tried = []

def test_flaky():
    tried.append(1)
    assert right() and len(tried) > 1

def test_steady(): assert right()
"""
STATISTICS = """
import pytest

@pytest.fixture
def clean(request):
    told = request.config.pluginmanager.getplugin("terminalreporter").stats
    assert not told.get("failed")
    yield
    assert told.get("passed")
"""
READING = """
def test_first(): assert right()
def test_second(clean): assert right() or 1
"""
STATUS = """
import pytest
failed = []

def pytest_report_teststatus(report, config):
    if report.failed: failed.append(report.nodeid)

def pytest_runtest_setup(item):
    if failed: pytest.skip("enough")
"""
REPORTER = """
import pytest
from _pytest.terminal import TerminalReporter

class Impatient(TerminalReporter):
    def pytest_runtest_logreport(self, report):
        super().pytest_runtest_logreport(report)
        if report.failed: self._session.shouldstop = "one is enough"

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    usual = config.pluginmanager.getplugin("terminalreporter")
    config.pluginmanager.unregister(usual)
    config.pluginmanager.register(Impatient(config), "terminalreporter")
"""
TWO = """
def test_first(): assert right()
def test_second(): assert right()
"""
ITEMS = """
import pytest
from tiny.box import level, raised

class Case(pytest.Item):
    def runtest(self): pass

    def reportinfo(self):
        assert raised(1) == 2 and level() == 3
        return self.path, 0, self.name

class Cases(pytest.File):
    def collect(self): yield Case.from_parent(self, name="one")

def pytest_collect_file(parent, file_path):
    if file_path.suffix == ".cases":
        return Cases.from_parent(parent, path=file_path)
"""
WARNING = """
import warnings

def test_warns():
    if not right(): warnings.warn("odd")
"""
AT, CONFTEST = "tests/test_box.py", "tests/conftest.py"
SUITES: dict[str, dict[str, str]] = {
    "marks": {AT: HEAD + MARKS},
    "fixtures": {AT: HEAD + FIXTURES},
    "a tear-down": {AT: HEAD + TEAR_DOWN},
    "unittest": {AT: HEAD + OF_UNITTEST},
    "runs of pytest inside a test": {
        AT: HEAD + INNER,
        "conftest.py": "pytest_plugins = ['pytester']\n",
    },
    "a plugin that comes in a test": {AT: HEAD + LATE_PLUGIN},
    "a conftest that counts reports": {AT: HEAD + COUNTED, CONFTEST: COUNTING},
    "a fixture that asks pytest's reporter": {AT: HEAD + READING, CONFTEST: STATISTICS},
    "a conftest that hears of results": {AT: HEAD + TWO, CONFTEST: STATUS},
    "a conftest with a reporter of its own": {AT: HEAD + TWO, CONFTEST: REPORTER},
    "items that say where they are": {AT: HEAD + TWO, "tests/all.cases": "", CONFTEST: ITEMS},
    "a limit of warnings": {
        AT: HEAD + WARNING,
        "pytest.ini": "[pytest]\naddopts = --max-warnings=0\n",
    },
    "without skips": {AT: HEAD + TWO, "pytest.ini": "[pytest]\naddopts = -p no:skipping\n"},
    "a conftest that runs tests": {AT: HEAD + FLAKY, CONFTEST: RUNNING_TWICE},
}


TRIED = {
    "a tear-down": ("cold", "reimport"),
    "a conftest that counts reports": ("reimport", "reimport"),
    "items that say where they are": ("reimport", "reimport"),
    "a limit of warnings": ("cold", "cold"),
}
"""How the two mutants are tried, where it is not by a swap and by an import."""


@pytest.mark.parametrize("edit", [RAISED, LEVEL], ids=["of a function", "of a module"])
@pytest.mark.parametrize("name", SUITES)
def test_every_test_ends_as_in_a_cold_run(
    name: str, edit: tuple[str, str], engine_of: Callable[..., Engine]
) -> None:
    auto = engine_of({"tiny/box.py": BOX, **SUITES[name]}, kind=AutoEngine)
    assert isinstance(auto, AutoEngine)
    cold = Engine(auto.target, auto.environment, auto.baseline, None)
    one = mutant(auto.target, *edit, file="tiny/box.py")
    way = TRIED.get(name, ("swap", "reimport"))[edit == LEVEL]
    try:
        auto.prepare(1)
        said, reference = auto.try_mutant(one), cold.try_mutant(one)
    finally:
        auto.close()
    expected = (way, reference.outcome, reference.fail_to_pass)
    assert (said.engine, said.outcome, said.fail_to_pass) == expected
    assert reference.outcome != "survived"
