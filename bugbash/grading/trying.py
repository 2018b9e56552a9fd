"""What `check` would say of changes that somebody could hand in, each judged for real."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from bugbash.grading.differential import differential_of
from bugbash.grading.grade import held_against
from bugbash.grading.varied import varied_of
from bugbash.grading.verdict import Verdict, judge
from bugbash.grading.workspace_files import Submission, submission_of
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.make import blind_files, broken_files, write_broken

_NOBODY = "00000000"
_SKIPPED = """

import pytest

pytestmark = pytest.mark.skip(reason="flaky")
"""


@dataclass(frozen=True)
class TriedFix:
    """What `check` would say of one change."""

    verdict: Verdict
    closed: tuple[str, ...]
    """Changed files that do not count."""
    symptoms: tuple[str, ...]
    """Inputs for which the symptom is still there."""

    @property
    def solved(self) -> bool:
        return self.verdict.solved

    @property
    def why(self) -> str:
        """Why it is not solved, in words that follow a colon; nothing where it is."""
        if self.solved:
            return ""
        if self.verdict.problem:
            return self.verdict.problem
        if self.symptoms:
            return f"the symptom is still there for other inputs ({self.symptoms[0]})"
        held = self.verdict.pass_to_pass
        wanted = self.verdict.fail_to_pass
        for names, one, more in (
            ((*wanted.failed, *wanted.missing), "fails", "fail"),
            ((*held.failed, *held.missing), "breaks", "break"),
        ):
            if names:
                others = f" and {len(names) - 1} more {more}" if names[1:] else f" {one}"
                return f"{names[0]}{others}"
        return "it is not solved"


class Trier:
    """Hands in changes of one scenario. The same files in the end are judged once."""

    def __init__(self, served: Served, store: Store, halt: Event | None = None) -> None:
        self._served, self._store = served, store
        self._halt = halt or Event()
        self._known: dict[tuple[tuple[str, bytes | None], ...], TriedFix] = {}

    def hand_in(self, change: Callable[[Path], None]) -> TriedFix:
        """Make the broken workspace, change it, and judge it as `check` does.

        Raises what `change` raises.
        """
        scenario, target = self._served.scenario, self._served.target
        environment = self._served.environment
        broken = broken_files(scenario, target)
        with tempfile.TemporaryDirectory(prefix="bugbash-try-") as temporary:
            folder = Path(temporary)
            write_broken(folder, scenario, target, _NOBODY)
            change(folder)
            blind = blind_files(scenario, target)
            submission = submission_of(
                folder, target, broken, environment, blind, scenario.editable
            )
            key = _contents(submission)
            if key not in self._known:
                self._known[key] = self._judged(submission, broken)
            return self._known[key]

    def _judged(self, submission: Submission, broken: dict[str, bytes]) -> TriedFix:
        given = (self._served.scenario, self._served.target, self._served.environment, submission)
        verdict = judge(*given, halt=self._halt)
        still: tuple[str, ...] = ()
        if verdict.solved:
            told = differential_of(*given, broken, self._store, self._halt.is_set)
            if not told.still_broken:
                told = told.and_by(varied_of(*given, broken, self._store, self._halt))
            verdict, still = held_against(verdict, told), told.still_broken
        return TriedFix(verdict, submission.closed, still)

    def reference(self, folder: Path) -> None:
        """Put the clean files in place of the broken ones."""
        for name in broken_files(self._served.scenario, self._served.target):
            path = folder / name
            path.unlink()  # it may be read-only
            path.write_bytes((self._served.target.tree / name).read_bytes())

    def without_failing_tests(self, folder: Path) -> None:
        """Delete the files of the failing tests."""
        for path in self._failing_files(folder):
            path.unlink()

    def with_skipped_tests(self, folder: Path) -> None:
        """Mark the tests in the files of the failing ones as skipped."""
        for path in self._failing_files(folder):
            text = path.read_text("utf-8")
            path.unlink()
            path.write_text(f"{text.rstrip()}{_SKIPPED}", "utf-8")

    def _failing_files(self, folder: Path) -> list[Path]:
        tests = self._served.scenario.fail_to_pass
        names = sorted({test.partition("::")[0] for test in tests})
        return [folder / name for name in names if (folder / name).is_file()]


def _contents(submission: Submission) -> tuple[tuple[str, bytes | None], ...]:
    """What decides how a submission is judged."""
    changes = sorted(submission.changes.items())
    return tuple((name, path.read_bytes() if path is not None else None) for name, path in changes)
