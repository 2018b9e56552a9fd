"""What tests have of each other, and what the target's own hooks make of them: as in a cold run."""

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
SEEN = []


class Box:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)

    def top(self):
        return self.items[-1]


def raised(number):
    print("raised", number)
    return number + 1


def is_high(share):
    return share >= 0


def titled(name):
    return "case " + name
"""
TOP = ("self.items[-1]", "self.items[-2:-1]")
OLDEST = ("self.items[-1]", "self.items[0]")
RAISED = ("number + 1", "number + 2")
LEVEL = ("LEVEL = 3", "LEVEL = 4")
HIGH = ("share >= 0", "share >= 0.2")
TITLED = ('"case " + name', '"case " + 1')
TWO = """
from tiny.box import LEVEL, raised

def test_a(): assert raised(1) == 2 and LEVEL == 3
def test_b(): assert raised(2) == 3
"""
STEPS = """
import pytest
from tiny.box import LEVEL, raised

@pytest.mark.incremental
class TestSteps:
    def test_a(self): assert raised(1) == 2 and LEVEL == 3
    def test_b(self): assert raised(2) == 3 and LEVEL == 3
"""
INCREMENTAL = """
import pytest

def pytest_runtest_makereport(item, call):
    if item.get_closest_marker("incremental") and call.excinfo is not None:
        item.parent.failed_before = item

def pytest_runtest_setup(item):
    if getattr(item.parent, "failed_before", None) is not None:
        pytest.xfail("an earlier step failed")
"""
FORGIVING = """
def pytest_runtest_logreport(report):
    if report.failed and report.nodeid.endswith("test_a"):
        report.outcome, report.wasxfail = "skipped", "known"
"""
READING = """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed and "raised 1" in report.capstdout and "LEVEL" in str(report.longrepr):
        report.outcome, report.wasxfail = "skipped", "known"
"""
OF_MODULE = """
import pytest
from tiny.box import Box

@pytest.fixture(scope="module")
def box(): return Box()

def test_top(box):
    box.add(1)
    assert box.top() == 1
    box.items.clear()

def test_empty(box): assert box.items == []
"""
OF_CLASS = """
import unittest
from tiny.box import Box

class TestBox(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.box = Box()

    def test_1(self):
        self.box.add(1)
        self.assertEqual(self.box.top(), 1)
        self.box.items.clear()

    def test_2(self): self.assertEqual(self.box.items, [])
"""
SET_UP_CLASS = """
from tiny.box import Box

class TestBox:
    @classmethod
    def setup_class(cls): cls.box = Box()

    def test_1(self):
        self.box.add(1)
        assert self.box.top() == 1
        self.box.items.clear()

    def test_2(self): assert self.box.items == []
"""
OF_SESSION = """
import pytest
from tiny.box import Box

@pytest.fixture(scope="session")
def box(): return Box()
"""
USES_TOP = """
def test_top(box):
    box.add(1)
    assert box.top() == 1
    box.items.clear()
"""
USES_NONE = "def test_empty(box): assert not box.items\n"
PARAMETERS = """
import pytest
from tiny.box import Box

@pytest.fixture(scope="module", params=[1, 2])
def number(request): return request.param

@pytest.fixture(scope="module", params=["a", "b"])
def box(request): return Box()

def test_a(box, number):
    assert len(box.items) < 2
    box.add(number)
    assert box.top() == number

def test_b(number): assert number
"""
SEEDED = """
import random
from tiny.box import is_high

random.seed(1)

def test_high(): assert is_high(random.random())
"""
TRACED = """
import trace
from tiny.box import SEEN, is_high

def test_trace(): trace.Trace(count=1, trace=0).runfunc(len, [])
def test_seen(): SEEN.append(-0.0)
def test_high():
    for share in SEEN: assert is_high(share)
"""
ITEMS = """
import pytest
from tiny.box import titled

class Case(pytest.Item):
    def runtest(self): pass
    def reportinfo(self): return self.path, 0, titled(self.name)

class Cases(pytest.File):
    def collect(self): yield Case.from_parent(self, name="one")

def pytest_collect_file(parent, file_path):
    if file_path.suffix == ".cases":
        return Cases.from_parent(parent, path=file_path)
"""
AT, OTHER, CONFTEST = "tests/test_box.py", "tests/test_other.py", "tests/conftest.py"
CASES: dict[str, tuple[dict[str, str], tuple[str, str], str, tuple[str, ...]]] = {
    "a failed step lets the next be expected": (
        {AT: STEPS, CONFTEST: INCREMENTAL}, RAISED, "swap", ("TestSteps::test_a",),
    ),
    "a failed step, imported anew": (
        {AT: STEPS, CONFTEST: INCREMENTAL}, LEVEL, "reimport", ("TestSteps::test_a",),
    ),
    "a conftest forgives a report": (
        {AT: TWO, CONFTEST: FORGIVING}, RAISED, "swap", ("test_b",),
    ),
    "a conftest forgives all, imported anew": (
        {AT: TWO, CONFTEST: FORGIVING}, LEVEL, "reimport", (),
    ),
    "a conftest reads a report": ({AT: TWO, CONFTEST: READING}, RAISED, "swap", ("test_b",)),
    "a fixture of a module": ({AT: OF_MODULE}, TOP, "swap", ("test_empty", "test_top")),
    "setUpClass": ({AT: OF_CLASS}, TOP, "swap", ("TestBox::test_1", "TestBox::test_2")),
    "setup_class": ({AT: SET_UP_CLASS}, TOP, "swap", ("TestBox::test_1", "TestBox::test_2")),
    "a fixture of the session": (
        {AT: USES_TOP, OTHER: USES_NONE, CONFTEST: OF_SESSION}, TOP, "swap", ("test_top", OTHER),
    ),
    "parameters of a module": (
        {AT: PARAMETERS}, OLDEST, "swap", ("test_a[a-2]", "test_a[b-1]"),
    ),
    "numbers drawn from a seed": ({AT: SEEDED}, HIGH, "swap", ("test_high",)),
    "numbers drawn from a conftest's seed": (
        {AT: SEEDED.replace("random.seed(1)", ""), CONFTEST: "import random\nrandom.seed(1)\n"},
        HIGH, "swap", ("test_high",),
    ),
    "traced by somebody else before": (
        {AT: TRACED}, ("share >= 0", "share > 0"), "reimport", ("test_high",),
    ),
}  # fmt: skip
"""The suite, a mutant of `BOX`, how it is tried, and the tests that it breaks."""


@pytest.fixture
def engines_of(engine_of: Callable[..., Engine]) -> Callable[..., tuple[AutoEngine, Engine]]:
    """The fast and the cold engine over the tiny project with `BOX` and other tests."""

    def make(files: dict[str, str]) -> tuple[AutoEngine, Engine]:
        changes = {"tiny/box.py": BOX, **files}
        auto = engine_of(changes, kind=AutoEngine)
        assert isinstance(auto, AutoEngine)
        return auto, Engine(auto.target, auto.environment, auto.baseline, None)

    return make


@pytest.mark.parametrize("name", CASES)
def test_a_mutant_breaks_what_it_breaks_in_a_cold_run(
    name: str, engines_of: Callable[..., tuple[AutoEngine, Engine]]
) -> None:
    files, edit, way, broken = CASES[name]
    auto, cold = engines_of(files)
    one = mutant(auto.target, *edit, file="tiny/box.py")
    try:
        auto.prepare(1)
        said, reference = auto.try_mutant(one), cold.try_mutant(one)
    finally:
        auto.close()
    expected = {f"{OTHER}::test_empty" if each == OTHER else f"{AT}::{each}" for each in broken}
    assert set(reference.fail_to_pass) == expected
    assert (said.engine, said.outcome, said.fail_to_pass) == (
        way, reference.outcome, reference.fail_to_pass,
    )  # fmt: skip


def test_what_names_a_test_is_watched(
    engines_of: Callable[..., tuple[AutoEngine, Engine]],
) -> None:
    auto, cold = engines_of({"tests/all.cases": "", CONFTEST: ITEMS})
    one = mutant(auto.target, *TITLED, file="tiny/box.py")
    try:
        auto.prepare(1)
        assert auto.try_mutant(one).outcome == cold.try_mutant(one).outcome
    finally:
        auto.close()
