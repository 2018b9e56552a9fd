"""`bugbash export`: bugs as instances of SWE-bench or SWE-smith."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import quoted, refuse_typed
from bugbash.commands.voice import voice
from bugbash.errors import UsageProblem, nearest
from bugbash.words import counted

if TYPE_CHECKING:
    from bugbash.pages.swebench import Format, Row
    from bugbash.serving.choosing import Wanted
    from bugbash.serving.order import Voice
    from bugbash.workspace.commits import Commits
    from bugbash.workspace.instances import Instance

_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}")

_OF_TARGETS = frozenset({"mutators", "levels"})
_OF_MANY = frozenset({"families", "limit", "seed"})


@dataclass(frozen=True)
class _Asked:
    """Which bugs are asked for."""

    targets: tuple[str, ...]
    scenarios: tuple[str, ...]
    reals: tuple[str, ...]
    repo: Path | None
    wanted: Wanted
    limit: int | None


@click.command(epilog="Example: bugbash export --format swebench billcycle --out billcycle.jsonl")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--format",
    "format_name",
    metavar="swebench|swesmith",
    required=True,
    help="The data set whose fields the lines have.",
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME|PATH",
    help="A written one (repeatable).",
)
@click.option(
    "--real", "reals", multiple=True, metavar="NAME[@COMMIT]", help="Real bugs of a library."
)
@click.option("--repo", type=click.Path(path_type=Path), help="A clone of that library.")
@click.option("--family", "families", multiple=True, help="Only this family (repeatable).")
@click.option("--mutator", "mutators", multiple=True, help="Only this mutator (repeatable).")
@click.option("--difficulty", "levels", metavar="LEVELS", help="easy, medium, hard, or several.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only so many, drawn by --seed.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of --limit.")
@click.option(
    "--owner",
    default="bugbash",
    show_default=True,
    help="Under whose name the repositories are published: `repo` begins with it.",
)
@click.option(
    "--repositories",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A new folder for git repositories that hold the base commits, one branch each.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A new file for the lines [default: stdout].",
)
def command(
    targets: tuple[str, ...],
    format_name: str,
    scenarios: tuple[str, ...],
    reals: tuple[str, ...],
    repo: Path | None,
    families: tuple[str, ...],
    mutators: tuple[str, ...],
    levels: str | None,
    limit: int | None,
    seed: int,
    owner: str,
    repositories: Path | None,
    out: Path | None,
) -> None:
    """Write bugs as instances of SWE-bench or SWE-smith: one JSON object a line.

    Proved bugs of TARGET, one of ours, scenarios that somebody wrote, and real bugs; without any,
    all bugs of all our targets. The same options give the same bytes. Each line holds the answer.
    """
    from bugbash.commands.new import levels_of
    from bugbash.serving.choosing import Wanted

    format = _format(format_name)
    if not _OWNER.fullmatch(owner):
        raise UsageProblem(f"--owner {owner}: letters, digits and single hyphens, as on GitHub.")
    _refuse_idle(targets, scenarios, reals)
    wanted = Wanted(seed, families=families, mutators=mutators, levels=levels_of(levels))
    file = _new_file(out) if out else None
    folder = _new_folder(repositories) if repositories else None
    with voice() as told:
        asked = _Asked(targets, scenarios, reals, repo, wanted, limit)
        found = _readable(_instances(asked, told), told)
        rows = _rows(format, found, owner)
    ours = _ours(format, found, rows)
    if folder and ours:
        _write_repositories(folder, format, ours)
    _write(rows, file)
    _tell(rows, file, folder, [row for row, _ in ours])


def _refuse_idle(
    targets: tuple[str, ...], scenarios: tuple[str, ...], reals: tuple[str, ...]
) -> None:
    """Raises UsageProblem for an option that nothing which is asked for has a use for."""
    if len({name.partition("@")[0] for name in reals}) != 1:
        refuse_typed("--repo is the clone of one library, which --real names", {"repo"})
    if targets or not (scenarios or reals):
        return
    refuse_typed("that chooses among the bugs of a TARGET, and none is named", _OF_TARGETS)
    if not reals:
        refuse_typed("a scenario is one by its name", _OF_MANY)


def _format(name: str) -> Format:
    from bugbash.pages.swebench import FORMATS

    for format in FORMATS:
        if name == format:
            return format
    raise UsageProblem(f"--format {name}: no such format. {nearest(name, FORMATS)}")


def _new_file(path: Path) -> Path:
    from bugbash.commands.html_file import writable

    found = writable(path, "--out")
    if found.exists():
        raise UsageProblem(f"--out {path}: exists; name another file, nothing is overwritten.")
    return found


def _new_folder(path: Path) -> Path:
    found = path.expanduser().absolute()
    if found.exists() or found.is_symlink():
        raise UsageProblem(
            f"--repositories {path}: exists; name another folder, nothing is overwritten."
        )
    if not found.parent.is_dir():
        raise UsageProblem(f"--repositories {path}: there is no folder {found.parent}.")
    return found


def _instances(asked: _Asked, told: Voice) -> Iterator[Instance]:
    from bugbash.store import Store
    from bugbash.workspace.instances import catalogued, real, written

    if asked.targets or not (asked.scenarios or asked.reals):
        yield from catalogued(asked.targets, asked.wanted, asked.limit)
    if asked.scenarios:
        yield from written(asked.scenarios, Store(), told)
    if asked.reals:
        yield from real(asked.reals, asked.wanted, asked.limit, asked.repo, Store(), told)


def _readable(instances: Iterator[Instance], told: Voice) -> list[Instance]:
    """Those that their harnesses can judge; says which others there are."""
    from bugbash.workspace.instances import readable

    found = []
    for one in instances:
        kept = readable(one)
        if kept is not None:
            found.append(kept)
            continue
        told.note(
            f"{one.project} {one.id} is left out: its failing tests have white space in their ids, "
            "which the harnesses of SWE-bench and SWE-smith can't read."
        )
    if not found:
        raise UsageProblem("nothing is left to export: name other bugs.")
    return found


def _rows(format: Format, found: list[Instance], owner: str) -> list[Row]:
    """The rows, in the order of the instances; git runs once for each clean tree."""
    from bugbash.pages.swebench import row
    from bugbash.workspace.commits import commits_of

    made: dict[int, Commits] = {}
    for clean in dict.fromkeys(one.clean for one in found):
        numbers = [n for n, one in enumerate(found) if one.clean == clean]
        commits = commits_of(clean, [found[n] for n in numbers])
        made.update(zip(numbers, commits, strict=True))
    rows = [row(format, one, made[n], owner) for n, one in enumerate(found)]
    for id, count in Counter(one.id for one in rows).items():
        if count > 1:
            raise UsageProblem(f"two instances would be called {id}: export them one by one.")
    return rows


def _ours(format: Format, found: list[Instance], rows: list[Row]) -> list[tuple[Row, Instance]]:
    """Those whose base commits we make; a real bug's is its library's own for SWE-bench."""
    pairs = zip(rows, found, strict=True)
    return [(row, one) for row, one in pairs if format == "swesmith" or one.upstream is None]


def _write_repositories(folder: Path, format: Format, ours: list[tuple[Row, Instance]]) -> None:
    from bugbash.workspace.commits import Branch, write_repositories

    branches = [Branch(row.repo, row.id, one) for row, one in ours]
    write_repositories(folder, branches, clean=format == "swesmith")


def _write(rows: list[Row], file: Path | None) -> None:
    from bugbash.files import write_atomically

    text = "".join(f"{row.line()}\n" for row in rows)
    if file is None:
        click.echo(text, nl=False)
    else:
        write_atomically(file, text.encode("ascii"))


def _tell(rows: list[Row], file: Path | None, folder: Path | None, ours: list[Row]) -> None:
    """What was written where, and what to do with it. `ours` have base commits that we make."""
    where = f" in {quoted(file)}" if file else ""
    click.echo(f"{counted(len(rows), 'instance')}{where}", err=True)
    if not ours:
        click.echo("The base commits are in the histories of the libraries themselves.", err=True)
    elif folder is None:
        click.echo(
            "Next: bugbash export ... --repositories FOLDER, for git repositories that hold the "
            "base commits.",
            err=True,
        )
    else:
        place = quoted(folder / f"{ours[0].repo}.git")
        branch = f"--branch {ours[0].id} --single-branch"
        click.echo(f"Next: git clone {branch} {place}", err=True)
