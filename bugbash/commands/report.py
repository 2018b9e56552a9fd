"""`bugbash report`: the timeline of an attempt as a page."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.html_file import writable
from bugbash.commands.options import json_option
from bugbash.errors import UsageProblem
from bugbash.store import Store

if TYPE_CHECKING:
    from bugbash.grading.grade import Grade
    from bugbash.pages.report_page import Report
    from bugbash.workspace.attempt import Attempt

_READ = 4096
"""Bytes of an existing file that tell whose it is."""


@click.command(epilog="Example: bugbash report --html attempt.html")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it [default: beside the workspace].",
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A timeline that was handed in: a folder, .zip or .tar.gz.",
)
@json_option
@click.option("-C", "folder", type=click.Path(path_type=Path), default=Path(), hidden=True)
def command(html: Path | None, source: Path | None, as_json: bool, folder: Path) -> None:
    """Show an attempt over time, as one HTML page: runs, edits, hypotheses, score.

    The page is one file that opens offline and needs nothing else. The reference fix is in it
    once the attempt is solved or revealed.
    """
    if source is not None:
        _handed_in(source, html, as_json)
        return
    from bugbash.recording.timeline import timeline_of
    from bugbash.workspace.attempt import find

    store = Store()
    attempt = find(store, folder)
    if as_json:
        from bugbash.pages.report_json import timeline_json

        timeline = timeline_of(attempt.id, attempt.workspace)
        click.echo(json.dumps(timeline_json(timeline, attempt.id), indent=1))
        if html is None:
            return
    default = attempt.workspace.parent / f"bugbash-report-{attempt.id}.html"
    file = page_file(html or default)
    write_report(report_of(attempt, store), file)
    if not as_json:
        click.echo(str(file))
    say_written(file, attempt.workspace)


def _handed_in(source: Path, html: Path | None, as_json: bool) -> None:
    from bugbash.pages.report_intake import take_in
    from bugbash.pages.report_json import timeline_json
    from bugbash.pages.report_page import handed_in
    from bugbash.recording.timeline import read

    file = None
    if html or not as_json:
        file = page_file(html or Path(f"bugbash-report-{_stem(source)}.html"))
    with tempfile.TemporaryDirectory(prefix="bugbash-report-") as name:
        folder = Path(name)
        handed = take_in(source, folder)
        timeline = read(folder)
        if as_json:
            value = timeline_json(timeline, source.name, self_reported=True)
            if handed is not None:
                value["submission"] = asdict(handed)
            click.echo(json.dumps(value, indent=1))
        if file is not None:
            write_report(handed_in(timeline, source.name, handed), file)
            if not as_json:
                click.echo(str(file))
            say_written(file, None)


def _stem(source: Path) -> str:
    return source.resolve().name.partition(".")[0] or "handed-in"


def page_file(path: Path) -> Path:
    """The file to write a page to. Raises UsageProblem where it holds something else."""
    from bugbash.pages.report_page import SIGN

    file = writable(path)
    if file.exists() and file.stat().st_size:
        with file.open("rb") as opened:
            ours = SIGN.encode() in opened.read(_READ)
        if not ours:
            raise UsageProblem(
                f"--html {path}: exists and is no bugbash report; remove it, or name another file."
            )
    return file


def report_of(attempt: Attempt, store: Store, grade: Grade | None = None) -> Report:
    """What is known of an attempt; `grade`: that of a check which was just made."""
    from bugbash import git
    from bugbash.pages.report_page import own_report
    from bugbash.recording.timeline import timeline_of
    from bugbash.workspace.attempt import target_of
    from bugbash.workspace.make import broken_files

    target = target_of(attempt.scenario)
    broken = broken_files(attempt.scenario, target)
    yours = yours_of(attempt) if grade is None else grade.difference.patch
    row = store.attempt(attempt.id) or attempt.row
    checks = store.checks_of(attempt.id)
    told = row.state in ("solved", "revealed")
    fix = {name: (target.tree / name).read_bytes() for name in broken} if told else {}
    return own_report(
        attempt,
        row.state,
        timeline_of(attempt.id, attempt.workspace),
        checks[-1] if checks else None,
        yours,
        git.patch(broken, fix) if told else None,
    )


def yours_of(attempt: Attempt) -> str:
    """The learner's change as a patch, from the code as it was served."""
    from bugbash.grading.difference import difference_of
    from bugbash.grading.workspace_files import submission_of
    from bugbash.targets.environment import environment_of
    from bugbash.workspace.attempt import target_of
    from bugbash.workspace.make import blind_files, broken_files

    scenario = attempt.scenario
    target = target_of(scenario)
    broken = broken_files(scenario, target)
    submission = submission_of(
        attempt.workspace,
        target,
        broken,
        environment_of(target),
        blind_files(scenario, target),
        scenario.editable,
    )
    return difference_of(attempt.workspace, target, broken, submission).patch


def write_report(report: Report, file: Path) -> None:
    """Write the page: the old one stays until the new one is whole."""
    from bugbash.files import write_atomically
    from bugbash.pages.report_page import report_page

    write_atomically(file, report_page(report).encode("utf-8", "backslashreplace"))


def say_written(file: Path, workspace: Path | None) -> None:
    """Where the page is, on stderr, and whether it is in the way there."""
    click.echo(f"Wrote {file}: open it in a browser, or send it.", err=True)
    if workspace is not None and file.is_relative_to(workspace.resolve()):
        click.echo("It lies in the workspace: `check` counts it as a scratch file.", err=True)
