"""`bugbash check` in an exercise that an instructor packed: its visible tests, and no grade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.errors import UsageProblem

if TYPE_CHECKING:
    from bugbash.workspace.packed import Packed

SCHEMA = "bugbash/visible/v1"
_SHOWN = 10


def check_packed(packed: Packed, html: Path | None, as_json: bool) -> int:
    """Run the visible tests and say what they are worth; returns the exit code."""
    from bugbash.plain import plain
    from bugbash.workspace.packed import run_visible

    if html is not None:
        raise UsageProblem("--html needs a grade, and that is your instructor's: leave it out.")
    shown = run_visible(packed, quiet=as_json)
    if as_json:
        value = {
            "schema": SCHEMA,
            "pack": packed.facts["pack"],
            "target": packed.facts["target"],
            "all_pass": shown.all_pass,
            "passed": shown.passed,
            "failed": shown.failed,
            "score": None,
        }
        click.echo(json.dumps(value, indent=1))
        return 0 if shown.all_pass else 1
    click.echo()
    if shown.all_pass:
        click.secho("  ✔ All visible tests pass.", fg="green", bold=True)
    else:
        count = len(shown.failed)
        told = "1 visible test fails" if count == 1 else f"{count} visible tests fail"
        click.secho(f"  ✘ {told}:", fg="red", bold=True)
        for test in shown.failed[:_SHOWN]:
            click.echo(f"    {plain(test)}")
        if count > _SHOWN:
            click.echo(f"    ... and {count - _SHOWN} more")
    click.echo("  That is no grade: your instructor's is made of more than these tests.")
    following = "bugbash submit" if shown.all_pass else "go on, then bugbash check"
    click.echo(f"  Next: {following}\n")
    return 0 if shown.all_pass else 1
