"""`bugbash scenario update`: a scenario after its target moved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option, quoted

if TYPE_CHECKING:
    from bugbash.serving.order import Voice
    from bugbash.serving.updating import Update
    from bugbash.serving.written import Written


@click.command(epilog="Next: bugbash scenario check NAME")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...")
@click.option("--yes", is_flag=True, help="Write what is shown.")
@json_option
@click.pass_context
def update(ctx: click.Context, names: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Find bugs again after their target moved, and what they break there.

    Without names, of all that ship. Lines that moved, or are indented otherwise, need nothing.
    Lines that were changed are offered where they are clearly the ones, the tests that a bug breaks
    are refreshed, and patches whose surroundings changed are written anew: as a diff, and with
    --yes for good.

    Exit code: 0 nothing is to be done or it was written, 1 something is left to do, 2 something
    can't be read as asked, 3 the machine or the target is in the way.
    """
    from bugbash.commands.voice import voice
    from bugbash.serving.library import scenarios_in

    rows: list[tuple[Written, Update]] = []
    with voice() as told:
        for written in scenarios_in(names):
            found = _update(written, told)
            if yes and not found.problems:
                found.write()
            rows.append((written, found))
            if not as_json:
                _show(written, found, yes)
    if as_json:
        click.echo(json.dumps(_as_json(rows, yes), ensure_ascii=False, indent=1))
    left = any(found.problems or (found.files and not yes) for _, found in rows)
    ctx.exit(1 if left else 0)


def _update(written: Written, told: Voice) -> Update:
    from bugbash.serving.serve_written import ground_of
    from bugbash.serving.updating import update_of
    from bugbash.store import Store

    return update_of(ground_of(written, told), Store(), told)


def _show(written: Written, found: Update, yes: bool) -> None:
    from bugbash.plain import plain

    name = plain(written.name)
    if found.problems:
        click.echo(f"{name}: can't be updated, nothing was written:")
        for problem in found.problems:
            click.echo(f"  {plain(problem)}")
        return
    if not found.files:
        click.echo(f"{name}: nothing is to be done.")
        return
    for note in found.notes:
        click.echo(f"{name}: {plain(note)}")
    click.echo(plain(found.diff()), nl=False)
    word = quoted(written.name)
    if yes:
        click.echo(f"Written. Next: bugbash scenario check {word}", err=True)
    else:
        click.echo(f"Nothing was written. Next: bugbash scenario update {word} --yes", err=True)


def _as_json(rows: list[tuple[Written, Update]], yes: bool) -> dict[str, Any]:
    return {
        "schema": "bugbash/scenario-update/v1",
        "scenarios": [
            {
                "name": written.name,
                "notes": list(found.notes),
                "problems": list(found.problems),
                "diff": found.diff() if not found.problems else "",
                "written": bool(yes and found.files and not found.problems),
            }
            for written, found in rows
        ],
    }
