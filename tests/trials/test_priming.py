"""What is done once for all forks leaves every verdict as it is in a cold run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bugbash.store import Store
from bugbash.targets.environment import environment_of
from bugbash.targets.spec import Target
from bugbash.trials.auto import AutoEngine
from bugbash.trials.baseline import baseline_of
from bugbash.trials.line import can_fork
from bugbash.trials.scan import Engine
from tests.trials.verdicts import same_verdicts

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no warm engine")

WORDS = """
import re


def is_word(text):
    return re.fullmatch("[a-m]+", text) is not None


def shout(text):
    return re.sub(rb"[a-z]", b"!", text, flags=re.LOCALE | re.I)


SEPARATOR = re.compile("[;,]")
"""
A_PATTERN = ("[a-m]+", "[a-z]+")
A_FLAG = ("re.LOCALE | re.I", "re.LOCALE")
AT_IMPORT = ("[;,]", "[;]")
HEAD = """
import re, warnings
import pytest
from tiny.words import SEPARATOR, is_word, shout

def right(): return is_word("hall") and not is_word("hello") and shout(b"aB") == b"!!"
def splits(): return SEPARATOR.split("a,b;c") == ["a", "b", "c"]
"""
COMPILING = {
    "a pattern that warns": """
def test_hears_it():
    with pytest.warns(FutureWarning): re.compile("[[a-f]")
def test_right(): assert right() and splits()
""",
    "a pattern that warns, for an error": """
@pytest.mark.filterwarnings("error")
def test_hears_it():
    with pytest.raises(FutureWarning): re.compile("[[a-f]")
def test_right(): assert right() and splits()
""",
    "a cache that is emptied": """
def test_first(): assert right() and splits()
def test_second():
    re.purge()
    assert right() and splits()
""",
    "more than the cache holds": """
@pytest.mark.parametrize("number", range(4))
def test_many(number):
    for at in range(200):
        assert re.match(f"{number}-{at}$", f"{number}-{at}")
    assert right() and splits()
""",
    "a text of its own kind": """
class Text(str):
    def __hash__(self): return hash(str(self)) + (not right())
    __eq__ = str.__eq__

def test_own(): assert re.match(Text("[ab]"), "b") and splits() and right()
""",
    "a pattern that is none": """
def test_none():
    with pytest.raises(re.error): re.compile("(")
    assert right() and splits()
""",
    "one who looks into the cache": """
def test_looks():
    re.purge()
    re.compile("[x-z]")
    assert len(getattr(re, "_cache", [1])) == 1
    assert right() and splits()
""",
}


@pytest.mark.parametrize("name", COMPILING)
def test_expressions_that_are_compiled_before_change_no_verdict(
    name: str, engine_of: Callable[..., Engine]
) -> None:
    files = {"tiny/words.py": WORDS, "tests/test_words.py": HEAD + COMPILING[name]}
    auto = engine_of(files, kind=AutoEngine)
    assert isinstance(auto, AutoEngine)
    ways = same_verdicts(auto, "tiny/words.py", A_PATTERN, A_FLAG, AT_IMPORT)
    assert ways == ["swap", "swap", "reimport"]


TESTS_READ_BEFORE = {
    "a file of tests that is written and loaded again": """
import importlib, pathlib
from tests import test_number

def test_again():
    path = pathlib.Path(test_number.__file__)
    old = path.read_text()
    path.write_text(old.replace("= 1", "= 2"))
    try: assert importlib.reload(test_number).NUMBER == 2 and right() and splits()
    finally: path.write_text(old)
    assert importlib.reload(test_number).NUMBER == 1
""",
    "one that is written anew as long as it was": """
import importlib, os, pathlib
from tests import test_number

def test_again():
    path = pathlib.Path(test_number.__file__)
    old, told = path.read_bytes(), path.stat()
    path.write_bytes(old.replace(b"= 1", b"= 3"))
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    try: assert importlib.reload(test_number).NUMBER == 3 and right() and splits()
    finally: path.write_bytes(old)
""",
    "one that is loaded by another name": """
import importlib.util, sys
from tests import test_number

def test_another():
    loader = test_number.__spec__.loader
    where = importlib.util.spec_from_file_location("another", test_number.__file__, loader=loader)
    another = importlib.util.module_from_spec(where)
    where.loader.exec_module(another)
    assert another.NUMBER == test_number.NUMBER and another.test_it is not test_number.test_it
    assert right() and splits()
""",
    "one whose assertion explains itself": """
import pytest

def test_explains():
    with pytest.raises(AssertionError) as told: assert [1, 2] == [1, int(splits() and right())]
    assert "At index 1 diff: 2 != 1" in str(told.value)
""",
}
A_NUMBER = {"tests/__init__.py": "", "tests/test_number.py": "NUMBER = 1\ndef test_it(): pass\n"}


@pytest.mark.parametrize("name", TESTS_READ_BEFORE)
def test_files_of_tests_that_are_read_before_change_no_verdict(
    name: str, engine_of: Callable[..., Engine]
) -> None:
    text = HEAD + TESTS_READ_BEFORE[name]
    auto = engine_of(
        {"tiny/words.py": WORDS, "tests/test_words.py": text, **A_NUMBER}, kind=AutoEngine
    )
    assert isinstance(auto, AutoEngine)
    ways = same_verdicts(auto, "tiny/words.py", AT_IMPORT, A_PATTERN, AT_IMPORT)
    assert ways == ["reimport", "swap", "reimport"]


CLOCK = """
import time
from datetime import date, datetime


def stamp():
    return int(time.time()) + 0


def today():
    return date.today()


def now():
    return datetime.now()


tell = time.time


def use(other=None):
    global tell
    tell = other or time.time


def told():
    return int(tell())
"""
A_SECOND, ANOTHER_DAY = ("time()) + 0", "time()) + 1"), ("date.today()", "date.min")
ANOTHER_TIME = ("other or time.time", "other or (lambda: 5)")
SHY = """
ASKED = []


def __dir__():
    return ["when"]


def __getattr__(name):
    ASKED.append(name)
    raise AttributeError(name)
"""
FREEZING = """
import sys
from datetime import date, datetime, timedelta
import pytest
from freezegun import freeze_time
from tiny import clock, shy

DAY = datetime(2024, 2, 29)
SECONDS = int((DAY - datetime(1970, 1, 1)).total_seconds())

def test_nobody_asked_before(): assert "when" not in shy.ASKED

def test_told_at_the_first_freeze():
    clock.use()
    with freeze_time(DAY): assert clock.told() == SECONDS

@pytest.fixture
def frozen():
    with freeze_time(DAY) as found: yield found

def test_frozen(frozen): assert clock.stamp() == SECONDS and clock.today() == DAY.date()
def test_moved(frozen):
    frozen.tick(timedelta(days=1))
    assert clock.today() == date(2024, 3, 1) and clock.stamp() == SECONDS + 86400

def test_not_frozen(): assert clock.now().year > 2024

def test_one_in_another(frozen):
    with freeze_time("2020-01-01"): assert clock.now() == datetime(2020, 1, 1)
    assert clock.now() == DAY and clock.stamp() == SECONDS

def test_a_name_that_comes_later(monkeypatch):
    monkeypatch.setattr(clock, "later", datetime, raising=False)
    with freeze_time(DAY): assert clock.later.now() == DAY and clock.stamp() == SECONDS
    assert clock.later is datetime

def test_a_name_that_goes(monkeypatch):
    monkeypatch.delattr(clock, "date")
    with freeze_time(DAY): assert not hasattr(clock, "date")

def test_a_module_that_comes_later(tmp_path, monkeypatch):
    (tmp_path / "newcomer.py").write_text("from datetime import datetime\\n")
    monkeypatch.syspath_prepend(tmp_path)
    import newcomer
    with freeze_time(DAY): assert newcomer.datetime.now() == DAY
    assert newcomer.datetime is datetime
    del sys.modules["newcomer"]
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.2.2", "1.5.1"])
def test_what_freezegun_notes_before_changes_no_verdict(
    version: str, tiny_target: Callable[..., Target], store: Store, own_store: Store
) -> None:
    files = {
        "tiny/clock.py": CLOCK, "tiny/shy.py": SHY, "tests/test_clock.py": FREEZING,
    }  # fmt: skip
    target = tiny_target(files, dependencies=("pytest", f"freezegun=={version}"))
    environment = environment_of(target)
    baseline = baseline_of(target, environment, store)
    assert len(baseline.passing) >= 8
    auto = AutoEngine(target, environment, baseline, own_store)
    ways = same_verdicts(auto, "tiny/clock.py", A_SECOND, ANOTHER_DAY, ANOTHER_TIME)
    assert ways == ["swap", "swap", "reimport"]
