"""The tutorial "A target of your own", followed command by command."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parent.parent / "docs" / "first-target.md"
STEP = re.compile(
    r"^`(?P<file>[^`\n]+)`:\n\n```\w+\n(?P<text>.*?)^```$|^```console\n(?P<typed>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
Completed = subprocess.CompletedProcess[str]


def steps() -> list[tuple[str, str]]:
    """What the page has a reader do: (file to write, its text), or ("", what to type)."""
    found = []
    for match in STEP.finditer(PAGE.read_text("utf-8")):
        if match["file"]:
            found.append((match["file"], match["text"]))
        else:
            found += [("", line.removeprefix("$ ")) for line in match["typed"].splitlines()]
    return found


@pytest.mark.slow
def test_the_tutorial_can_be_followed(tmp_path: Path, run: Callable[..., Completed]) -> None:
    outputs: list[str] = []
    for file, text in steps():
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, "utf-8")
        elif text.startswith("bugbash "):
            outputs.append(run(*shlex.split(text)[1:], code=0).stdout)
        else:
            subprocess.run(["sh", "-c", text], cwd=tmp_path, check=True)
    shown, without, checked, made = outputs
    assert 'name = "shop"' in shown
    assert "failure reports are those of a CI run" in without
    assert "1 with 11 cases, which print the same in each of three runs" in checked
    assert re.search(r"✓ bugs in journeys +\d+ of \d+ servable bugs", checked)
    assert "broken-shop" in made
    report = (tmp_path / "broken-shop" / "FAILURE_REPORT.md").read_text("utf-8")
    assert report.startswith("# Invoice: ")
    assert "**Reported by:** a cashier" in report
    assert not (tmp_path / "broken-shop" / "journeys").exists()


@pytest.mark.slow
def test_what_the_page_says_of_the_json_holds(
    tmp_path: Path, run: Callable[..., Completed]
) -> None:
    for file, text in steps():
        if file and "journeys" not in file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, "utf-8")
    done = run("targets", "check", "./shop", "--sample", "5", "--json", code=0)
    told = json.loads(done.stdout)
    assert told["schema"] == "bugbash/target-check/v1"
    assert {"check", "verdict", "says", "do", "items", "values"} == set(told["checks"][0])
