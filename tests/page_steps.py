"""A page of docs/ as a reader follows it: what to type, what to change, what comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

FENCE = re.compile(r"^```(console|text|diff)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"# exit code (\d)")
SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"


class Step(NamedTuple):
    """A fenced block of the page: `console`, `text` or `diff`."""

    kind: str
    text: str


def steps(page: Path) -> list[Step]:
    """The blocks of a page that a reader follows, in order."""
    return [Step(*match.groups()) for match in FENCE.finditer(page.read_text("utf-8"))]


class Reader:
    """Types what a page says, beginning in `folder`; `shown` counts the lines that came out."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said, self.shown = folder, "", 0

    def follow(self, step: Step) -> None:
        """Type each line, make the change, or find each line in what the last commands printed."""
        if step.kind == "console":
            self.said = "".join(map(self.type_in, step.text.splitlines()))
        elif step.kind == "diff":
            self._run(["git", "apply", "-"], step.text)
        else:
            for line in step.text.splitlines():
                self._find(line)

    def type_in(self, line: str) -> str:
        """All that a line prints; its exit code is 0, or what its comment says."""
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words[0] == "cd":
            self.folder /= words[1]
            assert self.folder.is_dir()
            return ""
        if words[0] == "bugbash":
            words = [sys.executable, "-m", *words]
        expected = CODE.search(line)
        return self._run(words, code=int(expected[1]) if expected else 0)

    def _find(self, line: str) -> None:
        """A line of the page, where `...` stands for anything and spaces do not count."""
        parts = [re.escape(" ".join(part.split())) for part in line.split("...")]
        pattern = r"\s*" + r".*".join(parts) + r"\s*"
        told = [" ".join(printed.split()) for printed in self.said.splitlines()]
        assert any(re.fullmatch(pattern, one) for one in told), f"{line}\n\n{self.said}"
        self.shown += 1

    def _run(self, words: list[str], given: str = "", code: int = 0) -> str:
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**os.environ, "COLUMNS": "120"},
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
        )
        printed = done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert done.returncode == code, printed
        return printed
