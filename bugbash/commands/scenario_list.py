"""`bugbash scenario list` and `scenario schema`: what there is, and what a file may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import json_option

if TYPE_CHECKING:
    from bugbash.serving.written import Written


@click.command("list", epilog="Next: bugbash new --scenario NAME")
@click.argument("names", nargs=-1, metavar="[NAME|FOLDER]...")
@click.option("--target", "targets", multiple=True, help="Only of this target (repeatable).")
@click.option("--family", "families", multiple=True, help="Only of this family (repeatable).")
@click.option("--difficulty", metavar="LEVELS", help="easy, medium, hard; several with commas.")
@click.option("--tag", "tags", multiple=True, help="Only with this tag (repeatable).")
@click.option("--markdown", is_flag=True, help="Print a table for a page of Markdown.")
@json_option
def list_command(
    names: tuple[str, ...],
    targets: tuple[str, ...],
    families: tuple[str, ...],
    difficulty: str | None,
    tags: tuple[str, ...],
    markdown: bool,
    as_json: bool,
) -> None:
    """List scenarios: those that ship, or those in the folders given.

    Difficulty is measured when a scenario is proved; one that never was has none.
    """
    from bugbash.commands.new import levels_of
    from bugbash.mutation.families import FAMILIES
    from bugbash.pages.scenario_list import scenarios_json, scenarios_markdown, show_scenarios
    from bugbash.serving.library import Filter, listed, refuse_unknown, scenarios_in

    written = scenarios_in(names)
    refuse_unknown(targets, (one.target for one in written), "target")
    refuse_unknown(tags, (tag for one in written for tag in one.tags), "tag")
    refuse_unknown(families, FAMILIES, "family")
    wanted = Filter(targets, families, levels_of(difficulty), tags)
    found = [one for one in map(listed, written) if wanted.takes(one)]
    if markdown:
        click.echo(scenarios_markdown(found), nl=False)
        return
    played = _played(written)
    if as_json:
        click.echo(json.dumps(scenarios_json(found, played), ensure_ascii=False, indent=1))
    elif found:
        show_scenarios(found, played)
    else:
        click.echo("No scenario fits: `bugbash scenario list` shows all, `scenario new` makes one.")


def _played(written: list[Written]) -> dict[str, int]:
    """How many attempts there were at each scenario, by name."""
    from bugbash.store import Store

    names = {one.name: one.name for one in written}
    names |= {str(one.folder.resolve()): one.name for one in written}
    counts: dict[str, int] = {}
    for row in Store().played(("open", "solved", "revealed", "removed")):
        typed = row.scenario["written"] or ""
        name = names.get(typed) or names.get(str(Path(typed).resolve()) if typed else "")
        if name:
            counts[name] = counts.get(name, 0) + 1
    return counts


@click.command(epilog="Example: bugbash scenario schema > scenario.schema.json")
@click.option("--markdown", is_flag=True, help="Print the tables of the reference page.")
def schema(markdown: bool) -> None:
    """Print the JSON Schema of scenario.toml, for editors."""
    from bugbash.serving.written_keys import json_schema, reference

    if markdown:
        click.echo(reference(), nl=False)
    else:
        click.echo(json.dumps(json_schema(), indent=2))
