"""What mining a repository comes to: a table for a terminal, an object a line for programs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console, RenderableType
from rich.table import Column, Table
from rich.text import Text

from bugbash.mining.candidates import Candidate
from bugbash.mining.mining import VALID, Mined, Tally
from bugbash.pages.scan_summary import duration
from bugbash.plain import plain, plain_line
from bugbash.words import counted

CANDIDATE = "candidate"
"""The status of what was listed and not tried."""
_PIPED_WIDTH = 200

WHY: dict[str, str] = {
    "no-source": "no Python source of the project changes",
    "no-tests": "no test changes",
    "docs": "documents only",
    "formatting": "formatting or comments only",
    "typing": "types only",
    "too-large": "too many source lines",
    "too-many-files": "too many source files",
    "moved-files": "source moves",
    "new-files": "a source file is new",
    "deleted-files": "a source file goes away",
    "binary": "a binary source file",
    "links": "a symbolic link",
    "submodule": "a submodule moves",
    "lfs": "a pointer of Git LFS",
    "compiled": "code that has to be compiled",
    "test-configuration": "pytest's settings change",
    "first-commit": "no parent",
    "merge": "a merge",
    "environment": "no environment runs its tests",
    "no-fail-to-pass": "its tests pass without it",
    "fix-fails": "its tests fail with it",
    "flaky": "not the same every time",
    "unstable-ids": "test ids differ between runs",
    "breaks-collection": "its tests can't be collected without it",
    "too-many-failing": "too many tests fail without it",
    "hangs": "the suite does not end",
    "dies": "pytest dies without it",
    "skipped": "its tests are skipped here",
    "network": "its tests need the network",
    "suite": "the whole suite is of no use",
}
"""What the words mean, for whoever reads the table."""


@dataclass(frozen=True)
class MiningReport:
    """What a command has to tell at its end."""

    name: str
    tally: Tally
    next_steps: tuple[tuple[str, str], ...] = ()


def real_json(mined: Mined, repo: str, lock: str | None) -> dict[str, Any]:
    """`bugbash mine --json`: one candidate that was tried."""
    entry = mined.entry
    return {
        "schema": "bugbash/real/v1",
        "repo": repo,
        "fix_commit": mined.fix_commit,
        "base_commit": mined.base_commit or None,
        "files": list(mined.files),
        "added": mined.added,
        "removed": mined.removed,
        "status": mined.status,
        "why": mined.why,
        "fail_to_pass": list(entry.fail_to_pass) if entry else [],
        "python": entry.python if entry else None,
        "lock": lock,
        "trait": entry.trait if entry else None,
        "family": entry.family if entry else None,
        "seconds": mined.seconds,
    }


def candidate_json(candidate: Candidate, repo: str) -> dict[str, Any]:
    """`bugbash mine --list --json`: one candidate that was not tried."""
    fix = candidate.fix
    listed = Mined(fix.commit, fix.base, fix.sources, fix.added, fix.removed, CANDIDATE, None)
    return real_json(listed, repo, None)


def mined_line(mined: Mined) -> str:
    """One candidate in a line, for a person."""
    said = mined.why or ""
    if mined.entry is not None:
        entry = mined.entry
        tests = counted(len(entry.fail_to_pass), "test")
        said = f"{', '.join(entry.files)}: {tests}, {entry.trait}, {entry.family}"
    return plain_line(f"{mined.fix_commit[:10]}  {mined.status:<17}  {said}")


def candidate_line(candidate: Candidate) -> str:
    """One candidate that was not tried, for a person."""
    fix = candidate.fix
    size = f"+{fix.added} -{fix.removed}"
    return plain_line(
        f"{fix.commit[:10]}  {candidate.score:6.1f}  {size:<8}  {', '.join(fix.sources)}"
    )


def progress_line(tally: Tally) -> str:
    """How far it is: "1,200 commits, 85 candidates, 12 valid of 30 tried, 3.1 s each"."""
    parts = [
        counted(tally.commits, "commit"),
        counted(tally.candidates, "candidate"),
        f"{tally.valid:,} valid of {tally.tried:,} tried",
    ]
    each = _each(tally)
    return ", ".join([*parts, f"{each} each"] if each else parts)


def show_mining(report: MiningReport, console: Console | None = None) -> None:
    """Print the summary: how many of each, and why the others fell out."""
    console = console or _console()
    for part in _parts(report):
        console.print(part, soft_wrap=isinstance(part, Text) and not console.is_terminal)
    for words, purpose in report.next_steps:  # never broken: they are there to be copied
        line = Text(f"  {plain(words)}").append(f"  # {purpose}", style="dim")
        console.print(line, soft_wrap=True)


def _console() -> Console:
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdecimal():
        console.width = _PIPED_WIDTH
    return console


def _parts(report: MiningReport) -> Iterator[RenderableType]:
    tally = report.tally
    yield Text()
    yield Text(plain(report.name), style="bold").append(f"  {progress_line(tally)}", style="dim")
    yield _counts(tally)
    stored = tally.stored
    if stored:
        yield Text(f"{counted(stored, 'result')} kept from before; --fresh tries again.", "dim")
    if report.next_steps:
        yield Text("\nNext", style="bold")


def _counts(tally: Tally) -> Table:
    table = Table(
        "what became of the commits",
        Column("", justify="right"),
        Column("", overflow="fold"),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    table.add_row("commits read", f"{tally.commits:,}", "")
    for word, count in tally.fell_out.most_common():
        table.add_row(f"  {word}", f"{count:,}", WHY.get(word, ""), style="dim")
    table.add_section()
    table.add_row("candidates", f"{tally.candidates:,}", "")
    waiting = tally.candidates - tally.tried
    if waiting > 0:
        table.add_row("  not tried", f"{waiting:,}", "", style="dim")
    for word, count in tally.refused.most_common():
        table.add_row(f"  {word}", f"{count:,}", WHY.get(word, ""), style="dim")
    table.add_section()
    table.add_row(VALID, f"{tally.valid:,}", "", style="bold")
    return table


def _each(tally: Tally) -> str:
    """The mean time of a candidate that was tried now."""
    fresh = tally.tried - tally.stored
    return duration(tally.seconds / fresh) if fresh > 0 else ""
