"""A bug is served only if it breaks the same few tests in every condition."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from bugbash.serving.proving import Proof, Rejection, prove
from bugbash.trials.outcome import Trial
from bugbash.trials.scan import Engine

EngineOf = Callable[..., Engine]
PRICES = "tiny/prices.py"
TOTAL = "tests/test_prices.py::test_total"


def changes(engine: Engine, body: str) -> dict[str, bytes]:
    source = (engine.target.tree / PRICES).read_bytes()
    assert source.count(b"return sum(prices)") == 1
    return {PRICES: source.replace(b"return sum(prices)", body.encode())}


def only(condition: str) -> str:
    return f"import os, time; return sum(prices) + bool({condition})"


HERE = "os.path.dirname(__file__)"
VARIES = "survived|other tests fail in condition"
REJECTED = {
    "only in one time zone": (only("time.timezone == 18000"), "survived"),
    "not in one time zone": (only("time.timezone != 18000"), "survived"),
    "at other times of day": (only("time.localtime(0).tm_hour > 12"), "survived"),
    "only with one hash seed": (only("os.environ['PYTHONHASHSEED'] == '0'"), "survived"),
    "by the order of a set": (only("hash('a') % 3 == 0 or hash('b') % 3 == 0"), VARIES),
    "by the listing's order": (only(f"os.listdir({HERE}) == sorted(os.listdir({HERE}))"), VARIES),
    "against the order": (only(f"os.listdir({HERE}) > sorted(os.listdir({HERE}))"), VARIES),
    "by the locale": (only("os.environ['LC_ALL'] == 'C.UTF-8'"), "survived"),
    "by the folder": (only("'/one/' in __file__"), "survived"),
    "other tests elsewhere": (
        "import time; return sum(prices) + (len(prices) == (1 if time.timezone else 3))",
        "other tests fail in condition 'kolkata'"),
    "nothing fails": ("return sum(list(prices))", "survived"),
    "it can't be imported": ("return sum(prices", "invalid"),
    "it ends the process": ("import os; os._exit(0)", "died"),
    "it hangs": ("while True: pass", "hangs, leaves the machine"),
    "it writes into the project": (
        "open('total.txt', 'w').close(); return sum(prices) + 1",
        "hangs, leaves the machine, writes into the project"),
    "it leaves the machine": (
        "import socket; socket.gethostbyname('a.example')", "hangs, leaves the machine"),
}  # fmt: skip
TWO = {"tests/test_one.py": """\
from tiny.prices import total
def test_total_of_one(): assert total([4]) == 4
"""}  # fmt: skip
MANY = {"tests/test_many.py": """\
import pytest
from tiny.prices import total
@pytest.mark.parametrize("n", range(10))
def test_many(n): assert total([n]) == n
"""}  # fmt: skip


@pytest.mark.parametrize("case", REJECTED)
def test_what_does_not_fail_alike_everywhere_is_rejected(case: str, engine_of: EngineOf) -> None:
    body, why = REJECTED[case]
    engine = engine_of(TWO, test_limit_s=2.0)
    found = prove(engine, changes(engine, body))
    assert isinstance(found, Rejection), found
    assert re.match(why, found.why), found.why


@pytest.mark.parametrize(("most", "proved"), [(10, False), (11, True)])
def test_a_bug_breaks_at_most_so_many_tests(most: int, proved: bool, engine_of: EngineOf) -> None:
    engine = engine_of(MANY)
    found = prove(engine, changes(engine, "return sum(prices) + 1"), most)
    if proved:
        assert isinstance(found, Proof)
        assert len(found.fail_to_pass) == 11
    else:
        assert found == Rejection("breaks more than 10 tests")


class CountingEngine(Engine):
    """Counts its runs; everything else is the engine's own."""

    runs = 0

    def run(self, *args: Any, **kwargs: Any) -> Trial:
        self.runs += 1
        return super().run(*args, **kwargs)


def test_a_proof_names_the_tests_with_what_they_said_and_is_kept(engine_of: EngineOf) -> None:
    engine = engine_of(kind=CountingEngine)
    assert isinstance(engine, CountingEngine)
    broken = changes(engine, "return sum(prices) + 1")
    found = prove(engine, broken)
    assert isinstance(found, Proof)
    assert found.fail_to_pass == (TOTAL,)
    assert "assert 7 == 6" in found.failures[TOTAL].message
    assert engine.runs == 3
    assert prove(engine, broken) == found
    assert engine.runs == 3


def test_a_rejection_is_kept_and_needs_one_run(engine_of: EngineOf) -> None:
    engine = engine_of(kind=CountingEngine)
    assert isinstance(engine, CountingEngine)
    broken = changes(engine, "return sum(list(prices))")
    assert prove(engine, broken) == prove(engine, broken) == Rejection("survived")
    assert engine.runs == 1
