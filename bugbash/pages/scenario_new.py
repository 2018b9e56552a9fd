"""The bugs that a new scenario may be made of: a table for a terminal, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bugbash.mutation.line_diff import line_diff
from bugbash.plain import plain
from bugbash.serving.catalogue import Entry
from bugbash.serving.levels import level
from bugbash.serving.scenario import Bug

_DIFF_LINES = 6
_TESTS = 2
_ID = 8
"""Characters of an id that are shown; its beginning is enough for --bug."""
_PIPED_WIDTH = 160


def show_candidates(target: str, entries: Sequence[Entry], most: int | None = None) -> None:
    """A row each, numbered from 1, with its difficulty; the first `most` of them."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("no.", justify="right")
    table.add_column("bug", no_wrap=True)
    table.add_column("change", overflow="fold", ratio=3)
    table.add_column("failing tests", overflow="fold", ratio=2)
    for number, entry in enumerate(entries[:most], 1):
        bug = entry.bug
        name = "\n".join([bug.id[:_ID], _level(bug) or ""])
        cells = (str(number), name, _change(bug), _tests(bug))
        table.add_row(*map(plain, cells), end_section=True)
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:  # lines are read by programs there, whatever COLUMNS says
        console.width = _PIPED_WIDTH
    console.print(table)
    left = len(entries) - len(entries[:most])
    if left:
        print(f"{left} more of {target}: --list shows all.")


def _change(bug: Bug) -> str:
    lines = [line for line in diff_of(bug) if line.strip()]
    more = ["..."] if len(lines) > _DIFF_LINES else []
    return "\n".join([f"{bug.edit.file}:{bug.line}", *lines[:_DIFF_LINES], *more, bug.mutator])


def diff_of(bug: Bug) -> list[str]:
    """The lines that a bug takes away and puts in, with - and + before them."""
    lines = line_diff(bug.before.splitlines(), bug.after.splitlines())
    return [line for line in lines if line.startswith(("- ", "+ "))]


def _tests(bug: Bug) -> str:
    names = [test.rpartition("::")[2] for test in bug.fail_to_pass]
    left = len(names) - _TESTS
    return "\n".join([*names[:_TESTS], *([f"and {left} more"] if left > 0 else [])])


def _level(bug: Bug) -> str | None:
    return level(bug.difficulty) if bug.difficulty is not None else None


def candidates_json(target: str, entries: Sequence[Entry]) -> dict[str, Any]:
    return {
        "schema": "bugbash/scenario-candidates/v1",
        "target": target,
        "bugs": [
            {
                "id": entry.bug.id,
                "title": entry.ticket.title or None,
                "mutator": entry.bug.mutator,
                "family": entry.bug.family,
                "difficulty": _level(entry.bug),
                "file": entry.bug.edit.file,
                "line": entry.bug.line,
                "diff": diff_of(entry.bug),
                "fail_to_pass": list(entry.bug.fail_to_pass),
            }
            for entry in entries
        ],
    }
