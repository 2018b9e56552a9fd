"""`bugbash scenario new`: the folder of a scenario, from a proved bug or a change by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.asking import ask, interactive, needed
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
    folders: tuple[Path, ...]
    mutators: tuple[str, ...]
    difficulty: str | None
    bug: str | None
    title: str | None


@click.command(epilog="Next: bugbash scenario check FOLDER")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--target",
    help="What is broken: a name of `bugbash list`; a folder or a package that was scanned.",
)
@click.option("--family", help="validation, platform, logic, library, configuration; any.")
@click.option(
    "--mutators",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder of mutators of your own, which a scan has tried (repeatable).",
)
@click.option("--mutator", "mutators", multiple=True, help="Only of this mutator (repeatable).")
@click.option("--difficulty", metavar="LEVELS", help="easy, medium, hard, with commas; any.")
@click.option("--bug", metavar="ID", help="The bug of the list that it is made of.")
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
    folders: tuple[Path, ...],
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
    asked = Asked(target, family, folders, mutators, difficulty, bug, title)
    _refuse_wrong(asked)
    if bug is not None and patch is None and not only_list:
        refuse_typed("--bug says which bug it is", ("family", "mutators", "difficulty"))
    if patch is not None:
        searching = ("folders", "mutators", "difficulty", "bug", "only_list", "as_json")
        refuse_typed("--from-diff says what is changed", searching)
        ground, draft = _of_patch(patch, asked)
    else:
        known = _catalogue(asked)
        if only_list:
            entries = _fitting(known, asked, family or _ANY, difficulty or _ANY)
            _list(known, entries, asked, as_json)
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


def _refuse_wrong(asked: Asked) -> None:
    """Raises UsageProblem for what was typed and can't be right, before anything is done."""
    from bugbash.commands.new import levels_of

    if asked.family is not None:
        _family(asked.family)
    if asked.difficulty not in (None, _ANY):
        levels_of(asked.difficulty)
    if asked.title is not None:
        _title(asked.title)


def _family(word: str) -> str:
    from bugbash.mutation.families import FAMILIES

    if word not in (*FAMILIES, _ANY):
        raise UsageProblem(f"there is no family {word!r}. {nearest(word, FAMILIES)}")
    return word


def _one_family(word: str) -> str:
    if word == _ANY:
        raise UsageProblem("say which family: a scenario's bug has one.")
    return _family(word)


def _title(text: str) -> str:
    from bugbash.serving.written_keys import TOP

    (key,) = (key for key in TOP if key.name == "title")
    fault = key.fault(text)
    if fault:
        raise UsageProblem(f"the title {fault}.")
    return text


def _asked_title(asked: Asked, default: str | None = None) -> str:
    if asked.title is not None:
        return asked.title
    question = "Title: the symptom in one line"
    return ask(question, "--title", "the symptom", _title, default)


def _of_patch(patch: str, asked: Asked) -> tuple[Target, Draft]:
    from bugbash.mutation.families import FAMILIES
    from bugbash.serving.drafting import draft_of_patch

    options = {"--target": asked.target, "--family": asked.family, "--title": asked.title}
    for option, value in options.items() if patch == "-" else ():
        if not value:
            raise UsageProblem(f"--from-diff - reads the patch from stdin: give {option} too.")
    if not interactive():
        what = ("what the patch is of", "the family of the bug", "the symptom")
        for (option, value), missing in zip(options.items(), what, strict=True):
            if not value:
                raise needed(option, missing)
    data, name = _patch(patch)
    if asked.target:
        ground = _resolved(asked.target)
    else:
        ground = ask("Target", "--target", "what the patch is of", _resolved)
    draft = draft_of_patch(data, name, "", "", ground)
    words = f"Family ({', '.join(FAMILIES)})"
    kind = "the family of the bug"
    family = (
        _one_family(asked.family) if asked.family else ask(words, "--family", kind, _one_family)
    )
    return ground, replace(draft, family=family, title=_asked_title(asked))


def _resolved(name: str) -> Target:
    from bugbash.commands.voice import voice
    from bugbash.targets.resolve import resolve

    with voice() as told:
        return resolve(name, note=told.note)


def _patch(patch: str) -> tuple[bytes, str]:
    """A patch and what it is called in messages."""
    if patch == "-":
        return sys.stdin.buffer.read(), "the patch on stdin"
    try:
        return Path(patch).expanduser().read_bytes(), patch
    except OSError as error:
        raise UsageProblem(f"{patch} can't be read ({error.strerror}).") from error


def _catalogue(asked: Asked) -> Catalogue:
    from bugbash.targets.resolve import vendored_names

    def known(name: str) -> Catalogue:
        return _known(name, asked)

    if asked.target:
        return known(asked.target)
    question = f"Target ({', '.join(vendored_names())})"
    return ask(question, "--target", "what is to be broken", known)


def _known(name: str, asked: Asked) -> Catalogue:
    """The bugs of a target to choose from. Raises UsageProblem where there are none."""
    from bugbash.commands.voice import voice
    from bugbash.serving.drafting import shipped_catalogue
    from bugbash.store import Store
    from bugbash.targets import pinned
    from bugbash.targets.resolve import vendored_names

    names = vendored_names()
    elsewhere = "/" in name or ":" in name or Path(name).is_dir()
    if name not in (*names, *pinned.names()) and not elsewhere:
        raise UsageProblem(f"there is no target {name!r}. {nearest(name, names)}")
    shipped = None if asked.folders else shipped_catalogue(name)
    if shipped is not None:
        return shipped
    from bugbash.serving.scanned import candidates_of

    with voice() as told:
        return candidates_of(name, asked.folders, asked.mutators, Store(), told)


def _fitting(known: Catalogue, asked: Asked, family: str, difficulty: str) -> list[Entry]:
    from bugbash.commands.new import levels_of
    from bugbash.serving.choosing import Wanted, candidates

    families = () if family == _ANY else (family,)
    levels = () if difficulty == _ANY else levels_of(difficulty)
    return candidates(known, Wanted(0, 1, families, asked.mutators, levels))


def _list(known: Catalogue, entries: list[Entry], asked: Asked, as_json: bool) -> None:
    from bugbash.pages.scenario_new import candidates_json, show_candidates

    if as_json:
        click.echo(json.dumps(candidates_json(known.target, entries), ensure_ascii=False, indent=1))
        return
    show_candidates(known.target, entries)
    words = ["bugbash scenario new --target", quoted(known.target)]
    words += [f"--mutators {quoted(folder)}" for folder in asked.folders]
    words += [f"--bug {entries[0].bug.id}"]
    words += [] if entries[0].ticket.title else ['--title "THE SYMPTOM"']
    click.echo(f"Next: {' '.join(words)}", err=True)


def _of_bug(known: Catalogue, asked: Asked) -> tuple[Target, Draft]:
    from bugbash.serving.drafting import draft_of_entry, entry_of

    if asked.bug is None:
        ground, draft = _chosen(known, asked)
    else:
        entry = entry_of(known, asked.bug)
        ground = _resolved(known.target)
        draft = draft_of_entry(entry, ground, known)
    if asked.title is not None or interactive() or not draft.title:
        draft = replace(draft, title=_asked_title(asked, draft.title or None))
    return ground, draft


def _chosen(known: Catalogue, asked: Asked) -> tuple[Target, Draft]:
    """The bug that somebody at a terminal picks from a table."""
    from bugbash.pages.scenario_new import show_candidates
    from bugbash.serving.drafting import draft_of_entry, entry_of

    def of_family(word: str) -> str:
        _fitting(known, asked, _family(word), asked.difficulty or _ANY)
        return word

    def as_hard(word: str) -> list[Entry]:
        return _fitting(known, asked, family, word)

    def picked(answer: str) -> Draft:
        listed = answer.isdecimal() and 1 <= int(answer) <= len(entries)
        entry = entries[int(answer) - 1] if listed else entry_of(known, answer)
        return draft_of_entry(entry, ground, known)

    families = ", ".join([*sorted({entry.bug.family for entry in known.entries}), _ANY])
    kind, levels = "the family of the bug", f"Difficulty (easy, medium, hard, {_ANY})"
    family = asked.family or ask(f"Family ({families})", "--family", kind, of_family, _ANY)
    if asked.difficulty:
        entries = as_hard(asked.difficulty)
    else:
        entries = ask(levels, "--difficulty", "how hard it is to be", as_hard, _ANY)
    if not interactive():
        raise needed("--bug ID", "which bug (--list shows them)")
    ground = _resolved(known.target)
    show_candidates(known.target, entries, _SHOWN)
    return ground, ask("Number or id of the bug", "--bug ID", "which bug", picked, "1")


def _own_report(given: str | None, from_stdin: bool) -> bool:
    if given is None and interactive() and not from_stdin:
        question = "Write the failure report yourself? Else one is generated"
        return click.confirm(question, default=False, err=True)
    return given == "own"


def _folder(name: str, from_stdin: bool) -> Path:
    from bugbash.serving.drafting import refuse_taken

    def free(answer: str) -> Path:
        path = Path(answer).expanduser()
        refuse_taken(path)
        return path

    if not interactive() or from_stdin:
        return Path(name)
    return ask("Folder", "FOLDER", "where to write it", free, name)


def _tell(folder: Path, draft: Draft) -> None:
    from bugbash.plain import plain

    click.echo(f"Wrote {plain(str(folder))}: {plain(draft.title)}")
    if draft.own_report:
        click.echo("The failure report is report.md there, to be written in your own words.")
    if not draft.explanation:
        click.echo("Say in scenario.toml why it is a bug: `explanation`.")
    click.echo("Patches of fixes go to accepted/ and rejected/, hidden tests below hidden/.")
    click.echo("Next:")
    click.echo(f"  bugbash scenario check {quoted(folder)}")
    click.echo(f"  bugbash new --scenario {quoted(folder)}")
