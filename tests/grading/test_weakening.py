"""What only adds to a file of tests is welcome; what reaches into a test is told by its name."""

from __future__ import annotations

import pytest

from bugbash.grading.weakening import weakenings

FILE = "tests/test_orders.py"
TESTS = '''\
"""Orders."""

import logging
import shop
from datetime import date
from shop.orders import Order, total
from helpers import frozen

RATES = {"EUR": 1, "ISK": 150}
ROWS = [
    ("", 0),
    ("1 x 2.50", 250),
]


@pytest.fixture
def order(tmp_path):
    return Order(tmp_path, date(2026, 3, 1))


class TestOrder:
    currency = "EUR"

    def test_currency(self, order):
        assert order.currency == self.currency


@pytest.mark.parametrize("text, cents", [("1", 100), ("2.50", 250)], ids=["whole", "half"])
def test_total(text, cents):
    assert total(text) == cents


@pytest.mark.parametrize("text, cents", ROWS)
def test_rows(text, cents):
    assert total(text) == cents


def test_rates(frozen):
    assert len(RATES) == 2
    assert RATES["EUR"] == 1


def test_texts():
    for text, cents in [("1", 100), ("2", 200)]:
        assert total(text) == cents


def test_log(order):
    logging.getLogger("shop").propagate = True
    order.close()
    assert order.closed
'''


def _edited(*edits: tuple[str, str]) -> str:
    text = TESTS
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def _more(text: str) -> str:
    return f"{TESTS}\n\n{text}\n"


def _told(mine: str, file: str = FILE, served: str = TESTS) -> list[str]:
    found = weakenings(file, served.encode(), mine.encode())
    return [one.told.removeprefix(f"{file}: ") for one in found]


DATES = "from datetime import date\n"
ORDERS = "from shop.orders import Order, total\n"
HONEST = {
    "an import has more names, and a test uses them": _edited(
        (DATES, "from datetime import date, timedelta, timezone\n"),
        ("class TestOrder:", "def test_day():\n    assert date.today() - timedelta(1)\n\n\n"
         "class TestOrder:"),
    ),
    "imports in another order": _edited((DATES, ""), (ORDERS, ORDERS + DATES)),
    "an import over several lines": _edited(
        (ORDERS, "from shop.orders import (\n    Order,\n    open_orders,\n    total,\n)\n")
    ),
    "one statement imports two modules": _edited(("import shop\n", "import shop, json\n")),
    "a module for looking joins another": _edited(("import logging\n", "import logging, sys\n")),
    "a module of a package that was imported": _edited(
        ("import shop\n", "import shop\nimport shop.billing\n")
    ),
    "a name twice": _edited((ORDERS, ORDERS + "from shop.orders import total, vat\n")),
    "an added import": _edited(('"""Orders."""\n', '"""Orders."""\nimport pytest\n')),
    "annotations from the future": "from __future__ import annotations\n" + TESTS,
    "an import for types only": _edited(
        (ORDERS, ORDERS + "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
         "    from pathlib import Path\n")
    ),
    "an import with a fallback": _edited(
        (ORDERS, ORDERS + "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\n")
    ),
    "a helper function": _more("def lines(text):\n    result = text.split()\n    return result"),
    "a helper named like a parameter": _more("def cents(text):\n    return int(text)"),
    "a fixture": _more("@pytest.fixture\ndef empty(tmp_path):\n    return Order(tmp_path, None)"),
    "a fixture that says it is not for all": _more(
        "@pytest.fixture(autouse=False)\ndef empty():\n    return None"
    ),
    "a mark for new tests": _more('posix = pytest.mark.skipif(os.name == "nt", reason="no")'),
    "a class with a setup of its own": _more(
        "class TestMore:\n    def setup_method(self):\n        self.order = Order()\n\n"
        "    def test_it(self):\n        assert self.order"
    ),
    "a test in a class": _edited(
        ("\n@pytest.mark.parametrize(\"text, cents\", [",
         "    def test_closed(self, order):\n        assert not order.closed\n\n\n"
         "@pytest.mark.parametrize(\"text, cents\", [")
    ),
    "a constant in a class": _edited(
        ('    currency = "EUR"\n', '    currency = "EUR"\n    other = "ISK"\n')
    ),
    "a case with its id": _edited(
        ('[("1", 100), ("2.50", 250)], ids=["whole", "half"]',
         '[("0", 0), ("1", 100), ("2.50", 250)], ids=["none", "whole", "half"]')
    ),
    "a case with a mark": _edited(
        ('("2.50", 250)]',
         '("2.50", 250), pytest.param("-1", 0, marks=pytest.mark.xfail(strict=True))]')
    ),
    "cases in another order": _edited(
        ('[("1", 100), ("2.50", 250)]', '[("2.50", 250), ("1", 100)]')
    ),
    "a row in a table with a name": _edited(('    ("", 0),\n', '    ("", 0),\n    (" ", 0),\n')),
    "a turn more of a loop": _edited(
        ('("1", 100), ("2", 200)]', '("1", 100), ("2", 200), ("3", 300)]')
    ),
    "an assertion among others": _edited(
        ("    assert len(RATES) == 2\n",
         '    assert len(RATES) == 2\n    assert "SEK" not in RATES\n')
    ),
    "a step more at the end": _edited(
        ("    assert order.closed\n",
         "    assert order.closed\n    order.reopen()\n    assert not order.closed\n")
    ),
    "annotations": _edited(("def test_rates(frozen):", "def test_rates(frozen: None) -> None:")),
    "a docstring and a print": _edited(
        ("    assert len(RATES) == 2\n",
         '    """Two."""\n    print(RATES)\n    assert len(RATES) == 2\n')
    ),
    "run as a script": _more('if __name__ == "__main__":\n    pytest.main([__file__])'),
    "tests in another order": "\n\n".join(
        [TESTS.split("\n\n\n")[0], *reversed(TESTS.split("\n\n\n")[1:])]
    ),
}  # fmt: skip


@pytest.mark.parametrize("mine", HONEST.values(), ids=HONEST)
def test_what_adds_to_a_file_of_tests_is_no_weakening(mine: str) -> None:
    assert mine != TESTS
    assert _told(mine) == []


REACHING_IN = {
    "a name of an import is taken over": (
        _edited((DATES, "from datetime import date, timezone\nfrom mine import UTC, total\n")),
        ["`from mine import total` was added"],
    ),
    "a name is taken over by another name": (
        _edited((ORDERS, ORDERS + "from mine import vat, nothing as total\n")),
        ["`from mine import nothing as total` was added"],
    ),
    "an import is swapped for another": (
        _edited((ORDERS, "from shop.orders import Order\nfrom mine import total\n")),
        ["`from shop.orders import total` was deleted", "`from mine import total` was added"],
    ),
    "an import of a fixture is deleted": (
        _edited(("from helpers import frozen\n", "")),
        ["`from helpers import frozen` was deleted"],
    ),
    "a builtin is replaced": (_more("def len(rates):\n    return 2"), ["len was added"]),
    "a builtin is imported": (
        _more("from mine import len, sum"), ["`from mine import len` was added"],
    ),
    "a fixture of pytest is replaced": (
        _more("@pytest.fixture\ndef tmp_path():\n    return None"), ["tmp_path was added"],
    ),
    "a fixture takes another's name": (
        _more('@pytest.fixture(name="tmp_path")\ndef other():\n    return None'),
        ["other was added"],
    ),
    "a fixture for all": (
        _more("@pytest.fixture(autouse=True)\ndef quiet():\n    Order.close = None"),
        ["quiet was added"],
    ),
    "a setup for the module": (
        _more("def setup_function(function):\n    RATES.update(EUR=1)"),
        ["setup_function was added"],
    ),
    "a setup for a class that was there": (
        _edited(('    currency = "EUR"\n',
                 '    currency = "EUR"\n\n    def setup_method(self):\n        Order.x = 1\n')),
        ["TestOrder.setup_method was added"],
    ),
    "a class that hides a class": (_more("class TestOrder:\n    pass"),
                                   ["class TestOrder was changed"]),
    "an attribute that switches a class off": (
        _edited(('    currency = "EUR"\n', '    currency = "EUR"\n    __test__ = False\n')),
        ["class TestOrder was changed"],
    ),
    "an attribute that a test reads": (
        _edited(('    currency = "EUR"\n', '    currency = "ISK"\n')),
        ["class TestOrder was changed"],
    ),
    "the module is skipped in an assignment": (
        _more('never = pytest.skip("no", allow_module_level=True)'),
        ['`never = pytest.skip(\'no\', allow_module_level=True)` was added'],
    ),
    "the module is skipped by a case": (
        _edited(('("2.50", 250)]', '("2.50", 250), pytest.skip("", allow_module_level=True)]')),
        ["test_total was changed"],
    ),
    "a case is swapped": (_edited(('("2.50", 250)]', '("2.50", 2)]')), ["test_total was changed"]),
    "a case is skipped": (
        _edited(('("2.50", 250)]', 'pytest.param("2.50", 250, marks=pytest.mark.skip)]')),
        ["test_total was changed"],
    ),
    "a row of a table is dropped": (
        _edited(('    ("1 x 2.50", 250),\n', "")),
        ["`ROWS = [('', 0), ('1 x 2.50', 250)]` was deleted", "`ROWS = [('', 0)]` was added"],
    ),
    "a turn less of a loop": (
        _edited(('("1", 100), ("2", 200)]', '("1", 100), ("3", 300)]')),
        ["test_texts was changed"],
    ),
    "a table that is compared with has more": (
        _edited(('"ISK": 150}', '"ISK": 150, "SEK": 11}')),
        ["`RATES = {'EUR': 1, 'ISK': 150}` was deleted",
         "`RATES = {'EUR': 1, 'ISK': 150, 'SEK': 11}` was added"],
    ),
    "a step before the assertion": (
        _edited(("    order.close()\n", "    order.close()\n    order.closed = True\n")),
        ["test_log was changed"],
    ),
    "the test ends before the assertion": (
        _edited(("    order.close()\n", "    order.close()\n    return\n")),
        ["test_log was changed"],
    ),
    "an assertion that skips": (
        _edited(("    order.close()\n", '    order.close()\n    assert pytest.skip("")\n')),
        ["test_log was changed"],
    ),
    "a test becomes a generator": (
        _edited(("    assert order.closed\n", "    assert order.closed\n    yield\n")),
        ["test_log was changed"],
    ),
    "a name becomes local": (
        _edited(('    assert RATES["EUR"] == 1\n',
                 '    assert RATES["EUR"] == 1\n    RATES = {}\n')),
        ["test_rates was changed"],
    ),
    "an assertion is dropped": (
        _edited(("    assert len(RATES) == 2\n", "")), ["test_rates was changed"],
    ),
    "the tested module is patched under a condition": (
        _more("if RATES:\n    shop.total = None"),
        ["`if RATES: shop.total = None` was added"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("mine", "told"), REACHING_IN.values(), ids=REACHING_IN)
def test_what_reaches_into_a_test_is_told_by_its_name(mine: str, told: list[str]) -> None:
    assert _told(mine) == told


def test_a_long_table_is_told_in_one_short_line_and_seen_to_its_end() -> None:
    rows = "".join(f"    ({number}, {number * number}),\n" for number in range(60))
    served = f"SQUARES = [\n{rows}]\n\n\ndef test_it():\n    assert dict(SQUARES)\n"
    told = _told(served.replace("(59, 3481)", "(59, 0)"), served=served)
    assert len(told) == 2
    assert all(len(one) < 110 and "\n" not in one for one in told)
