"""The report of an attempt as one HTML file: no script, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bugbash import __version__
from bugbash.grading.places import bug_places
from bugbash.pages.html import environment
from bugbash.pages.report_diff import NO_CHANGE, Change, change_between, change_in_patch, shortened
from bugbash.pages.report_handed import Commit, Handed
from bugbash.pages.report_log import Entry, RunEntry, entries_of
from bugbash.pages.report_picture import is_test_file, picture_of
from bugbash.pages.report_text import markdown, title_of
from bugbash.pages.report_words import length
from bugbash.recording.timeline import Timeline
from bugbash.serving.scenario import Scenario
from bugbash.serving.written import has_own_folder
from bugbash.words import counted, made_by, since_start
from bugbash.workspace.attempt import Attempt, target_of
from bugbash.workspace.make import REPORT

SIGN = "<!-- A bugbash report:"
"""Stands near the beginning of every page, so that we know our own again."""
MOST_BYTES = 800_000
"""Of a longer page the next smaller form is taken, if there is one."""


@dataclass(frozen=True)
class Explanation:
    """One bug, told when it may be."""

    where: str
    mutator: str
    family: str
    text: str


@dataclass(frozen=True)
class Report:
    """All that a page is made from."""

    name: str
    """The target with its version, or the file that was handed in."""
    attempt: str
    ticket: str
    """The failure report, in Markdown."""
    timeline: Timeline
    yours: Change = NO_CHANGE
    grade: dict[str, Any] | None = None
    """What the last `check --json` said; None where there was none."""
    reference: Change | None = None
    """The fix, once the attempt is solved or revealed."""
    explanations: tuple[Explanation, ...] = ()
    revealed: bool = False
    level: str = ""
    began: float | None = None
    """Seconds since the epoch."""
    self_reported: bool = False
    next_steps: tuple[tuple[str, str], ...] = field(default=())
    commits: tuple[Commit, ...] | None = None
    """Those that were handed in; None where no submission says."""

    @property
    def title(self) -> str:
        return title_of(self.ticket) or self.name


@dataclass(frozen=True)
class _Room:
    """How much of each thing a page may show."""

    lines: int
    failures: int
    text: int
    marks: int
    entries: int


_ROOMS = (
    _Room(lines=60, failures=10, text=2000, marks=500, entries=1500),
    _Room(lines=16, failures=4, text=800, marks=400, entries=1200),
    _Room(lines=8, failures=3, text=400, marks=250, entries=900),
    _Room(lines=4, failures=2, text=200, marks=120, entries=600),
    _Room(lines=0, failures=0, text=80, marks=60, entries=300),
)


def report_page(report: Report) -> str:
    """The whole page; of a very long attempt less is shown of each run, so that it stays small."""
    entries, left_out = entries_of(report.timeline)
    html = ""
    for room in _ROOMS:
        shown, more = _fitted(entries, room)
        html = _rendered(report, shown, left_out + more, room)
        if len(html.encode("utf-8", "replace")) <= MOST_BYTES:
            break
    return html


def _fitted(entries: Sequence[Entry], room: _Room) -> tuple[list[Entry], int]:
    more = max(0, len(entries) - room.entries)
    half = room.entries // 2
    kept = [*entries[:half], *entries[half + more :]] if more else list(entries)
    return [_fit(entry, room) for entry in kept], more


def _fit(entry: Entry, room: _Room) -> Entry:
    change = _fit_change(entry.change, room.lines)
    if isinstance(entry, RunEntry):
        cut = max(0, len(entry.failures) - room.failures)
        failures = entry.failures[: room.failures]
        return replace(
            entry, change=change, failures=failures, more_failures=entry.more_failures + cut
        )
    text = entry.text if len(entry.text) <= room.text else f"{entry.text[: room.text]}…"
    return replace(entry, change=change, text=text)


def _fit_change(change: Change, lines: int) -> Change:
    files = tuple(
        replace(file, lines=file.lines[:lines], more=file.more + max(0, len(file.lines) - lines))
        for file in change.files
    )
    return replace(change, files=files)


def _rendered(report: Report, entries: Sequence[Entry], left_out: int, room: _Room) -> str:
    began = report.began and datetime.fromtimestamp(report.began, UTC).strftime("%Y-%m-%d")
    return environment().get_template("report.html").render(
        report=report,
        timeline=report.timeline,
        grade=report.grade,
        entries=entries,
        left_out=left_out,
        picture=picture_of(report.timeline, entries, room.marks),
        milestones=milestones(report.timeline),
        ticket=markdown(report.ticket),
        verdict=_verdict(report),
        changed_since=_changed_since(report.timeline),
        clock=since_start,
        length=length,
        counted=counted,
        sign=SIGN,
        version=__version__,
        began=began,
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )  # fmt: skip


def _verdict(report: Report) -> tuple[str, str]:
    """(class, words) of the outcome as it stands."""
    checks = report.timeline.checks
    solved = bool(report.grade["solved"]) if report.grade else bool(checks and checks[-1].solved)
    if solved:
        return "good", "✔ Solved"
    if report.revealed:
        return "open", "Revealed"
    if report.grade or checks:
        fixed = [bug["solved"] for bug in report.grade["bugs"]] if report.grade else []
        if len(fixed) > 1:
            return "bad", f"✘ {sum(fixed)} of {len(fixed)} fixed"
        return "bad", "✘ Not solved"
    return "open", "Not checked"


def _changed_since(timeline: Timeline) -> bool:
    """Whether a file was seen to change after the last check."""
    if not timeline.checks or not timeline.checks[-1].tree:
        return False
    return timeline.trees[-1][1] != timeline.checks[-1].tree


def milestones(timeline: Timeline) -> tuple[tuple[str, float], ...]:
    """The moments that a debugging round turns on, in their order."""
    red = next((run.at for run in timeline.runs if run.failed), None)
    green = None
    if red is not None:
        whole = max((len(run.outcomes) for run in timeline.runs), default=0)
        green = next(
            (
                run.at
                for run in timeline.runs
                if run.at > red and run.exit == 0 and run.passed and 2 * len(run.outcomes) >= whole
            ),
            None,
        )
    found = (
        ("first failing run", red),
        ("first hypothesis", min((one.at for one in timeline.hypotheses), default=None)),
        ("first edit to code seen", _first_edit(timeline)),
        ("suite green", green),
        ("solved", timeline.solved_at),
    )
    return tuple(sorted(((n, at) for n, at in found if at is not None), key=lambda one: one[1]))


def _first_edit(timeline: Timeline) -> float | None:
    start = timeline.start_tree
    for at, tree in timeline.trees:
        changed = timeline.snapshots.changed(start, tree)
        if any(name.endswith(".py") and not is_test_file(name) for name in changed):
            return at
    return None


def own_report(
    attempt: Attempt,
    state: str,
    timeline: Timeline,
    grade: dict[str, Any] | None,
    yours: str,
    reference: str | None,
) -> Report:
    """The report of an attempt on this machine.

    `state` is the attempt's as it is now; `grade` what its last check said; `yours` and
    `reference` are patches, the second None as long as the answer is not to be seen.
    """
    scenario = attempt.scenario
    return Report(
        name=f"{scenario.name} {scenario.version}",
        attempt=attempt.id,
        ticket=scenario.report,
        timeline=timeline,
        yours=change_in_patch(yours),
        grade=grade,
        reference=None if reference is None else change_in_patch(reference),
        explanations=() if reference is None else _explanations(scenario),
        revealed=state == "revealed",
        level=scenario.difficulty or "",
        began=attempt.row.created,
        next_steps=_next_steps(state, scenario),
    )


def _explanations(scenario: Scenario) -> tuple[Explanation, ...]:
    target = target_of(scenario)
    return tuple(
        Explanation(
            "; ".join(place.told for place in bug_places(bug, scenario, target)),
            made_by(bug.mutator),
            bug.family,
            bug.explanation,
        )
        for bug in scenario.bugs
    )


def _next_steps(state: str, scenario: Scenario) -> tuple[tuple[str, str], ...]:
    if state == "open":
        return (("bugbash check", "grades the workspace as it is now"),)
    others = "" if has_own_folder(scenario) else ", or for somebody else"
    return (("bugbash new", "the next bug"), (scenario.again, f"this one again{others}"))


def handed_in(timeline: Timeline, name: str, handed: Handed | None = None) -> Report:
    """The report of a timeline from elsewhere, which may say anything.

    `handed`: what the submission around it says, whose change is later than the last run's.
    """
    last = timeline.trees[-1][1] if timeline.trees else ""
    ticket = timeline.snapshots.read(timeline.start_tree, REPORT) or b""
    recorded = change_between(timeline.snapshots, timeline.start_tree, last)
    title = f"{handed.student} · {handed.target}" if handed else name
    return Report(
        name=shortened(title, 120),
        attempt=shortened(name, 120),
        ticket=ticket.decode("utf-8", "replace"),
        timeline=timeline,
        yours=change_in_patch(handed.patch) if handed else recorded,
        commits=handed.commits if handed else None,
        self_reported=True,
    )
