"""One learner's desk: a workspace and everything that somebody can do in it by hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bugbash.recording import journal
from bugbash.recording.timeline import folder_of
from tests.learners.cases import Bug, Case

NOT_FOR_LEARNERS = ("PYTHONPATH", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")
LIMIT_S = 240


@dataclass(frozen=True)
class Outcome:
    """What `bugbash check` said at the end."""

    code: int
    grade: dict[str, Any]


class Desk:
    """A workspace that `bugbash new` made for one learner, and the verbs of debugging."""

    def __init__(self, case: Case, folder: Path, recorded: bool = True) -> None:
        self.case = case
        words = ["new", *case.arguments, "--dir", str(folder), "--json"]
        made = _bugbash([*words, *(() if recorded else ("--no-record",))], folder.parent)
        self.workspace = Path(json.loads(made.stdout)["workspace"])
        self.attempt: str = json.loads(made.stdout)["attempt"]

    @property
    def bug(self) -> Bug:
        """The first bug of the case; most have one."""
        return self.case.bugs[0]

    def pytest(self, *arguments: str, typed: str = "") -> str:
        """Run the workspace's own pytest, `typed` being what goes into a debugger; what it said."""
        program = self.workspace / ".venv" / "bin" / "pytest"
        return self._started([str(program), "-q", *arguments], typed)

    def bugbash_test(self, *arguments: str) -> str:
        """Run the tests as `bugbash test` does."""
        return self._started([sys.executable, "-m", "bugbash", "test", *arguments])

    def editor_runs(self, *tests: str) -> str:
        """Run as an editor's button does: by `-m pytest`, with node ids and the root folder."""
        program = self.workspace / ".venv" / "bin" / "python"
        root = f"--rootdir={self.workspace}"
        return self._started([str(program), "-m", "pytest", root, *tests])

    def editor_collects(self) -> str:
        """List the tests, as an editor does when a file was saved."""
        return self.editor_runs("--collect-only", "-q")

    def hypothesis(self, bug: Bug) -> None:
        """Say what may be wrong, and where."""
        place = f"{bug.file}:{self.line_of(bug.file, bug.suspect_line)}"
        self._bugbash("hypothesis", bug.suspicion, "--at", place)

    def suspects(self, text: str) -> None:
        """Say what may be wrong."""
        self._bugbash("hypothesis", text)

    def confirmed(self) -> None:
        """Close the hypothesis that is open: it was right."""
        self._bugbash("hypothesis", "--confirmed")

    def refuted(self, saw: str) -> None:
        """Close the hypothesis that is open: it was wrong, and this shows it."""
        self._bugbash("hypothesis", "--refuted", saw)

    def note(self, text: str) -> None:
        self._bugbash("note", text)

    def read(self, name: str) -> str:
        return (self.workspace / name).read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        (self.workspace / name).write_text(text, "utf-8")

    def append(self, name: str, text: str) -> None:
        """Add to the end of a file."""
        self.write(name, self.read(name) + text)

    def edit(self, name: str, before: str, after: str) -> None:
        """Replace a text that stands in a file exactly once."""
        text = self.read(name)
        assert text.count(before) == 1, (
            f"{name} holds {text.count(before)} times {before!r}: if the catalogue serves another "
            f"bug for `bugbash new {' '.join(self.case.arguments)}`, write its case anew"
        )
        self.write(name, text.replace(before, after))

    def fix(self, bug: Bug) -> None:
        """The edit that repairs it."""
        self.edit(bug.file, bug.broken, bug.fixed)

    def add_regression_test(self, bug: Bug) -> None:
        """A test of one's own that only the broken code fails."""
        self.append(bug.test_file, bug.new_test)

    def line_of(self, name: str, text: str) -> int:
        """The first line that holds a text, from 1."""
        return next(n for n, line in enumerate(self.read(name).splitlines(), 1) if text in line)

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.workspace), *arguments]
        return _run(command, self.workspace, check=True).stdout

    def commit(self, message: str) -> None:
        """Everything that was changed."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def sleep(self, hours: float) -> None:
        """Come back later, on a machine that was started anew: what was recorded is older now."""
        path = folder_of(self.attempt) / journal.EVENTS
        lines = []
        for line in path.read_text("ascii").splitlines():
            if not line:
                continue
            event = json.loads(line.rpartition("\t")[0])
            event["wall"] = round(event["wall"] - hours * 3600, 3)
            event["boot"] = "01234567"
            text = json.dumps(event, sort_keys=True)
            lines.append(f"\n{text}\t{journal.checksum(text)}\n")
        path.write_text("".join(lines), "ascii")

    @property
    def timeline(self) -> Path:
        """Where the recorder writes: its settings in the `.venv` tell it to anybody who looks."""
        [settings] = (self.workspace / ".venv").rglob("bugbash_recorder.json")
        return Path(json.loads(settings.read_text("utf-8"))["timeline"])

    def check(self) -> Outcome:
        """`bugbash check --json`."""
        done = _bugbash(["check", "--json"], self.workspace, check=False)
        assert done.returncode in (0, 1, 4) and done.stdout, f"{done.stdout}\n{done.stderr}"
        return Outcome(done.returncode, json.loads(done.stdout))

    def clear(self) -> None:
        """Remove the workspace and its timeline."""
        shutil.rmtree(self.workspace)
        shutil.rmtree(folder_of(self.attempt), ignore_errors=True)

    def _bugbash(self, *arguments: str) -> str:
        return _bugbash(arguments, self.workspace).stdout

    def _started(self, command: Sequence[str], typed: str = "") -> str:
        done = _run(command, self.workspace, typed=typed)
        assert done.returncode in (0, 1, 2, 5), f"{done.stdout}\n{done.stderr}"
        return done.stdout


def _bugbash(
    arguments: Sequence[str], folder: Path, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return _run([sys.executable, "-m", "bugbash", *arguments], folder, check=check)


def _run(
    command: Sequence[str], folder: Path, check: bool = False, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {name: v for name, v in os.environ.items() if name not in NOT_FOR_LEARNERS}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT_S,
    )
    if check and done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done
