"""`bugbash reveal`: ends the attempt and shows the reference fix."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from bugbash.commands.options import json_option
from bugbash.store import Store


@click.command(epilog="Example: bugbash reveal --patch | git apply")
@click.option(
    "--patch", "as_patch", is_flag=True, help="Print a patch for `git apply`, nothing else."
)
@json_option
def command(as_patch: bool, as_json: bool) -> None:
    """End the attempt and show the reference fix and why it is one.

    A `check` afterwards gives the verdict and no score.
    """
    from bugbash import git
    from bugbash.pages.records import answer_json
    from bugbash.recording.timeline import tell
    from bugbash.workspace.attempt import find, target_of
    from bugbash.workspace.make import broken_files, hidden_tests

    store = Store()
    attempt = find(store, Path())
    asks = attempt.row.state == "open" and not as_patch and not as_json and sys.stdin.isatty()
    if asks and not click.confirm("This ends the attempt. Show the answer?", err=True):
        click.echo("Nothing was done.")
        return
    target = target_of(attempt.scenario)
    broken = broken_files(attempt.scenario, target)
    text = git.patch(broken, {name: (target.tree / name).read_bytes() for name in broken})
    hidden = hidden_tests(attempt.scenario, target)
    tell(attempt.id, "reveal", attempt.workspace)
    if attempt.row.state != "solved":  # also one that `clean` took for gone
        store.set_state(attempt.id, "revealed")
    if as_patch:
        click.echo(text, nl=False)
    elif as_json:
        click.echo(json.dumps({**answer_json(attempt, text), "hidden_tests": hidden}, indent=1))
    else:
        from bugbash.pages.terminal import show_answer

        here = {name: attempt.workspace / name for name in broken}
        served = all(
            path.is_file() and path.read_bytes() == broken[name] for name, path in here.items()
        )
        show_answer(attempt, text, applies=served)
        for place in hidden:
            click.echo(f"  Hidden test: {place}")
