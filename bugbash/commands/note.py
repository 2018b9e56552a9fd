"""`bugbash note`: a time-stamped note, an interviewer's or one's own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bugbash.commands.options import json_option
from bugbash.store import Store


@click.command(epilog='Example: bugbash note "asked for the expected value at minute 12"')
@click.argument("text", nargs=-1)
@json_option
def command(text: tuple[str, ...], as_json: bool) -> None:
    """Write a time-stamped note; without TEXT, list them.

    For an interviewer who sits beside, or for yourself. Notes are never scored.
    """
    from bugbash.plain import plain
    from bugbash.recording.saying import cleaned
    from bugbash.recording.timeline import tell, timeline_of
    from bugbash.words import clock
    from bugbash.workspace.attempt import find

    attempt = find(Store(), Path())
    if text:
        tell(attempt.id, "note", text=cleaned(" ".join(text), "the note"))
    notes = timeline_of(attempt.id, attempt.workspace).notes
    if as_json:
        value = {
            "schema": "bugbash/notes/v1",
            "attempt": attempt.id,
            "notes": [{"at_s": note.at, "text": note.text} for note in notes],
        }
        click.echo(json.dumps(value, indent=1))
    elif text:
        which = "it" if len(notes) == 1 else f"all {len(notes)}"
        click.echo(f"Noted at {clock(notes[-1].at)}. `bugbash note` lists {which}.")
    else:
        for note in notes:
            click.echo(f"{clock(note.at):>8}  {plain(' '.join(note.text.split()))}")
        if not notes:
            click.echo('No notes yet: bugbash note "..."')
