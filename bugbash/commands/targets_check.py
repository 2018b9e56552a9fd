"""`bugbash targets check`: what a target lacks to be a good one."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import as_typed, json_option, target_options

if TYPE_CHECKING:
    from bugbash.targets.overrides import Overrides


@click.command("check", epilog="Example: bugbash targets check ./mine --sample 120")
@click.argument("name", metavar="TARGET")
@click.option(
    "--sample", type=click.IntRange(1), default=60, show_default=True, help="Mutants to try."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Of the sample and of the shuffled order.",
)
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Side by side.")
@target_options
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    name: str,
    sample: int,
    seed: int,
    jobs: int,
    overrides: Overrides,
    as_json: bool,
) -> None:
    """Say what TARGET lacks to be a good target, and what to do about it.

    Runs the clean suite again and again: as it is, reversed and shuffled, with other hash seeds,
    time zones and locales, elsewhere, at a later date. Then tries a sample of the mutants, and the
    journeys over those that can be served.

    Exit code 1 where something makes it unusable. TARGET is a name from `bugbash targets`, a
    folder, pypi:NAME[==VERSION] or git+URL[@REF].
    """
    from bugbash.commands.voice import voice
    from bugbash.pages.target_check import check_json, show_check
    from bugbash.serving.target_check import Asked, look
    from bugbash.serving.target_verdicts import lines_of, usable
    from bugbash.store import Store

    with voice() as speaking:
        facts = look(Asked(name, overrides, sample, seed, jobs), Store(), speaking)
        typed = shlex.join((name, *as_typed(overrides)))
        lines = lines_of(facts, typed)
    if as_json:
        click.echo(json.dumps(check_json(facts, lines), ensure_ascii=False, indent=2))
    else:
        show_check(facts, lines)
        if usable(lines):
            click.echo(f"\nNext: bugbash new {typed}")
            click.echo(f"      bugbash scan {typed}  # every mutant")
    ctx.exit(0 if usable(lines) else 1)
