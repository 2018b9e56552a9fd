"""What a scan tells while it runs."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from bugbash.commands.scan_live import Tally, line_of, table_of, telling

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|4\d|9\d)(?:;\d+)*m")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def finding(number: int, outcome: str = "killed", engine: str = "swap") -> Any:
    return SimpleNamespace(
        mutant=SimpleNamespace(id=str(number)),
        trial=SimpleNamespace(outcome=outcome, engine=engine),
        servable=outcome == "killed",
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_rate_and_time_left_are_those_of_what_is_tried_now(clock: Clock) -> None:
    tally = Tally(100, {str(number) for number in range(40)}, clock)
    assert (tally.rate, tally.left) == (None, None)
    for number in range(20, 60):  # 20 were stored, 20 are tried
        tally.add(finding(number))
    clock.now = 10.0
    assert (tally.done, tally.seen, tally.rate) == (40, 20, 2.0)
    assert tally.left == 20.0  # 40 to try, and 20 more that are stored


def test_what_is_all_stored_takes_no_time(clock: Clock) -> None:
    assert Tally(2, {"1", "2"}, clock).left == 0.0


def test_a_line_says_how_far_and_what_came_of_it(clock: Clock) -> None:
    tally = Tally(4, (), clock)
    tally.add(finding(1))
    tally.add(finding(2, "timeout", "cold"))
    clock.now = 4.0
    assert line_of(tally) == (
        "tried 2 of 4, 0.5 a second, 4.0 s left: 1 killed, 1 timeout; 1 servable"
    )


@pytest.mark.parametrize("width", [30, 60, 80, 200])
def test_the_table_has_all_of_it_at_any_width(width: int, clock: Clock) -> None:
    tally = Tally(10, {"9"}, clock)
    for one in (finding(1), finding(2, "survived", "reimport"), finding(9)):
        tally.add(one)
    clock.now = 1.0
    file = io.StringIO()
    Console(file=file, width=width).print(table_of(tally))
    lines = file.getvalue().splitlines()
    assert max(len(line) for line in lines) <= width
    text = " ".join(file.getvalue().split())
    for told in ("3 of 10", "2.0 a second", "2 killed", "1 survived", "0 timeout", "0 died"):
        assert told in text
    for told in ("0 invalid", "0 error", "servable 2", "1 swap", "1 reimport", "0 cold"):
        assert told in text
    assert "1 stored before" in text
    assert "…" not in text


def test_elsewhere_a_line_is_printed_now_and_then(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with telling(Tally(100, (), clock), live=False) as tell:
        for number in range(100):
            clock.now += 0.5
            tell(finding(number))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split(",")[0] for line in captured.err.splitlines()] == [
        "tried 20 of 100",
        "tried 40 of 100",
        "tried 60 of 100",
        "tried 80 of 100",
    ]


def in_a_terminal(
    words: list[str | Path], width: int, env: dict[str, str], stdout_too: bool = False
) -> tuple[int, str, str]:
    """Exit code, stdout and what a terminal of this width got on stderr."""
    import fcntl
    import pty
    import struct
    import termios
    import threading

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "", **env}
    environment = {name: value for name, value in environment.items() if value}
    process = subprocess.Popen(
        [sys.executable, "-m", "bugbash", *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=theirs if stdout_too else subprocess.PIPE,
        stderr=theirs,
        env=environment,
    )
    os.close(theirs)
    got: list[bytes] = []

    def read() -> None:
        try:
            while data := os.read(ours, 65536):
                got.append(data)
        except OSError:  # Linux says so that the other end is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    out, _ = process.communicate(timeout=240)
    reader.join(30)
    os.close(ours)
    return process.returncode, (out or b"").decode(), b"".join(got).decode()


@pytest.mark.skipif(os.name == "nt", reason="no pty there")
def test_on_a_terminal_the_table_is_live_and_stdout_stays_whole(
    tiny_project: Callable[..., Path],
) -> None:
    words: list[str | Path] = ["scan", tiny_project(), "--sample", "3", "--fresh", "--json"]
    code, out, told = in_a_terminal(words, 80, {"NO_COLOR": ""})
    assert code == 0
    assert len(out.splitlines()) == 3
    assert "\x1b" not in out
    assert COLOUR.search(told)
    text = ANSI.sub("", told)
    assert "of 3" in text
    assert "servable" in text
    assert '"schema"' not in text


@pytest.mark.skipif(os.name == "nt", reason="no pty there")
@pytest.mark.parametrize(
    ("env", "live"),
    [({"NO_COLOR": "1"}, True), ({"NO_COLOR": "1", "TERM": "dumb"}, False)],
    ids=["NO_COLOR", "dumb"],
)
def test_terminals_that_can_or_want_less_get_less(
    env: dict[str, str], live: bool, tiny_project: Callable[..., Path]
) -> None:
    words: list[str | Path] = ["scan", tiny_project(), "--sample", "3", "--engine", "cold"]
    code, _, told = in_a_terminal(words, 60, env)
    assert code == 0
    assert not COLOUR.search(told)
    assert ("ways" in told) == live


@pytest.mark.skipif(os.name == "nt", reason="no pty there")
def test_json_on_the_same_terminal_is_not_drawn_over(tiny_project: Callable[..., Path]) -> None:
    words: list[str | Path] = ["scan", tiny_project(), "--sample", "2", "--json"]
    code, _, told = in_a_terminal([*words, "--engine", "cold"], 200, {}, stdout_too=True)
    assert code == 0
    assert "ways" not in told
    assert told.count('"schema"') == 2
