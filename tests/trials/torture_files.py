"""The torture package: every construct that could fool an engine that does not start afresh."""

from __future__ import annotations

from tests.trials.torture_calm import CALM
from tests.trials.torture_classes import CLASSES, EARLY
from tests.trials.torture_system import SYSTEM
from tests.trials.torture_watched import WATCHED

PROJECT = """\
[project]
name = "knots"
version = "1.0"

[tool.pytest.ini_options]
testpaths = ["tests", "knots/documented.py"]
addopts = "--doctest-modules"
filterwarnings = ["error"]
"""

WRAPPED = """\
import functools
from typing import overload


def loud(function):
    @functools.wraps(function)
    def call(*args):
        return function(*args) + "!"
    return call


def bare(function):
    return lambda *args: function(*args)


class Counted:
    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


def copy_of(number):
    return number - 1


@loud
def greet(name):
    return f"hello {name}"


@loud
def leave(name):
    return f"bye {name}"


@bare
def double(value):
    return value * 2


@Counted
def half(value):
    return value // 2


@overload
def parse(value: int) -> int:
    return 10

@overload
def parse(value: str) -> str: ...

def parse(value):
    if isinstance(value, int):
        return value + 1
    return value.strip()


@overload
def cased(value: str) -> str: ...
def cased(value):
    return value.upper()


def same():
    return "first"


FIRST = same


def same():
    return FIRST() + " second"


class Inch:
    def value(self):
        return 254


class Foot:
    def __init__(self):
        self._size = 1

    def value(self):
        return 3048

    @property
    def size(self):
        return self._size

    @size.setter
    def size(self, size):
        self._size = abs(size)


if hasattr(str, "casefold"):
    def fold(text):
        return text.casefold()
else:
    def fold(text):
        return text.lower()

try:
    import no_such_module
except ImportError:
    def rescued():
        return "rescued"
"""

COPIES = """\
import types

from knots import wrapped

copied = types.FunctionType(wrapped.copy_of.__code__, {}, "copied")
renamed = types.FunctionType(wrapped.greet.__wrapped__.__code__.replace(co_name="other"), {})
KEPT = wrapped.parse.__code__


def slow(number):
    return number + 100


def fast(number):
    return number + 200


class Runner:
    def run(self, number):
        return slow(number)


Runner.run = lambda self, number: fast(number)
real = slow
slow = fast


def helper():
    return "helper"


def helped():
    return helper() + " helped"
"""

CACHES = """\
from functools import cached_property, lru_cache


@lru_cache(maxsize=None)
def warm(number):
    return number * 10


@lru_cache(maxsize=None)
def cool(number):
    return number * 11


WARMED = warm(2)


def compute():
    return 6 * 7


ANSWER = compute()
KEY = lambda pair: pair[1]


class Shared:
    @cached_property
    def early(self):
        return [1]

    @cached_property
    def late(self):
        return [2]


SHARED = Shared()
SHARED.early

_seen = []


def remember(value):
    if _seen:
        return _seen[0]
    _seen.append(value)
    return value


def forget():
    _seen.clear()


LIMIT = 5


def limited(flag):
    if flag:
        bound = 3
        return bound
    return LIMIT
"""

FLOWS = """\
import asyncio


def adder(number):
    def add(value):
        return value + number
    return add


add_two = adder(2)


def trebled(values):
    def inner(value):
        return value * 3
    return [inner(value) for value in sorted(values, key=lambda one: -one)]


def count():
    number = 0
    while True:
        yield number
        number += 1


TICKS = count()
START = next(TICKS)


def lines():
    yield "a"
    yield "b"


PENDING = lines()


def chosen(flag):
    done = ["begun"]
    if flag:
        yield done[0]


def inner_chosen(flag, log):
    def inside():
        log.append("begun")
        if flag:
            yield 1
    return inside()


async def fetch(value):
    await asyncio.sleep(0)
    return value + 1


def sizes(value):
    match value:
        case [x]:
            return x
        case {"size": x}:
            return x * 2
        case _:
            return 0  # no size


def depth(number):
    if number <= 0:
        return 0
    return 1 + depth(number - 1)


def spin(number):
    while number > 0:
        number -= 1
    return number  # spun


def told(text):
    "Say it."
    return f"told {text}"
"""

LAZY = """\
FACTOR = 4


def scaled(number):
    if number == 999:
        return 0
    return number * FACTOR


def unused(number):
    return number == 1
"""

CLI = """\
import sys

from knots.system import status


def word():
    return "word"


def main():
    print(word())
    return status()


if __name__ == "__main__":
    sys.exit(main())
"""

DOCUMENTED = '''\
"""Documented."""


def area(side):
    """The area.

    >>> area(3)
    9
    """
    return side * side
'''

PACKAGE: dict[str, str | bytes] = {
    "pyproject.toml": PROJECT,
    "data.txt": "data\n",
    "knots/__init__.py": '"""Knots."""\n',
    "knots/wrapped.py": WRAPPED,
    "knots/copies.py": COPIES,
    "knots/caches.py": CACHES,
    "knots/flows.py": FLOWS,
    "knots/classes.py": CLASSES,
    "knots/lazy.py": LAZY,
    "knots/early.py": EARLY,
    "knots/system.py": SYSTEM,
    "knots/watched.py": WATCHED,
    "knots/calm.py": CALM,
    "knots/cli.py": CLI,
    "knots/documented.py": DOCUMENTED,
    "knots/marked.py": b"\xef\xbb\xbfdef marked(number):\n    return number + 1\n",
    "knots/returns.py": b'def crlf(text):\r\n    return f"""{text}\r\nend"""\r\n',
    "knots/future.py": "from __future__ import annotations\n\n\ndef later(x: Missing = 2):\n"
    "    def f(y: Gone): return y + x\n    return f(1)\n",
    "knots/test_tools.py": "def checked(number):\n    assert number, 'zero'\n    return number\n",
}
