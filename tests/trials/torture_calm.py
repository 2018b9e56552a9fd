"""Code that runs before the first test, and defaults that are set then, for the torture package."""

from __future__ import annotations

from tests.trials.torture_mutants import Case

CALM = """\
import ctypes.util
import functools
import inspect
import random


def doubled(size):
    return size * 2 if size > 0 else -1


def edge(number):
    if number > 1:
        return "a"
    return "b"


def seeded(number):
    return number if number > 0.3 else 0


def maker(step):
    if step > 0:
        return lambda number: number + step
    return None


def tagged(text, tag=None):
    if tag is not None and tag.strip():
        return text + tag
    return text


def sized(thing):
    return len(thing) if hasattr(thing, "__len__") else 0


def chosen(options, name):
    return getattr(options, name, 5)


def gathered(names):
    return set(names) or {"none"}


LIBRARY = ctypes.util.find_library("m")
DOUBLED = doubled(3)
EDGES = [edge(3), edge(1)]
STEP = maker(1)
TAGGED = tagged("a")
SIZED = sized([1]), sized(3)
CHOSEN = chosen(random, "none")
GATHERED = gathered([])


def loud(function):
    @functools.wraps(function)
    def call(*args, **named):
        return str(function(*args, **named)) + "!"
    return call


def told(function):
    call = functools.partial(function)
    call.said = inspect.signature(function)
    return call


class Stopping:
    def __lt__(self, other):
        raise KeyboardInterrupt


LIMIT = 3
KINDS = []


def sorted_in(name):
    kind = (1, name)
    KINDS.append(kind)
    return "none of it"


sorted_in(2)
sorted_in(2)


def priced(amount, rate=2, *, fee=0):
    return amount * rate + fee


@loud
def shouted(amount, rate=20):
    return amount + rate


@told
def explained(amount, rate=30):
    return amount + rate


def asked(amount, rate=40):
    return amount + rate


def limited(amount, most=LIMIT):
    return min(amount, most)


def replaced(amount, rate=50):
    return amount + rate


replaced.__defaults__ = (5,)


def counting(stop, start=60):
    yield from range(start, stop)


def kept(value, found=None):
    found = [] if found is None else found
    found.append(value)
    return found


class Box:
    def __init__(self, size=70):
        self.size = size

    def grown(self, by=71, *, times=72):
        return self.size + by * times


class Crate(Box):
    def grown(self, by=7):
        return super().grown(by)
"""

TESTS = """\
import inspect
import random
import threading
import types

from knots import calm

random.seed(1)
SEEDED = [calm.seeded(random.random()) for _ in range(3)]


def test_doubled(): assert calm.doubled(0) == -1
def test_doubled_at_import(): assert calm.DOUBLED == 6
def test_edge(): assert calm.edge(2) == "a"
def test_edges_at_import(): assert calm.EDGES == ["a", "b"]
def test_seeded(): assert calm.seeded(0.3) == 0
def test_seeded_at_import(): assert len(SEEDED) == 3
def test_step_at_import(): assert calm.STEP(1) == 2
def test_step(): assert calm.maker(0) is None
def test_tagged(): assert calm.tagged("a", " ") == "a"
def test_tagged_more(): assert calm.tagged("a", "b") == "ab"
def test_sized(): assert calm.sized("ab") == 2
def test_chosen(): assert calm.chosen([], "append")
def test_gathered(): assert calm.gathered(["a"]) == {"a"}
def test_kinds(): assert calm.KINDS[0] is not calm.KINDS[1]
def test_priced(): assert calm.priced(3) == 6
def test_priced_fully(): assert calm.priced(3, 1, fee=4) == 7
def test_shouted(): assert calm.shouted(1) == "21!"
def test_explained(): assert str(calm.explained.said) == "(amount, rate=30)"
def test_asked(): assert str(inspect.signature(calm.asked)) == "(amount, rate=40)"
def test_asked_for(): assert calm.asked(1, float(str(inspect.signature(calm.asked))[-3:-1])) == 41
def test_asked_in_full(): assert calm.asked(1, 2) == 3
def test_asked_by_a_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(calm.asked(1)))
    thread.start()
    thread.join()
    assert found == [41]
def test_asked_by_a_copy():
    code, given = calm.asked.__code__, calm.asked.__defaults__
    assert types.FunctionType(code, {}, "copy", tuple(float(each) for each in given))(1) == 41
def test_asked_by_another(): assert types.FunctionType(calm.asked.__code__, {}, "", (4,))(1) == 5
def test_limited(): assert calm.limited(9) == 3
def test_replaced(): assert calm.replaced(1) == 6
def test_counting(): assert list(calm.counting(62)) == [60, 61]
def test_kept(): assert calm.kept(1) == [1]
def test_kept_again(): assert calm.kept(2) == [2]
def test_kept_there(): assert calm.kept(2, [1]) == [1, 2]
def test_kept_nowhere(): assert calm.kept(2, None) == [2]
def test_box(): assert calm.Box().size == 70
def test_crate(): assert calm.Crate(1).grown() == 505
def test_crate_by_class(): assert calm.Box.grown(calm.Box(0), 2, times=2) == 4
"""

_SWAP, _FRESH = "swap", "reimport"

CASES: dict[str, Case] = {
    "calm at import": Case("calm", "size > 0", "size >= 0", _SWAP),
    "noticed at import": Case("calm", "size * 2", "size * 3", _FRESH),
    "noticed by the second call at import": Case("calm", "number > 1", "number >= 1", _FRESH),
    "calm in both calls at import": Case("calm", "number > 1", "number > 2", _SWAP),
    "drawn from a seed at import": Case("calm", "number > 0.3", "number >= 0.3", _SWAP),
    "made at import": Case("calm", "number + step", "number - step", _FRESH),
    "around what was made at import": Case("calm", "step > 0", "step >= 0", ""),
    "short circuit at import": Case("calm", "tag is not None and tag.strip()", "tag", ""),
    "asked for an attribute": Case("calm", 'hasattr(thing, "__len__")', "not (thing == 3)", ""),
    "another attribute": Case("calm", 'hasattr(thing, "__len__")', 'hasattr(thing, "pop")', ""),
    "attribute or default": Case("calm", "getattr(options, name, 5)", "getattr(options, name)", ""),
    "set or default": Case("calm", 'set(names) or {"none"}', 'set(names) or {"none", "b"}', ""),
    "default": Case("calm", "rate=2,", "rate=3,", _SWAP),
    "keyword default": Case("calm", "fee=0", "fee=1", _SWAP),
    "default of another type": Case("calm", "rate=2,", "rate=True,", _SWAP),
    "default behind a wrapper": Case("calm", "rate=20", "rate=21", _SWAP),
    "default that was looked at": Case("calm", "rate=30", "rate=31", _FRESH),
    "default that a test looks at": Case("calm", "rate=40", "rate=41", _SWAP),
    "default that is no literal": Case("calm", "most=LIMIT", "most=4", _FRESH),
    "default that was replaced": Case("calm", "rate=50", "rate=51", _FRESH),
    "default of a generator": Case("calm", "start=60", "start=61", _FRESH),
    "default that can't be hashed": Case("calm", "found=None", "found={[]: 1}", _FRESH),
    "default by a call": Case("calm", "found=None", "found=set()", _FRESH),
    "default that is there already": Case("calm", "rate=50)", "rate='none of it')", _FRESH),
    "folded constant": Case("calm", "kind = (1, name)", "kind = (1, 2)", ""),
    "interrupted in a test": Case("calm", "LIMIT = 3", "LIMIT = Stopping()", _FRESH),
    "default that tests share": Case("calm", "found=None", "found=[]", _SWAP),
    "default used at import": Case("calm", "tag=None", "tag='x'", _FRESH),
    "default of a constructor": Case("calm", "size=70", "size=71", _SWAP),
    "default of a method": Case("calm", "by=71", "by=1", _SWAP),
    "keyword default of a method": Case("calm", "times=72", "times=1", _SWAP),
    "default of an override": Case("calm", "by=7)", "by=8)", _SWAP),
    "one default more": Case("calm", "def edge(number)", "def edge(number=1)", _FRESH),
}

UNTAKEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "default": (("priced_fully",), ("priced",)),
    "keyword default": (("priced_fully",), ("priced",)),
    "default that a test looks at": (
        ("asked_in_full", "asked_by_another"), ("asked", "asked_for", "asked_by_a_thread",
        "asked_by_a_copy"),
    ),
    "default that tests share": (("kept_there",), ("kept", "kept_again", "kept_nowhere")),
    "default of a constructor": (("crate", "crate_by_class"), ("box",)),
    "default of a method": (("crate", "crate_by_class"), ()),
    "keyword default of a method": (("crate_by_class",), ("crate",)),
    "default of an override": ((), ("crate",)),
}  # fmt: skip
"""Tests that call a function but take no default of it, and those that have to be run."""
