"""`bugbash clean`: remove old attempts and caches."""

from __future__ import annotations

from pathlib import Path

import click

from bugbash.errors import UsageProblem
from bugbash.files import remove_tree
from bugbash.resources import home
from bugbash.store import AttemptRow, Store

_CACHES = ("slots", "trees", "environments", "downloads", "repositories", "locks", "prepared")


@click.command(epilog="Example: bugbash clean --all --yes")
@click.option("--all", "everything", is_flag=True, help="Unfinished attempts too.")
@click.option("--cache", is_flag=True, help="Also downloads, environments and stored trials.")
@click.option("--attempt", "only", help="Only this attempt.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(everything: bool, cache: bool, only: str | None, yes: bool) -> None:
    """Remove the workspaces of finished attempts; ask first.

    Only folders that bugbash made and that still carry their marker are removed.
    """
    from bugbash.workspace.attempt import recover

    store = Store()
    recover(store)
    rows = _chosen(store, everything, only)
    caches = [home() / name for name in _CACHES if cache and (home() / name).exists()]
    if not rows and not caches:
        click.echo("Nothing to remove.")
        return
    for row in rows:
        click.echo(f"attempt {row.id} ({row.state}): {row.workspace}")
    for path in caches:
        click.echo(f"cache: {path}")
    if not yes:
        click.confirm("Remove these?", abort=True, err=True)
    for row in rows:
        _remove(store, row)
    for path in caches:
        remove_tree(path)
    if cache:
        store.forget_facts()
    click.echo(f"Removed {len(rows)} attempts and {len(caches)} caches.")


def _chosen(store: Store, everything: bool, only: str | None) -> list[AttemptRow]:
    rows = [row for row in store.attempts() if row.state not in ("removed", "building")]
    if only is not None:
        chosen = [row for row in rows if row.id == only]
        if not chosen:
            raise UsageProblem(f"there is no attempt {only}: see `bugbash list --all`.")
        return chosen
    finished = ("solved", "revealed")
    return [r for r in rows if everything or r.state in finished or not Path(r.workspace).is_dir()]


def _remove(store: Store, row: AttemptRow) -> None:
    from bugbash.workspace.attempt import MARKER

    folder = Path(row.workspace)
    marker = folder / MARKER
    if marker.is_file() and marker.read_text("utf-8").strip() == row.id:
        remove_tree(folder)
    elif folder.is_dir():
        click.echo(f"{folder} does not carry its marker any more and was left alone.", err=True)
    store.set_state(row.id, "removed")
