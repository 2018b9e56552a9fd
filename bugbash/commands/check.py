"""`bugbash check`: is it fixed, and how was it left."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.options import json_option
from bugbash.commands.voice import voice
from bugbash.store import Store

if TYPE_CHECKING:
    from bugbash.grading.grade import Grade
    from bugbash.workspace.attempt import Attempt


@click.command(
    epilog="Exit codes: 0 solved, 1 not solved, 3 environment, 4 tests were tampered with. "
    "Next: bugbash reveal"
)
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page of the attempt."
)
@json_option
@click.option("-C", "folder", type=click.Path(path_type=Path), default=Path(), hidden=True)
def command(html: Path | None, as_json: bool, folder: Path) -> None:
    """Say whether the bug is fixed, and grade the attempt.

    Runs the tests as they were served over your code, whatever you did to yours.
    """
    from bugbash.grading.grade import grade
    from bugbash.pages.records import grade_json
    from bugbash.recording.timeline import tell
    from bugbash.targets.environment import environment_of
    from bugbash.workspace.attempt import find, target_of
    from bugbash.workspace.packed import find_packed

    packed = find_packed(folder)
    if packed is not None:
        from bugbash.commands.packed_check import check_packed

        sys.exit(check_packed(packed, html, as_json))
    page = _page(html)
    store = Store()
    attempt = find(store, folder)
    target = target_of(attempt.scenario)
    environment = environment_of(target)
    with voice() as told:
        found = grade(attempt, target, environment, told.watch("running the tests"), store)
    found = replace(found, debrief=_debrief(attempt, found))
    value = grade_json(found, store.checks_of(attempt.id))
    store.add_check(attempt.id, value)
    try:
        tell(attempt.id, "check", attempt.workspace, solved=found.verdict.solved, score=found.score)
    except OSError as error:
        line = f"This check is not in the timeline ({error.strerror}): is the disk full?"
        click.echo(click.style(line, fg="yellow"), err=True)
    if found.verdict.solved and attempt.row.state == "open":
        store.set_state(attempt.id, "solved")
    if as_json:
        click.echo(json.dumps(value, indent=1))
    else:
        from bugbash.pages.terminal import show_grade

        show_grade(found)
    if page is not None:
        from bugbash.commands.report import report_of, say_written, write_report

        write_report(report_of(attempt, store, found), page)
        say_written(page, attempt.workspace)
    sys.exit(found.exit_code)


def _debrief(attempt: Attempt, found: Grade) -> tuple[str, ...]:
    """The closing words of an interview that is solved, or whose time is up."""
    minutes = attempt.row.minutes or 0
    over = bool(minutes) and found.elapsed_s >= minutes * 60
    if not attempt.scenario.mode or not (found.verdict.solved or over):
        return ()
    from bugbash.grading.debrief import debrief
    from bugbash.recording.timeline import timeline_of

    return debrief(timeline_of(attempt.id, attempt.workspace).this_go(), found)


def _page(html: Path | None) -> Path | None:
    """Where the page goes, known to be writable before any test runs."""
    if html is None:
        return None
    from bugbash.commands.report import page_file

    return page_file(html)
