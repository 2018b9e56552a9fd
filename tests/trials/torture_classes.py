"""Classes of the torture package: all that runs while a class is made."""

from __future__ import annotations

CLASSES = """\
import enum
from dataclasses import dataclass, field
from functools import singledispatch


@dataclass
class Point:
    x: int = 1
    tags: list = field(default_factory=list)

    def moved(self, by=2):
        return Point(self.x + by)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2

    def next(self):
        return Colour.BLUE if self is Colour.RED else Colour.RED


class Settings:
    limit = 30

    def within(self, number, most=None, *, least=0):
        return least <= number <= (most or self.limit)


@singledispatch
def shown(value):
    return f"<{value}>"


@shown.register
def _(value: int):
    return f"#{value}"


@shown.register
def _(value: str):
    return repr(value)


class Base:
    kinds = []

    def __init_subclass__(cls):
        Base.kinds.append(cls.__name__)

    def name(self):
        return "base"


class Child(Base):
    def name(self):
        return super().name() + "-child"

    def only(self):
        return self.kinds[-1]


class Meta(type):
    def __new__(mcs, name, bases, body):
        body["made_by"] = "meta"
        return super().__new__(mcs, name, bases, body)

    def __call__(cls, *args):
        made = super().__call__(*args)
        made.called = True
        return made


class Made(metaclass=Meta):
    pass


class Field:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner):
        return getattr(instance, self.name, 7)


class Row:
    __slots__ = ("_cell", "_b")
    cell = Field()


class Vault:
    def __init__(self):
        self.__secret = 1
        self.__other = 2

    def read(self):
        return self.__secret
"""

EARLY = """
def setting(kind):
    if kind == "begin":
        return "early"
    label = kind.upper()
    return label + "!"


NAME = setting("begin")


def maker(kind):
    if kind is None:
        kind = "none"

    def made(value):
        return (kind, value, "made")

    return made


MAKE = maker("import")


def waiting(limit):
    while True:
        limit -= 1
        if limit < 0:
            return limit
        if limit > 90:
            return "far"


DONE = waiting(3)


def squares(count):
    if not count:
        return []
    return [each * each for each in range(count)]


NONE = squares(0)
"""
