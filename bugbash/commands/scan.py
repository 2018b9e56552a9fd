"""`bugbash scan`: every mutant of a target, tried."""

from __future__ import annotations

import json
import shlex
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.html_file import writable
from bugbash.commands.options import as_typed, bug_options, json_option, target_options
from bugbash.commands.scan_live import Tally, can_be_live, telling
from bugbash.commands.voice import voice
from bugbash.errors import UsageProblem
from bugbash.targets.overrides import Overrides

if TYPE_CHECKING:
    from bugbash.mutation.sites import Mutant
    from bugbash.pages.scan_summary import ScanReport
    from bugbash.serving.order import Voice
    from bugbash.serving.survey import Finding
    from bugbash.trials.scan import Engine


@dataclass(frozen=True)
class _Asked:
    """The command line."""

    target: str
    overrides: Overrides
    families: tuple[str, ...]
    mutators: tuple[str, ...]
    mutator_folders: tuple[Path, ...]
    jobs: int
    sample: int | None
    seed: int
    until: str
    engine: str
    fresh: bool
    as_json: bool
    html: Path | None

    @property
    def about_the_target(self) -> tuple[str, ...]:
        """The target and the options that say how to run it, and its mutators, as typed."""
        return (self.target, *as_typed(self.overrides, mutators=self.mutator_folders))

    @property
    def about_the_bugs(self) -> tuple[str, ...]:
        """The options that choose among the mutants, as typed."""
        chosen = [("--family", name) for name in self.families]
        chosen += [("--mutator", name) for name in self.mutators]
        return tuple(word for pair in chosen for word in pair)


@click.command(epilog="Example: bugbash scan billcycle --sample 20 --html billcycle.html")
@click.argument("target")
@bug_options
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Side by side.")
@click.option("--sample", type=click.IntRange(1), help="Try only this many, in seeded order.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Of sample and audit."
)
@click.option(
    "--until",
    default="all",
    show_default=True,
    help="When a trial may stop: at the first failing test, after N (a number), or after all.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "cold"]),
    default="auto",
    show_default=True,
    help="auto takes the fastest sure way for each mutant; cold starts pytest for each.",
)
@click.option("--fresh", is_flag=True, help="Try again what was tried before.")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the result as a page too: one file, with the survivors in their source.",
)
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
    html: Path | None,
    overrides: Overrides,
    as_json: bool,
) -> None:
    """Try every mutant of TARGET: which tests does each break.

    Prints mutators by outcome, the bugs worth serving by family and difficulty, the files where
    bugs survive, the tests that never kill anything, and how a sample tried again cold compares.

    Results are kept: a scan that was interrupted goes on where it stopped.
    """
    failures_until(until)
    page = writable(html) if html else None
    asked = _Asked(
        target, overrides, families, mutators, mutator_folders, jobs, sample, seed, until, engine,
        fresh, as_json, page,
    )  # fmt: skip
    report = _scan(asked)
    if not as_json:
        from bugbash.pages.tables import show_scan

        show_scan(report)
    if page:
        _write_page(report, page)


def _scan(asked: _Asked) -> ScanReport:
    from bugbash.pages.scan_summary import ScanReport
    from bugbash.serving.survey import Survey, audited, findings_of

    maxfail = failures_until(asked.until)
    with ExitStack() as until_the_end:
        with voice() as told:
            engine, mutants, part = _prepared(asked, told, until_the_end)
        stored = {mutant.id for mutant in mutants if engine.known(mutant, maxfail) is not None}
        tally = Tally(len(mutants), stored)
        with telling(tally, can_be_live(asked.as_json)) as tell:

            def each(finding: Finding) -> None:
                tell(finding)
                if asked.as_json:
                    _print_json(finding)

            start = time.monotonic()
            found = findings_of(engine, mutants, asked.jobs, maxfail, each)
            seconds = time.monotonic() - start
        made = None
        if asked.engine == "auto" and found:
            with voice() as told:
                step = told.watch("trying a sample again cold")
                parts = (engine, found, asked.seed, asked.jobs, maxfail)
                found, made = audited(*parts, step)
    survey = Survey(engine.target, engine.baseline, engine.reach, tuple(found), made, seconds)
    report = ScanReport(survey, asked.until, part, len(stored), _why_slow(engine))
    return replace(report, next_steps=_next_steps(asked, report))


def _prepared(
    asked: _Asked, told: Voice, until_the_end: ExitStack
) -> tuple[Engine, list[Mutant], str]:
    """The engine, the mutants to try, and which part of all they are ("" for all)."""
    from bugbash.mutation.data_files import mutable_files
    from bugbash.mutation.load import load, mutator_folders, select
    from bugbash.mutation.sites import mutants_in_tree
    from bugbash.serving.choosing import rank
    from bugbash.store import Store
    from bugbash.targets.environment import environment_of
    from bugbash.targets.resolve import resolve
    from bugbash.trials.auto import engine_of
    from bugbash.trials.baseline import baseline_of

    store = Store()
    target = resolve(asked.target, asked.overrides, told.note)
    folders = mutator_folders(target, asked.mutator_folders, told.note)
    chosen = select(load(folders), asked.mutators, asked.families)
    environment = environment_of(target, told.note)
    baseline = baseline_of(target, environment, store, told.watch)
    mutants = list(mutants_in_tree(target.tree, mutable_files(target), chosen))
    part = "the chosen mutators" if asked.about_the_bugs else ""
    if asked.sample is not None and asked.sample < len(mutants):
        part = f"a sample of {asked.sample} of {len(mutants):,} mutants"
        mutants = sorted(mutants, key=lambda m: rank(asked.seed, m.id))[: asked.sample]
    kept = None if asked.fresh else store
    step = told.watch("running each test alone")
    parts = (target, environment, baseline, kept)
    engine = engine_of(asked.engine, *parts, asked.jobs, step, mutants=mutants)
    return until_the_end.enter_context(engine), mutants, part


def _print_json(finding: Finding) -> None:
    from bugbash.pages.records import trial_json

    click.echo(json.dumps(trial_json(finding)))


def _why_slow(engine: Engine) -> str:
    """Why a faster way of trying was never taken, or nothing."""
    from bugbash.trials.auto import AutoEngine

    if not isinstance(engine, AutoEngine):
        return ""
    if engine.why_cold:
        return f"Every mutant was tried cold: {engine.why_cold}."
    return f"No code was swapped: {engine.fresh_only}." if engine.fresh_only else ""


def _next_steps(asked: _Asked, report: ScanReport) -> tuple[tuple[str, str], ...]:
    again = ("bugbash", "scan", *asked.about_the_target)
    steps = []
    if any(one.servable for one in report.survey.findings):
        words = ("bugbash", "new", *asked.about_the_target, *asked.about_the_bugs)
        steps.append((shlex.join(words), "debug one of these bugs"))
        if asked.overrides == Overrides():
            steps.append((_candidates(asked), "see each of them, to make a scenario of one"))
    if report.part:
        steps.append((shlex.join(again), "try every mutant"))
    if asked.html is None:
        sample = ("--sample", str(asked.sample)) if asked.sample is not None else ()
        seed = ("--seed", str(asked.seed)) if asked.seed else ()
        until = ("--until", asked.until) if asked.until != "all" else ()
        words = (*again, *asked.about_the_bugs, *sample, *seed, *until, "--html", "scan.html")
        steps.append((shlex.join(words), "see the survivors in their source"))
    return tuple(steps)


def _candidates(asked: _Asked) -> str:
    """The command that lists the servable mutants one by one."""
    folders = (word for folder in asked.mutator_folders for word in ("--mutators", str(folder)))
    chosen = (word for name in asked.mutators for word in ("--mutator", name))
    words = ("bugbash", "scenario", "new", "--target", asked.target, *folders, *chosen, "--list")
    return shlex.join(words)


def _write_page(report: ScanReport, file: Path) -> None:
    from bugbash.files import write_atomically
    from bugbash.pages.scan_page import scan_page

    write_atomically(file, scan_page(report).encode("utf-8"))
    click.echo(f"Wrote {file}", err=True)


def failures_until(until: str) -> int:
    """After how many failing tests a trial stops; 0 for never. Raises UsageProblem."""
    known = {"all": 0, "first": 1}
    if until in known:
        return known[until]
    if until.isdecimal() and int(until) > 0:
        return int(until) + 1
    raise UsageProblem(f"--until {until}: say first, all or a number above zero.")
