"""The suite of the torture package."""

from __future__ import annotations

from tests.trials import torture_calm, torture_watched

WRAPPED = """\
import types

import pytest

from knots import copies, wrapped
from knots.wrapped import Foot, Inch, fold, greet, parse, rescued, same


def test_greet(): assert greet("Ada") == "hello Ada!"
def test_leave(): assert wrapped.leave("Ada") == "bye Ada!"
def test_cased(): assert wrapped.cased("a") == "A"
def test_double(): assert wrapped.double(4) == 8


def test_half():
    before = wrapped.half.calls
    assert wrapped.half(8) == 4
    assert wrapped.half.calls == before + 1


def test_parse_number(): assert parse(1) == 2
def test_parse_text(): assert parse(" a ") == "a"
def test_same(): assert same() == "first second"
def test_inch(): assert Inch().value() == 254
def test_foot(): assert Foot().value() == 3048


def test_size():
    foot = Foot()
    foot.size = -4
    assert foot.size == 4


def test_fold(): assert fold("A") == "a"
def test_rescued(): assert rescued() == "rescued"
def test_copied(): assert copies.copied(3) == 2
def test_original(): assert wrapped.copy_of(3) == 2
def test_renamed(): assert copies.renamed("Ada") == "hello Ada"
def test_code(): assert types.FunctionType(copies.KEPT, vars(wrapped))(" a ") == "a"
def test_replaced(): assert copies.slow(1) == 201
def test_real(): assert copies.real(1) == 101
def test_runner(): assert copies.Runner().run(1) == 201


def test_patched(monkeypatch):
    monkeypatch.setattr(copies, "helper", lambda: "mine")
    assert copies.helped() == "mine helped"


def test_helped(): assert copies.helped() == "helper helped"


def test_wrong():
    with pytest.raises(AttributeError):
        parse(None)
"""

CACHES = """\
import pytest

from knots import caches, flows


def test_warm(): assert caches.warm(2) == 20
def test_warm_again(): assert caches.warm(3) == 30
def test_cool(): assert caches.cool(2) == 22
def test_answer(): assert caches.ANSWER == 42
def test_key(): assert caches.KEY((1, 2)) == 2
def test_early(): assert caches.SHARED.early == [1]
def test_late(): assert caches.SHARED.late == [2]


class TestRemember:
    def test_first(self): assert caches.remember(1) == 1
    def test_second(self): assert caches.remember(1) == 1


def test_twice():
    caches.forget()
    caches.remember(1)
    caches.remember(2)
    caches.forget()


def test_limited(): assert caches.limited(True) == 3
def test_global(): assert caches.limited(False) == 5
def test_add_two(): assert flows.add_two(1) == 3
def test_trebled(): assert flows.trebled([1, 2]) == [6, 3]
def test_ticks(): assert next(flows.TICKS) == flows.START + 1
def test_count(): assert next(flows.count()) == 0
def test_pending(): assert list(flows.PENDING) == ["a", "b"]
def test_chosen(): assert list(flows.chosen(True)) == ["begun"]
def test_not_chosen(): assert list(flows.chosen(False)) == []


def test_inner_not_begun():
    log = []
    flows.inner_chosen(True, log)
    assert log == []


def test_inner(): assert list(flows.inner_chosen(True, [])) == [1]


def test_fetch():
    import asyncio
    assert asyncio.run(flows.fetch(1)) == 2


def test_sizes(): assert [flows.sizes(x) for x in ([1], {"size": 2}, 3)] == [1, 4, 0]
def test_one_size(): assert flows.sizes([5]) == 5
def test_depth(): assert flows.depth(5) == 5
def test_spin(): assert flows.spin(5) == 0
def test_doc(): assert flows.told.__doc__ == "Say it."
def test_told(): assert flows.told("x") == "told x"
"""

CLASSES = """\
import importlib
import inspect

import pytest

from knots import classes
from knots.classes import Child, Colour, Made, Point, Row, Settings, Vault, shown
from knots.future import later
from knots.marked import marked
from knots.returns import crlf
from knots.test_tools import checked


def test_point(): assert Point().x == 1
def test_moved(): assert Point(1).moved().x == 3
def test_moved_by(): assert Point(1).moved(5).x == 6
def test_red(): assert Colour(1) is Colour.RED
def test_next(): assert Colour.RED.next() is Colour.BLUE
def test_within(): assert Settings().within(30) and not Settings().within(31)
def test_least(): assert not Settings().within(-1)
def test_shown(): assert shown([1]) == "<[1]>"
def test_shown_number(): assert shown(1) == "#1"
def test_shown_text(): assert shown("a") == "'a'"
def test_kinds(): assert "Child" in Child.kinds
def test_name(): assert Child().name() == "base-child"
def test_only(): assert Child().only() == "Child"
def test_made_by(): assert Made().made_by == "meta"
def test_called(): assert Made().called
def test_cell(): assert Row().cell == 7


def test_slots():
    row = Row()
    row._cell = 3
    assert row.cell == 3


def test_vault(): assert Vault().read() == 1
def test_marked(): assert marked(1) == 2
def test_crlf(): assert crlf("a") == "a\\nend"
def test_later(): assert later() == 3
def test_checked(): assert checked(2) == 2


def test_checked_zero():
    with pytest.raises(AssertionError):
        checked(0)


def test_lazy():
    from knots.lazy import scaled
    assert scaled(2) == 8


def test_lazy_factor():
    import knots.lazy
    assert knots.lazy.FACTOR == 4


def test_reload():
    import knots.documented
    module = importlib.reload(knots.documented)
    assert module.area(2) == 4


def test_source():
    assert inspect.getsource(Vault.read) == "    def read(self):\\n        return self.__secret\\n"
"""

SYSTEM = """\
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import pytest

from knots import cli, system

DONE = []


def test_command():
    done = subprocess.run([sys.executable, "-m", "knots.cli"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "word\\n")


def test_closed_file(tmp_path):
    (tmp_path / "a").write_text("x")
    assert system.closed_file(tmp_path / "a") == "x"


def test_closed_socket(): assert system.closed_socket()


def test_inside(tmp_path):
    with system.inside(tmp_path):
        assert Path.cwd() == tmp_path.resolve()


def test_where(): assert Path("data.txt").read_text() == "data\\n"


def test_variable():
    with system.variable("KNOTS", "1"):
        assert os.environ["KNOTS"] == "1"


def test_no_variable(): assert "KNOTS" not in os.environ
def test_scratch(): assert system.scratch()
def test_no_scratch(): assert not list(Path(tempfile.gettempdir()).glob("knots-*"))


def test_registered():
    with system.registered("a") as names:
        assert "a" in names


def test_nobody_registered(): assert system.REGISTRY == []
def test_in_child(): assert system.in_child(7) == 7
def test_in_thread(): assert system.in_thread(7) == [7]
def test_guarded(): assert system.guarded(lambda: 1 / 0) == "ZeroDivisionError"
def test_earlier(): DONE.append(system.status())
def test_depends(): assert DONE[-1] == 3
def test_project_is_clean(): assert not Path("litter.txt").exists()


@pytest.mark.xfail(reason="known")
def test_expected_failure(): assert system.status() == 4


@pytest.mark.xfail(strict=True, reason="known")
def test_strict(): assert system.opening() == "close"


def test_skipped():
    if system.status() == 3:
        pytest.skip("three")
    assert False


def test_no_litter_after():
    if Path("note.txt").exists():
        Path("note.txt").unlink()
"""

FIXTURES = """\
import unittest
from pathlib import Path

import pytest

from knots import system, wrapped
from knots.classes import Settings


@pytest.fixture(scope="session")
def opened():
    yield system.opening()
    assert system.closing() == "closed"


@pytest.fixture(scope="module", params=[1, 2])
def number(request):
    return wrapped.copy_of(request.param)


@pytest.fixture(scope="class")
def settings():
    return Settings()


def setup_module(): global READY; READY = wrapped.Inch().value()


class TestSettings:
    def setup_method(self): self.size = wrapped.Foot().value()
    def test_limit(self, settings): assert settings.limit == 30
    def test_size(self, settings): assert self.size == 3048 and READY == 254


def test_opened(opened): assert opened == "open"
def test_opened_too(opened): assert opened
def test_number(number): assert number in (0, 1)


@pytest.mark.parametrize("value", [1, 2, 3])
def test_each(value): assert wrapped.double(value) == value * 2


class Old(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.word = wrapped.fold("ABC")

    def test_word(self): self.assertEqual(self.word, "abc")

    def test_parts(self):
        for value in (1, 2):
            with self.subTest(value=value):
                self.assertEqual(wrapped.parse(value), value + 1)

    @unittest.skipIf(wrapped.half is None, "no half")
    def test_half(self): self.assertEqual(wrapped.half(2), 1)


def test_subtests(subtests):
    for value in (1, 2):
        with subtests.test(value=value):
            assert wrapped.double(value) == value + value
"""

EARLY = """\
from knots import early


def test_setting(): assert early.setting("word") == "WORD!"
def test_name(): assert early.NAME == "early"
def test_maker(): assert early.maker(None)(1) == ("none", 1, "made")
def test_make(): assert early.MAKE(2) == ("import", 2, "made")
def test_far(): assert early.waiting(99) == "far"
def test_waiting(): assert early.waiting(3) == early.DONE == -1
def test_squares(): assert early.squares(3) == [0, 1, 4]
"""

SUITE: dict[str, str | bytes] = {
    "tests/test_caches.py": CACHES,
    "tests/test_classes.py": CLASSES,
    "tests/test_early.py": EARLY,
    "tests/test_fixtures.py": FIXTURES,
    "tests/test_system.py": SYSTEM,
    "tests/test_calm.py": torture_calm.TESTS,
    "tests/test_watched.py": torture_watched.TESTS,
    "tests/test_wrapped.py": WRAPPED,
}
