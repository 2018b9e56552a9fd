"""What is recorded of a run of the tests, however it was started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recording.conftest import ONE_TEST, Desk
from tests.tiny_files import TINY_TESTS

Run = Callable[..., subprocess.CompletedProcess[str]]


def bugbash_test(desk: Desk) -> list[str]:
    return [sys.executable, "-m", "bugbash", "test"]


def launcher(desk: Desk) -> list[str]:
    name = "Scripts/pytest.cmd" if os.name == "nt" else "bin/pytest"
    return [str(desk.folder / ".venv" / name)]


WAYS: dict[str, tuple[Callable[[Desk], list[str]], str]] = {
    "pytest": (launcher, "pytest"),
    "python -m pytest": (lambda desk: desk.command(), "pytest"),
    "bugbash test": (bugbash_test, "test"),
}


@pytest.mark.parametrize(("way", "via"), WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("inside", [".", "tests"])
def test_every_way_to_run_the_tests_is_recorded(
    way: Callable[[Desk], list[str]], via: str, inside: str, desk: Desk
) -> None:
    desk.pytest(command=way(desk), inside=inside, code=1)
    (run,) = desk.timeline.runs
    assert (run.via, run.inside, run.exit) == (via, inside, 1)
    assert sorted(run.tests) == sorted(TINY_TESTS)
    assert run.failed == {ONE_TEST}
    assert run.passed == set(TINY_TESTS) - {ONE_TEST}
    assert run.durations.keys() == set(TINY_TESTS)
    assert run.messages[ONE_TEST].startswith("AssertionError: assert")
    assert run.ended_at is not None
    assert run.ended_at >= run.at
    assert run.tree == desk.timeline.start_tree


def test_arguments_are_recorded_without_where_the_workspace_lies(desk: Desk) -> None:
    path = f"{desk.folder}{os.sep}{ONE_TEST}"
    desk.pytest("-q", path, f"--rootdir={desk.folder}", code=1)
    (run,) = desk.timeline.runs
    assert run.arguments == ("-q", f".{os.sep}{ONE_TEST}", "--rootdir=.")
    assert run.tests == (ONE_TEST,)


def test_a_root_below_the_workspace_changes_no_id(desk: Desk) -> None:
    desk.write("tests/pytest.ini", "[pytest]\n")
    desk.pytest("test_labels.py", inside="tests", env={"PYTHONPATH": str(desk.folder)}, code=1)
    (run,) = desk.timeline.runs
    assert run.failed == {ONE_TEST}


def test_xdist_is_one_run_with_every_outcome(desk: Desk) -> None:
    pytest.importorskip("xdist")
    both = os.pathsep.join([str(desk.packages), str(desk.folder)])
    command = [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider"]
    desk.pytest(command=command, env={"PYTHONPATH": both}, code=1)
    (run,) = desk.timeline.runs
    assert sorted(run.tests) == sorted(TINY_TESTS)
    assert run.failed == {ONE_TEST}
    assert run.outcomes.keys() == run.durations.keys() == set(TINY_TESTS)


NO_RUNS: dict[str, tuple[str, ...]] = {
    "plugin off": ("-p", "no:bugbash"),
    "collect only": ("--collect-only", "-q"),
    "set-up only": ("--setup-only",),
    "set-up plan": ("--setup-plan",),
    "fixtures": ("--fixtures",),
    "markers": ("--markers",),
    "help": ("--help",),
    "version": ("--version",),
    "an option that does not exist": ("--no-such-option",),
}


@pytest.mark.parametrize("words", NO_RUNS.values(), ids=NO_RUNS)
def test_what_runs_no_test_is_no_run(words: tuple[str, ...], desk: Desk) -> None:
    done = desk.pytest(*words)
    assert "bugbash:" not in done.stderr
    assert desk.timeline.runs == ()


def test_the_tests_of_something_else_are_no_run(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "test_other.py").write_text("def test_other(): pass\n", "utf-8")
    desk.pytest(str(other), inside="../other", code=0)
    assert desk.timeline.runs == ()


def test_pytest_inside_a_test_is_no_run(desk: Desk) -> None:
    text = """\
import subprocess
import sys

import pytest

def test_in_this_process(tmp_path):
    (tmp_path / "test_it.py").write_text("def test_it(): pass")
    assert pytest.main(["-q", "-p", "no:cacheprovider", "tests/test_prices.py"]) == 0

def test_in_another():
    words = [sys.executable, "-m", "pytest", "-q", "tests/test_prices.py"]
    assert subprocess.call(words) == 0
"""
    desk.write("tests/test_nested.py", text)
    desk.pytest("tests/test_nested.py", code=0)
    (run,) = desk.timeline.runs
    assert [test.rpartition("::")[2] for test in run.tests] == [
        "test_in_this_process",
        "test_in_another",
    ]


def test_no_tests_selected_is_a_run_of_none(desk: Desk) -> None:
    desk.pytest("-k", "nothing_is_called_so", code=5)
    (run,) = desk.timeline.runs
    assert (run.exit, run.tests, run.outcomes) == (5, (), {})


@pytest.mark.parametrize("words", [(), ("-n", "2")], ids=["plain", "xdist"])
def test_a_conftest_that_can_not_be_imported_is_an_error_under_its_path(
    words: tuple[str, ...], desk: Desk
) -> None:
    if words:
        pytest.importorskip("xdist")
    desk.write("tests/conftest.py", "import no_such_module_at_all\n")
    both = os.pathsep.join([str(desk.packages), str(desk.folder)])
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    desk.pytest(command=command, env={"PYTHONPATH": both}, code=4)
    (run,) = desk.timeline.runs
    assert (run.exit, run.tests) == (4, ("tests/conftest.py",))
    assert run.outcomes == {"tests/conftest.py": "error"}
    assert "no_such_module_at_all" in run.messages["tests/conftest.py"]


def test_a_file_that_can_not_be_imported_is_an_error_under_its_path(desk: Desk) -> None:
    desk.write("tests/test_labels.py", "import no_such_module\n")
    desk.pytest(code=2)
    (run,) = desk.timeline.runs
    assert run.failed == {"tests/test_labels.py"}
    assert "no_such_module" in str(run.messages)


OUTCOMES = """\
import pytest

class TestInAClass:
    @pytest.mark.parametrize("word", ["plain", "a b", "a::b", "[x]", "käse", "\\n", "x" * 999])
    def test_words(self, word):
        assert word != "a::b"

@pytest.fixture
def broken():
    raise RuntimeError("not set up")

@pytest.fixture
def breaks():
    yield
    raise RuntimeError("not torn down")

def test_setup(broken): pass
def test_teardown(breaks): pass
def test_skipped(): pytest.skip("not today")
@pytest.mark.xfail
def test_xfailed(): assert 0
@pytest.mark.xfail
def test_xpassed(): pass
@pytest.mark.xfail(strict=True)
def test_strict(): pass
"""


def test_outcomes_ids_and_durations_are_complete(desk: Desk) -> None:
    desk.write("tests/test_outcomes.py", OUTCOMES)
    desk.pytest("tests/test_outcomes.py", code=1)
    (run,) = desk.timeline.runs
    short = {test.rpartition("::test_")[2]: what for test, what in run.outcomes.items()}
    assert len(run.tests) == len(set(run.tests)) == 13
    assert run.outcomes.keys() == run.durations.keys() == set(run.tests)
    words = {name: what for name, what in short.items() if name.startswith("words[")}
    assert len(words) == 7
    assert [name for name, what in words.items() if what == "failed"] == ["words[a::b]"]
    assert {name: what for name, what in short.items() if name not in words} == {
        "setup": "error",
        "teardown": "error",
        "skipped": "skipped",
        "xfailed": "xfailed",
        "xpassed": "xpassed",
        "strict": "failed",
    }


def test_a_test_is_red_when_one_of_its_subtests_is(desk: Desk) -> None:
    text = """\
import time
import unittest

class Table(unittest.TestCase):
    def test_rows(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertNotEqual(n, 1)

    def test_other(self):
        pass
"""
    desk.write("tests/test_table.py", text)
    desk.pytest("tests/test_table.py", code=1)
    (run,) = desk.timeline.runs
    assert run.failed == {"tests/test_table.py::Table::test_rows"}
    assert run.passed == {"tests/test_table.py::Table::test_other"}


def test_a_test_that_was_interrupted_has_no_outcome(desk: Desk) -> None:
    desk.write("tests/test_stop.py", "def test_stop(): raise KeyboardInterrupt\n")
    desk.pytest("tests/test_prices.py", "tests/test_stop.py", code=2)
    (run,) = desk.timeline.runs
    assert run.exit == 2
    assert "tests/test_stop.py::test_stop" in run.tests
    assert "tests/test_stop.py::test_stop" not in run.outcomes
    assert len(run.passed) == 5


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9")
def test_a_killed_run_is_known_up_to_its_last_whole_event(desk: Desk) -> None:
    text = "import os, signal\ndef test_kill(): os.kill(os.getpid(), signal.SIGKILL)\n"
    desk.write("tests/test_z.py", text)
    desk.pytest(code=-signal.SIGKILL)
    (run,) = desk.timeline.runs
    assert (run.ended_at, run.exit) == (None, None)
    assert run.failed == {ONE_TEST}
    desk.pytest(ONE_TEST, code=1)
    assert [run.exit for run in desk.timeline.runs] == [None, 1]
    assert desk.timeline.altered == 0


def test_two_runs_at_once_are_two_runs(desk: Desk) -> None:
    calls = [
        subprocess.Popen(
            desk.command("-q", *words),
            cwd=desk.folder,
            env=desk.environment(),
            stdout=subprocess.DEVNULL,
        )
        for words in [(), ("tests/test_prices.py",), (), ("tests/test_labels.py",)]
    ]
    assert [call.wait(120) for call in calls] == [1, 0, 1, 1]
    timeline = desk.timeline
    assert sorted(len(run.outcomes) for run in timeline.runs) == [3, 5, 8, 8]
    assert (timeline.altered, timeline.cut) == (0, 0)


def test_the_tree_of_each_run_is_as_it_was_when_it_began(desk: Desk) -> None:
    desk.pytest("-q", code=1)
    old = (desk.folder / "tiny/labels.py").read_bytes()
    desk.write("tiny/labels.py", old + b"# a thought\n")
    desk.write("tests/test_new.py", "def test_new(): open('made.txt', 'w').write('x')\n")
    desk.pytest("-q", code=1)
    desk.pytest("-q", code=1)
    first, second, third = desk.timeline.runs
    seen = desk.timeline.snapshots
    assert seen.changed(first.tree, second.tree) == ("tests/test_new.py", "tiny/labels.py")
    assert seen.read(first.tree, "tiny/labels.py") == old
    assert seen.read(second.tree, "tiny/labels.py") == old + b"# a thought\n"
    assert seen.changed(second.tree, third.tree) == ("made.txt",)


def test_git_sees_nothing_of_the_recording(desk: Desk) -> None:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=desk.folder, capture_output=True, text=True)
        return done.stdout

    def state() -> list[str | bytes]:
        index = (desk.folder / ".git/index").read_bytes()
        return [git("status", "--short"), git("log", "--all"), git("stash", "list"), index]

    git("status")
    before = state()
    desk.pytest(code=1)
    assert state() == before


HISTORIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "rewritten": (
        ("git", "commit", "-q", "--amend", "-m", "mine"),
        ("git", "reflog", "expire", "--all"),
    ),
    "branches": (("git", "checkout", "-q", "-b", "x"), ("git", "branch", "-D", "main")),
    "deleted": ((sys.executable, "-c", "import shutil; shutil.rmtree('.git')"),),
    "another": (("git", "init", "-q", "other"),),
}


@pytest.mark.parametrize("commands", HISTORIES.values(), ids=HISTORIES)
def test_nothing_depends_on_the_learners_history(
    commands: tuple[tuple[str, ...], ...], desk: Desk
) -> None:
    for words in commands:
        subprocess.run(words, cwd=desk.folder, capture_output=True)
    desk.pytest(code=1)
    (run,) = desk.timeline.runs
    assert desk.timeline.snapshots.changed(desk.timeline.start_tree, run.tree) == ()


def test_size_stays_small(desk: Desk) -> None:
    text = (
        "import pytest\n@pytest.mark.parametrize('n', range(1000))\ndef test_n(n): assert n % 99\n"
    )
    desk.write("tests/test_thousand.py", text)

    def run(count: int) -> int:
        desk.write("tiny/labels.py", f"# edit {count}\n" * 200)
        desk.pytest("-q", "tests/test_thousand.py", code=1)
        return sum(path.stat().st_size for path in desk.home.rglob("*") if path.is_file())

    sizes = [run(count) for count in range(3)]
    assert [len(run.outcomes) for run in desk.timeline.runs] == [1000] * 3
    assert (sizes[2] - sizes[1]) * 400 < 8_000_000
