"""`bugbash status`: the clock, and how far this attempt is. Reads the database alone."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from bugbash.commands.options import json_option
from bugbash.store import Store

STEPS = ("reproduce", "isolate", "hypothesis", "verify", "clean up")


@click.command(epilog="Next: bugbash check")
@json_option
def command(as_json: bool) -> None:
    """Show the clock and how far this attempt is."""
    from bugbash.workspace.attempt import find

    store = Store()
    attempt = find(store, Path())
    checks = store.checks_of(attempt.id)
    elapsed = max(0.0, time.time() - attempt.row.created)
    last = checks[-1] if checks else None
    if as_json:
        value = {
            "schema": "bugbash/status/v1",
            "attempt": attempt.id,
            "target": attempt.scenario.target,
            "workspace": str(attempt.workspace),
            "state": attempt.row.state,
            "elapsed_s": round(elapsed, 1),
            "minutes": attempt.row.minutes,
            "bug_count": len(attempt.scenario.bugs),
            "fail_to_pass": list(attempt.scenario.fail_to_pass),
            "checks": len(checks),
            "solved": bool(last and last["solved"]),
            "steps": dict.fromkeys(STEPS, None),
        }
        click.echo(json.dumps(value, indent=1))
        return
    scenario = attempt.scenario
    click.secho(f"{scenario.name} {scenario.version}", bold=True, nl=False)
    click.echo(f"  attempt {attempt.id}, {attempt.row.state}")
    click.echo(f"clock      {clock(elapsed)}{_left(elapsed, attempt.row.minutes)}")
    click.echo(f"bugs       {len(scenario.bugs)}, seen in {len(scenario.fail_to_pass)} tests")
    click.echo(f"checks     {_checks(len(checks), last)}")
    click.echo("steps      not observed: this version records no test runs")
    if attempt.row.state == "open":
        click.echo("\nNext: debug with pytest, then `bugbash check`.")


def clock(seconds: float) -> str:
    """12:07, or 1:02:07."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _left(elapsed: float, minutes: int | None) -> str:
    if minutes is None:
        return ""
    left = minutes * 60 - elapsed
    return f", {clock(left)} left" if left > 0 else f", over by {clock(-left)}"


def _checks(count: int, last: dict[str, object] | None) -> str:
    if last is None:
        return "none yet"
    return f"{count}, the last: {'solved' if last['solved'] else 'not solved'}"
