"""`reveal` of a real bug: the maintainers' fix beside the learner's."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from bugbash.pages.origin import commit_url, day_of, issue_url
from bugbash.pages.terminal import show_parts, wide_console
from bugbash.plain import plain
from bugbash.serving.scenario import Bug, Origin
from bugbash.workspace.attempt import Attempt

_WIDE = 140
"""Columns from which on two patches fit beside each other."""
_LINES = 60


def show_real_answer(
    attempt: Attempt,
    origin: Origin,
    patch: str,
    yours: str,
    subject: str,
    applies: bool = True,
    console: Console | None = None,
) -> None:
    """Print where the bug was, both fixes, and where the maintainers' is to be read.

    `patch` is theirs, `yours` the learner's ("" without a change), both from the broken code;
    `subject` is the first line of their message, where it is known. `applies`: whether the broken
    files are as they were served.
    """
    console = console or wide_console()
    (bug,) = attempt.scenario.bugs
    parts: list[RenderableType] = [Text(), _head(bug, origin)]
    inside = f" in {bug.function}" if bug.function else ""
    parts += [Text(f"{bug.edit.file}:{bug.line}{inside}", style="cyan"), Text()]
    parts += _fixes(patch, yours, console.is_terminal and console.width >= _WIDE)
    parts += _to_read(origin, subject)
    if applies:
        parts += [Text(), Text("Apply it with: bugbash reveal --patch | git apply", style="dim")]
    show_parts(parts, console)


def _head(bug: Bug, origin: Origin) -> Text:
    head = Text(f"A bug of {origin.name}, mended on {day_of(origin)}", style="bold")
    return head.append(f"  ({bug.family})", style="dim")


def _fixes(patch: str, yours: str, beside: bool) -> list[RenderableType]:
    """The two patches in two columns, or one under the other."""
    theirs = (Text("The maintainers' fix:", style="bold"), _patch(patch))
    if not yours:
        none = Text("You have not changed any code.", style="dim")
        return [theirs[0], Padding(theirs[1], (0, 0, 0, 2)), Text(), none, Text()]
    own = (Text("Yours:", style="bold"), _patch(yours))
    if beside:
        table = Table.grid(padding=(0, 3), expand=True)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        table.add_row(theirs[0], own[0])
        table.add_row(theirs[1], own[1])
        return [table, Text()]
    return [
        part
        for title, shown in (theirs, own)
        for part in (title, Padding(shown, (0, 0, 0, 2)), Text())
    ]


def _patch(text: str) -> Syntax:
    lines = [line for line in text.splitlines() if not line.startswith(("index ", "diff "))]
    more = len(lines) - _LINES
    shown = [plain(line) for line in lines[:_LINES]]
    shown += [f"... {more} more lines"] if more > 0 else []
    return Syntax(
        "\n".join(shown), "diff", theme="ansi_dark", background_color="default", word_wrap=True
    )


def _to_read(origin: Origin, subject: str) -> list[RenderableType]:
    """The commit and its issues, with addresses where the forge is known."""
    told = Text(f"Commit {origin.fix_commit[:12]}")
    told.append(f"  {plain(subject)}" if subject else "")
    rows: list[RenderableType] = [told]
    if url := commit_url(origin):
        rows.append(Text(f"  {url}", style="cyan"))
    for number in origin.issues:
        address = issue_url(origin, number)
        rows.append(Text(f"Issue #{number}"))
        if address:
            rows.append(Text(f"  {address}", style="cyan"))
    return rows
