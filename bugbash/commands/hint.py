"""`bugbash hint`: the next of four hints, paid for with points."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option
from bugbash.errors import UsageProblem
from bugbash.store import Store
from bugbash.words import clock, counted

if TYPE_CHECKING:
    from bugbash.grading.hints import NextHint
    from bugbash.recording.timeline import Hint, Timeline
    from bugbash.workspace.attempt import Attempt


@click.command(epilog="Hints cost 3, 5, 7 and 9 points. Next: bugbash hypothesis")
@click.option("--yes", is_flag=True, help="Pay without being asked.")
@json_option
def command(yes: bool, as_json: bool) -> None:
    """Give the next of four hints: area, file, function, line.

    Each costs points, which are told before they are paid, and says more than what you have found:
    it looks at your edits, runs and hypotheses.
    """
    from bugbash.grading.hints import next_hint, price_of_next, unsolved_bug
    from bugbash.recording.timeline import tell, timeline_of
    from bugbash.workspace.attempt import find, target_of

    store = Store()
    attempt = find(store, Path())
    timeline = timeline_of(attempt.id, attempt.workspace)
    checks = store.checks_of(attempt.id)
    bug = unsolved_bug(attempt.scenario, timeline, checks[-1] if checks else None)
    price = price_of_next(attempt.scenario, timeline, bug) if bug is not None else None
    fixed = bool(checks) and all(row["solved"] for row in checks[-1]["bugs"])
    over = _undone(attempt, timeline, checks) or _over(attempt, bug, price, fixed)
    if over or bug is None or price is None:
        _tell_that_it_is_over(attempt, timeline.hints, over, as_json)
        return
    if not yes and not _agreed(attempt, timeline.hints, bug, price, as_json):
        click.echo("Nothing was paid.")
        return
    target = target_of(attempt.scenario)
    found = next_hint(attempt.scenario, target, attempt.workspace, timeline, bug)
    if found is not None:
        # Before it is shown: nobody reads what could not be written down.
        tell(attempt.id, "hint", level=found.level, text=found.text, price=found.price)
        _show(attempt, found, timeline_of(attempt.id).hints, as_json)


def _undone(attempt: Attempt, timeline: Timeline, checks: list[dict[str, Any]]) -> str:
    """What is said where it was solved and the code now is not, or nothing."""
    solved = next((check for check in checks if check["solved"]), None)
    if attempt.row.state != "solved" or solved is None:
        return ""
    checked_at = timeline.checks[-1].at if timeline.checks else -1.0
    wanted = set(attempt.scenario.fail_to_pass)
    later = [run for run in timeline.runs if run.at > checked_at and wanted & set(run.outcomes)]
    if checks[-1]["solved"] and not (later and later[-1].failed & wanted):
        return ""
    return (
        f"It was solved at {clock(float(solved['elapsed_s']))}, which counts; the code now is not. "
        "`bugbash reveal` shows the fix, `bugbash reset` starts again."
    )


def _over(attempt: Attempt, bug: int | None, price: int | None, fixed: bool) -> str:
    """Why there is no further hint, or nothing. `fixed`: the last check found all bugs fixed."""
    if attempt.scenario.mode:
        return "There are no hints in an interview: say what you would ask, with `bugbash note`."
    if attempt.row.state == "solved":
        return "This attempt is solved: there is nothing left to hint at."
    if attempt.row.state == "revealed":
        return "The answer was revealed: `bugbash reveal` shows it again."
    if bug is None and fixed:
        return "What was reported is fixed, but other tests broke: `bugbash check` names them."
    if bug is None:
        return "All tests that failed have passed since: `bugbash check` says whether it is solved."
    if price is None:
        several = len(attempt.scenario.bugs) > 1
        about = " about all that is unsolved" if several else ""
        return (
            f"All hints{about} were given: `bugbash reveal` would show "
            f"{'all answers' if several else 'the answer'}, and ends the attempt."
        )
    return ""


def _agreed(
    attempt: Attempt, before: tuple[Hint, ...], bug: int, price: int, as_json: bool
) -> bool:
    """Ask on a terminal. Raises UsageProblem, with the price, where nobody can be asked."""
    from bugbash.grading.rubric import rubric_of

    several = len(attempt.scenario.bugs) > 1
    about = f" (problem {bug} of {len(attempt.scenario.bugs)})" if several else ""
    total = rubric_of(attempt.scenario.weights).total
    told = f"The next hint{about} costs {price} of {total} points"
    if as_json or not sys.stdin.isatty():
        raise UsageProblem(f"{told[0].lower()}{told[1:]}: `bugbash hint --yes` pays and shows it.")
    _show_taken(before, err=True)
    return click.confirm(f"{told}. Take it?", err=True)


def _show(attempt: Attempt, hint: NextHint, given: tuple[Hint, ...], as_json: bool) -> None:
    from bugbash.grading.hints import LEVELS, PRICES
    from bugbash.plain import plain

    if as_json:
        value: dict[str, Any] = {
            **_value(attempt, given),
            "bug": hint.bug,
            "level": hint.level,
            "about": LEVELS[hint.level - 1],
            "text": hint.text,
            "price": hint.price,
            "why": None,
        }
        click.echo(json.dumps(value, indent=1))
        return
    click.echo(plain(hint.text))
    cost = sum(one.price for one in given)
    count = counted(len(given), "hint")
    click.secho(f"It cost {hint.price} points; {count} so far, {cost} points.", dim=True)
    if hint.level < len(PRICES):
        click.echo('Next: say what you suspect now: bugbash hypothesis "..." --at FILE:LINE')
    else:
        click.echo("Next: change as little as you can, then the failing test, then all.")


def _tell_that_it_is_over(
    attempt: Attempt, before: tuple[Hint, ...], why: str, as_json: bool
) -> None:
    if as_json:
        nothing = dict.fromkeys(("bug", "level", "about", "text", "price"))
        click.echo(json.dumps({**_value(attempt, before), **nothing, "why": why}, indent=1))
        return
    _show_taken(before)
    click.echo(why)


def _value(attempt: Attempt, given: tuple[Hint, ...]) -> dict[str, Any]:
    return {
        "schema": "bugbash/hint/v1",
        "attempt": attempt.id,
        "bug_count": len(attempt.scenario.bugs),
        "given": [{"level": h.level, "text": h.text, "price": h.price} for h in given],
        "cost": sum(hint.price for hint in given),
    }


def _show_taken(hints: tuple[Hint, ...], err: bool = False) -> None:
    from bugbash.plain import plain

    for hint in hints:
        click.echo(f"{plain(hint.text)}  ({hint.price} points)", err=err)
