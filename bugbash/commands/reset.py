"""`bugbash reset`: the workspace as it was served."""

from __future__ import annotations

from pathlib import Path

import click

from bugbash.store import Store


@click.command(epilog="Example: bugbash reset --yes")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(yes: bool) -> None:
    """Put the workspace back to how it was served, `.venv` and git included.

    What you changed is kept as a patch, whose path is printed.
    """
    from bugbash.targets.environment import environment_of
    from bugbash.workspace.attempt import find, target_of
    from bugbash.workspace.reset import reset

    store = Store()
    attempt = find(store, Path())
    if not yes and not click.confirm(f"Reset {attempt.workspace}?", err=True):
        click.echo("Nothing was done.")
        return
    target = target_of(attempt.scenario)
    kept = reset(attempt, target, environment_of(target))
    store.open_again(attempt.id)
    click.echo(f"{attempt.workspace} is as it was served.")
    if kept is not None:
        click.echo(f"Your changes were kept in {kept}")
    click.echo("Next: read FAILURE_REPORT.md, run the tests.")
