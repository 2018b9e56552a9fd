"""What pytest asks for every test is answered in fewer steps, and as pytest answers it."""

from __future__ import annotations

import functools
import importlib.util
import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from _pytest.compat import getfuncargnames
from hypothesis import given
from hypothesis import strategies as st

import bugbash.trials
from bugbash.trials.auto import AutoEngine
from bugbash.trials.line import can_fork
from bugbash.trials.scan import Engine
from tests.trials.verdicts import same_verdicts

_PATH = f"{bugbash.trials.__path__[0]}/inside/shortcuts.py"


@pytest.fixture(scope="module")
def shortcuts() -> ModuleType:
    """The module as the runs of a target load it: by path, with nothing of bugbash beside it."""
    spec = importlib.util.spec_from_file_location("_bugbash_shortcuts_tested", _PATH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_HEADS = st.lists(
    st.tuples(st.sampled_from(("", "/", "*", "*many")), st.booleans()), min_size=0, max_size=6
)


def _head(drawn: list[tuple[str, bool]]) -> str:
    """A row of parameters; those that Python does not take are left to it."""
    parts = []
    for number, (sign, has_default) in enumerate(drawn):
        parts += [sign] if sign else []
        parts.append(f"p{number}=0" if has_default else f"p{number}")
    return ", ".join(parts)


@given(drawn=_HEADS, in_class=st.booleans(), static=st.booleans(), rest=st.booleans())
def test_arguments_of_any_function_are_named_as_by_pytest(
    shortcuts: ModuleType, drawn: list[tuple[str, bool]], in_class: bool, static: bool, rest: bool
) -> None:
    head = _head(drawn) + (", **more" if rest and drawn else "")
    space: dict[str, Any] = {}
    try:
        exec(f"def test({head}): pass", space)
    except SyntaxError:
        return
    function = space["test"]
    kind = type("Tests", (), {"test": staticmethod(function) if static else function})
    more: dict[str, Any] = {"cls": kind, "name": "test"} if in_class else {}
    quick = shortcuts.names_by(getfuncargnames)
    assert quick(function, **more) == getfuncargnames(function, **more)


def _wrapped(one: int, *, two: int) -> None: ...


@functools.wraps(_wrapped)
def _wrapper(*given: Any, **named: Any) -> None: ...


def _signed(*given: Any) -> None: ...


_signed.__signature__ = inspect.signature(_wrapped)  # type: ignore[attr-defined]


@mock.patch("os.getcwd")
def _patched(getcwd: Any, tmp_path: Any) -> None: ...


def _marked(one: int, two: int = 2) -> None: ...


_marked.pytestmark = []  # type: ignore[attr-defined]


class _Callable:
    def __call__(self, one: int) -> None: ...

    def method(self, one: int) -> None: ...


UNUSUAL: dict[str, Any] = {
    "one that wraps another": _wrapper,
    "one with a signature of its own": _signed,
    "one that is given mocks": _patched,
    "one with marks": _marked,
    "a partial": functools.partial(_wrapped, two=2),
    "an object that is called": _Callable(),
    "a bound method": _Callable().method,
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_arguments_of_unusual_functions_are_named_as_by_pytest(
    shortcuts: ModuleType, name: str
) -> None:
    quick = shortcuts.names_by(getfuncargnames)
    assert quick(UNUSUAL[name], name="it") == getfuncargnames(UNUSUAL[name], name="it")


def test_a_pytest_that_is_the_project_is_left_as_it_is(shortcuts: ModuleType) -> None:
    fixtures = sys.modules["_pytest.fixtures"]
    before = fixtures.getfuncargnames
    shortcuts.take(str(fixtures.__file__).rpartition("/")[0])
    assert fixtures.getfuncargnames is before


BOX = """
def raised(number):
    return number + 1


LEVEL = 3
"""
RAISED, LEVEL = ("number + 1", "number + 2"), ("LEVEL = 3", "LEVEL = 4")
HEAD = """
import functools, sys
from unittest import mock
import pytest
from tiny import box

def right(): return box.raised(1) == 2 and box.LEVEL == 3
"""
SIGNATURES = """
@pytest.fixture
def one(request): return request.node.name

@pytest.fixture
def two(*, one, more=3): return one + "!"

def kept(test):
    @functools.wraps(test)
    def wrapper(*given, **named): return test(*given, **named)
    return wrapper

@kept
def test_wrapped(two): assert two == "test_wrapped!" and right()

@mock.patch("os.sep", "?")
@mock.patch("os.getcwd")
def test_given_a_mock(getcwd, one): assert one and getcwd.called is False and right()

class TestBound:
    @pytest.fixture
    def three(self, two): return two * 2

    def test_method(self, three, unused=1): assert three.count("!") == 2 and right()

    @staticmethod
    def test_static(one): assert one == "test_static" and right()

    @classmethod
    def test_class(cls, one): assert one == "test_class" and right()

    @pytest.mark.parametrize("number", [1, 2])
    def test_numbers(self, number, request): assert number in (1, 2) and right() and request

class TestPlace:
    place_as = None

    def test_told(self, request): assert request.node.location[2].endswith("test_told") and right()
"""
PLACED = """
class Where:
    asked = 0

    def __get__(self, instance, owner=None):
        Where.asked += 1
        return right

def somewhere(): pass
somewhere.place_as = right

def test_place(): assert right()
test_place.place_as = somewhere

class Odd:
    def __call__(self): assert right()

test_odd = Odd()
def test_last(): assert right()
"""
INNER = "def pytest_runtest_setup(item): item.config.told = item.config.told + ['inner']\n"
OUTER = "def pytest_configure(config): config.told = []\n"
LATER = """
import pytest

class Setting:
    def pytest_runtest_setup(self, item): item.config.told = [*item.config.told, "later"]

def test_first(request):
    request.config.pluginmanager.register(Setting())
    assert request.config.told in ([], ["inner"]) and right()

def test_second(request): assert "later" in request.config.told and right()
"""
IN_FOLDER = "def test_inner(request): assert 'inner' in request.config.told and right()\n"
NEW_CONFTEST = """
def test_first(request, tmp_path):
    (tmp_path / "conftest.py").write_text("def pytest_runtest_setup(item): item.config.odd = 1")
    manager = request.config.pluginmanager
    import importlib.util
    spec = importlib.util.spec_from_file_location("odd_conftest", tmp_path / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    manager._conftest_plugins.add(module)
    manager.register(module, str(tmp_path / "conftest.py"))
    assert right()

def test_second(request): assert not hasattr(request.config, "odd") and right()
"""
SUITES: dict[str, dict[str, str]] = {
    "signatures of all kinds": {"tests/test_box.py": HEAD + SIGNATURES},
    "tests that say where they are": {"tests/test_box.py": HEAD + PLACED},
    "a conftest of one folder alone": {
        "conftest.py": OUTER,
        "tests/inner/conftest.py": INNER,
        "tests/inner/test_inner.py": HEAD + IN_FOLDER,
        "tests/test_later.py": HEAD + LATER,
    },
    "a conftest that comes in a test": {"tests/test_box.py": HEAD + NEW_CONFTEST},
}

TRIED = {"a conftest of one folder alone": ["reimport", "reimport"]}
"""A test needs the one before it there."""


@pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")
@pytest.mark.parametrize("name", SUITES)
def test_every_verdict_is_that_of_a_cold_run(name: str, engine_of: Callable[..., Engine]) -> None:
    auto = engine_of({"tiny/box.py": BOX, **SUITES[name]}, kind=AutoEngine)
    assert isinstance(auto, AutoEngine)
    ways = same_verdicts(auto, "tiny/box.py", RAISED, LEVEL)
    assert ways == TRIED.get(name, ["swap", "reimport"])
