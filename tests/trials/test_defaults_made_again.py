"""A function that a test makes anew takes a default too: the test is run for another default."""

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
