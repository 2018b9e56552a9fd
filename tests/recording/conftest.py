"""Workspaces with a recorder, pytest as a learner or an editor calls it, and their timelines."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bugbash.recording.timeline import Timeline, folder_of, timeline_of
from bugbash.targets.venv import python_of, site_packages
from bugbash.workspace.attempt import Attempt

Completed = subprocess.CompletedProcess[str]
ONE_TEST = "tests/test_labels.py::test_parcel"


@dataclass(frozen=True)
class Desk:
    """A workspace and its learner."""

    attempt: Attempt

    @property
    def folder(self) -> Path:
        return self.attempt.workspace

    @property
    def home(self) -> Path:
        """Where its timeline lies."""
        return folder_of(self.attempt.id)

    @property
    def timeline(self) -> Timeline:
        return timeline_of(self.attempt.id, self.folder)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def command(self, *words: str) -> list[str]:
        return [str(python_of(self.folder / ".venv")), "-m", "pytest", *words]

    def environment(self, changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
        merged: dict[str, str | None] = {**os.environ, "PYTHONPATH": None, **(changes or {})}
        return {name: value for name, value in merged.items() if value is not None}

    def pytest(
        self,
        *words: str,
        inside: str = ".",
        env: Mapping[str, str | None] | None = None,
        command: list[str] | None = None,
        code: int | None = None,
    ) -> Completed:
        """`python -m pytest WORDS`, or another command, from a folder of the workspace."""
        done = subprocess.run(
            command or self.command(*words),
            cwd=self.folder / inside,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
        )
        assert code is None or done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done

    @property
    def packages(self) -> Path:
        return site_packages(self.folder / ".venv")


@pytest.fixture
def desk(make_attempt: Callable[..., Attempt]) -> Desk:
    """A fresh workspace of the tiny project: `parcel` is broken, one of eight tests fails."""
    return Desk(make_attempt())


@pytest.fixture
def desk_in(make_attempt: Callable[..., Attempt]) -> Callable[[str], Desk]:
    """The same in a folder of this name."""
    return lambda name: Desk(make_attempt(name=name))
