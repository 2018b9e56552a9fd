"""`bugbash history`: how practice goes, by family, mutator and target."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bugbash.commands.options import json_option
from bugbash.errors import UsageProblem, nearest
from bugbash.store import FINISHED, Store

if TYPE_CHECKING:
    from bugbash.grading.practice import Record

F = TypeVar("F", bound=Callable[..., Any])

_SPAN = re.compile(r"(\d{1,5}) *([dw])[a-z]*", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7}


@dataclass(frozen=True)
class Filters:
    """Which attempts are meant; the default means all."""

    families: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    since: str | None = None

    def within(self, outer: Filters | None) -> Filters:
        """With what was typed before the subcommand."""
        if outer is None:
            return self
        return Filters(
            (*outer.families, *self.families),
            (*outer.targets, *self.targets),
            self.since or outer.since,
        )

    @property
    def given(self) -> bool:
        return self != Filters()


def filter_options(command: F) -> F:
    """Adds `--family --target --since`."""
    for decorate in (
        click.option("--since", metavar="DAY", help="Ended since then: 2026-03-01, 30d, 4w."),
        click.option("--target", "targets", multiple=True, help="Only this target (repeatable)."),
        click.option("--family", "families", multiple=True, help="Only this family (repeatable)."),
    ):
        command = decorate(command)
    return command


@click.group(invoke_without_command=True, epilog="Example: bugbash history --since 30d")
@filter_options
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    families: tuple[str, ...],
    targets: tuple[str, ...],
    since: str | None,
    as_json: bool,
) -> None:
    """Show your progress by family, mutator and target, and the steps you skip.

    Finished attempts count, also those whose workspace was removed. One whose answer was revealed
    has no score; one that was not recorded counts for its result alone.
    """
    filters = Filters(families, targets, since)
    if ctx.invoked_subcommand is not None:
        ctx.obj = filters
        return
    from bugbash.grading.practice import history_of

    store = Store()
    records = _records(store)
    history = history_of(_chosen(records, filters), filters.families)
    unfinished = sum(record.result == "open" for record in records)
    if as_json:
        from bugbash.pages.history_json import history_json

        value = history_json(history, filters.families, filters.targets, since, unfinished)
        click.echo(json.dumps(value, indent=1))
    elif history.records:
        from bugbash.pages.history import show_history

        show_history(history, unfinished)
    else:
        _say_empty(records, filters, unfinished)


@command.command(epilog="Example: bugbash history export attempts.csv --since 30d")
@click.argument("file", type=click.Path(path_type=Path))
@filter_options
@click.pass_obj
def export(
    outer: Filters | None,
    file: Path,
    families: tuple[str, ...],
    targets: tuple[str, ...],
    since: str | None,
) -> None:
    """Write the finished attempts to FILE: CSV where it ends in .csv, else JSON lines.

    One attempt a row, the oldest first. FILE may be - for JSON lines on stdout.
    """
    from bugbash.grading.practice import finished
    from bugbash.pages.history_json import as_csv, as_json_lines

    filters = Filters(families, targets, since).within(outer)
    path = None if str(file) == "-" else _export_file(file)
    records = finished(_chosen(_records(Store()), filters))
    csv = path is not None and path.suffix.lower() == ".csv"
    text = as_csv(records) if csv else as_json_lines(records)
    if path is None:
        click.echo(text, nl=False)
        return
    from bugbash.files import write_atomically

    write_atomically(path, text.encode("utf-8"))
    click.echo(str(path))
    what = "attempt" if len(records) == 1 else "attempts"
    click.echo(f"{len(records)} finished {what} written.", err=True)


@command.command(epilog="Example: bugbash history reset --yes")
@filter_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def reset(
    outer: Filters | None,
    families: tuple[str, ...],
    targets: tuple[str, ...],
    since: str | None,
    yes: bool,
) -> None:
    """Remove the records of finished attempts: scenario, checks and timeline. Ask first.

    Workspaces and unfinished attempts stay. A workspace whose record is gone can't be checked any
    more; `bugbash clean` before this removes those of finished attempts.
    """
    from bugbash.grading.practice import finished
    from bugbash.recording.timeline import forget

    store = Store()
    filters = Filters(families, targets, since).within(outer)
    records = finished(_chosen(_records(store), filters))
    if not records:
        click.echo("There is no finished attempt to forget.")
        return
    workspaces = {row.id: row.workspace for row in store.attempts() if row.state != "removed"}
    kept = [workspaces[one.attempt] for one in records if one.attempt in workspaces]
    kept = [folder for folder in kept if Path(folder).is_dir()]
    told = _counted(records)
    click.echo(f"The records of {told} will be removed.", err=True)
    for folder in kept:
        click.echo(f"stays, but can't be checked any more: {folder}", err=True)
    if not yes and not click.confirm("Remove these records?", err=True):
        click.echo("Nothing was done.")
        return
    for record in records:  # first: a kill in between leaves a record that can be removed again
        forget(record.attempt)
    gone = store.forget_finished([record.attempt for record in records])
    stay = f" {len(kept)} of their workspaces stay." if kept else ""
    left = "" if gone == len(records) else f" {len(records) - gone} were opened again and stay."
    click.echo(f"Removed the records of {told}.{stay}{left}")


def _counted(records: list[Record]) -> str:
    checks = sum(record.checks for record in records)
    attempts = "1 finished attempt" if len(records) == 1 else f"{len(records)} finished attempts"
    return f"{attempts} ({checks} check{'s' * (checks != 1)}, and their timelines)"


def _records(store: Store) -> list[Record]:
    """Every attempt that was made, the oldest first."""
    from bugbash.grading.practice import record_of

    return [record_of(played) for played in store.played(("open", *FINISHED))]


def _chosen(records: list[Record], filters: Filters) -> list[Record]:
    """Those that the filters mean. Raises UsageProblem for names that nobody knows."""
    from bugbash.grading.practice import FAMILIES, matching

    known = {*FAMILIES, *(family for record in records for family in record.families)}
    for family in filters.families:
        if family not in known:
            raise UsageProblem(f"There is no family {family!r}. {nearest(family, known)}")
    played = {name for record in records for name in (record.target, record.argument)}
    for target in filters.targets:
        if target not in played:
            names = {record.target for record in records}
            raise UsageProblem(f"no attempt was made on {target!r}. {nearest(target, names)}")
    return matching(records, filters.families, filters.targets, _start(filters.since))


def _start(since: str | None) -> float | None:
    """Seconds since the epoch at the beginning of a day. Raises UsageProblem for no day."""
    if since is None:
        return None
    span = _SPAN.fullmatch(since.strip())
    try:
        if span is not None:
            ago = timedelta(days=int(span[1]) * _DAYS[span[2].lower()])
            day = date.today() - ago
        else:
            day = date.fromisoformat(since.strip())
        return datetime.combine(day, time.min).timestamp()
    except (ValueError, OverflowError, OSError):
        told = "name a day, such as 2026-03-01, or a span, such as 30d or 4w."
        raise UsageProblem(f"--since {since}: {told}") from None


def _export_file(file: Path) -> Path:
    """The file to write. Raises UsageProblem where it can't be, or holds something else."""
    from bugbash.commands.html_file import writable
    from bugbash.pages.history_json import is_export

    path = writable(file, "export")
    if path.suffix.lower() not in (".csv", ".json", ".jsonl", ".ndjson"):
        raise UsageProblem(f"export {file}: name a file that ends in .csv or .jsonl.")
    if path.exists() and path.stat().st_size:
        with path.open("rb") as opened:
            ours = is_export(opened.readline(4096))
        if not ours:
            raise UsageProblem(
                f"export {file}: exists and is no export of bugbash; remove it, or name another."
            )
    return path


def _say_empty(records: list[Record], filters: Filters, unfinished: int) -> None:
    if filters.given and any(record.result != "open" for record in records):
        click.echo("No finished attempt fits. See all of them: bugbash history")
    elif unfinished:
        what = "1 is" if unfinished == 1 else f"{unfinished} are"
        click.echo(f"No attempt is finished yet; {what} unfinished.")
        click.echo("Find them with `bugbash list`, and finish one there with `bugbash check`.")
    else:
        click.echo("Nothing was played yet. Start with: bugbash new")
