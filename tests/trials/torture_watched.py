"""Values and code that a watched run has to be careful with, for the torture package."""

from __future__ import annotations

from typing import NamedTuple

WATCHED = """\
import functools

NOTES = []


class Size:
    def __init__(self, number):
        self.number = number
        self.read = 0

    @property
    def counted(self):
        self.read += 1
        return self.number

    @property
    def plain(self):
        return self.number

    def __eq__(self, other):
        NOTES.append(other)
        return self.number == other

    def __getattr__(self, name):
        NOTES.append(name)
        return self.__dict__["number"]


class Text(str):
    def strip(self):
        return "stripped"


def counted(size):
    if size.counted > 0:
        return size.read


def plain(size):
    if size.plain > 0:
        return size.read


def equal(size):
    if size == 2:
        return len(NOTES)


def missing(size):
    if size.weight == 2:
        return len(NOTES)


def stripped(text):
    return text.strip()


def zero(number):
    return number + 0.0


def one(flag):
    return flag == 1


def number(value):
    return value == value


def given(thing):
    return thing


def shared(items):
    found = items
    found.append(1)
    return items


def short(some, more):
    return some and more.pop()


def walrus(value):
    if (found := value) > 1:
        return found


def comprehension(values):
    return [value for value in values if value > 1]


def shown(value):
    return f"{value}!"


def raised(value):
    return 10 // value


def chosen(value):
    if value is not None:
        return "some"
    return "none"


def lazily(value):
    if value is not None:
        yield value


def kept(value, found=[]):
    if value is not None:
        found.append(value)
    return len(found)


@functools.lru_cache
def cached(value):
    if value > 1:
        return "more"
    return "less"


def caught(text):
    try:
        return int(text)
    except ValueError:
        return None


def tried(text):
    try:
        value = int(text)
    except ValueError:
        value = 0
    return value


def cleaned(text):
    text = stripped(text)
    return text


def before(value):
    value = doubled(value) + value.plain
    return value


def doubled(size):
    size.number *= 2
    return size.number


def stateful(value):
    NOTES.append(value)
    if len(NOTES) > 1:
        return "more"
    return "one"


def looped(values):
    total = 0
    while True:
        if not values:
            return total
        total += values.pop() is not None


def locale(text):
    return text.encode("ascii", "ignore").decode("ascii")


def built(value):
    return [value, [value]]
"""

TESTS = """\
import math

import pytest

from knots import watched
from knots.watched import NOTES, Size, Text


@pytest.fixture(autouse=True)
def notes():
    NOTES.clear()


def test_counted(): assert watched.counted(Size(2)) == 1
def test_plain(): assert watched.plain(Size(2)) == 0
def test_equal(): assert watched.equal(Size(2)) == 1
def test_missing(): assert watched.missing(Size(2)) == 1
def test_stripped(): assert watched.stripped("a") == "a"
def test_stripped_text(): assert watched.stripped(Text("a")) == "stripped"
def test_zero(): assert watched.zero(2.0) == 2.0
def test_minus_zero(): assert math.copysign(1, watched.zero(-0.0)) == 1
def test_one(): assert watched.one(1)
def test_true(): assert watched.one(True)
def test_number(): assert watched.number(2)
def test_no_number(): assert not watched.number(float("nan"))


def test_given():
    value = 10**6
    assert watched.given(value) is value


def test_given_little(): assert watched.given(3) == 3


def test_shared():
    items = []
    assert watched.shared(items) == [1]


def test_short():
    more = [3]
    watched.short(0, more)
    assert more == [3]


def test_walrus(): assert watched.walrus(2) == 2
def test_comprehension(): assert watched.comprehension([2, 3]) == [2, 3]
def test_comprehension_one(): assert watched.comprehension([1]) == []
def test_shown(): assert watched.shown(2) == "2!"
def test_shown_text(): assert watched.shown("2") == "2!"
def test_raised(): assert watched.raised(5) == 2


def test_not_raised():
    with pytest.raises(ZeroDivisionError):
        watched.raised(0)


def test_chosen(): assert watched.chosen(2) == "some"
def test_chosen_zero(): assert watched.chosen(0) == "some"
def test_chosen_none(): assert watched.chosen(None) == "none"
def test_lazily(): assert list(watched.lazily(2)) == [2]
def test_lazily_zero(): assert list(watched.lazily(0)) == [0]
def test_kept(): assert watched.kept(1, []) == 1
def test_kept_zero(): assert watched.kept(0, []) == 1
def test_cached(): assert watched.cached(2) == "more"
def test_cached_one(): assert watched.cached(1) == "less"
def test_cached_again(): assert watched.cached(1) == "less"
def test_caught(): assert watched.caught("3") == 3
def test_caught_none(): assert watched.caught("x") is None
def test_tried(): assert watched.tried("3") == 3
def test_tried_zero(): assert watched.tried("x") == 0
def test_cleaned(): assert watched.cleaned("a") == "a"
def test_cleaned_space(): assert watched.cleaned(" a") == "a"
def test_before(): assert watched.before(Size(2)) == 8
def test_stateful(): assert watched.stateful(1) == "one"


def test_stateful_twice():
    watched.stateful(1)
    assert watched.stateful(1) == "more"


def test_looped(): assert watched.looped([1, 2]) == 2
def test_looped_none(): assert watched.looped([None]) == 0
def test_locale(): assert watched.locale("a") == "a"
def test_locale_other(): assert watched.locale("\\xe9") == ""


def test_built():
    value = []
    assert watched.built(value)[0] is value
"""


class Watched(NamedTuple):
    """What stands there, what the mutant makes of it, and some tests that need not be run."""

    clean: str
    broken: str
    quiet: tuple[str, ...] = ()


CASES: dict[str, Watched] = {
    "property with an effect": Watched("size.counted > 0", "size.number > 0"),
    "property without": Watched("size.plain > 0", "size.number > 0", ("test_plain",)),
    "comparison with an effect": Watched("size == 2", "size.number == 2"),
    "attribute by __getattr__": Watched("size.weight == 2", "size.number == 2"),
    "subclass of str": Watched("return text.strip()", "return text", ("test_stripped",)),
    "minus zero": Watched("number + 0.0", "number - 0.0", ("test_zero",)),
    "True and 1": Watched("flag == 1", "flag is True", ("test_true",)),
    "NaN": Watched("value == value", "value is value"),
    "a fresh int": Watched("return thing", "return thing + 0", ("test_given_little",)),
    "a copy": Watched("found = items", "found = list(items)"),
    "short circuit": Watched("some and more.pop()", "more.pop() and some"),
    "walrus": Watched("(found := value) > 1", "(found := value) > 2"),
    "comprehension": Watched("if value > 1]", "if value >= 1]"),
    "f-string": Watched('f"{value}!"', 'f"{value!r}!"', ("test_shown",)),
    "error in it": Watched("10 // value", "10 // (value or 1)", ("test_raised",)),
    "condition": Watched('value is not None:\n        return "some"',
                         'value:\n        return "some"', ("test_chosen", "test_chosen_none")),
    "guard": Watched("    if value is not None:\n        return \"some\"\n", "",
                     ("test_chosen_none",)),
    "generator": Watched("is not None:\n        yield", ":\n        yield"),
    "shared default": Watched("is not None:\n        found", ":\n        found", ("test_kept",)),
    "cache": Watched('> 1:\n        return "more"\n    return "less"',
                     '>= 1:\n        return "more"\n    return "less"', ("test_cached",)),
    "handler": Watched("        return int(text)\n    except ValueError",
                       "        return int(text)\n    except TypeError"),
    "try": Watched("    try:\n        value = int(text)\n    except ValueError:\n"
                   "        value = 0\n", "    value = int(text)\n"),
    "statement": Watched("    text = stripped(text)\n", "", ("test_cleaned",)),
    "effect before it": Watched("+ value.plain", "+ 2"),
    "state": Watched("if len(NOTES) > 1", "if len(NOTES) >= 1"),
    "in a loop": Watched("values.pop() is not None", "values.pop() != 3"),
    "locale": Watched('"ignore")', '"replace")', ("test_locale",)),
    "parts shared": Watched("[value, [value]]", "[list(value), [value]]"),
}  # fmt: skip
