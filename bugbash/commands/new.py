"""`bugbash new`: a broken repository with a failure report."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import as_typed, bug_options, json_option, quoted, target_options
from bugbash.commands.voice import voice
from bugbash.errors import UsageProblem
from bugbash.pages.plain import plain
from bugbash.recording.timeline import folder_of
from bugbash.resources import home
from bugbash.store import Store
from bugbash.targets.overrides import Overrides

if TYPE_CHECKING:
    from bugbash.serving.levels import Level
    from bugbash.serving.scenario import Scenario

WHERE = "Where to put it [default: ./TARGET-ID; ~/bugbash/TARGET-ID inside a git checkout]."
PYTHONPATH_IS_SET = (
    "PYTHONPATH is set, and what it names comes before a workspace's own code: unset it there, or "
    "use `bugbash test`."
)
_SHOWN = 10
_SEEDS = 100_000


@click.command(epilog="Example: bugbash new billcycle --family validation")
@click.argument("target", required=False)
@bug_options
@click.option(
    "--difficulty",
    "levels",
    metavar="LEVELS",
    help="easy, medium, hard; several with commas between them.",
)
@click.option("--bugs", type=click.IntRange(1, 5), default=1, show_default=True, help="How many.")
@click.option("--seed", type=click.IntRange(0), help="The same seed gives the same bug.")
@click.option("--minutes", type=click.IntRange(1), help="Show the time that is left in `status`.")
@click.option("--dir", "path", type=click.Path(path_type=Path), help=WHERE)
@click.option("--no-record", is_flag=True, help="Don't record test runs; the method can't be seen.")
@target_options
@json_option
def command(
    target: str | None,
    families: tuple[str, ...],
    mutators: tuple[str, ...],
    mutator_folders: tuple[Path, ...],
    levels: str | None,
    bugs: int,
    seed: int | None,
    minutes: int | None,
    path: Path | None,
    no_record: bool,
    overrides: Overrides,
    as_json: bool,
) -> None:
    """Make a broken repository of TARGET with a failure report.

    TARGET is one of ours (`bugbash list`), a folder, pypi:NAME[==VERSION] or git+URL[@REF].
    Without it: one of ours that you have not played yet.
    """
    from bugbash.serving.choosing import Wanted
    from bugbash.serving.order import Order
    from bugbash.serving.serve import serve
    from bugbash.workspace.attempt import recover
    from bugbash.workspace.make import destination, make, new_attempt_id

    store = Store()
    for line in recover(store):
        click.echo(line, err=True)
    if os.environ.get("PYTHONPATH"):
        click.echo(PYTHONPATH_IS_SET, err=True)
    attempt_id = new_attempt_id()
    if path is not None:
        destination("", path, attempt_id)  # before any work: the folder must be free
    asked = levels_of(levels if levels or target or store.attempts() else "easy")
    wanted = Wanted(_seed(seed), bugs, families, mutators, asked)
    typed = as_typed(overrides, family=families, mutator=mutators, mutators=mutator_folders)
    typed = (*typed, *(("--bugs", str(bugs)) if bugs > 1 else ()))
    typed = (*typed, *(("--difficulty", ",".join(asked)) if asked else ()))
    named = _next_target(store) if target is None else target
    order = Order(named, wanted, overrides, mutator_folders, typed)
    with voice() as told:
        served = serve(order, store, told)
        where = destination(served.scenario.name, path, attempt_id)
        attempt = make(served, attempt_id, where, minutes, store, recorded=not no_record)
    if as_json:
        from bugbash.pages.records import attempt_json

        click.echo(json.dumps(attempt_json(attempt), indent=1))
        return
    scenario = attempt.scenario
    _say_what(scenario)
    _say_where(attempt.workspace, scenario.fail_to_pass, len(scenario.pass_to_pass))
    _say_next(scenario.again, attempt.id, recorded=not no_record)


def levels_of(text: str | None) -> tuple[Level, ...]:
    """The levels of "easy,hard" in their own order. Raises UsageProblem for other words."""
    from bugbash.serving.levels import LEVELS

    words = {word.strip().lower() for word in (text or "").split(",")} - {""}
    for word in sorted(words - set(LEVELS)):
        raise UsageProblem(
            f"--difficulty {word}: say easy, medium or hard, or several with commas."
        )
    return tuple(level for level in LEVELS if level in words)


def _seed(given: int | None) -> int:
    if given is not None:
        return given
    import secrets

    return secrets.randbelow(_SEEDS)


def _next_target(store: Store) -> str:
    """A vendored target not yet played, else the one played longest ago."""
    from bugbash.serving import catalogue
    from bugbash.serving.about import about
    from bugbash.targets import vendored

    names = [name for name in vendored.names() if catalogue.path_of(name).is_file()]
    if not names:
        raise UsageProblem("no target project ships with this bugbash: name a TARGET.")
    last = {row.target: row.created for row in store.attempts()}
    if not last:
        names = [name for name in names if about(name).first] or names
    return min(names, key=lambda name: (last.get(name, 0.0), name))


def _say_what(scenario: Scenario) -> None:
    bugs = len(scenario.bugs)
    count = "1 bug" if bugs == 1 else f"{bugs} bugs"
    told = f"{count}, {scenario.difficulty}" if scenario.difficulty else count
    click.echo()
    click.secho(f"  {scenario.name} {scenario.version}", bold=True, nl=False)
    click.secho(f"  {told}", dim=True)
    click.secho(f"  {plain(scenario.report.splitlines()[0]).lstrip('# ')}", fg="yellow")


def _say_where(workspace: Path, failing: tuple[str, ...], passing: int) -> None:
    verb = "fails" if len(failing) == 1 else "fail"
    click.echo(f"\n  {len(failing)} of {len(failing) + passing} tests {verb}:")
    for test in failing[:_SHOWN]:
        click.echo(f"    {click.style('✗', fg='red')} {plain(test)}")
    if len(failing) > _SHOWN:
        click.echo(f"    ... and {len(failing) - _SHOWN} more")
    click.echo("\n  Read FAILURE_REPORT.md there, and see the tests fail:\n")
    click.secho(f"    cd {quoted(workspace)}", fg="cyan")
    click.secho(f"    {launcher('pytest')}", fg="cyan")


def _say_next(again: str, attempt: str, recorded: bool) -> None:
    """The closing lines: what to type when it is fixed, what is kept, how to share the bug."""
    click.echo("\n  When you think it is fixed:\n")
    click.secho(f"    {own_command()} check", fg="cyan")
    click.echo()
    click.secho(f"  The same bug for somebody else: {again}", dim=True)
    if recorded:
        what = "Recorded: each test run and the files as they were then"
        click.secho(f"  {what}, in {folder_of(attempt)} (--no-record: nothing).", dim=True)
    else:
        click.secho(f"  Nothing is recorded but your checks, in {home()}.", dim=True)
    click.echo()


def launcher(name: str) -> str:
    """A command of the workspace's `.venv`, from inside the workspace."""
    return f".venv\\Scripts\\{name}" if os.name == "nt" else f".venv/bin/{name}"


def own_command() -> str:
    """How to call bugbash from the workspace in a fresh shell.

    `bugbash` where it stays on the PATH; else the launcher in the workspace's `.venv`, which
    finds the bugbash that made it (installed in a virtual environment, run by uvx).
    """
    found = shutil.which("bugbash")
    prefix = Path(sys.prefix).resolve()
    ephemeral = "VIRTUAL_ENV" in os.environ or "archive-v0" in prefix.parts
    if found and not ephemeral:
        return shlex.quote("bugbash")
    return launcher("bugbash")
