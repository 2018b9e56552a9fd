"""Workspaces as they are served, and git as their learner would call it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.serve import Served
from bugbash.workspace.pack import make_packs
from tests.workspace.opened_packs import ADA, GRACE, handout, quiet, set_up


@pytest.fixture(scope="session")
def git() -> Callable[..., str]:
    """Runs git in a folder and returns what it prints."""

    def call(folder: Path, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            ["git", *words], cwd=folder, capture_output=True, text=True, encoding="utf-8"
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    return call


@pytest.fixture(scope="session")
def failing() -> Callable[..., list[str]]:
    """The tests that a command line, run by a shell in a folder, reports as failed."""

    def run_tests(folder: Path, line: str) -> list[str]:
        done = subprocess.run(
            ["bash", "-c", f"{line} -rfE --color=no"],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 1, done.stdout + done.stderr
        return sorted(re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE))

    return run_tests


@pytest.fixture
def tiny_clean(tiny_served: Served) -> str:
    """tiny/labels.py without the bug."""
    return (tiny_served.target.tree / "tiny" / "labels.py").read_text("utf-8")


@pytest.fixture(scope="module")
def packs(tiny_served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two packs of the tiny project, beside its key."""
    out = tmp_path_factory.mktemp("class") / "packs"
    make_packs(handout(tiny_served, ADA, GRACE), out, out.with_name("key.json"), quiet)
    return out


@pytest.fixture
def ada(packs: Path, tmp_path: Path, tiny_served: Served) -> Path:
    """Ada's exercise on her machine, its environment made; its pack is the folder around it."""
    shutil.copytree(packs / "Ada-Lovelace", tmp_path / "mine")
    exercise = tmp_path / "mine" / "tiny"
    set_up(tmp_path / "mine", exercise, tiny_served.environment)
    return exercise
