"""`bugbash watch`: a run at once and after each save, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bugbash.recording.timeline import Timeline, folder_of, timeline_of
from bugbash.workspace.attempt import Attempt

ONE_TEST = "tests/test_labels.py::test_parcel"
BROKEN = "label(street, name)"
FIXED = "label(name, street)"
WAITS = """\
import os, time

def test_wait():
    while not os.path.exists("go"):
        time.sleep(0.1)
"""
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


class Watch:
    """A running `bugbash watch` in a workspace."""

    def __init__(self, attempt: Attempt, words: tuple[str, ...], inside: str = ".") -> None:
        self.attempt = attempt
        self.output = (attempt.workspace.parent / "watch.txt").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bugbash", "watch", *words],
            cwd=attempt.workspace / inside,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
        )

    @property
    def timeline(self) -> Timeline:
        return timeline_of(self.attempt.id, self.attempt.workspace)

    @property
    def said(self) -> str:
        self.output.seek(0)
        return self.output.read()

    def until(self, holds: Callable[[Timeline], bool]) -> Timeline:
        """Wait until something holds of the timeline."""
        for _ in range(600):
            timeline = self.timeline
            if holds(timeline):
                return timeline
            assert self.process.poll() is None, self.said
            time.sleep(0.1)
        raise AssertionError(self.said)

    def ended(self, count: int) -> Timeline:
        """Wait until so many runs have ended."""
        return self.until(lambda timeline: sum(r.exit is not None for r in timeline.runs) >= count)

    def rest(self) -> Timeline:
        """Wait as long as a run that should not come would take to come."""
        time.sleep(2)
        return self.timeline

    def save(self, name: str, text: str) -> None:
        (self.attempt.workspace / name).write_text(text, "utf-8")

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def close(self) -> None:
        if self.process.poll() is None:
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
            self.process.kill()
            self.process.wait()
        self.output.close()


@pytest.fixture
def watch(make_attempt: Callable[..., Attempt]) -> Iterator[Callable[..., Watch]]:
    """Starts `bugbash watch` with some words in a fresh workspace of the tiny project."""
    started: list[Watch] = []

    def start(*words: str, inside: str = ".", attempt: Attempt | None = None) -> Watch:
        started.append(Watch(attempt or make_attempt(), words, inside))
        return started[-1]

    yield start
    for one in started:
        one.close()


def labels(watch: Watch) -> str:
    return (watch.attempt.workspace / "tiny/labels.py").read_text("utf-8")


@posix
@pytest.mark.parametrize("words", [(), ("--poll",)], ids=["events", "polling"])
def test_what_failed_runs_again_after_a_save_and_all_when_it_passes(
    words: tuple[str, ...], watch: Callable[..., Watch]
) -> None:
    one = watch(*words, inside="tests")
    first = one.ended(1).runs[0]
    assert (first.via, first.inside, len(first.tests)) == ("watch", ".", 8)
    one.save("tiny/labels.py", labels(one) + "# not it\n")
    second = one.ended(2).runs[1]
    assert second.tests == (ONE_TEST,)
    assert second.failed == {ONE_TEST}
    one.save("tiny/labels.py", labels(one).replace(BROKEN, FIXED))
    timeline = one.ended(4)
    assert [len(run.tests) for run in timeline.runs] == [8, 1, 1, 8]
    assert [run.exit for run in timeline.runs] == [1, 1, 0, 0]
    saves = [mark for mark in timeline.marks if mark.what == "save"]
    assert [mark.tree for mark in saves] == [timeline.runs[1].tree, timeline.runs[2].tree]
    assert one.interrupt() == 130
    assert "tiny/labels.py" in one.said
    assert "Traceback" not in one.said


@posix
def test_a_save_of_the_same_size_in_the_same_second_is_what_runs(
    watch: Callable[..., Watch],
) -> None:
    one = watch()
    one.ended(1)
    path = one.attempt.workspace / "tiny/labels.py"
    broken = labels(one)
    for count, text in ((2, f"{broken}#\n"), (4, broken.replace(BROKEN, FIXED) + "#\n")):
        draft = path.with_suffix(".draft")
        draft.write_text(text, "utf-8")
        os.utime(draft, (1_800_000_000, 1_800_000_000))
        draft.replace(path)
        runs = one.ended(count).runs
    assert [run.exit for run in runs] == [1, 1, 0, 0]
    one.interrupt()


@posix
def test_a_green_suite_runs_once_at_the_start(watch: Callable[..., Watch]) -> None:
    one = watch()
    one.ended(1)
    one.interrupt()
    one.save("tiny/labels.py", labels(one).replace(BROKEN, FIXED))
    two = watch(attempt=one.attempt)
    seen = two.ended(3).runs  # what failed last, then all
    assert [len(run.tests) for run in seen] == [8, 1, 8]
    two.interrupt()
    three = watch(attempt=one.attempt)
    three.ended(4)
    assert [len(run.tests) for run in three.rest().runs] == [8, 1, 8, 8]


@posix
def test_arguments_choose_the_tests_of_every_run(watch: Callable[..., Watch]) -> None:
    one = watch("-q", "test_prices.py", inside="tests")
    assert len(one.ended(1).runs[0].tests) == 5
    one.save("tiny/prices.py", "broken = True\n")
    timeline = one.ended(2)
    assert timeline.runs[1].arguments[-2:] == ("-q", "test_prices.py")


@posix
def test_what_nobody_edits_starts_no_run(watch: Callable[..., Watch]) -> None:
    one = watch("-x")
    count = len(one.ended(1).runs)
    folder = one.attempt.workspace
    (folder / "tiny/labels.py").touch()
    for name in ("out.txt", ".venv/x.py", ".git/x.py", ".pytest_cache/x.py", "tiny/x.swp"):
        one.save(name, "x")
    timeline = one.rest()
    assert len(timeline.runs) == count
    assert not [mark for mark in timeline.marks if mark.what == "save"]


@posix
def test_a_save_during_a_run_is_recorded_and_starts_the_next(watch: Callable[..., Watch]) -> None:
    one = watch("tests/test_wait.py")
    one.ended(1)
    one.save("tests/test_wait.py", WAITS)
    one.until(lambda timeline: len(timeline.runs) == 2)
    one.save("tiny/prices.py", "a = 1\n")
    timeline = one.until(lambda t: sum(mark.what == "save" for mark in t.marks) == 2)
    assert timeline.runs[1].exit is None
    one.save("go", "")
    timeline = one.ended(3)
    assert timeline.runs[1].exit == 0
    assert timeline.snapshots.read(timeline.runs[2].tree, "tiny/prices.py") == b"a = 1\n"


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "ended"])
def test_it_leaves_no_child(number: signal.Signals, watch: Callable[..., Watch]) -> None:
    one = watch("tests/test_stay.py")
    one.ended(1)
    text = "import subprocess\ndef test_stay():\n    subprocess.run(['sleep', '600'])\n"
    one.save("tests/test_stay.py", text)
    of_watch = psutil.Process(one.process.pid)
    for _ in range(300):
        family = of_watch.children(recursive=True)
        if any(process.name() == "sleep" for process in family):
            break
        time.sleep(0.1)
    one.process.send_signal(number)
    assert one.process.wait(30) == 130
    _, left = psutil.wait_procs(family, timeout=5)
    assert len(family) >= 2
    assert left == []


@posix
def test_a_workspace_that_is_gone_ends_it(watch: Callable[..., Watch]) -> None:
    one = watch()
    one.ended(1)
    one.attempt.workspace.rename(one.attempt.workspace.with_name("elsewhere"))
    assert one.process.wait(30) == 3
    assert "is gone" in one.said


@posix
def test_without_a_recorder_it_runs_all_the_same(
    watch: Callable[..., Watch], make_attempt: Callable[..., Attempt]
) -> None:
    attempt = make_attempt()
    (folder_of(attempt.id) / "recorded").unlink()
    one = watch("-p", "no:bugbash", attempt=attempt)
    for count in (1, 2):
        for _ in range(300):
            if one.said.count("1 failed") == count:
                break
            time.sleep(0.1)
        assert one.said.count("1 failed") == count
        one.save("tiny/prices.py", (attempt.workspace / "tiny/prices.py").read_text() + "#\n")
    assert one.timeline.runs == ()
    assert not [mark for mark in one.timeline.marks if mark.what == "save"]


def test_outside_a_workspace_it_is_an_error(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run("watch", code=3)
    assert "is not in a workspace" in done.stderr


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_its_help_says_where_polling_is_needed(
    word: str, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    text = " ".join(run("watch", word, code=0).stdout.split())
    assert "WSL" in text
    assert "network drives" in text
