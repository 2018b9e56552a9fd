"""`bugbash scan`: every mutant of a target, tried."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from bugbash.commands.options import bug_options, json_option, target_options
from bugbash.commands.voice import voice
from bugbash.errors import UsageProblem
from bugbash.store import Store
from bugbash.targets.overrides import Overrides


@click.command(epilog="Example: bugbash scan billcycle --sample 20 --jobs 2")
@click.argument("target")
@bug_options
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Side by side.")
@click.option("--sample", type=click.IntRange(1), help="Try only this many, in seeded order.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--until", default="all", show_default=True, help="Stop a trial at: first, N, all.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "cold"]),
    default="auto",
    show_default=True,
    help="auto takes the fastest sure way for each mutant; cold starts pytest for each.",
)
@click.option("--fresh", is_flag=True, help="Try again what was tried before.")
@target_options
@json_option
def command(
    target: str,
    families: tuple[str, ...],
    mutators: tuple[str, ...],
    mutator_folders: tuple[Path, ...],
    jobs: int,
    sample: int | None,
    seed: int,
    until: str,
    engine: str,
    fresh: bool,
    overrides: Overrides,
    as_json: bool,
) -> None:
    """Try every mutant of TARGET: which tests does each break.

    Results are kept: a scan that was interrupted goes on where it stopped.
    """
    from bugbash.mutation.data_files import mutable_files
    from bugbash.mutation.load import load, select
    from bugbash.mutation.sites import mutants_in_tree
    from bugbash.pages.records import trial_json
    from bugbash.serving.choosing import rank
    from bugbash.serving.survey import Finding, Survey, audited, findings_of
    from bugbash.targets.environment import environment_of
    from bugbash.targets.resolve import resolve
    from bugbash.trials.auto import engine_of
    from bugbash.trials.baseline import baseline_of

    maxfail = failures_until(until)
    store = Store()
    with voice() as told:
        chosen = select(load(mutator_folders), mutators, families)
        prepared = resolve(target, overrides, told.note)
        environment = environment_of(prepared, told.note)
        baseline = baseline_of(prepared, environment, store, told.watch)
        mutants = list(mutants_in_tree(prepared.tree, mutable_files(prepared), chosen))
        if sample is not None:
            mutants = sorted(mutants, key=lambda m: rank(seed, m.id))[:sample]
        parts = (prepared, environment, baseline, None if fresh else store)
        with engine_of(engine, *parts, jobs, told.watch("running each test alone")) as chosen_one:
            reach = chosen_one.reach
            watch = told.watch(f"trying {len(mutants)} mutants")
            done = 0

            def each(finding: Finding) -> None:
                nonlocal done
                done += 1
                watch(done, len(mutants))
                if as_json:
                    click.echo(json.dumps(trial_json(finding)))

            start = time.monotonic()
            found = findings_of(chosen_one, reach, mutants, jobs, maxfail, each)
            seconds = time.monotonic() - start
            made = None
            if engine == "auto":
                again = told.watch("trying a sample again cold")
                found, made = audited(chosen_one, reach, found, seed, jobs, maxfail, again)
    if not as_json:
        from bugbash.pages.tables import show_scan

        show_scan(Survey(prepared, baseline, reach, tuple(found), made, seconds))


def failures_until(until: str) -> int:
    """After how many failing tests a trial stops; 0 for never. Raises UsageProblem."""
    known = {"all": 0, "first": 1}
    if until in known:
        return known[until]
    if until.isdecimal() and int(until) > 0:
        return int(until) + 1
    raise UsageProblem(f"--until {until}: say first, all or a number above zero.")
