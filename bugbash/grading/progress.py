"""How far an attempt is, by rules that cost nothing: what `status` says between two checks.

No score: `check` looks closer. Reads the timeline alone, never git, and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bugbash.files import is_under
from bugbash.grading.narrowing import narrowed, showing
from bugbash.grading.standing import LEFT_OUT
from bugbash.recording.timeline import Run, Timeline
from bugbash.serving.scenario import Scenario
from bugbash.workspace.attempt import Attempt

STEPS = ("reproduce", "isolate", "hypothesis", "verify", "clean up")
_LOOKING = (
    *(b"print(", b"pprint(", b"ic(", b"breakpoint(", b"import pdb", b"pdb.", b"ipdb."),
    *(b"import logging", b"logging.", b"logger.", b"log."),
)
"""How lines begin that are put in to look."""
_NOT_SOURCE = frozenset({"conftest.py", "FAILURE_REPORT.md", "pytest.ini", "tox.ini"})


@dataclass(frozen=True)
class Progress:
    """Which of the five steps are done so far, and what fits next."""

    steps: dict[str, bool | None]
    """None where it can't be known."""
    unseen: bool
    """Whether work was done and no run of the tests was recorded, though runs are."""
    next: str


def progress_of(attempt: Attempt, timeline: Timeline, checks: list[dict[str, Any]]) -> Progress:
    """Read the state of an attempt from its timeline and its grades, as `check --json` has them."""
    timeline = timeline.this_go()
    steps = _Steps(attempt.scenario, timeline)
    last = checks[-1] if checks else None
    hidden = only_hidden(last) and not steps.changed_since_check()
    found: dict[str, bool | None] = {
        "reproduce": steps.reproduced() if timeline.recorded else None,
        "isolate": steps.isolated() if timeline.recorded else None,
        "hypothesis": steps.stated(),
        "verify": steps.verified() and not hidden if timeline.recorded else None,
        "clean up": _cleaned_up(last),
    }
    unseen = (
        timeline.recorded
        and not timeline.runs
        and (bool(checks) or _edited_since(attempt.workspace, attempt.row.created, steps.served))
    )
    then = _next(attempt, timeline, found, unseen)
    if hidden and attempt.row.state == "open":
        then = f"{LEFT_OUT}."
    return Progress(found, unseen, then)


def only_hidden(check: Mapping[str, Any] | None) -> bool:
    """Whether a check said that nothing but hidden tests fails."""
    return check is not None and bool(check.get("tests", {}).get("only_hidden_fail"))


class _Steps:
    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self._scenario, self._timeline = scenario, timeline
        self._tests = tuple(test.rstrip("/") for test in scenario.spec.get("tests", ()))
        self._wanted = frozenset(scenario.fail_to_pass)
        self._held = frozenset(scenario.pass_to_pass)
        self.served = timeline.snapshots.tree(timeline.start_tree)

    def reproduced(self) -> bool:
        """Seen to fail before the first change of code; what was put in to look is none."""
        for run in self._timeline.runs:
            if any(self._is_edited(run.tree, name) for name in self._changed(run.tree)):
                return False
            if showing(run, self._scenario, self._wanted):
                return True
        return False

    def isolated(self) -> bool:
        """The bug seen in a run of few tests, in a debugger, or with prints put in."""
        return any(
            showing(run, self._scenario, self._wanted)
            and (run.debuggers or narrowed(run, self._scenario, self._wanted) or self._looks(run))
            for run in self._timeline.runs
        )

    def stated(self) -> bool:
        """A hypothesis, and what became of it: closed, or a run that could refute it."""
        runs = self._timeline.runs
        return any(
            one.verdict or any(run.at > one.at for run in runs) for one in self._timeline.hypotheses
        )

    def verified(self) -> bool:
        """The whole suite passed on the changed code as it was when it was last looked at."""
        if not self._timeline.trees:
            return False
        newest = self._timeline.trees[-1][1]
        if not self._changed(newest):
            return False
        known = self._held.difference(self._scenario.withheld)
        last: dict[str, str] = {}
        for run in self._timeline.runs:
            if not self._differs(run.tree, newest):
                last.update(run.outcomes)
        # Of a real bug nobody has said yet which tests the clean code skips here.
        fine = {"passed", "skipped", "xfailed"} if self._scenario.origin else {"passed"}
        held = all(last.get(test) in fine for test in known)
        wanted = all(last.get(test, "passed") == "passed" for test in self._wanted)
        return bool(known) and held and wanted

    def changed_since_check(self) -> bool:
        """Whether the code is another one than the last check had, as far as was seen."""
        checked = [check.tree for check in self._timeline.checks if check.tree]
        newest = [tree for _, tree in self._timeline.trees[-1:]]
        return bool(checked and newest and self._differs(checked[-1], newest[0]))

    def _changed(self, tree: str) -> list[str]:
        """The files of the project's code that are not as they were served."""
        return self._differs(self._timeline.start_tree, tree)

    def _differs(self, one: str, other: str) -> list[str]:
        changed = self._timeline.snapshots.changed(one, other)
        return [name for name in changed if name in self.served and self._is_code(name)]

    def _is_code(self, name: str) -> bool:
        path = PurePosixPath(name)
        if path.name in _NOT_SOURCE or path.name.startswith("test_"):
            return False
        return not is_under(name, self._tests)

    def _looks(self, run: Run) -> bool:
        return any(
            sum(map(_only_looks, self._lines(run.tree, name)))
            > sum(map(_only_looks, self._lines(self._timeline.start_tree, name)))
            for name in self._changed(run.tree)
        )

    def _is_edited(self, tree: str, name: str) -> bool:
        before, after = (
            [line for line in self._lines(one, name) if not _only_looks(line)]
            for one in (self._timeline.start_tree, tree)
        )
        return before != after

    def _lines(self, tree: str, name: str) -> list[bytes]:
        content = self._timeline.snapshots.read(tree, name) or b""
        return [line.strip() for line in content.splitlines() if line.strip()]


def _only_looks(line: bytes) -> bool:
    return line.startswith(_LOOKING)


def _cleaned_up(last: Mapping[str, Any] | None) -> bool | None:
    """What the last check found; before one that saw a fix it can't be known."""
    if last is None or not last["solved"]:
        return None
    rows = (row for row in last["dimensions"] if row["name"] == "clean up")
    row = next(rows, None)
    return None if row is None else bool(row["points"] == row["max"])


def _edited_since(workspace: Path, created: float, served: Iterable[str]) -> bool:
    """Whether a served file is younger than the workspace: they are given an old time."""
    for name in served:
        with suppress(OSError):  # gone meanwhile
            if (workspace / name).stat().st_mtime > created:
                return True
    return False


def _next(
    attempt: Attempt,
    timeline: Timeline,
    steps: Mapping[str, bool | None],
    unseen: bool,
) -> str:
    if attempt.row.state == "revealed":
        return "start another one: `bugbash new`."
    if attempt.row.state == "solved":
        if steps["clean up"] is False:
            return "clean up and commit, then `bugbash check` again."
        return "`bugbash reveal` shows the reference fix; `bugbash new` the next bug."
    if unseen:
        return "run the tests with .venv/bin/pytest or `bugbash test`, so that they are seen."
    if steps["verify"]:
        return "`bugbash check` says whether it is solved."
    if attempt.scenario.blind and steps["reproduce"] is False:
        return "write a test that fails as FAILURE_REPORT.md says, and run it."
    if timeline.recorded and not timeline.runs:
        return "read FAILURE_REPORT.md and run the tests before you change anything."
    if steps["isolate"] is False:
        return "run one failing test alone, and follow its traceback from the end."
    return _next_idea(timeline, bool(steps["hypothesis"]))


def _next_idea(timeline: Timeline, tried: bool) -> str:
    """What to do about the hypotheses. `tried`: one of them met a run."""
    waiting = [one.number for one in timeline.hypotheses if not one.verdict]
    if waiting and tried:
        return (
            f"was hypothesis {waiting[-1]} right? `bugbash hypothesis --confirmed`, or --refuted "
            '"what you saw".'
        )
    if waiting:
        return f"make a run that could refute hypothesis {waiting[-1]}."
    if not timeline.hypotheses:
        return 'say what you suspect: `bugbash hypothesis "I suspect ... because ..."`.'
    if timeline.hypotheses[-1].verdict == "refuted":
        return "undo what you tried, look at what you saw, and state the next hypothesis."
    return "make the smallest change, run the failing test, then the whole suite."
