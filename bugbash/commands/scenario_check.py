"""`bugbash scenario check`: whether scenarios are proved, honest, fair and rightly graded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import json_option, quoted

if TYPE_CHECKING:
    from bugbash.grading.scenario_check import Checked
    from bugbash.serving.order import Voice


@click.command(epilog="Example: bugbash scenario check ./my-scenario")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Side by side.")
@click.option("--no-write", is_flag=True, help="Write no certificate.")
@json_option
@click.pass_context
def check(
    ctx: click.Context, names: tuple[str, ...], jobs: int, no_write: bool, as_json: bool
) -> None:
    """Prove scenarios and say for each point whether it holds.

    Without names, all that ship. Makes the bugs, runs the suite in every condition, reads the
    failure report and the hints as a learner would, and grades the reference fix, the patches in
    accepted/ and rejected/, and tests that were deleted or skipped. Where all holds,
    certificate.json is written beside the scenario, and `bugbash new --scenario` trusts it while
    nothing changes.

    Exit code: 0 all hold, 1 some do not, 2 something can't be read as asked, 3 the machine or the
    target is in the way.
    """
    from bugbash.commands.voice import voice
    from bugbash.errors import UsageProblem
    from bugbash.pages.scenario_check import checked_json, show_checked
    from bugbash.serving.written import shipped_names

    wanted = list(dict.fromkeys(names)) or shipped_names()
    if not wanted:
        raise UsageProblem("no scenario ships with this bugbash: name one, or its folder.")
    with voice() as told:
        found = []
        for one in _checked(wanted, jobs, not no_write, told):
            found.append(one)
            if not as_json:
                show_checked(one)
    if as_json:
        click.echo(json.dumps(checked_json(found), ensure_ascii=False, indent=1))
    else:
        _sum_up(found)
    ctx.exit(max(one.exit_code for one in found))


def _checked(names: list[str], jobs: int, write: bool, told: Voice) -> Iterator[Checked]:
    from bugbash.grading.scenario_check import check_scenario
    from bugbash.store import Store
    from bugbash.trials.workers import workers

    store = Store()
    step = told.watch("checking scenarios") if len(names) > 1 else lambda done, total: None
    with workers(min(jobs, len(names))) as at_work:
        running = [
            at_work.pool.submit(check_scenario, name, store, told, write, at_work.halt)
            for name in names
        ]
        for number, one in enumerate(running, 1):
            yield one.result()
            step(number, len(names))


def _sum_up(found: list[Checked]) -> None:
    good = sum(one.holds for one in found)
    if len(found) > 1:
        click.echo(f"{good} of {len(found)} scenarios hold.")
    if good == len(found):
        click.echo(f"Next: bugbash new --scenario {quoted(found[0].name)}", err=True)
    else:
        click.echo("Next: put right what does not hold, then check again.", err=True)
