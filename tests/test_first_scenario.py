"""docs/first-scenario.md, followed: every command, every file, and what it says comes out."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
PAGE = (Path(__file__).resolve().parent.parent / "docs" / "first-scenario.md").read_text("utf-8")
BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HINTS = '# hints = ["", "", "", ""]\n'
SCENARIO = "expired-quotes"


class Step(NamedTuple):
    """A fenced block of the page, and the file that it is, where one is named before it."""

    file: str
    kind: str
    text: str


STEPS = [Step(*match.groups(default="")) for match in BLOCK.finditer(PAGE)]


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
def test_the_tutorial_can_be_followed_step_by_step(run: Run, tmp_path: Path) -> None:
    said = ""
    for file, kind, text in STEPS:
        if file:
            (tmp_path / file).write_text(text, "utf-8")
        elif kind == "console":
            said = ""
            for line in text.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                done = run(*words[1:], code=0)
                said += squeezed(done.stdout + done.stderr)
        elif kind == "toml":
            scenario = tmp_path / SCENARIO / "scenario.toml"
            old = scenario.read_text("utf-8")
            assert old.count(HINTS) == 1
            scenario.write_text(old.replace(HINTS, text), "utf-8")
        else:
            assert kind == "text"
            for line in text.splitlines():
                assert squeezed(line) in said, said
    report = (tmp_path / "exercise" / "FAILURE_REPORT.md").read_text("utf-8")
    assert "From the help desk, Tuesday." in report
    assert "at-the-door" in (tmp_path / "sheet.html").read_text("utf-8")
    listed = json.loads(run("scenario", "list", ".", "--json", code=0).stdout)["scenarios"]
    assert {one["name"]: one["proved"] for one in listed} == {
        SCENARIO: "yes",
        "last-page": "yes",
    }
