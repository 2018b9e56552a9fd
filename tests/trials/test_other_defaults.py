"""Another default is the object that an import would make, and all who take it are run: those too
who call a function that a test makes anew.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bugbash.trials.auto import AutoEngine
from bugbash.trials.line import can_fork
from bugbash.trials.scan import Engine
from tests.trials.verdicts import same_verdicts

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")

PRICES = """
import os

NAME = os.environ.get("NAME", "x")


def wrapped(function): return function


@wrapped
def price(
    amount,
    rate=1000,
):
    return amount + rate


def short(amount, rate=2000): return amount + rate


if __name__ == "__main__":
    print(price(1))
"""
OTHER = """
def twice(amount):
    amount = amount * 2
    return amount
"""
HEAD = """
import importlib, importlib.util, runpy, sys
from tiny import other, prices

def test_twice(): assert other.twice(1) == 2
def test_given(): assert prices.price(1, 2) == 3 and prices.short(1, 2) == 3
"""
SUITES = {
    "reloaded": """
def test_again(monkeypatch):
    monkeypatch.setenv("NAME", "y")
    importlib.reload(prices)
    assert prices.NAME == "y" and prices.price(1) == 1001 and prices.short(1) == 2001
""",
    "imported anew": """
def test_again(monkeypatch):
    monkeypatch.delitem(sys.modules, "tiny.prices")
    from tiny.prices import price, short
    assert price(1) == 1001 and short(1) == 2001
""",
    "run as a script": """
def test_again(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "tiny.prices")
    found = runpy.run_module("tiny.prices", run_name="__main__")
    assert capsys.readouterr().out == "1001\\n" and found["short"](1) == 2001
""",
    "loaded by its path": """
def test_again():
    spec = importlib.util.spec_from_file_location("plugin", prices.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.price(1) == 1001 and module.short(1) == 2001
""",
    "executed as a text": """
def test_again():
    space = {"__name__": "text"}
    exec(compile(open(prices.__file__).read(), prices.__file__, "exec"), space)
    assert space["price"](1) == 1001 and space["short"](1) == 2001
""",
}


@pytest.mark.parametrize("name", SUITES)
def test_a_default_of_a_function_that_is_made_again_is_noticed(
    name: str, engine_of: Callable[..., Engine]
) -> None:
    files = {
        "tiny/prices.py": PRICES,
        "tiny/other.py": OTHER,
        "tests/test_prices.py": HEAD + SUITES[name],
    }
    auto = engine_of(files, kind=AutoEngine)
    assert isinstance(auto, AutoEngine)
    edits = (("rate=1000", "rate=1001"), ("rate=2000", "rate=2001"))
    assert same_verdicts(auto, "tiny/prices.py", *edits) == ["swap", "swap"]


SAME = """
UNSET = "not set"
NUMBERS = (100, 200000)
SIZES = {16, 1, 2, 3, 14}

def code(given="124"): return given
def text(given="set"): return given
def texts(given=["a b", "is set"]): return given
def number(given=200001): return given
def sizes(given={16, 1, 2, 3, 4}): return list(given)
"""
OF_OTHERS = """
CODE = "123"
TEXT = "a b c"
"""
SAMENESS = """
from tiny import others, same

def test_code(): assert same.code() is not others.CODE
def test_text(): assert same.text() is not same.UNSET and same.text() is not others.TEXT
def test_texts(): assert same.texts()[0] is not same.UNSET
def test_number(): assert same.number() is not same.NUMBERS[1]
def test_sizes(): assert same.sizes() == [1, 2, 3, 4, 16] or same.sizes()[0] == 16
def test_all(): assert len(same.sizes()) == 5 and same.texts()[1] == "is set"
def test_last(): assert same.sizes()[-1] in (4, 16) and "b" not in same.text()
"""
OTHERS = {
    "a text of word characters": ('given="124"', 'given="123"', "swap"),
    "a text of the module": ('given="set"', 'given="not set"', "reimport"),
    "a text of another module": ('given="set"', 'given="a b c"', "swap"),
    "a text in a list": ('["a b", ', '["not set", ', "reimport"),
    "a number of the module": ("given=200001", "given=200000", "reimport"),
    "a set, in its order": ("2, 3, 4}", "2, 3, 24}", "swap"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_default_is_the_object_that_an_import_would_make(
    name: str, engine_of: Callable[..., Engine]
) -> None:
    clean, broken, way = OTHERS[name]
    files = {"tiny/same.py": SAME, "tiny/others.py": OF_OTHERS, "tests/test_same.py": SAMENESS}
    auto = engine_of(files, kind=AutoEngine)
    assert isinstance(auto, AutoEngine)
    assert same_verdicts(auto, "tiny/same.py", (clean, broken)) == [way]
