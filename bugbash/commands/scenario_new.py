"""`bugbash scenario new`: the folder of a scenario, from a proved bug or a change by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import json_option, quoted, refuse_typed
from bugbash.errors import UsageProblem, nearest

if TYPE_CHECKING:
    from bugbash.serving.catalogue import Catalogue, Entry
    from bugbash.serving.draft_text import Draft
    from bugbash.targets.spec import Target

_SHOWN = 15
_ANY = "any"


@dataclass(frozen=True)
class Asked:
    """What was typed; None where it was not."""

    target: str | None
    family: str | None
    mutators: tuple[str, ...]
    difficulty: str | None
    bug: str | None
    title: str | None


@click.command(epilog="Next: bugbash scenario check FOLDER")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--target", help="What is broken: a name of `bugbash list`.")
@click.option("--family", help="validation, platform, logic, library, configuration; any.")
@click.option("--mutator", "mutators", multiple=True, help="Only of this mutator (repeatable).")
@click.option("--difficulty", metavar="LEVELS", help="easy, medium, hard, with commas; any.")
@click.option("--bug", metavar="ID", help="The proved bug that it is made of.")
@click.option(
    "--from-diff",
    "patch",
    metavar="PATCH",
    help="Make it of your own change instead, the output of `git diff`; - reads it from stdin.",
)
@click.option("--title", help="The symptom in one line  [default: as generated].")
@click.option("--explanation", metavar="TEXT", help="Why it is a bug  [default: the mutator's].")
@click.option(
    "--report",
    type=click.Choice(["generated", "own"]),
    help="own: report.md, to be written by you  [default: generated].",
)
@click.option("--author", metavar="NAME", help="Who wrote it.")
@click.option("--minutes", type=click.IntRange(1), help="The time for it.")
@click.option("--list", "only_list", is_flag=True, help="Show the bugs to choose from, no more.")
@json_option
def new(
    folder: Path | None,
    target: str | None,
    family: str | None,
    mutators: tuple[str, ...],
    difficulty: str | None,
    bug: str | None,
    patch: str | None,
    title: str | None,
    explanation: str | None,
    report: str | None,
    author: str | None,
    minutes: int | None,
    only_list: bool,
    as_json: bool,
) -> None:
    """Write a scenario into FOLDER, to be made yours.

    On a terminal it asks for what is not given. FOLDER is called like the title where it is left
    out; nothing is ever overwritten.
    """
    from bugbash.serving.drafting import folder_name, refuse_taken, write_draft

    if as_json and not only_list:
        raise UsageProblem("--json goes with --list.")
    if folder is not None and not only_list:
        refuse_taken(folder)
    asked = Asked(target, family, mutators, difficulty, bug, title)
    if bug is not None and patch is None and not only_list:
        refuse_typed("--bug says which bug it is", ("family", "mutators", "difficulty"))
    if patch is not None:
        searching = ("mutators", "difficulty", "bug", "only_list", "as_json")
        refuse_typed("--from-diff says what is changed", searching)
        ground, draft = _of_patch(patch, asked)
    else:
        known = _catalogue(asked)
        if only_list:
            _list(known, _fitting(known, asked, family or _ANY, difficulty or _ANY), as_json)
            return
        ground, draft = _of_bug(known, asked)
    draft = replace(
        draft,
        explanation=explanation or draft.explanation,
        author=author or "",
        minutes=minutes,
        own_report=_own_report(report, from_stdin=patch == "-"),
    )
    where = folder or _folder(folder_name(draft.title), from_stdin=patch == "-")
    write_draft(where, draft, ground)
    _tell(where, draft)


def _interactive() -> bool:
    return sys.stdin.isatty()


def _needed(option: str, what: str) -> UsageProblem:
    return UsageProblem(f"say {what} with {option}, since there is no terminal to ask on.")


def _ask(question: str, option: str, what: str, default: str | None = None) -> str:
    """An answer of one line. Raises UsageProblem where nobody can be asked."""
    if not _interactive():
        raise _needed(option, what)
    answer: str = click.prompt(question, default=default, err=True)
    return answer.strip()


def _of_patch(patch: str, asked: Asked) -> tuple[Target, Draft]:
    from bugbash.commands.voice import voice
    from bugbash.mutation.families import FAMILIES
    from bugbash.serving.drafting import draft_of_patch
    from bugbash.targets.resolve import resolve

    if patch == "-":
        for value, option in ((asked.target, "--target"), (asked.family, "--family")):
            if not value:
                raise UsageProblem(f"--from-diff - reads the patch from stdin: give {option} too.")
    name = asked.target or _ask("Target", "--target", "what the patch is of")
    words = ", ".join(FAMILIES)
    family = asked.family or _ask(f"Family ({words})", "--family", "the family of the bug")
    if family not in FAMILIES:
        raise UsageProblem(f"there is no family {family!r}. {nearest(family, FAMILIES)}")
    if patch == "-" and not asked.title:
        raise UsageProblem("--from-diff - reads the patch from stdin: give --title too.")
    title = asked.title or _ask("Title: the symptom in one line", "--title", "the symptom")
    data, what = _patch(patch)
    with voice() as told:
        ground = resolve(name, note=told.note)
    return ground, draft_of_patch(data, what, family, title, ground)


def _patch(patch: str) -> tuple[bytes, str]:
    """A patch and what it is called in messages."""
    if patch == "-":
        return sys.stdin.buffer.read(), "the patch on stdin"
    try:
        return Path(patch).expanduser().read_bytes(), patch
    except OSError as error:
        raise UsageProblem(f"{patch} can't be read ({error.strerror}).") from error


def _catalogue(asked: Asked) -> Catalogue:
    from bugbash.serving.drafting import catalogue_of
    from bugbash.targets import pinned
    from bugbash.targets.resolve import vendored_names

    names = vendored_names()
    name = asked.target
    if not name:
        name = _ask(f"Target ({', '.join(names)})", "--target", "what is to be broken")
    others = pinned.names()
    elsewhere = "/" in name or ":" in name or Path(name).is_dir()
    if name not in (*names, *others) and not elsewhere:
        raise UsageProblem(f"there is no target {name!r}. {nearest(name, names)}")
    return catalogue_of(name)


def _fitting(known: Catalogue, asked: Asked, family: str, difficulty: str) -> list[Entry]:
    from bugbash.commands.new import levels_of
    from bugbash.serving.choosing import Wanted, candidates

    families = () if family == _ANY else (family,)
    levels = () if difficulty == _ANY else levels_of(difficulty)
    return candidates(known, Wanted(0, 1, families, asked.mutators, levels))


def _list(known: Catalogue, entries: list[Entry], as_json: bool) -> None:
    from bugbash.pages.scenario_new import candidates_json, show_candidates

    if as_json:
        click.echo(json.dumps(candidates_json(known.target, entries), ensure_ascii=False, indent=1))
        return
    show_candidates(known.target, entries)
    again = f"bugbash scenario new --target {quoted(known.target)} --bug {entries[0].bug.id}"
    click.echo(f"Next: {again}", err=True)


def _of_bug(known: Catalogue, asked: Asked) -> tuple[Target, Draft]:
    from bugbash.commands.voice import voice
    from bugbash.serving.drafting import draft_of_entry, entry_of
    from bugbash.targets.resolve import resolve

    entry = entry_of(known, asked.bug) if asked.bug is not None else _chosen(known, asked)
    with voice() as told:
        ground = resolve(known.target, note=told.note)
    draft = draft_of_entry(entry, ground, known)
    title = asked.title
    if title is None and _interactive():
        title = _ask("Title: the symptom in one line", "--title", "the symptom", draft.title)
    return ground, replace(draft, title=title if title is not None else draft.title)


def _chosen(known: Catalogue, asked: Asked) -> Entry:
    """The bug that somebody at a terminal picks from a table."""
    from bugbash.pages.scenario_new import show_candidates
    from bugbash.serving.drafting import entry_of

    families = ", ".join([*sorted({entry.bug.family for entry in known.entries}), _ANY])
    kind = "the family of the bug"
    family = asked.family or _ask(f"Family ({families})", "--family", kind, _ANY)
    levels = f"Difficulty (easy, medium, hard, {_ANY})"
    hard = asked.difficulty or _ask(levels, "--difficulty", "how hard it is to be", _ANY)
    entries = _fitting(known, asked, family, hard)
    if not _interactive():
        raise _needed("--bug ID", "which bug (--list shows them)")
    show_candidates(known.target, entries, _SHOWN)
    while True:
        answer = _ask("Number or id of the bug", "--bug ID", "which bug", "1")
        if answer.isdecimal() and 1 <= int(answer) <= len(entries):
            return entries[int(answer) - 1]
        try:
            return entry_of(known, answer)
        except UsageProblem as problem:
            click.echo(f"{problem}", err=True)


def _own_report(given: str | None, from_stdin: bool) -> bool:
    if given is None and _interactive() and not from_stdin:
        question = "Write the failure report yourself? Else one is generated"
        return click.confirm(question, default=False, err=True)
    return given == "own"


def _folder(name: str, from_stdin: bool) -> Path:
    if not _interactive() or from_stdin:
        return Path(name)
    return Path(_ask("Folder", "FOLDER", "where to write it", name)).expanduser()


def _tell(folder: Path, draft: Draft) -> None:
    from bugbash.pages.plain import plain

    click.echo(f"Wrote {plain(str(folder))}: {plain(draft.title)}")
    if draft.own_report:
        click.echo("The failure report is report.md there, to be written in your own words.")
    if not draft.explanation:
        click.echo("Say in scenario.toml why it is a bug: `explanation`.")
    click.echo("Next:")
    click.echo(f"  bugbash scenario check {quoted(folder)}")
    click.echo(f"  bugbash new --scenario {quoted(folder)}")
