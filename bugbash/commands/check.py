"""`bugbash check`: is it fixed, and how was it left."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from bugbash.commands.options import json_option
from bugbash.commands.voice import voice
from bugbash.store import Store


@click.command(
    epilog="Exit codes: 0 solved, 1 not solved, 3 environment, 4 tests were tampered with. "
    "Next: bugbash reveal"
)
@json_option
@click.option("-C", "folder", type=click.Path(path_type=Path), default=Path(), hidden=True)
def command(as_json: bool, folder: Path) -> None:
    """Say whether the bug is fixed, and grade the attempt.

    Runs the tests as they were served over your code, whatever you did to yours.
    """
    from bugbash.grading.grade import grade
    from bugbash.pages.records import grade_json
    from bugbash.recording.timeline import tell
    from bugbash.targets.environment import environment_of
    from bugbash.workspace.attempt import find, target_of

    store = Store()
    attempt = find(store, folder)
    target = target_of(attempt.scenario)
    environment = environment_of(target)
    with voice() as told:
        found = grade(attempt, target, environment, told.watch("running the tests"))
    value = grade_json(found, store.checks_of(attempt.id))
    store.add_check(attempt.id, value)
    tell(attempt.id, "check", attempt.workspace, solved=found.verdict.solved, score=found.score)
    if found.verdict.solved and attempt.row.state == "open":
        store.set_state(attempt.id, "solved")
    if as_json:
        click.echo(json.dumps(value, indent=1))
    else:
        from bugbash.pages.terminal import show_grade

        green = [bug["green_at_s"] for bug in value["bugs"]]
        show_grade(found, max(green) if found.verdict.solved else None)
    sys.exit(found.exit_code)
