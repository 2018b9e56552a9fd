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
IN_PLACE = {
    "hints": re.compile(r'^# hints = \["", "", "", ""\]\n', re.MULTILINE),
    "fail_to_pass": re.compile(r"^fail_to_pass = \[.*?^\]\n", re.MULTILINE | re.DOTALL),
}
"""What the keys of the page's TOML take the place of."""
SCENARIO = "expired-quotes"
CHECKOUT = "parcelrate-clean"


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
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_text(text, "utf-8")
        elif kind == "console":
            said = ""
            for line in text.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                if words[0] != "bugbash":
                    subprocess.run(["sh", "-c", line.removeprefix("$ ")], cwd=tmp_path, check=True)
                    continue
                done = run(*words[1:], code=0)
                said += squeezed(done.stdout + done.stderr)
        elif kind == "diff":
            change = ["git", "-C", CHECKOUT, "apply", "-"]
            subprocess.run(change, cwd=tmp_path, input=text, text=True, check=True)
        elif kind == "toml":
            scenario = tmp_path / SCENARIO / "scenario.toml"
            old = IN_PLACE[text.partition(" =")[0]]
            new, count = old.subn(text.replace("\\", r"\\"), scenario.read_text("utf-8"))
            assert count == 1
            scenario.write_text(new, "utf-8")
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
