"""`bugbash list`: what there is to play, and what is unfinished."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from bugbash.commands.options import json_option
from bugbash.commands.status import clock
from bugbash.store import AttemptRow, Store


@click.command(epilog="Next: cd to an attempt, or bugbash new")
@click.option("--all", "everything", is_flag=True, help="Finished attempts too.")
@json_option
def command(everything: bool, as_json: bool) -> None:
    """List targets to play and unfinished attempts, with their paths."""
    from bugbash.serving import catalogue
    from bugbash.targets import pinned, vendored
    from bugbash.workspace.attempt import recover

    store = Store()
    for line in recover(store):
        click.echo(line, err=True)
    rows = [row for row in store.attempts() if everything or row.state == "open"]
    rows = [row for row in rows if row.state != "removed"]
    shipped = [(name, catalogue.load(name)) for name in vendored.names()]
    if as_json:
        value = {
            "schema": "bugbash/list/v1",
            "targets": [
                {"name": name, "bugs": len(known.entries) if known else 0}
                for name, known in shipped
            ],
            "packages": pinned.names(),
            "attempts": [_attempt(row) for row in rows],
        }
        click.echo(json.dumps(value, indent=1))
        return
    click.secho("Ours, ready at once:", bold=True)
    for name, known in shipped:
        click.echo(f"  {name:<16} {len(known.entries) if known else 0} bugs")
    click.secho("Real packages with a pinned spec (fetched on first use):", bold=True)
    click.echo(f"  {', '.join(pinned.names())}")
    click.secho("Attempts:" if everything else "Unfinished attempts:", bold=True)
    for row in rows:
        gone = "" if Path(row.workspace).is_dir() else "  (the folder is gone)"
        age = clock(time.time() - row.created)
        click.echo(f"  {row.id}  {row.target:<14} {row.state:<9} {age:>9}  {row.workspace}{gone}")
    if not rows:
        click.echo("  none; start one with `bugbash new`")
    if not everything:
        click.echo("Finished ones: `bugbash list --all`.")


def _attempt(row: AttemptRow) -> dict[str, Any]:
    return {
        "attempt": row.id,
        "target": row.target,
        "state": row.state,
        "created": row.created,
        "workspace": row.workspace,
        "exists": Path(row.workspace).is_dir(),
    }
