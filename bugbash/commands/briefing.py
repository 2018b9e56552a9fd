"""What `new` tells before an attempt: the bug, where it is, what to type, what is kept."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

import click

from bugbash.commands.options import quoted
from bugbash.plain import plain
from bugbash.recording.timeline import folder_of
from bugbash.serving.scenario import Scenario
from bugbash.serving.written import has_own_folder
from bugbash.words import counted
from bugbash.workspace.attempt import Attempt

_SHOWN = 10
EDITORS = (
    (
        "VS Code",
        'settings.json: "editor.quickSuggestions": false, '
        '"editor.suggestOnTriggerCharacters": false, "editor.inlineSuggest.enabled": false',
    ),
    (
        "PyCharm",
        "Settings > Editor > General > Code Completion: untick `Show suggestions as you type`; "
        "there, Inline Completion: untick all",
    ),
    (
        "Zed",
        'settings.json: "show_completions_on_input": false, "show_edit_predictions": false',
    ),
    ("vim, others", "nothing without a plugin; with Copilot's: `:Copilot disable`"),
)
"""How completion is turned off: most rounds have none."""


def brief(attempt: Attempt, recorded: bool, first: bool) -> None:
    """Print what a learner needs to begin; `first`: nothing was played here before."""
    scenario = attempt.scenario
    _say_what(attempt)
    if scenario.blind:
        _say_green(attempt)
    else:
        _say_red(scenario.shown_tests, len(scenario.pass_to_pass))
    if scenario.mode:
        _say_round(attempt)
    _say_where(attempt.workspace, blind=scenario.blind)
    if first:
        _say_steps(attempt)
    _say_next(attempt, recorded)


def _say_what(attempt: Attempt) -> None:
    scenario = attempt.scenario
    count = counted(len(scenario.bugs), "bug")
    minutes = counted(attempt.row.minutes, "minute") if attempt.row.minutes else ""
    told = ", ".join(part for part in (count, scenario.difficulty, minutes) if part)
    click.echo()
    click.secho(f"  {scenario.name} {scenario.version}", bold=True, nl=False)
    click.secho(f"  {told}", dim=True)
    click.secho(f"  {plain(scenario.report.splitlines()[0]).lstrip('# ')}", fg="yellow")


def _say_red(failing: tuple[str, ...], passing: int) -> None:
    verb = "fails" if len(failing) == 1 else "fail"
    click.echo(f"\n  {len(failing)} of {len(failing) + passing} tests {verb}:")
    for test in failing[:_SHOWN]:
        click.echo(f"    {click.style('✗', fg='red')} {plain(test)}")
    if len(failing) > _SHOWN:
        click.echo(f"    ... and {len(failing) - _SHOWN} more")


def _say_green(attempt: Attempt) -> None:
    scenario = attempt.scenario
    count = len(set(scenario.pass_to_pass) - set(scenario.withheld))
    told = f"All {count} tests pass: the report is all you have"
    click.echo(f"\n  {told}; write the test that catches it.")


def _say_round(attempt: Attempt) -> None:
    minutes = attempt.row.minutes
    click.echo(f"\n  Interview: {minutes} minutes from now (`{own_command()} status`), no hints.")
    click.echo("  Say what you think out loud, and turn completion off first:")
    for editor, how in EDITORS:
        click.echo(f"    {editor:<12} {click.style(how, dim=True)}")


def _say_where(workspace: Path, blind: bool) -> None:
    see = "see the tests pass" if blind else "see the tests fail"
    click.echo(f"\n  Read FAILURE_REPORT.md there, and {see}:\n")
    click.secho(f"    cd {quoted(workspace)}", fg="cyan")
    click.secho(f"    {launcher('pytest')}", fg="cyan")


def _say_steps(attempt: Attempt) -> None:
    """The five steps of the guide, each with what to type."""
    scenario, own, pytest = attempt.scenario, own_command(), launcher("pytest")
    if scenario.blind:
        seen = "write a test that fails as the report says"
    else:
        seen = "see it fail before you touch anything"
    steps = (
        ("Reproduce", pytest, seen),
        ("Isolate", f"{pytest} -x --lf", "one failing test; read its traceback from the end"),
        ("Hypothesis", f'{own} hypothesis "I suspect ... because ..."', "before you edit"),
        ("Verify", f"{pytest} --lf && {pytest}", "the fix: that test first, then all of them"),
        ("Clean up", "git add -A && git commit", "no prints left; say what was wrong and why"),
    )
    click.echo("\n  Five steps, in this order (random edits are what fails the round):\n")
    for number, (name, line, why) in enumerate(steps, 1):
        click.echo(f"    {number} {name:<11}{why}")
        click.secho(f"                 {line}", fg="cyan")


def _say_next(attempt: Attempt, recorded: bool) -> None:
    """The closing lines: what to type when it is fixed, what is kept, how to share the bug."""
    click.echo("\n  When you think it is fixed:\n")
    click.secho(f"    {own_command()} check", fg="cyan")
    click.echo()
    _say_again(attempt.scenario)
    where = folder_of(attempt.id)
    if recorded:
        what = "Recorded: each test run and the files as they were then"
        click.secho(f"  {what}, in {where} (--no-record: neither).", dim=True)
    else:
        what = "Not recorded: test runs and files. What you tell bugbash"
        click.secho(f"  {what} (checks, hypotheses, notes) is kept in {where}.", dim=True)
    click.echo()


def _say_again(scenario: Scenario) -> None:
    """How somebody else gets the same: by a command, or by what only this user has."""
    same = "The same bug" if len(scenario.bugs) == 1 else "The same bugs"
    if has_own_folder(scenario):
        there = plain(quoted(scenario.written))
        told = f"{same} for somebody else: they need the folder {there}, which holds the answer"
        click.secho(f"  {told}; `bugbash pack` makes exercises without it.", dim=True)
    else:
        click.secho(f"  {same} for somebody else: {scenario.again}", dim=True)


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
