"""Lists of written scenarios: a table for a terminal, Markdown for the docs, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bugbash.pages.plain import plain
from bugbash.serving.library import Listed

_PROVED = {"yes": "proved", "changed": "changed since its proof", "no": "not proved"}


def show_scenarios(found: Iterable[Listed], played: Mapping[str, int]) -> None:
    """A row each; `played` says how many attempts there were, by name."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("scenario", style="bold", overflow="fold")
    for head in ("title", "families", "difficulty", "bugs", "minutes", "state"):
        table.add_column(head, justify="right" if head in ("bugs", "minutes") else "left")
    for one in found:
        written = one.written
        state = [_PROVED[one.proved]]
        state += [f"played {played[written.name]}×"] if played.get(written.name) else []
        cells = (
            written.name,
            written.title,
            ", ".join(one.families),
            one.difficulty or "",
            str(len(written.bugs)),
            str(written.minutes or ""),
            ", ".join(state),
        )
        table.add_row(*map(plain, cells))
    Console(highlight=False, markup=False).print(table)


def scenarios_markdown(found: Iterable[Listed]) -> str:
    """The table of the docs."""
    rows = [
        "| scenario | symptom | families | difficulty | bugs | minutes |",
        "|---|---|---|---|---|---|",
    ]
    for one in found:
        written = one.written
        cells = (
            f"`{written.name}`",
            written.title.replace("|", "\\|"),
            ", ".join(one.families),
            one.difficulty or "",
            len(written.bugs),
            written.minutes or "",
        )
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows) + "\n"


def scenarios_json(found: Iterable[Listed], played: Mapping[str, int]) -> dict[str, Any]:
    return {
        "schema": "bugbash/scenarios/v1",
        "scenarios": [
            {
                "name": one.written.name,
                "folder": str(one.written.folder),
                "title": one.written.title,
                "target": one.written.target,
                "families": list(one.families),
                "difficulty": one.difficulty,
                "bugs": len(one.written.bugs),
                "minutes": one.written.minutes,
                "author": one.written.author or None,
                "tags": list(one.written.tags),
                "proved": one.proved,
                "played": played.get(one.written.name, 0),
            }
            for one in found
        ],
    }
