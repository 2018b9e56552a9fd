"""`bugbash list`: what there is to play, and what is unfinished."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option, quoted
from bugbash.store import PlayedRow, Store

if TYPE_CHECKING:
    from bugbash.serving.catalogue import Catalogue


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
    rows = store.played(("open", "solved", "revealed") if everything else ("open",))
    shipped = [(name, catalogue.load(name)) for name in vendored.names()]
    if as_json:
        value = {
            "schema": "bugbash/list/v1",
            "targets": [
                {"name": name, "bugs": len(known.entries) if known else 0}
                for name, known in shipped
            ],
            "packages": pinned.names(),
            "real": [{"name": name, "bugs": count} for name, count in _real_bugs()],
            "attempts": [_attempt(row) for row in rows],
        }
        click.echo(json.dumps(value, indent=1))
        return
    _show_targets(shipped, pinned.names())
    click.secho("Attempts:" if everything else "Unfinished attempts:", bold=True)
    for row in rows:
        _show_attempt(row)
    if not rows:
        click.echo("  none; start one with `bugbash new`")
    if not everything:
        click.echo("Finished ones: `bugbash list --all`. How it goes: `bugbash history`.")


def _show_targets(shipped: list[tuple[str, Catalogue | None]], packages: list[str]) -> None:
    click.secho("Ours, ready at once:", bold=True)
    for name, known in shipped:
        click.echo(f"  {name:<16} {len(known.entries) if known else 0} bugs")
    click.secho("Real packages with a pinned spec (fetched on first use):", bold=True)
    click.echo(f"  {', '.join(packages)}")
    if real := _real_bugs():
        click.secho("Bugs that real libraries had (`bugbash new --real NAME`):", bold=True)
        click.echo(f"  {', '.join(f'{name} {count}' for name, count in real)}")


def _real_bugs() -> list[tuple[str, int]]:
    """The libraries with real bugs, and how many each has."""
    from bugbash.targets.history import index

    return [(name, len(index.load(name).entries)) for name in index.names()]


def _show_attempt(played: PlayedRow) -> None:
    """Two lines: what and how far, then the path, which is there to be copied."""
    from bugbash.grading.practice import record_of
    from bugbash.pages.report_words import length
    from bugbash.plain import plain

    record, now = record_of(played), time.time()
    what = [plain(record.target)]
    what += [record.difficulty] if record.difficulty else []
    what += ["blind"] if record.blind else []
    what += [record.mode] if record.mode else []
    state = [] if record.result == "open" else [record.result]
    age = f"{length(max(0.0, now - record.started))} old"
    checked = "never checked"
    if record.checked is not None:
        checked = f"checked {length(max(0.0, now - record.checked))} ago: {_verdict(played)}"
    click.echo(f"  {record.attempt}  {' '.join(what)}, {', '.join([*state, age, checked])}")
    gone = "" if Path(played.row.workspace).is_dir() else "  (the folder is gone)"
    click.echo(f"            {quoted(played.row.workspace)}{gone}")


def _verdict(played: PlayedRow) -> str:
    _, last = played.checks[-1]
    solved = "solved" if last["solved"] else "not solved"
    return solved if last["score"] is None else f"{solved}, {last['score']} points"


def _attempt(played: PlayedRow) -> dict[str, Any]:
    from bugbash.grading.practice import record_of

    row, record = played.row, record_of(played)
    last = played.checks[-1] if played.checks else None
    return {
        "attempt": row.id,
        "target": row.target,
        "state": row.state,
        "created": row.created,
        "age_s": round(max(0.0, time.time() - row.created), 1),
        "workspace": row.workspace,
        "exists": Path(row.workspace).is_dir(),
        "difficulty": record.difficulty,
        "blind": record.blind,
        "mode": record.mode or None,
        "checks": record.checks,
        "last_check": None
        if last is None
        else {"at": last[0], "solved": last[1]["solved"], "score": last[1]["score"]},
    }
