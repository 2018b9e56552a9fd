"""`bugbash report --json`: a timeline as data."""

from __future__ import annotations

from typing import Any

from bugbash.pages.report_diff import change_between
from bugbash.recording.timeline import Run, Timeline


def timeline_json(timeline: Timeline, attempt: str, self_reported: bool = False) -> dict[str, Any]:
    """Everything in order, times in seconds since the start; no contents of files."""
    return {
        "schema": "bugbash/timeline/v1",
        "attempt": attempt,
        "self_reported": self_reported,
        "recorded": timeline.recorded,
        "elapsed_s": timeline.elapsed,
        "solved_at_s": timeline.solved_at,
        "altered_lines": timeline.altered,
        "cut_lines": timeline.cut,
        "events": sorted(_events(timeline), key=lambda event: event["at_s"]),
    }


def _events(timeline: Timeline) -> list[dict[str, Any]]:
    found = _runs(timeline)
    for one in timeline.hypotheses:
        found.append(
            {
                "kind": "hypothesis",
                "at_s": one.at,
                "number": one.number,
                "text": one.text,
                "place": one.place or None,
                "verdict": one.verdict or None,
                "closed_at_s": one.closed_at,
                "saw": one.saw or None,
            }
        )
    found += [{"kind": "note", "at_s": note.at, "text": note.text} for note in timeline.notes]
    found += [
        {"kind": "hint", "at_s": hint.at, "level": hint.level, "text": hint.text}
        | {"price": hint.price}
        for hint in timeline.hints
    ]
    found += [
        {"kind": "check", "at_s": check.at, "tree": check.tree or None, "solved": check.solved}
        | {"score": check.score}
        for check in timeline.checks
    ]
    found += [
        {"kind": mark.what, "at_s": mark.at, "tree": mark.tree or None} for mark in timeline.marks
    ]
    return found


def _runs(timeline: Timeline) -> list[dict[str, Any]]:
    found, before = [], timeline.start_tree
    for number, run in enumerate(timeline.runs, 1):
        change = change_between(timeline.snapshots, before, run.tree)
        files = [
            {"file": file.name, "added": file.added, "removed": file.removed}
            for file in change.files
        ]
        files += [{"file": name, "added": None, "removed": None} for name in change.more]
        found.append({**_run(number, run), "changed": files})
        before = run.tree or before
    return found


def _run(number: int, run: Run) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for outcome in run.outcomes.values():
        counts[outcome] = counts.get(outcome, 0) + 1
    return {
        "kind": "run",
        "at_s": run.at,
        "number": number,
        "ended_at_s": run.ended_at,
        "seconds": run.seconds,
        "tree": run.tree or None,
        "arguments": list(run.arguments),
        "inside": run.inside,
        "via": run.via,
        "exit": run.exit,
        "outcomes": counts,
        "failed": [
            {"test": test, "message": run.messages.get(test, "")}
            for test in run.outcomes
            if test in run.failed
        ],
        "debuggers": list(run.debuggers),
    }
