"""The verdicts about written scenarios, for a terminal and as JSON."""

from __future__ import annotations

from typing import Any

import click

from bugbash.grading.scenario_check import Checked, Line
from bugbash.plain import plain

_MARKS = {None: ("-", None), 0: ("✓", "green")}


def show_checked(checked: Checked) -> None:
    """One line a verdict, and how many hold."""
    click.secho(plain(checked.name), bold=True)
    width = max(len(line.name) for line in checked.lines)
    for line in checked.lines:
        mark, colour = _MARKS.get(line.code, ("✗", "red"))
        name = click.style(f"{mark} {line.name:<{width}}", fg=colour)
        click.echo(f"  {name} {plain(line.told)}".rstrip())
    click.echo(f"  {_summary(checked)}")


def _summary(checked: Checked) -> str:
    held = sum(line.holds for line in checked.lines)
    told = f"{held} of {len(checked.lines)} hold ({checked.seconds} s)"
    return f"{told}; proof in {checked.certificate}" if checked.certificate else told


def checked_json(found: list[Checked]) -> dict[str, Any]:
    return {
        "schema": "bugbash/scenario-check/v1",
        "ok": all(one.holds for one in found),
        "seconds": round(sum(one.seconds for one in found), 1),
        "scenarios": [
            {
                "name": one.name,
                "ok": one.holds,
                "seconds": one.seconds,
                "certificate": str(one.certificate) if one.certificate else None,
                "lines": [_line(line) for line in one.lines],
            }
            for one in found
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    verdicts = {None: "not tried", 0: "holds", 1: "fails", 2: "unreadable", 3: "hindered"}
    return {"name": line.name, "verdict": verdicts[line.code], "told": line.told}
