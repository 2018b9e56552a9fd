"""`bugbash hypothesis`: say what you suspect before you change anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option
from bugbash.errors import UsageProblem
from bugbash.store import Store
from bugbash.words import clock

if TYPE_CHECKING:
    from bugbash.recording.timeline import Hypothesis, Timeline
    from bugbash.workspace.attempt import Attempt

_NEXT = {
    "": "make a run that could refute it, then --confirmed or --refuted \"what you saw\".",
    "confirmed": "the smallest change that fixes it, the failing test, then the whole suite.",
    "refuted": "undo what you tried for it, then say what you suspect now.",
}  # fmt: skip


@click.command(epilog='Example: bugbash hypothesis "I suspect the limit" --at shop.py:12')
@click.argument("text", nargs=-1)
@click.option("--at", "at", metavar="FILE[:LINE]", help="The place that you suspect.")
@click.option(
    "--confirmed",
    is_flag=True,
    help="It was right; closes the latest open one. With TEXT: what you saw, where one is open.",
)
@click.option(
    "--refuted",
    is_flag=False,
    flag_value="",
    metavar="[SAW]",
    help="It was wrong, and what you saw; closes it too.",
)
@click.option("--number", type=click.IntRange(1), help="Close this one, not the latest open one.")
@json_option
def command(
    text: tuple[str, ...],
    at: str | None,
    confirmed: bool,
    refuted: str | None,
    number: int | None,
    as_json: bool,
) -> None:
    """Say what you suspect, and later whether it was right; without TEXT, list what was said.

    "I suspect ... because ...": so precise that a run could show you to be wrong. Your words are
    never scored, only that you said them, when, and what became of it.
    """
    from bugbash.recording.saying import advice, cleaned, close, place_of, state
    from bugbash.recording.timeline import timeline_of
    from bugbash.workspace.attempt import find

    _check(text, at, confirmed, refuted, number)
    store = Store()
    attempt = find(store, Path())
    closing = confirmed and bool(text) and at is None
    closing = closing and (number is not None or _closes(timeline_of(attempt.id)))
    what = "what you saw" if closing else "the hypothesis"
    said = cleaned(" ".join(text), what) if text else ""
    saw = cleaned(refuted, "what you saw") if refuted else ""
    if closing:
        said, saw = "", said
    place, lacking = place_of(at, attempt.workspace, Path.cwd()) if at is not None else ("", "")
    verdict = "confirmed" if confirmed else "refuted" if refuted is not None else ""
    if said:
        number = state(attempt.id, attempt.workspace, said, place)
    if verdict:
        number = close(attempt.id, attempt.workspace, number, verdict, saw).number
    timeline = timeline_of(attempt.id, attempt.workspace)
    if as_json:
        if lacking:
            click.echo(_line(lacking), err=True)
        click.echo(json.dumps(_value(attempt.id, timeline.hypotheses), indent=1))
        return
    if number is None:
        _list(timeline.hypotheses)
        return
    recorded = "" if timeline.recorded else " Recording is off: your files are not kept with it."
    told = f"stated and {verdict}" if said and verdict else verdict or "stated"
    click.echo(f"Hypothesis {number} {told}.{recorded}")
    if lacking:
        click.echo(_line(lacking))
    better = advice(said, place or lacking) if said and not verdict else ""
    if better:
        click.echo(better)
    then = _when_green(attempt, timeline, store) if verdict == "confirmed" else ""
    click.echo(f"Next: {then or _NEXT[verdict]}")


def _closes(timeline: Timeline) -> bool:
    """Whether a text said with --confirmed is what was seen, for the one that is open.

    Raises UsageProblem where several are.
    """
    still_open = [one.number for one in timeline.hypotheses if not one.verdict]
    if len(still_open) > 1:
        which = ", ".join(str(number) for number in still_open)
        raise UsageProblem(
            f"{len(still_open)} hypotheses are open ({which}): say which was right with --number N."
        )
    return bool(still_open)


def _when_green(attempt: Attempt, timeline: Timeline, store: Store) -> str:
    """What `status` says comes next, where the change was made and the whole suite passed."""
    from bugbash.grading.progress import progress_of

    progress = progress_of(attempt, timeline, store.checks_of(attempt.id))
    over = attempt.row.state in ("solved", "revealed")
    return progress.next if over or progress.steps["verify"] else ""


def _check(
    text: tuple[str, ...], at: str | None, confirmed: bool, refuted: str | None, number: int | None
) -> None:
    """Raises UsageProblem for options that contradict each other."""
    if confirmed and refuted is not None:
        raise UsageProblem("a hypothesis is --confirmed or --refuted, not both.")
    if number is not None and text and (at is not None or not confirmed):
        raise UsageProblem("--number is for closing one that was stated: leave the text out.")
    if number is not None and not confirmed and refuted is None:
        raise UsageProblem('--number needs --confirmed or --refuted "what you saw".')
    if at is not None and not text:
        raise UsageProblem('--at needs a text: bugbash hypothesis "I suspect ..." --at FILE')


def _value(attempt: str, stated: tuple[Hypothesis, ...]) -> dict[str, Any]:
    rows = [
        {
            "number": one.number,
            "at_s": one.at,
            "text": one.text,
            "place": one.place or None,
            "verdict": one.verdict or None,
            "closed_at_s": one.closed_at,
            "saw": one.saw or None,
        }
        for one in stated
    ]
    return {"schema": "bugbash/hypotheses/v1", "attempt": attempt, "hypotheses": rows}


def _list(stated: tuple[Hypothesis, ...]) -> None:
    for one in stated:
        click.echo(f"{one.number:>3}  {clock(one.at):>8}  {_line(one.text)}")
        if one.place:
            click.echo(f"{'':>15}at {_line(one.place)}")
        if one.closed_at is None:
            click.echo(f"{'':>15}open")
        else:
            saw = f": {_line(one.saw)}" if one.saw else ""
            click.echo(f"{'':>15}{one.verdict} at {clock(one.closed_at)}{saw}")
    if not stated:
        click.echo('None stated yet: bugbash hypothesis "I suspect ... because ..." --at FILE:LINE')


def _line(text: str) -> str:
    from bugbash.plain import plain

    return plain(" ".join(text.split()))
