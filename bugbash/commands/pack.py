"""`bugbash pack`: a debugging exercise for each student of a class, and the key to all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option, quoted
from bugbash.commands.voice import voice
from bugbash.errors import UsageProblem
from bugbash.words import counted

if TYPE_CHECKING:
    from bugbash.serving.order import Voice
    from bugbash.serving.serve import Served
    from bugbash.workspace.pack import Pack
    from bugbash.workspace.roster import Roster


@click.command(epilog="Example: bugbash pack --roster class.csv --seed 7 --out packs --vary")
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1)
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(path_type=Path),
    metavar="CSV",
    required=True,
    help="The students: a header, then one a line; columns name or id, email.",
)
@click.option("--seed", type=click.IntRange(0), required=True, help="Decides who gets what.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--vary", is_flag=True, help="Neighbours in the roster get different bugs.")
@click.option("--family", "families", multiple=True, help="Only this family (repeatable).")
@click.option("--difficulty", "levels", metavar="LEVELS", help="easy, medium, hard, or several.")
@click.option("--target", "targets", multiple=True, help="Only bugs of this one (repeatable).")
@click.option("--zip", "zipped", is_flag=True, help="A .zip for each student, not a folder.")
@click.option("--no-record", is_flag=True, help="Leave the recorder of test runs out.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the answers go [default: OUT-key.json].",
)
@json_option
def command(
    scenarios: tuple[str, ...],
    roster_file: Path,
    seed: int,
    out: Path,
    vary: bool,
    families: tuple[str, ...],
    levels: str | None,
    targets: tuple[str, ...],
    zipped: bool,
    no_record: bool,
    key_file: Path | None,
    as_json: bool,
) -> None:
    """Make a debugging exercise for each student of a class, and the key to all of them.

    SCENARIO is one that somebody wrote, by name or path; several go with --vary. Without it:
    proved bugs of our own targets. The same roster, options and seed give the same packs.
    """
    from bugbash.workspace.pack import Handout, check_places, make_packs
    from bugbash.workspace.roster import read_roster

    if any(name.startswith("real:") for name in scenarios):
        raise UsageProblem(
            "a real bug can't be packed, its fix is public: hand out a line such as "
            "`bugbash new --real requests --seed 7`."
        )
    if scenarios and (families or levels or targets):
        raise UsageProblem(
            "--family, --difficulty and --target choose among our own bugs: leave them or "
            "SCENARIO out."
        )
    if len(scenarios) > 1 and not vary:
        raise UsageProblem("several scenarios are for --vary; without it name one.")
    if len(scenarios) == 1 and vary:
        raise UsageProblem("--vary needs two scenarios, or none: then our own bugs are taken.")
    out = out.expanduser().absolute()
    key = (key_file or out.with_name(f"{out.name}-key.json")).expanduser().absolute()
    roster = read_roster(roster_file)
    check_places(out, key)
    with voice() as told:
        if scenarios:
            served = _written(scenarios, roster, seed, told)
        else:
            served = _catalogued(targets, families, levels, seed, vary, roster, told)
        handout = Handout(roster, served, seed, recorded=not no_record, zipped=zipped)
        told.note(f"making {len(served)} packs")
        packs = make_packs(handout, out, key, told.watch("making packs"))
    if as_json:
        click.echo(json.dumps(_as_json(packs, out, key), indent=1))
    else:
        _tell(packs, out, key)


def _written(names: tuple[str, ...], roster: Roster, seed: int, told: Voice) -> list[Served]:
    from bugbash.serving.handing_out import written_for
    from bugbash.store import Store

    return written_for(names, len(roster.students), seed, Store(), told)


def _catalogued(
    targets: tuple[str, ...],
    families: tuple[str, ...],
    levels: str | None,
    seed: int,
    vary: bool,
    roster: Roster,
    told: Voice,
) -> list[Served]:
    from bugbash.commands.new import levels_of
    from bugbash.serving.choosing import Wanted
    from bugbash.serving.handing_out import catalogued_for

    wanted = Wanted(seed, families=families, levels=levels_of(levels))
    return catalogued_for(targets, wanted, len(roster.students), vary, told)


def _as_json(packs: tuple[Pack, ...], out: Path, key: Path) -> dict[str, Any]:
    return {
        "schema": "bugbash/packs/v1",
        "out": str(out),
        "key": str(key),
        "packs": [
            {
                "student": pack.student.called,
                "file": pack.name,
                "target": pack.target,
                "pack": pack.id,
                "sha256": pack.digest,
            }
            for pack in packs
        ],
    }


def _tell(packs: tuple[Pack, ...], out: Path, key: Path) -> None:
    bugs = len({pack.scenario for pack in packs})
    different = "the same exercise for all" if bugs == 1 else f"{bugs} different exercises"
    click.echo(f"{quoted(out)}: {counted(len(packs), 'pack')}, {different}")
    click.echo(f"{quoted(key)}: the answers, for you alone")
    click.echo(
        f"Next: hand out what is in {quoted(out)}, keep the key. Each pack has a README-START.md; "
        "what comes back is read with `bugbash report --from FILE`.",
        err=True,
    )
