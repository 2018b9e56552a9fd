"""`bugbash mutators new`: a file to start a mutator of one's own from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import quoted
from bugbash.errors import UsageProblem, nearest

if TYPE_CHECKING:
    from bugbash.mutation.families import Family

LONGEST = 60
"""Characters of a name; it is the name of a file too."""


@click.command(epilog="Example: bugbash mutators new forgotten-floor --dir my-mutators")
@click.argument("name")
@click.option(
    "--family",
    help="validation, platform, logic, library; configuration for settings  [default: logic].",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("mutators"),
    show_default=True,
    help="The folder to write it to; made where it is missing.",
)
def new(name: str, family: str | None, folder: Path) -> None:
    """Write a mutator that works, with examples and comments to start from.

    NAME is words joined by hyphens: forgotten-floor. Nothing is ever overwritten.
    """
    from bugbash.mutation.load import load, name_place
    from bugbash.mutation.sample import sample

    _check_name(name)
    chosen = _family(family, folder)
    for known in load():
        if known.name == name:
            raise UsageProblem(f"there is a mutator {name!r} already: {name_place(known)}.")
    path = folder / f"{name.replace('-', '_')}.py"
    _write(path, sample(name, chosen))
    click.echo(f"Wrote {path}: a mutator that works, to be changed into yours.")
    click.echo("Next:")
    click.echo(f"  bugbash mutators check {quoted(folder)}")
    click.echo(f"  bugbash scan billcycle --mutators {quoted(folder)} --mutator {name}")


def _check_name(name: str) -> None:
    from bugbash.mutation.mutator_file import NAME, NOT_A_NAME

    if not NAME.fullmatch(name) or len(name) > LONGEST:
        words = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
        short = f", {LONGEST} characters at most" if len(name) > LONGEST else ""
        near = f" Perhaps {words}?" if NAME.fullmatch(words) and len(words) <= LONGEST else ""
        raise UsageProblem(f"{name!r} can't be a mutator's name: {NOT_A_NAME}{short}.{near}")


def _family(given: str | None, folder: Path) -> Family:
    """The family that is asked for; else that of the folder, which may be called like one."""
    from bugbash.mutation.families import FAMILIES

    named = folder.resolve().name
    wanted = given or (named if named in FAMILIES else "logic")
    if named in FAMILIES and wanted != named:
        raise UsageProblem(f"--family {wanted}: the folder {folder} is for the family {named!r}.")
    for family in FAMILIES:
        if family == wanted:
            return family
    raise UsageProblem(f"there is no family {wanted!r}. {nearest(wanted, FAMILIES)}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        taken = path if path.exists() else path.parent
        raise UsageProblem(f"{taken} is there already: choose another name or --dir.") from error
    except NotADirectoryError as error:
        raise UsageProblem(f"{path.parent} can't be a folder: a file is in its way.") from error
