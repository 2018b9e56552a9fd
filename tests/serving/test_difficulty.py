"""How hard a bug is to find: from the traces of its tests and what they execute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.files import Edit
from bugbash.serving.difficulty import Signals, signals
from bugbash.trials.reach import Reach

SHOP = """\
class Basket:
    def __init__(self, items):
        self.items = list(items)

    def total(self):
        return sum(self.items)


def checked(basket):
    return basket.total() > 0
"""
TESTS = """\
from shop import Basket, checked

def test_total():
    assert Basket([1]).total() == 1

def test_checked():
    assert checked(make())

class TestDeep:
    def test_page(self):
        assert page() == ""
"""
NEAR = Signals(in_trace=False, frames=None, files=1, rank=1.0, lines=10, at_once=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(TESTS)
    return tmp_path


def measured(tree: Path, test: str, trace: list[str], old: str = "sum(self.items)") -> Signals:
    name = f"test_shop.py::{test}"
    reach = Reach(tests=(name,), lines={"shop.py": {6: 1}})
    start = SHOP.index(old)
    return signals(tree, reach, [Edit("shop.py", start, start + len(old), "0")], {name: trace})


def test_a_test_that_calls_the_function_and_compares_is_near(tree: Path) -> None:
    found = measured(tree, "test_total[x]", ["test_shop.py:4"])
    assert (found.asserted, found.direct, found.frames) == (True, True, None)
    assert found.difficulty < 0.1


def test_a_test_that_compares_what_comes_from_afar_is_not(tree: Path) -> None:
    for test in ("test_checked", "TestDeep::test_page", "test_that_is_not_there"):
        found = measured(tree, test, ["test_shop.py:7"])
        assert (found.asserted, found.direct) == (True, False)
    assert found.difficulty == 0.2


def test_a_crash_elsewhere_is_no_assertion(tree: Path) -> None:
    found = measured(tree, "test_total", ["test_shop.py:4", "shop.py:10"])
    assert (found.asserted, found.frames) == (False, None)
    assert found.difficulty == 0.4


def test_a_class_stands_for_its_init(tree: Path) -> None:
    assert measured(tree, "test_total", ["test_shop.py:4"], "list(items)").direct
    assert not measured(tree, "test_checked", ["test_shop.py:7"], "list(items)").direct


def test_a_crash_in_the_function_has_its_frames(tree: Path) -> None:
    found = measured(tree, "test_total", ["test_shop.py:4", "shop.py:6"])
    assert (found.in_trace, found.frames, found.difficulty) == (True, 0, 0.0)


def test_difficulty_goes_from_nought_to_one() -> None:
    hardest = replace(NEAR, files=99, rank=9999.0)
    assert hardest.difficulty == 1.0
    assert replace(hardest, asserted=True).difficulty == 1.0
    assert replace(NEAR, frames=0, in_trace=True).difficulty == 0.0
    assert replace(NEAR, asserted=True).difficulty == 0.2
    assert replace(NEAR, asserted=True, direct=True).difficulty == 0.028
    assert replace(NEAR, direct=True).difficulty == NEAR.difficulty == 0.4
