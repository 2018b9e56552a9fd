"""`bugbash test`: pytest in the workspace's own environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from bugbash.store import Store


class ForPytest(click.Command):
    """A command whose further words are pytest's: `-h` is its own only as the first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--help"] if args[:1] == ["-h"] else args)


@click.command(
    cls=ForPytest,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog="Example: bugbash test -x tests/test_money.py",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run pytest in the workspace's own environment; ARGUMENTS are pytest's.

    Returns pytest's exit code. Plain `.venv/bin/pytest` does the same.
    """
    from bugbash.targets.environment import environment_of
    from bugbash.targets.venv import python_of
    from bugbash.workspace.attempt import find, target_of
    from bugbash.workspace.make import repair_venv

    attempt = find(Store(), Path())
    target = target_of(attempt.scenario)
    if repair_venv(attempt, target, environment_of(target)):
        click.echo("The workspace's .venv was gone or broken and was made again.", err=True)
    python = python_of(attempt.workspace / ".venv")
    words = [str(python), "-m", "pytest", *target.spec.pytest_args, *arguments]
    # What a PYTHONPATH names would come before the workspace's own code.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["BUGBASH_VIA"] = "test"
    sys.exit(subprocess.call(words, env=environment))
