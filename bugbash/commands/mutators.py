"""`bugbash mutators`: the mutation operators, and a page with examples for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands import mutators_check, mutators_new

if TYPE_CHECKING:
    from rich.text import Text

    from bugbash.mutation.mutator import Example, Mutator

FOLDERS = click.option(
    "--mutators",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder with mutators of your own; may be given more than once.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group(invoke_without_command=True, epilog="Example: bugbash mutators show swap-arguments")
@click.option("--family", "families", multiple=True, help="Only this family.")
@FOLDERS
@JSON
@click.pass_context
def command(
    ctx: click.Context, families: tuple[str, ...], folders: tuple[Path, ...], as_json: bool
) -> None:
    """List the mutation operators; `bugbash mutators show NAME` has the examples."""
    if ctx.invoked_subcommand is None:
        _list(families, folders, as_json)


@command.command("list", epilog="Next: bugbash mutators show NAME")
@click.option("--family", "families", multiple=True, help="Only this family.")
@FOLDERS
@JSON
def list_command(families: tuple[str, ...], folders: tuple[Path, ...], as_json: bool) -> None:
    """List name, family and summary."""
    _list(families, folders, as_json)


@command.command(epilog="Example: bugbash mutators show swap-arguments")
@click.argument("name")
@FOLDERS
@JSON
def show(name: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """Show what a mutator does, with examples before and after."""
    from bugbash.mutation.load import load, select

    (mutator,) = select(load(folders), names=[name])
    if as_json:
        _print_json(_row(mutator) | _details(mutator))
    else:
        _print_page(mutator)


command.add_command(mutators_new.new)
command.add_command(mutators_check.check)


def _list(families: tuple[str, ...], folders: tuple[Path, ...], as_json: bool) -> None:
    from bugbash.mutation.load import load, select

    mutators = select(load(folders), families=families)
    if as_json:
        _print_json([_row(mutator) for mutator in mutators])
    else:
        _print_table(mutators)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _row(mutator: Mutator) -> dict[str, Any]:
    return {"name": mutator.name, "family": mutator.family, "summary": mutator.summary}


def _details(mutator: Mutator) -> dict[str, Any]:
    from bugbash.mutation.load import file_of

    return {
        "models": mutator.models,
        "explanation": mutator.explanation,
        "file": str(file_of(mutator)),
        "examples": [_example(example) for example in mutator.examples],
    }


def _example(example: Example) -> dict[str, Any]:
    """An example; the file's name stands in it where that is not Python."""
    named = {} if example.file.endswith(".py") else {"file": example.file}
    return {**named, "before": example.before, "after": list(example.after)}


def _print_table(mutators: tuple[Mutator, ...]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("mutator", no_wrap=True, style="bold")
    table.add_column("family", no_wrap=True)
    table.add_column("what is wrong after it")
    for mutator in mutators:
        table.add_row(mutator.name, mutator.family, mutator.summary)
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print("bugbash mutators show NAME has examples of each.")


def _print_page(mutator: Mutator) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False)
    console.print(Text.assemble((mutator.name, "bold"), f"  ({mutator.family})"))
    for text in (mutator.summary, f"Real bugs: {mutator.models}", mutator.explanation):
        console.print(text)
        console.print()
    changed = [example for example in mutator.examples if example.after]
    left_alone = [example for example in mutator.examples if not example.after]
    for example in changed:
        console.print(_diffs(example), soft_wrap=True)
    if left_alone:
        console.print("Left alone:", style="bold")
    for example in left_alone:
        console.print(_indented(example.before), soft_wrap=True)


def _diffs(example: Example) -> Text:
    """One diff for every result of an example."""
    from rich.text import Text

    from bugbash.mutation.line_diff import line_diff

    text = Text()
    before = example.before.splitlines()
    for after in example.after:
        for line in line_diff(before, after.splitlines()):
            text.append(f"  {line}".rstrip() + "\n", style=_style(line))
        text.append("\n")
    text.right_crop(1)
    return text


def _style(line: str) -> str:
    return {"-": "red", "+": "green"}.get(line[:1], "")


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in code.splitlines())
