"""`bugbash scenario`: scenarios that somebody wrote, from first line to proof."""

from __future__ import annotations

import click

from bugbash.commands import (
    scenario_check,
    scenario_list,
    scenario_new,
    scenario_sheet,
    scenario_update,
)


@click.group(epilog="Start with: bugbash scenario new")
def command() -> None:
    """Write scenarios of your own, prove that they are fair, and hold interviews with them."""


command.add_command(scenario_new.new)
command.add_command(scenario_check.check)
command.add_command(scenario_list.list_command)
command.add_command(scenario_list.schema)
command.add_command(scenario_sheet.sheet)
command.add_command(scenario_update.update)
