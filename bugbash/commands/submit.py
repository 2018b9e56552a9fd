"""`bugbash submit`: one file to hand in, of a packed exercise."""

from __future__ import annotations

from pathlib import Path

import click

from bugbash.errors import UsageProblem


@click.command(epilog="Example: bugbash submit --out ada.zip")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it [default: submission-NAME.zip beside the exercise].",
)
@click.option("-C", "folder", type=click.Path(path_type=Path), default=Path(), hidden=True)
def command(out: Path | None, folder: Path) -> None:
    """Write one .zip of your changes, your commits and the recorded test runs.

    For an exercise that an instructor packed (`bugbash pack`); the pack's submit.py does the same
    without bugbash. Nothing is sent, nothing in the exercise is changed.
    """
    from bugbash.workspace.submission_script import (
        Problem,
        contents,
        find_exercise,
        hand_in,
    )

    exercise = find_exercise(folder)
    if exercise is None:
        raise UsageProblem(
            f"{folder.resolve()} is in no packed exercise: go to one, or use `bugbash report` for "
            "an attempt of your own."
        )
    try:
        file = hand_in(exercise, out)
    except Problem as problem:
        raise UsageProblem(str(problem)) from problem
    click.echo(str(file))
    click.echo(f"Hand in this file. It holds {contents(file)}.", err=True)
