"""`bugbash next`: the scenario that is needed most, and why."""

from __future__ import annotations

import json
import shlex
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option, quoted
from bugbash.store import FINISHED, PlayedRow, Store

if TYPE_CHECKING:
    from bugbash.grading.repetition import Card, Suggestion


@click.command(epilog="Example: bugbash next --start")
@click.option("--start", is_flag=True, help="Make it at once, as the printed command would.")
@json_option
@click.pass_context
def command(ctx: click.Context, start: bool, as_json: bool) -> None:
    """Pick the scenario that you need most, and say why.

    A family never played comes first; then spaced repetition: what you solved well comes back
    after 1, 2, 4, 8, 16 days, what you did not solve tomorrow. The step that you skip most decides
    what to work on: where that is `reproduce` or `verify`, the failing tests are withheld.
    """
    from bugbash.grading.practice import record_of
    from bugbash.grading.repetition import reasons, suggestion_of

    played = Store().played(("open", *FINISHED))
    today = date.today()
    suggestion = suggestion_of([record_of(one) for one in played], today)
    why = list(reasons(suggestion, today))
    if start:
        from bugbash.commands.new import command as new

        for line in why:
            click.echo(line, err=True)
        words = [*suggestion.words[1:], *(("--json",) if as_json else ())]
        with new.make_context("new", words, parent=ctx.parent) as inner:
            new.invoke(inner)
    elif as_json:
        click.echo(json.dumps(_value(suggestion, why, played), indent=1))
    else:
        _show(suggestion, why, played)


def _value(suggestion: Suggestion, why: list[str], played: list[PlayedRow]) -> dict[str, Any]:
    from bugbash.pages.history_json import skips_json

    focus = suggestion.focus
    return {
        "schema": "bugbash/next/v1",
        "command": shlex.join(["bugbash", *suggestion.words]),
        "target": suggestion.target,
        "family": suggestion.family,
        "difficulty": suggestion.difficulty,
        "seed": suggestion.seed,
        "blind": suggestion.blind,
        "interview": suggestion.interview,
        "why": why,
        "step": focus.name if focus else None,
        "families": [_card(card) for card in suggestion.cards],
        "steps": [skips_json(one) for one in suggestion.steps],
        "unfinished": [one.row.workspace for one in played if one.row.state == "open"],
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "name": card.family,
        "box": card.box,
        "attempts": card.attempts,
        "solved": card.solved,
        "last": card.last.isoformat() if card.last else None,
        "due": card.due.isoformat() if card.due else None,
    }


def _show(suggestion: Suggestion, why: list[str], played: list[PlayedRow]) -> None:
    import textwrap

    from bugbash.plain import plain

    article = "an" if suggestion.difficulty == "easy" else "a"
    kind = " ".join(word for word in (suggestion.difficulty, suggestion.family) if word)
    how = ", the failing tests withheld" if suggestion.blind else ""
    how = ", as an interview" if suggestion.interview else how
    click.secho(f"{article.capitalize()} {kind} bug in {suggestion.target}{how}", bold=True)
    click.echo()
    for sentence in why:
        click.echo("\n".join(textwrap.wrap(plain(sentence), 78)))
    click.echo()
    click.secho(f"  {shlex.join(['bugbash', *suggestion.words])}", fg="cyan")
    click.echo()
    unfinished = [one.row.workspace for one in played if one.row.state == "open"]
    if unfinished:
        rest = f" and {len(unfinished) - 1} more (bugbash list)" if len(unfinished) > 1 else ""
        click.echo(f"Unfinished: {quoted(unfinished[-1])}{rest}")
    click.echo("Next: type that line, or `bugbash next --start`.")
