"""`bugbash reveal`: ends the attempt and shows the reference fix."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import json_option
from bugbash.store import Store

if TYPE_CHECKING:
    from bugbash.workspace.attempt import Attempt


@click.command(epilog="Example: bugbash reveal --patch | git apply")
@click.option(
    "--patch", "as_patch", is_flag=True, help="Print a patch for `git apply`, nothing else."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def command(as_patch: bool, yes: bool, as_json: bool) -> None:
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
    quiet = yes or as_patch or as_json or not sys.stdin.isatty()
    asks = attempt.row.state == "open" and not quiet
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
        here = {name: attempt.workspace / name for name in broken}
        served = all(
            path.is_file() and path.read_bytes() == broken[name] for name, path in here.items()
        )
        _show(attempt, text, served)
        for place in hidden:
            click.echo(f"  Hidden test: {place}")


def _show(attempt: Attempt, patch: str, served: bool) -> None:
    """The answer on a page; of a real bug beside the learner's change."""
    from bugbash.pages.terminal import show_answer

    origin = attempt.scenario.origin
    if origin is None:
        show_answer(attempt, patch, applies=served)
        return
    from bugbash.commands.report import yours_of
    from bugbash.pages.real_answer import show_real_answer
    from bugbash.targets.real_source import message_of

    subject = message_of(origin.name, origin.url, origin.fix_commit)
    show_real_answer(attempt, origin, patch, yours_of(attempt), subject, applies=served)
