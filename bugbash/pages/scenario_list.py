"""Lists of written scenarios: a table for a terminal, Markdown for the docs, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from bugbash.pages.terminal import wide_console
from bugbash.plain import plain
from bugbash.serving.library import Listed

_UNPROVED = {"changed": "changed since its proof", "no": "not proved"}


def show_scenarios(found: Iterable[Listed], played: Mapping[str, int]) -> None:
    """Two lines each: the name with what it is, the symptom below.

    `played` says how many attempts there were, by name.
    """
    console = wide_console()
    for one in found:
        written = one.written
        what = [one.difficulty or "not measured", " and ".join(one.families)]
        what += [f"{len(written.bugs)} bugs"] if len(written.bugs) > 1 else []
        what += [f"{written.minutes} min"] if written.minutes else []
        what += [_UNPROVED[one.proved]] if one.proved in _UNPROVED else []
        what += [f"played {played[written.name]}×"] if played.get(written.name) else []
        head = Text(plain(written.name), style="bold").append(
            f"  {plain(', '.join(filter(None, what)))}", style="not bold dim"
        )
        console.print(head, soft_wrap=True)
        console.print(Text(f"    {plain(written.title)}"), soft_wrap=True)


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
