"""Suites that take the ground from under a recorder, and recorders that can't write."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recording.conftest import ONE_TEST, Desk

PATCHES = {
    "builtins.open": "monkeypatch.setattr('builtins.open', None)",
    "os.open": "monkeypatch.setattr(os, 'open', None)",
    "os.write": "monkeypatch.setattr(os, 'write', lambda *a: 0)",
    "os.getpid": "monkeypatch.setattr(os, 'getpid', lambda: 1)",
    "time": "monkeypatch.setattr(time, 'time', lambda: 0)",
    "time, for good": "time.time = time.monotonic = time.perf_counter = lambda: 1e12",
    "clock_gettime, for good": "time.clock_gettime = None",
    "json": "monkeypatch.setattr(json, 'dumps', None)",
    "os, for good": "os.getpid = lambda: 1; os.write = lambda *a: 0",
    "chdir": "os.chdir(tmp_path)",
    "cwd deleted": "os.chdir(tmp_path); shutil.rmtree(tmp_path)",
    "environment": "monkeypatch.setattr(os, 'environ', {})",
    "stderr": "monkeypatch.setattr(sys, 'stderr', None)",
    "modules": "sys.modules.pop('bugbash_journal', None)",
    "a fork that goes on": "os.fork()",
}


@pytest.mark.parametrize("line", PATCHES.values(), ids=PATCHES)
def test_what_a_test_patches_changes_nothing(line: str, desk: Desk) -> None:
    if "fork" in line and not hasattr(os, "fork"):
        pytest.skip("no fork")
    text = "import json, os, shutil, sys, time\n"
    text += f"def test_patch(monkeypatch, tmp_path):\n    {line}\n    raise ValueError(1)\n"
    desk.write("tests/test_patch.py", text)
    done = desk.pytest("-p", "no:cacheprovider", "tests/test_patch.py", ONE_TEST)
    assert "bugbash:" not in done.stderr
    (run,) = desk.timeline.runs
    assert run.failed == {"tests/test_patch.py::test_patch", ONE_TEST}
    assert run.exit == 1
    assert run.seconds < 1000
    assert desk.timeline.elapsed < 1000
    assert desk.timeline.altered == 0


CONFTESTS = {
    "fork while loading": (
        "import os\npid = os.fork()\nif not pid:\n    os._exit(0)\nos.waitpid(pid, 0)\n"
    ),
    "fork in a fixture": (
        "import os, pytest\n@pytest.fixture(autouse=True)\ndef child():\n"
        "    pid = os.fork()\n    if not pid:\n        os._exit(0)\n"
        "    os.waitpid(pid, 0)\n    yield\n"
    ),
    "own outcome": (
        "def pytest_report_teststatus(report, config):\n"
        "    if report.outcome == 'rerun':\n        return 'rerun', 'R', 'RERUN'\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    from _pytest.runner import runtestprotocol\n"
        "    for report in runtestprotocol(item, nextitem=nextitem, log=False):\n"
        "        if report.failed:\n            report.outcome = 'rerun'\n"
        "        item.ihook.pytest_runtest_logreport(report=report)\n"
        "    runtestprotocol(item, nextitem=nextitem)\n    return True\n"
    ),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
@pytest.mark.parametrize("text", CONFTESTS.values(), ids=CONFTESTS)
def test_what_a_conftest_does_changes_nothing(text: str, desk: Desk) -> None:
    desk.write("tests/conftest.py", text)
    done = desk.pytest(code=1)
    assert "bugbash:" not in done.stderr
    (run,) = desk.timeline.runs
    assert run.failed == {ONE_TEST}
    assert len(run.passed) == 7


OPTIONS: dict[str, tuple[str, ...]] = {
    "-W error": ("-W", "error"),
    "filterwarnings=error": ("-o", "filterwarnings=error"),
    "no terminal": ("-p", "no:terminal"),
    "--capture=no": ("--capture=no",),
    "--capture=sys": ("--capture=sys",),
    "no cache, no debugging, no junit": (
        "-p", "no:cacheprovider", "-p", "no:debugging", "-p", "no:junitxml", "-p", "no:logging",
    ),
    "-x": ("-x", "tests/test_labels.py"),
    "importlib": ("--import-mode=importlib", "-o", "pythonpath=."),
    "strict": ("--strict-markers", "--strict-config"),
}  # fmt: skip


@pytest.mark.parametrize("words", OPTIONS.values(), ids=OPTIONS)
def test_options_of_pytest_change_nothing(words: tuple[str, ...], desk: Desk) -> None:
    done = desk.pytest(*words, code=1)
    assert done.stderr == ""
    assert desk.timeline.runs[0].failed == {ONE_TEST}


@pytest.fixture
def break_timeline() -> Callable[[Desk, str], None]:
    """Breaks the place where a timeline is kept, in one way."""

    def break_it(desk: Desk, how: str) -> None:
        events = desk.home / "events.jsonl"
        if how == "disk full":
            events.unlink()
            events.symlink_to("/dev/full")
        elif how == "events a folder":
            events.unlink()
            events.mkdir()
        elif how == "gone":
            shutil.rmtree(desk.home)
        elif how == "a file":
            shutil.rmtree(desk.home)
            desk.home.write_text("", "utf-8")
        elif how == "no place for files":
            shutil.rmtree(desk.home / "objects")
            (desk.home / "objects").write_text("", "utf-8")
        elif how == "settings gone":
            (desk.packages / "bugbash_recorder.json").unlink()
        elif how == "settings broken":
            (desk.packages / "bugbash_recorder.json").write_text("[1", "utf-8")
        elif how == "settings of another kind":
            (desk.packages / "bugbash_recorder.json").write_text("[]", "utf-8")

    return break_it


TIMED = re.compile(r" in [\d.]+s")


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(
            "disk full", marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux")
        ),
        "events a folder",
        "gone",
        "a file",
        "no place for files",
        "settings gone",
        "settings broken",
        "settings of another kind",
    ],
)
def test_a_recorder_that_fails_says_so_once_and_changes_nothing(
    how: str, desk: Desk, break_timeline: Callable[[Desk, str], None]
) -> None:
    desk.write(
        "tests/test_out.py", "def test_out(capfd):\n    assert capfd.readouterr() == ('', '')\n"
    )
    before = desk.pytest("-q", "-p", "no:bugbash", "-p", "no:cacheprovider", code=1)
    break_timeline(desk, how)
    after = desk.pytest("-q", "-p", "no:cacheprovider", code=1)
    assert TIMED.sub("", after.stdout) == TIMED.sub("", before.stdout)
    lines = after.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("bugbash: this run was not recorded")
    assert lines[0].endswith("The tests are not affected.")
    assert how != "gone" or not desk.home.exists()


def test_a_disk_that_fills_during_the_run_is_said_once(desk: Desk) -> None:
    text = f"""\
import shutil
def test_0():
    shutil.rmtree({str(desk.home)!r})
def test_1(): assert 0
def test_2(): assert 0
"""
    desk.write("tests/test_fill.py", text)
    done = desk.pytest("tests/test_fill.py", code=1)
    (line,) = done.stderr.splitlines()
    assert line.startswith("bugbash: this run was not recorded to its end")


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_read_only_home_is_said_once(desk: Desk) -> None:
    command = desk.command("-q")
    if os.geteuid() == 0:  # root may write everywhere, unless it gives that up
        if not shutil.which("setpriv"):
            pytest.skip("root, without setpriv")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    for path in [desk.home, *desk.home.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        done = desk.pytest(command=command, code=1)
    finally:
        for path in [desk.home, *desk.home.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    (line,) = done.stderr.splitlines()
    assert "no permission" in line


def test_a_home_that_moved_with_its_variable_is_found(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.home, tmp_path / "home" / "timelines" / desk.home.name)
    shutil.rmtree(desk.home)
    done = desk.pytest(env={"BUGBASH_HOME": str(tmp_path / "home")}, code=1)
    assert done.stderr == ""
    shutil.copytree(tmp_path / "home" / "timelines" / desk.home.name, desk.home)
    assert len(desk.timeline.runs) == 1


def test_a_plugin_that_is_absent_is_not_missed(desk: Desk) -> None:
    done = desk.pytest(env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, code=1)
    assert done.stderr == ""
    assert desk.timeline.runs == ()
