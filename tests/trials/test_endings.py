"""How a run can end, and what that makes of the mutant: no outcome is folded into another."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.files import remove_tree
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import OUTCOMES, Trial, outcome_of, trial_of
from bugbash.trials.slot import open_slot

TrySuite = Callable[..., Trial]

PRICES = "tiny/prices.py"
REST = """

def discounted(price, percent):
    if percent < 0:
        raise ValueError
    return price - price * percent // 100

def is_free(price, limit):
    return price >= limit
"""


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for Python")
def test_a_python_that_does_not_start_is_no_verdict(
    tiny_target: Callable[..., Target], environment: Environment
) -> None:
    with open_slot(tiny_target({"tiny/more.py": "X = 1\n"}), environment) as slot:
        slot.python.unlink()
        slot.python.write_text("#!/bin/sh\necho no libpython >&2\nexit 127\n")
        slot.python.chmod(0o755)
        with pytest.raises(EnvironmentProblem, match="no libpython"):
            run_suite(slot, Suite())
        remove_tree(slot.folder)


def total(body: str, before: str = "") -> dict[str, str]:
    """The tiny project's prices with another body of `total`."""
    return {PRICES: f"{before}\ndef total(prices):\n    {body}\n{REST}"}


ENDINGS: dict[str, tuple[dict[str, str], dict[str, Any], str, str]] = {
    "right code": (total("return sum(prices)"), {}, "finished", "survived"),
    "wrong value": (total("return sum(prices) + 1"), {}, "finished", "killed"),
    "error in a function": (total("return missing"), {}, "finished", "killed"),
    "sys.exit in a test": (total("raise SystemExit(0)"), {}, "finished", "killed"),
    "one test hangs": (total("while True: pass"), {"test_limit_s": 1.0}, "finished", "killed"),
    "the suite hangs": (total("while True: pass"), {"suite_limit_s": 3.0}, "timeout", "timeout"),
    "hang at import": (
        total("return 6", "while True: pass"),
        {"suite_limit_s": 3.0},
        "timeout",
        "timeout",
    ),
    "exit in a test": (total("import os; os._exit(0)"), {}, "died", "died"),
    "signal in a test": (total("import os; os.kill(os.getpid(), 9)"), {}, "died", "died"),
    "exit at import": (total("return 6", "import os; os._exit(0)"), {}, "died", "died"),
    "sys.exit at import": (total("return 6", "raise SystemExit(0)"), {}, "invalid", "invalid"),
    "syntax error": ({PRICES: "def total(:\n"}, {}, "invalid", "invalid"),
    "import error": (total("return 6", "import no_such_module"), {}, "invalid", "invalid"),
    "name error at import": (total("return 6", "missing"), {}, "invalid", "invalid"),
    "import error in a root conftest": (
        {"conftest.py": "import tiny.prices\n", PRICES: "import no_such_module\n"},
        {},
        "invalid",
        "invalid",
    ),
    "no tests at all": (
        {"tests/test_prices.py": "", "tests/test_labels.py": ""},
        {},
        "invalid",
        "invalid",
    ),
    "unknown pytest option": (
        total("return 6"),
        {"pytest_args": ("--no-such-option",)},
        "invalid",
        "invalid",
    ),
    "internal error while tests run": (
        {"conftest.py": "def pytest_runtest_logfinish(): raise RuntimeError('hook')\n"},
        {},
        "error",
        "error",
    ),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_a_run_ends_as_its_code_makes_it(case: str, try_suite: TrySuite) -> None:
    changes, spec, ending, outcome = ENDINGS[case]
    trial = try_suite(changes, **{"test_limit_s": 20.0, **spec})
    assert (trial.ending, outcome_of(trial)) == (ending, outcome), trial.log


def test_the_table_has_every_outcome() -> None:
    assert {outcome for *_, outcome in ENDINGS.values()} == set(OUTCOMES)


def test_a_hanging_test_fails_is_marked_and_lets_the_others_run(try_suite: TrySuite) -> None:
    trial = try_suite(total("while True: pass"), test_limit_s=1.0)
    assert trial.failing() == ("tests/test_prices.py::test_total",)
    assert trial.tests["tests/test_prices.py::test_total"].timed_out
    assert len(trial.passing()) == 7
    assert trial.complete


def test_an_ordinary_failure_is_not_marked_as_timed_out(try_suite: TrySuite) -> None:
    trial = try_suite(total("raise ValueError('Timeout of the shop')"))
    assert not trial.tests["tests/test_prices.py::test_total"].timed_out


SAID = {
    "Failed: Timeout (>1.0s) from pytest-timeout.": True,
    "Failed: Timeout >1.0s": True,
    "Timeout >20.0s": True,
    "AssertionError: Timeout (>1.0s) from pytest-timeout.": False,
    "TimeoutError: Timeout >1.0s": False,
}


@pytest.mark.parametrize("message", SAID)
def test_the_words_of_every_pytest_timeout_are_known(message: str) -> None:
    fact = {"test": "t", "seconds": 1.0, "outcome": "failed", "message": message}
    trial = trial_of([fact, {"exit": 1}], "finished", 1.0, "")
    assert trial.tests["t"].timed_out is SAID[message]


def test_a_failure_says_what_and_where(try_suite: TrySuite) -> None:
    test = try_suite(total("return missing")).tests["tests/test_prices.py::test_total"]
    assert "name 'missing' is not defined" in test.message
    assert test.where == "tiny/prices.py:3"
    assert test.trace == ("tests/test_prices.py:7", "tiny/prices.py:3")


@pytest.mark.parametrize("kill", ["os._exit(7)", "os.kill(os.getpid(), 9)"])
def test_a_run_that_dies_keeps_what_it_had_and_blames_the_running_test(
    kill: str, try_suite: TrySuite
) -> None:
    trial = try_suite(
        {
            "tests/test_a.py": "def test_before(): pass\n",
            "tests/test_b.py": f"import os\ndef test_dies(): {kill}\ndef test_after(): pass\n",
        }
    )
    assert trial.ending == "died"
    assert trial.passing() == ("tests/test_a.py::test_before",)
    assert trial.failing() == ("tests/test_b.py::test_dies",)
    assert "tests/test_b.py::test_after" in trial.collected
    assert not trial.complete


def test_a_suite_past_its_limit_keeps_what_it_had(try_suite: TrySuite) -> None:
    files = {"tests/test_a.py": "import time\ndef test_a(): pass\ndef test_b(): time.sleep(60)\n"}
    trial = try_suite(files, suite_limit_s=3.0, test_limit_s=60.0)
    assert trial.ending == "timeout"
    assert trial.passing() == ("tests/test_a.py::test_a",)
    assert trial.seconds < 20


def test_broken_files_are_named_with_their_last_words(try_suite: TrySuite) -> None:
    trial = try_suite({PRICES: "import no_such_module\n"}, Suite(keep_going=True))
    assert list(trial.broken) == ["tests/test_prices.py"]
    assert "no_such_module" in trial.broken["tests/test_prices.py"]
    assert len(trial.passing()) == 3
    assert trial.ending == "finished"


def test_a_run_that_ends_oddly_has_the_end_of_its_log(try_suite: TrySuite) -> None:
    assert "--no-such-option" in try_suite(pytest_args=("--no-such-option",)).log
