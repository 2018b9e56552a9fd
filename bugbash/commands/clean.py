"""`bugbash clean`: remove old attempts and caches."""

from __future__ import annotations

from pathlib import Path

import click

from bugbash.errors import UsageProblem
from bugbash.files import remove_tree
from bugbash.resources import home
from bugbash.store import AttemptRow, Store
from bugbash.words import counted

_OURS = frozenset(
    {
        "alone.lock",
        "building",
        "kept",
        "timelines",
        "releases",
        "targets",
        "bugbash.db",
        "bugbash.db-wal",
        "bugbash.db-shm",
    }
)
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
    caches = _cached(store, rows) if cache else []
    if not rows and not caches:
        click.echo("Nothing to remove.")
        return
    for row in rows:
        click.echo(f"attempt {row.id} ({row.state}): {row.workspace}")
    for path in caches:
        click.echo(f"cache: {path}")
    if not yes and not click.confirm("Remove these?", err=True):
        click.echo("Nothing was done.")
        return
    for row in rows:
        _remove(store, row)
    for path in caches:
        remove_tree(path)
    if cache:
        store.forget_facts()
    counts = ((len(rows), "attempt"), (len(caches), "cache"))
    told = " and ".join(counted(count, what) for count, what in counts if count)
    click.echo(f"Removed {told}.")


def _cached(store: Store, removed: list[AttemptRow]) -> list[Path]:
    """The caches, but for the clean code of attempts that stay: they could not be judged again.

    Raises UsageProblem for a BUGBASH_HOME that holds other things: folders of these names may be
    somebody's.
    """
    from bugbash.workspace.attempt import MARKER

    for entry in sorted(home().iterdir()):
        ours = entry.name in (*_OURS, *_CACHES) or (entry / MARKER).is_file()
        if not ours and not entry.name.startswith("."):
            raise UsageProblem(
                f"{home()} holds {entry.name}, which is not bugbash's: no cache was removed. Give "
                "BUGBASH_HOME a folder of its own."
            )
    gone = {row.id for row in removed}
    staying = [row for row in store.attempts() if row.state != "removed" and row.id not in gone]
    needed = {str((store.scenario_of(row.id) or {}).get("digest")) for row in staying}
    found = [home() / name for name in _CACHES if name != "trees" and (home() / name).exists()]
    trees = home() / "trees"
    kept = (
        [tree for tree in trees.iterdir() if tree.name.partition(".")[0] in needed]
        if trees.is_dir()
        else []
    )
    if kept:
        return [*found, *(tree for tree in sorted(trees.iterdir()) if tree not in kept)]
    return [*found, trees] if trees.is_dir() else found


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
    from bugbash.recording.timeline import forget
    from bugbash.workspace.attempt import MARKER

    folder = Path(row.workspace)
    marker = folder / MARKER
    if marker.is_file() and marker.read_text("utf-8").strip() == row.id:
        remove_tree(folder)
    elif folder.is_dir():
        click.echo(f"{folder} does not carry its marker any more and was left alone.", err=True)
    forget(row.id)
    store.set_state(row.id, "removed")
