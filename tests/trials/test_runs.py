"""Running a suite: what counts as one result, what is shut out, what is left over."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.condition import CONDITIONS
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import open_slot

TrySuite = Callable[..., Trial]

KINDS = """\
import unittest
import pytest

class TestUnit(unittest.TestCase):
    def test_passes(self): pass
    def test_fails(self): self.fail("no")
    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)
    @unittest.skip("not now")
    def test_skipped(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.fail("no")

@pytest.mark.parametrize("word", ["a b", "ü", "x::y", "[z]"])
def test_words(word): assert word

@pytest.mark.xfail
def test_xfail(): assert False

@pytest.mark.xfail
def test_xpass(): pass

@pytest.mark.xfail(strict=True)
def test_strict_xpass(): pass

@pytest.fixture
def bad_setup(): raise RuntimeError("set-up")

@pytest.fixture
def bad_teardown():
    yield
    raise RuntimeError("tear-down")

def test_setup(bad_setup): pass
def test_teardown(bad_teardown): pass
def test_skip(): pytest.skip("not here")
"""
OUTCOMES = {
    "TestUnit::test_passes": "passed",
    "TestUnit::test_fails": "failed",
    "TestUnit::test_subtests": "failed",
    "TestUnit::test_skipped": "skipped",
    "TestUnit::test_expected": "xfailed",
    r"test_words[a b]": "passed",
    r"test_words[\xfc]": "passed",
    r"test_words[x::y]": "passed",
    r"test_words[[z]]": "passed",
    "test_xfail": "xfailed",
    "test_xpass": "xpassed",
    "test_strict_xpass": "failed",
    "test_setup": "failed",
    "test_teardown": "failed",
    "test_skip": "skipped",
}


def test_every_kind_of_test_has_one_result(try_suite: TrySuite) -> None:
    trial = try_suite({"tests/test_kinds.py": KINDS})
    prefix = "tests/test_kinds.py::"
    found = {
        name.removeprefix(prefix): test.outcome
        for name, test in trial.tests.items()
        if name.startswith(prefix)
    }
    assert found == OUTCOMES
    assert trial.complete


CONFIGURATIONS: dict[str, dict[str, str]] = {
    "-x in addopts": {"pytest.ini": "[pytest]\naddopts = -x\n"},
    "--maxfail in addopts": {"pytest.ini": "[pytest]\naddopts = --maxfail=1\n"},
    "-q in addopts": {"pytest.ini": "[pytest]\naddopts = -q -q\n"},
    "no cache": {"pytest.ini": "[pytest]\naddopts = -p no:cacheprovider\n"},
    "strict, no cache": {"pytest.ini": "[pytest]\naddopts = --strict-config -p no:cacheprovider\n"},
    "strict": {"pytest.ini": "[pytest]\naddopts = --strict-config --strict-markers\n"},
    "warnings are errors": {"pytest.ini": "[pytest]\nfilterwarnings = error\n"},
    "conftest at the root": {"conftest.py": "import tiny.prices\n"},
    "conftest beside the tests": {"tests/conftest.py": "import tiny.prices\n"},
    "tests are a package": {"tests/__init__.py": ""},
    "importlib mode": {"pytest.ini": "[pytest]\naddopts = --import-mode=importlib\n"},
    "no configuration": {"pyproject.toml": '[project]\nname = "tiny"\nversion = "1.0"\n'},
    "own log and report options": {"pytest.ini": "[pytest]\naddopts = -ra --tb=no -s\n"},
}
TWO_FAIL = {
    "tiny/labels.py": """\
def label(name, street): return f"{name} {street}"
def parcel(name, street): return f"[{label(name, street)}]"
def size(grams): return "small" if grams < 500 else "medium" if grams < 2000 else "large"
"""
}


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_a_projects_configuration_does_not_change_what_is_seen(
    case: str, try_suite: TrySuite
) -> None:
    trial = try_suite({**CONFIGURATIONS[case], **TWO_FAIL})
    assert trial.ending == "finished", trial.log
    assert trial.failing() == (
        "tests/test_labels.py::test_label",
        "tests/test_labels.py::test_parcel",
    )
    assert len(trial.passing()) == 6
    assert trial.complete


def test_a_run_stops_after_enough_failures_and_says_so(try_suite: TrySuite) -> None:
    trial = try_suite(TWO_FAIL, Suite(maxfail=1))
    assert len(trial.failing()) == 1
    assert trial.ending == "finished"
    assert not trial.complete


def test_a_run_with_fewer_failures_than_the_limit_is_complete(try_suite: TrySuite) -> None:
    assert try_suite(TWO_FAIL, Suite(maxfail=3)).complete


NETWORK = {
    "connect": "socket.create_connection(('192.0.2.1', 80), timeout=60)",
    "connect to a name": "socket.create_connection(('example.com', 80), timeout=60)",
    "look up": "socket.getaddrinfo('example.com', 80)",
    "look up by name": "socket.gethostbyname('example.com')",
    "urlopen": "urllib.request.urlopen('http://example.com/', timeout=60)",
    "datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 53))",
    "asyncio": "asyncio.run(asyncio.open_connection('192.0.2.1', 80))",
    "IPv6": "socket.create_connection(('2001:db8::1', 80), timeout=60)",
}


def test_calls_that_leave_the_machine_fail_at_once_and_are_noted(try_suite: TrySuite) -> None:
    body = "\n".join(
        f"def test_{number}():\n    with pytest.raises(OSError): {call}\n"
        for number, call in enumerate(NETWORK.values())
    )
    source = f"import asyncio, socket, urllib.request\nimport pytest\n{body}"
    trial = try_suite({"tests/test_net.py": source})
    for number, case in enumerate(NETWORK):
        test = trial.tests[f"tests/test_net.py::test_{number}"]
        assert (test.outcome, test.network, test.seconds < 3) == ("passed", True, True), case


LOCAL = """\
import asyncio, socket, threading

def test_loopback():
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    client.close(); server.close()

def test_localhost_by_name():
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(("localhost", server.getsockname()[1])).close()
    server.close()

def test_pair():
    for end in socket.socketpair(): end.close()

def test_event_loop():
    asyncio.run(asyncio.sleep(0))

def test_numeric_lookup():
    assert socket.getaddrinfo("192.0.2.1", 80)
"""


def test_what_stays_on_the_machine_works_and_is_not_noted(try_suite: TrySuite) -> None:
    trial = try_suite({"tests/test_local.py": LOCAL})
    tests = [test for name, test in trial.tests.items() if "test_local" in name]
    assert [(test.outcome, test.network) for test in tests] == [("passed", False)] * 5


def test_a_planted_control_test_fails(try_suite: TrySuite) -> None:
    trial = try_suite(suite=Suite(control="test_must_fail_x1"))
    (name,) = trial.failing()
    assert name.endswith("::test_must_fail_x1")
    assert len(trial.passing()) == 8


SKIPPED = "import pytest\npytestmark = pytest.mark.skip\n\ndef test_no(): pass\n"
TORN_DOWN = """\
import pytest

@pytest.fixture(scope="session", autouse=True)
def pool():
    yield
    raise RuntimeError("not closed")
"""


@pytest.mark.parametrize("name", ["tests/test_aaa.py", "tests/test_zzz.py"])
def test_a_skipped_module_does_not_skip_the_control(name: str, try_suite: TrySuite) -> None:
    trial = try_suite({name: SKIPPED}, Suite(control="test_must_fail_x1"))
    assert [test.rsplit("::")[-1] for test in trial.failing()] == ["test_must_fail_x1"]


def test_the_control_does_not_move_what_the_tear_down_of_the_session_fails(
    try_suite: TrySuite,
) -> None:
    files = {"tests/conftest.py": TORN_DOWN}
    without = try_suite(files)
    trial = try_suite(files, Suite(control="test_must_fail_x1"))
    assert len(without.failing()) == 1
    assert {name for name in trial.failing() if "must_fail" not in name} == {*without.failing()}


def test_a_conftest_that_turns_failures_green_is_shown_up_by_the_control(
    try_suite: TrySuite,
) -> None:
    cheat = """\
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    outcome.get_result().outcome = "passed"
"""
    trial = try_suite({"conftest.py": cheat}, Suite(control="test_must_fail_x1"))
    assert not any(name.endswith("::test_must_fail_x1") for name in trial.failing())


def test_left_out_tests_and_ignored_files_do_not_run(try_suite: TrySuite) -> None:
    files = {
        "tests/test_bad.py": "import no_such_module\n",
        "tests/test_words.py": "import pytest\n\n"
        '@pytest.mark.parametrize("word", ["a b", "c"])\ndef test_word(word): pass\n',
    }
    suite = Suite(
        left_out=("tests/test_words.py::test_word[a b]", "tests/test_prices.py::test_total"),
        ignored_files=("tests/test_bad.py",),
    )
    trial = try_suite(files, suite, deselect=("tests/test_labels.py::test_size",))
    assert trial.ending == "finished"
    assert len(trial.passing()) == 7
    assert "tests/test_words.py::test_word[c]" in trial.tests
    assert not {*suite.left_out, "tests/test_labels.py::test_size"} & set(trial.tests)


def test_only_the_named_tests_run(try_suite: TrySuite) -> None:
    only = ("tests/test_prices.py::test_total", "tests/test_labels.py")
    assert len(try_suite(suite=Suite(only=only)).passing()) == 4


def counts(lines: dict[int, int]) -> dict[int, int]:
    """How many tests there are in each set."""
    return {line: tests.bit_count() for line, tests in lines.items()}


def test_coverage_names_the_lines_that_tests_run(try_suite: TrySuite) -> None:
    trial = try_suite(suite=Suite(coverage=True))
    assert counts(trial.covered["tiny/prices.py"]) == {6: 1, 11: 3, 12: 1, 13: 2, 18: 1}
    assert {file for file, lines in trial.covered.items() if lines} == {
        "tiny/prices.py",
        "tiny/labels.py",
    }


def test_the_users_environment_stays_outside(
    try_suite: TrySuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("SECRET_TOKEN", "x")
    source = """\
import os
from pathlib import Path

def test_environment():
    assert "SECRET_TOKEN" not in os.environ and "PYTHONPATH" not in os.environ
    assert list(Path.home().iterdir()) == []
"""
    assert (
        "tests/test_env.py::test_environment" in try_suite({"tests/test_env.py": source}).passing()
    )


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_a_condition_reaches_the_tests(condition: Any, try_suite: TrySuite) -> None:
    source = f"""\
import glob, os, sys, time
from pathlib import Path

HERE = os.path.dirname(__file__)
NAMES = ["test_condition.py", "test_labels.py", "test_prices.py"]
if {condition.reverse_listing}:
    NAMES.reverse()

def names(listing):
    return [os.path.basename(name) for name in listing if str(name).endswith(".py")]

def test_environment():
    assert os.environ["PYTHONHASHSEED"] == "{condition.hash_seed}"
    zone = {{"UTC": "UTC", "Asia/Kolkata": "IST", "America/New_York": "EST"}}[os.environ["TZ"]]
    assert time.tzname[0] == zone
    assert os.environ["TZ"] == "{condition.time_zone}"
    assert "/{condition.folder}/tree/tests" in __file__

def test_listdir(): assert names(os.listdir(HERE)) == NAMES
def test_iterdir(): assert names(Path(HERE).iterdir()) == NAMES
def test_walk():
    assert names(next(os.walk(HERE))[2]) == NAMES or not {condition.reverse_listing}
def test_scandir():
    with os.scandir(HERE) as listing:
        found = names(entry.name for entry in listing)
    assert found == NAMES or not {condition.reverse_listing}
"""
    trial = try_suite({"tests/test_condition.py": source}, condition=condition)
    assert trial.failing() == (), [trial.tests[name].message for name in trial.failing()]


def test_nothing_of_the_process_group_is_left_running(try_suite: TrySuite, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    source = f"""\
import subprocess, sys
from pathlib import Path

def test_leaves_a_process():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path({str(note)!r}).write_text(str(child.pid))
"""
    assert (
        "tests/test_child.py::test_leaves_a_process"
        in try_suite({"tests/test_child.py": source}).passing()
    )
    assert _ends(int(note.read_text()))


def test_a_hanging_suite_takes_its_children_along(try_suite: TrySuite, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    source = f"""\
import subprocess, sys
from pathlib import Path

def test_waits():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path({str(note)!r}).write_text(str(child.pid))
    child.wait()
"""
    trial = try_suite({"tests/test_child.py": source}, suite_limit_s=4.0, test_limit_s=60.0)
    assert trial.ending == "timeout"
    assert _ends(int(note.read_text()))


def _ends(pid: int) -> bool:
    """Whether a process is gone, or dead and waiting for whoever adopted it, within 5 s."""
    for _ in range(50):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False


def test_a_forked_test_process_does_not_report_twice(try_suite: TrySuite) -> None:
    source = """\
import os

def test_forks():
    child = os.fork()
    if child == 0:
        raise RuntimeError("only in the child")
    os.waitpid(child, 0)
"""
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    trial = try_suite({"tests/test_fork.py": source})
    assert (trial.ending, "tests/test_fork.py::test_forks" in trial.passing()) == ("finished", True)


def test_progress_is_told_while_a_suite_runs(
    tiny_target: Callable[..., Target], environment: Environment
) -> None:
    slow = "import time\n" + "".join(f"def test_{n}(): time.sleep(0.4)\n" for n in range(4))
    told: list[tuple[int, int]] = []
    with open_slot(tiny_target({"tests/test_slow.py": slow}), environment) as slot:
        slot.sync({})
        run_suite(slot, Suite(), watch=lambda done, total: told.append((done, total)))
    assert told == sorted(told) and any(0 < done < 12 and total == 12 for done, total in told)
