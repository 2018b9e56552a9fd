"""Workspaces as they are served, and git as their learner would call it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.serve import Served


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
