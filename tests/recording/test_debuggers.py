"""A debugger that was entered is recorded, and nothing of ours ends it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.recording.conftest import ONE_TEST, Desk

CALLS = {
    "breakpoint()": ("breakpoint()", ()),
    "pdb.set_trace()": ("import pdb; pdb.set_trace()", ()),
    "--pdb": ("raise ValueError(1)", ("--pdb",)),
    "--trace": ("pass", ("--trace",)),
}


@pytest.mark.parametrize(("line", "words"), CALLS.values(), ids=CALLS)
def test_pdb_is_recorded(line: str, words: tuple[str, ...], desk: Desk) -> None:
    desk.write("tests/test_stop.py", f"def test_stop():\n    {line}\n")
    done = subprocess.run(
        desk.command("tests/test_stop.py", *words),
        cwd=desk.folder,
        env=desk.environment(),
        input="p 1 + 1\nc\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    (run,) = desk.timeline.runs
    assert run.debuggers == ("pdb",), done.stdout
    assert run.exit == done.returncode


def test_a_run_without_a_debugger_has_none(desk: Desk) -> None:
    desk.write("tests/test_pdb_imported.py", "import pdb\ndef test_it(): pdb.Pdb\n")
    desk.pytest()
    assert desk.timeline.runs[0].debuggers == ()


def test_pdb_around_all_of_pytest_is_recorded(desk: Desk) -> None:
    python, *rest = desk.command(ONE_TEST)  # pdb of 3.13.0 takes options for its own
    done = subprocess.run(
        [python, "-m", "pdb", "-c", "break tiny/labels.py:11", "-c", "continue", *rest],
        cwd=desk.folder,
        env=desk.environment({"PYTEST_ADDOPTS": "--capture=no"}),
        input="continue\nquit\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    run = desk.timeline.runs[0]  # pdb starts a program that ended once more
    assert run.failed == {ONE_TEST}, done.stdout
    assert run.debuggers == ("pdb",)


ATTACHED = """\
import sys

def trace(frame, event, argument):
    return None

if sys.argv[1] == "tracing":
    sys.settrace(trace)
else:
    sys.monitoring.use_tool_id(sys.monitoring.DEBUGGER_ID, "debugpy")
import debugpy
import pytest
sys.exit(pytest.main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    "how",
    [
        "tracing",
        pytest.param(
            "monitoring",
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring"),
        ),
    ],
)
def test_an_editors_debugger_is_recorded(how: str, desk: Desk, tmp_path: Path) -> None:
    """An editor starts pytest under `debugpy`, of which only the name stands here."""
    (tmp_path / "debugpy.py").write_text("", "utf-8")
    (tmp_path / "attach.py").write_text(ATTACHED, "utf-8")
    python = desk.command()[0]
    desk.pytest(command=[python, str(tmp_path / "attach.py"), how, "-q"], code=1)
    assert desk.timeline.runs[0].debuggers == ("attached",)


def test_another_debugger_is_recorded_by_its_name(desk: Desk, tmp_path: Path) -> None:
    text = "def set_trace(*words, **more): pass\n"
    (desk.packages / "ipdb.py").write_text(text, "utf-8")
    desk.write("tests/test_stop.py", "def test_stop(): breakpoint()\n")
    words = desk.command("-p", "no:debugging", "tests/test_stop.py")
    desk.pytest(command=words, env={"PYTHONBREAKPOINT": "ipdb.set_trace"}, code=0)
    assert desk.timeline.runs[0].debuggers == ("ipdb",)


@pytest.mark.skipif(os.name != "posix", reason="a terminal")
@pytest.mark.parametrize("command", ["pytest", "bugbash test"])
def test_a_debugger_in_a_terminal_waits_for_its_learner(command: str, desk: Desk) -> None:
    """Failures up to there are known while it waits, as is the debugger, should it be killed."""
    desk.write(
        "tests/test_a.py", "def test_a():\n    assert 0\ndef test_stop():\n    breakpoint()\n"
    )
    words = desk.command("-q", "tests/test_a.py")
    if command == "bugbash test":
        words = [sys.executable, "-m", "bugbash", "test", "-q", "tests/test_a.py"]
    near, far = os.openpty()
    child = subprocess.Popen(
        words, cwd=desk.folder, env=desk.environment(), stdin=far, stdout=far, stderr=far
    )
    os.close(far)
    said = b""
    while b"(Pdb)" not in said:
        said += os.read(near, 4096)
    time.sleep(1)
    (run,) = desk.timeline.runs
    assert child.poll() is None
    assert (run.debuggers, run.ended_at) == (("pdb",), None)
    assert run.failed == {"tests/test_a.py::test_a"}
    os.write(near, b"c\n")
    try:
        while os.read(near, 4096):
            pass
    except OSError:  # Linux: the other end is closed
        pass
    assert child.wait(60) == 1
    os.close(near)
    (run,) = desk.timeline.runs
    assert run.exit == 1
    assert run.outcomes["tests/test_a.py::test_stop"] == "passed"
