"""The files of the project `reckon`, as they were first, and tests that came later."""

PYPROJECT = """\
[project]
name = "reckon"
version = "1.0"
requires-python = ">=3.8"
dependencies = []

[tool.pytest.ini_options]
testpaths = ["tests"]
"""
MONEY = '''\
"""Amounts of money, in cents."""


def rounded(amount):
    """The nearest whole cent; halves go away from zero."""
    return int(amount + 0.5)


def split(total, people):
    """Shares that differ by a cent at most."""
    share = total // people
    return [share] * people


def shown(cents):
    """As people write it: 12.30"""
    return "%d.%d" % (cents // 100, cents % 100)
'''
PAGING = '''\
"""Long lists in pages."""


def pages(total, size):
    """How many pages of `size` rows there are."""
    count = 0
    while total > 0:
        total -= size
        count += 1
    return count


def first_row(page, size):
    return (page - 1) * size + 1
'''
NAMES = '''\
"""People's names."""


def initials(name):
    return "".join(part[0] for part in name.split(" "))


def greeting(name):
    return "Dear " + name
'''
OLD = '''\
"""What nobody uses."""


def twice(number):
    return number * 2
'''
TEST_MONEY = """\
import pytest

from reckon.money import rounded, shown, split


def test_rounding():
    assert rounded(1.5) == 2


def test_split():
    assert sum(split(9, 3)) == 9


@pytest.mark.parametrize("cents, text", [(1230, "12.30"), (99, "0.99")])
def test_shown(cents, text):
    assert shown(cents) == text
"""
TEST_PAGING = """\
from reckon.paging import first_row, pages


def test_pages():
    assert pages(10, 3) == 4


def test_first_row():
    assert first_row(2, 10) == 11
"""
TEST_NAMES = """\
from reckon.names import greeting, initials


def test_initials():
    assert initials("Ada Lovelace") == "AL"


def test_greeting():
    assert greeting("Ada") == "Dear Ada"
"""
TEST_OLD = """\
from reckon.old import twice


def test_twice():
    assert twice(2) == 4
"""
TEST_WINDOWS = """\
from reckon.windows import line_ends


def test_line_ends():
    assert line_ends("a\\nb\\n") == 2
"""
TOTALS = '''\
def total(amounts):
    """The sum."""
    result = 0
    for amount in amounts:
        result += amount
    return result


def mean(amounts):
    """The mean, rounded."""
    if not amounts:
        return 0
    return rounded(total(amounts) / len(amounts))


def highest(amounts):
    return max(amounts)


'''
TEST_TOTALS = """\
from reckon.money import highest, mean, total


def test_totals():
    assert (total([1, 2]), mean([1, 3]), highest([1, 3])) == (3, 2, 3)
"""
TEST_MORE = """\
from reckon.names import greeting


def test_greeting_of_nobody():
    assert greeting("") == "Dear "
"""
TEST_GONE = """\
import pytest


def test_legacy_is_gone():
    with pytest.raises(ImportError):
        __import__("reckon.legacy")
"""
TEST_BINARY = """\
def test_initials_of_the_table():
    names = Path(__file__).with_name("data").joinpath("names.bin").read_bytes().split(b"\\0")
    assert [initials(name.decode()) for name in names if name] == ["AL", "AT"]


"""
TEST_HIGHEST = """\
import time

import pytest

from reckon.money import highest


@pytest.mark.parametrize("now", [time.time_ns()])
def test_highest_of_nothing(now):
    assert highest([]) == 1
"""
WINDOWS = "def line_ends(text):\r\n    # typed on Windows\r\n    return text.count('\\n')"
ROUNDED = """\
    if amount < 0:
        return -int(0.5 - amount)
    return int(amount + 0.5)"""
CHECKED_SIZE = """\
    if size <= 0:
        raise ValueError("size must be positive")
    count = 0
"""
TEST_NO_SIZE = """\
def test_pages_of_no_size():
    with pytest.raises(ValueError):
        pages(10, 0)


def test_first_row"""
SHARES = """\
    rest = total % people
    return [share + 1] * rest + [share] * (people - rest)"""
CONFTEST = """\
import pytest


@pytest.fixture
def blank():
    return "   "
"""
TEST_BLANK = """\
from reckon.names import greeting


def test_greeting_of_nobody(blank):
    assert greeting(blank) == 'Dear customer'
"""
TEST_TAXES = """\
from reckon.taxes import RATE


def test_rate():
    assert RATE == 19
"""
