"""`bugbash catalogue`: rebuild or prove the shipped bugs of a vendored target."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bugbash.commands.voice import voice
from bugbash.errors import EnvironmentProblem
from bugbash.serving import catalogue
from bugbash.serving.order import Voice
from bugbash.store import Store
from bugbash.trials.scan import Engine

if TYPE_CHECKING:
    from bugbash.targets.environment import Environment
    from bugbash.targets.spec import Target
    from bugbash.trials.baseline import Baseline


@click.group(epilog="Example: bugbash catalogue prove billcycle --sample 5")
def command() -> None:
    """Rebuild or prove the catalogue of a vendored target (for those who work on bugbash)."""


def _parts(name: str, told: Voice) -> tuple[Target, Environment, Baseline, Store]:
    """What an engine over a vendored target is made of."""
    from bugbash.targets.environment import environment_of
    from bugbash.targets.vendored import prepare
    from bugbash.trials.baseline import baseline_of

    store = Store()
    target = prepare(name)
    environment = environment_of(target)
    return target, environment, baseline_of(target, environment, store, told.watch), store


@command.command(epilog="Example: bugbash catalogue build billcycle")
@click.argument("targets", nargs=-1, required=True)
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True)
@click.option("--each", type=click.IntRange(1), help="Prove only so many of each mutator.")
def build(targets: tuple[str, ...], jobs: int, each: int | None) -> None:
    """Try every mutant of TARGETS, prove the servable ones, write the catalogues."""
    from bugbash.serving.building import build as build_catalogue
    from bugbash.trials.auto import engine_of

    for name in targets:
        with voice() as told:
            parts = _parts(name, told)
            if broken := (*parts[2].left_out, *parts[2].ignored_files):
                left = broken[0]
                raise EnvironmentProblem(f"{name} is not clean: {left.id}: {left.why}")
            alone = told.watch("running each test alone")
            with engine_of("auto", *parts, jobs, alone) as warm:
                made, tried = build_catalogue(warm, jobs, told.watch, each)
        path = catalogue.save(made)
        click.echo(f"{name}: {len(made.entries)} bugs of {len(tried)} mutants, in {path.name}")
        for mutator, counts in made.tried.items():
            told_counts = ", ".join(f"{count} {why}" for why, count in counts.items())
            click.echo(f"  {mutator}: {told_counts}")


@command.command(epilog="Example: bugbash catalogue table")
@click.option(
    "--of",
    "what",
    type=click.Choice(["projects", "shares", "mutators", "equivalents"]),
    default="projects",
    show_default=True,
)
def table(what: str) -> None:
    """Print a table of the docs from the stored catalogues."""
    from bugbash.pages import projects

    known = projects.rows()
    tables = {
        "projects": projects.as_markdown,
        "shares": projects.shares_as_markdown,
        "mutators": projects.mutators_as_markdown,
        "equivalents": projects.equivalents_as_markdown,
    }
    click.echo(tables[what](known), nl=False)


@command.command(epilog="Example: bugbash catalogue prove billcycle --sample 5")
@click.argument("targets", nargs=-1)
@click.option("--sample", type=click.IntRange(1), help="Prove only this many, in seeded order.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True)
@click.option("--once", is_flag=True, help="Run each in one circumstance, not in all three.")
@click.option(
    "--write", is_flag=True, help="Note that all was proved on this Python; drop what fails."
)
def prove(
    targets: tuple[str, ...], sample: int | None, seed: int, jobs: int, once: bool, write: bool
) -> None:
    """Prove the catalogues of TARGETS (all) again on this system and Python."""
    from bugbash.serving.building import prove_again, proved_here
    from bugbash.targets.vendored import names

    wrong = 0
    for name in targets or names():
        known = catalogue.load(name)
        with voice() as told:
            engine = Engine(*_parts(name, told))
            if known is None or known.digest != engine.target.digest:
                raise EnvironmentProblem(
                    f"the catalogue of {name} does not belong to its code: rebuild it with "
                    f"`bugbash catalogue build {name}`."
                )
            watch = told.watch(f"proving {name}")
            failed = prove_again(engine, known, sample, seed, jobs, watch, once)
        for entry, why in failed:
            click.echo(f"{name} {entry.bug.id} {entry.bug.mutator}: {why}", err=True)
        count = min(sample or len(known.entries), len(known.entries))
        click.echo(f"{name}: {count - len(failed)} of {count} proved on {catalogue.here()}")
        if write and sample is None:
            catalogue.save(proved_here(known, failed))
        wrong += len(failed)
    sys.exit(1 if wrong and not write else 0)
