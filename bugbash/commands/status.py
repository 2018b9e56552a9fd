"""`bugbash status`: the clock, and how far this attempt is. Runs no test and no git."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.store import Store
from bugbash.words import clock

if TYPE_CHECKING:
    from bugbash.grading.progress import Progress
    from bugbash.recording.timeline import Run, Timeline
    from bugbash.workspace.attempt import Attempt


@click.command(epilog="Next: bugbash check")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(as_json: bool) -> None:
    """Show the clock and how far this attempt is: runs, hypotheses, hints, the five steps.

    The steps are read from the timeline by simple rules; `bugbash check` looks closer.
    """
    from bugbash.grading.progress import progress_of
    from bugbash.recording.timeline import timeline_of
    from bugbash.workspace.attempt import find

    store = Store()
    attempt = find(store, Path())
    checks = store.checks_of(attempt.id)
    timeline = timeline_of(attempt.id, attempt.workspace)
    progress = progress_of(attempt, timeline, checks)
    elapsed = _elapsed(attempt, timeline, checks)
    if as_json:
        value = _value(attempt, timeline, checks, progress, elapsed)
        click.echo(json.dumps(value, indent=1))
    else:
        _show(attempt, timeline, checks, progress, elapsed)


def _elapsed(attempt: Attempt, timeline: Timeline, checks: list[dict[str, Any]]) -> float:
    """Seconds on the clock: it stops at the first solved check, and with `reveal`."""
    stopped = [float(check["elapsed_s"]) for check in checks if check["solved"]]
    stopped += [mark.at for mark in timeline.marks if mark.what == "reveal"]
    if stopped and attempt.row.state != "open":
        return min(stopped)
    return max(0.0, timeline.elapsed, time.time() - attempt.row.created)


def _value(
    attempt: Attempt,
    timeline: Timeline,
    checks: list[dict[str, Any]],
    progress: Progress,
    elapsed: float,
) -> dict[str, Any]:
    minutes = attempt.row.minutes
    still_open = sum(not one.verdict for one in timeline.hypotheses)
    return {
        "schema": "bugbash/status/v1",
        "attempt": attempt.id,
        "target": attempt.scenario.shown_target,
        "workspace": str(attempt.workspace),
        "state": attempt.row.state,
        "elapsed_s": round(elapsed, 1),
        "minutes": minutes,
        "minutes_left": None if minutes is None else round(minutes - elapsed / 60, 1),
        "bug_count": len(attempt.scenario.bugs),
        "fail_to_pass": list(attempt.scenario.shown_tests),
        "recorded": timeline.recorded,
        "runs": {
            "count": len(timeline.runs),
            "last": _run_value(timeline.runs[-1]) if timeline.runs else None,
            "unseen": progress.unseen,
        },
        "hypotheses": {"open": still_open, "closed": len(timeline.hypotheses) - still_open},
        "notes": len(timeline.notes),
        "hints": {
            "count": len(timeline.hints),
            "cost": sum(hint.price for hint in timeline.hints),
        },
        "checks": len(checks),
        "solved": bool(checks and checks[-1]["solved"]),
        "steps": progress.steps,
        "next": progress.next,
    }


def _run_value(run: Run) -> dict[str, Any]:
    return {
        "at_s": run.at,
        "passed": len(run.passed),
        "failed": len(run.failed),
        "exit": run.exit,
    }


def _show(
    attempt: Attempt,
    timeline: Timeline,
    checks: list[dict[str, Any]],
    progress: Progress,
    elapsed: float,
) -> None:
    scenario = attempt.scenario
    count = len(scenario.shown_tests)
    seen = f", seen in {count} test{'s' * (count != 1)}" if count else ", no failing test is shown"
    click.secho(f"{scenario.name} {scenario.version}", bold=True, nl=False)
    click.echo(f"  attempt {attempt.id}, {attempt.row.state}")
    click.echo(f"clock       {clock(elapsed)}{_left(elapsed, attempt.row.minutes)}")
    click.echo(f"bugs        {len(scenario.bugs)}{seen}")
    click.echo(f"runs        {_runs(timeline, progress)}")
    click.echo(f"hypotheses  {_hypotheses(timeline)}")
    if timeline.notes:
        click.echo(f"notes       {len(timeline.notes)}")
    if timeline.hints:
        cost = sum(hint.price for hint in timeline.hints)
        click.echo(f"hints       {len(timeline.hints)}, which cost {cost} points")
    click.echo(f"checks      {_checks(checks)}")
    click.echo(f"steps       {_steps(progress)}")
    click.echo(f"\nNext: {progress.next}")


def _left(elapsed: float, minutes: int | None) -> str:
    if minutes is None:
        return ""
    left = minutes * 60 - elapsed
    return f", {clock(left)} left" if left > 0 else f", over by {clock(-left)}"


def _runs(timeline: Timeline, progress: Progress) -> str:
    if not timeline.recorded:
        return "not recorded: this attempt was made with --no-record"
    if not timeline.runs:
        why = "; a pytest from elsewhere is not recorded" if progress.unseen else ""
        return f"none recorded yet{why}"
    last = timeline.runs[-1]
    if last.ended_at is None:
        told = "did not end" if not last.failed else f"{len(last.failed)} failed, did not end"
    elif not last.outcomes:
        told = "no test ran"
    else:
        told = f"{len(last.failed)} failed, {len(last.passed)} passed"
    return f"{len(timeline.runs)}, the last at {clock(last.at)}: {told}"


def _hypotheses(timeline: Timeline) -> str:
    verdicts = [one.verdict or "open" for one in timeline.hypotheses]
    words = [
        f"{verdicts.count(word)} {word}"
        for word in ("open", "confirmed", "refuted")
        if word in verdicts
    ]
    return ", ".join(words) or "none stated yet"


def _checks(checks: list[dict[str, Any]]) -> str:
    if not checks:
        return "none yet"
    from bugbash.grading.progress import only_hidden

    last = checks[-1]
    left = ", hidden tests alone failed" if only_hidden(last) else ""
    return f"{len(checks)}, the last: {'solved' if last['solved'] else 'not solved'}{left}"


def _steps(progress: Progress) -> str:
    """Each step with a mark; what can't be known is so called."""
    signs = {True: "✔", False: "·", None: "?"}
    row = "  ".join(f"{signs[done]} {name}" for name, done in progress.steps.items())
    unknown = "   (?: can't be known yet)" if None in progress.steps.values() else ""
    return row + unknown
