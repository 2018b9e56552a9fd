"""docs/first-mutator.md, followed: every command, every edit, and what it says comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from bugbash.mutation.context import Context
from bugbash.mutation.data_files import DATA_SUFFIXES
from bugbash.mutation.families import FAMILIES
from bugbash.mutation.traits import TRAITS

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "first-mutator.md").read_text("utf-8")
FENCE = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = "my-mutators/forgotten_floor.py"


class Step(NamedTuple):
    """A fenced block of the page, and the file that it is, where one is named before it."""

    file: str
    kind: str
    text: str


STEPS = [Step(*match.groups(default="")) for match in FENCE.finditer(PAGE)]


def type_in(line: str, folder: Path) -> tuple[int, str]:
    """Run a line of the page; its exit code, and all that it printed."""
    words = shlex.split(line, comments=True)
    program = {"bugbash": [sys.executable, "-m", "bugbash"], "python": [sys.executable]}
    done = subprocess.run(
        [*program[words[0]], *words[1:]],
        cwd=folder,
        env={**os.environ, "COLUMNS": "120"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def edit(file: Path, block: str) -> None:
    """Replace the part of the file that a block begins like: the class's head, or `mutate`."""
    text = file.read_text("utf-8")
    start, method = text.index("class "), text.index("    def mutate")
    if block.startswith("class "):
        text = text[:start] + block + text[method:]
    else:
        assert block.startswith("    def mutate")
        text = text[:method] + block
    file.write_text(text, "utf-8")


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
def test_the_tutorial_can_be_followed_step_by_step(tmp_path: Path) -> None:
    said = ""
    for file, kind, text in STEPS:
        if file:
            (tmp_path / file).write_text(text, "utf-8")
        elif kind == "console":
            said = ""
            for line in text.splitlines():
                expected = re.search(r"# exit code (\d)", line)
                code, printed = type_in(line.removeprefix("$ "), tmp_path)
                assert code == (int(expected[1]) if expected else 0), printed
                said += printed
        elif kind == "python":
            edit(tmp_path / FILE, text)
        elif kind == "text":
            for line in map(squeezed, text.splitlines()):
                assert any(line in squeezed(other) for other in said.splitlines()), said
        else:
            (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    assert type_in("bugbash mutators check", tmp_path)[0] == 0
    workspaces = [path for path in tmp_path.iterdir() if (path / "FAILURE_REPORT.md").is_file()]
    assert len(workspaces) == 1
    packs = {path.name for path in (tmp_path / "packs").iterdir()}
    assert {"Ada-Lovelace", "Grace-Hopper"} <= packs
    scenario = (tmp_path / "floor" / "scenario.toml").read_text("utf-8")
    assert 'mutator = "forgotten-floor"' in scenario
    assert "what happens when the second operand is the larger one" in squeezed(scenario)


def test_the_page_has_every_trait() -> None:
    section = PAGE[PAGE.index("## The traits") : PAGE.index("## What `check` says")]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == TRAITS


def test_what_the_page_says_of_the_context_is_there() -> None:
    named = re.findall(r"context\.(\w+)", PAGE)
    assert len(set(named)) >= 10
    for name in named:
        assert hasattr(Context, name), name


def test_the_modules_that_the_page_lists_are_there() -> None:
    table = PAGE[PAGE.index("| module | for |") :]
    rows = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    modules = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(modules) >= 12
    folder = Path(sys.modules[Context.__module__].__file__ or "").parent
    for name in modules:
        assert (folder / f"{name}.py").is_file(), name


def test_the_families_and_suffixes_of_the_sample_are_those_that_there_are() -> None:
    from bugbash.mutation.sample import sample

    for family in FAMILIES:
        text = sample("a-slip", family)
        assert f'family = "{family}"' in text
        if family == "configuration":
            assert all(suffix in text for suffix in DATA_SUFFIXES)
        else:
            assert all(other in text for other in FAMILIES)
