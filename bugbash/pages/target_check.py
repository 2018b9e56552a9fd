"""What `bugbash targets check` found, for a terminal and for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from bugbash.plain import plain
from bugbash.serving.target_check import TargetFacts
from bugbash.serving.target_verdicts import Line, Verdict, usable

_MARKS: dict[Verdict, tuple[str, str, str]] = {
    "good": ("✓", "+", "green"),
    "lacking": ("!", "!", "yellow"),
    "unusable": ("✗", "x", "red"),
}
"""(mark, the same where only ASCII can be printed, colour)."""
_SHOWN = 8
_WIDTH = 16


def check_json(facts: TargetFacts, lines: Iterable[Line]) -> dict[str, Any]:
    """`bugbash targets check --json`."""
    found = list(lines)
    target = facts.target
    return {
        "schema": "bugbash/target-check/v1",
        "target": target.argument if target else facts.name,
        "target_version": target.spec.version if target else None,
        "sort": target.sort if target else None,
        "digest": target.digest if target else None,
        "seed": facts.seed,
        "usable": usable(found),
        "checks": [_line_json(line) for line in found],
    }


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "check": line.name,
        "verdict": line.verdict,
        "says": line.says,
        "do": line.do or None,
        "items": list(line.items),
        "values": dict(line.values),
    }


def show_check(facts: TargetFacts, lines: Iterable[Line]) -> None:
    """Print a verdict a line, with what to do about each that is not good."""
    found = list(lines)
    target = facts.target
    head = f"{target.argument}  {target.spec.name} {target.spec.version}" if target else facts.name
    click.secho(plain(head), bold=True)
    for line in found:
        for text in _printed(line):
            click.echo(text)
    click.echo()
    click.echo(_sum(found))


def _printed(line: Line) -> Iterator[str]:
    mark, ascii_mark, colour = _MARKS[line.verdict]
    sign = click.style(mark if _can_print(mark) else ascii_mark, fg=colour)
    yield f"{sign} {line.name:<{_WIDTH}} {plain(line.says)}"
    indent = " " * (_WIDTH + 3)
    for item in line.items[:_SHOWN]:
        yield click.style(f"{indent}{plain(item)}", dim=True)
    if len(line.items) > _SHOWN:
        more = f"... and {len(line.items) - _SHOWN:,} more: --json has all"
        yield click.style(f"{indent}{more}", dim=True)
    if line.do:
        yield f"{indent}> {plain(line.do)}"


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _sum(lines: list[Line]) -> str:
    lacking = sum(line.verdict == "lacking" for line in lines)
    unusable = sum(line.verdict == "unusable" for line in lines)
    if unusable:
        more = f", {lacking} {'is' if lacking == 1 else 'are'} lacking" if lacking else ""
        return f"Not usable as it is: {_things(unusable)} in the way{more}."
    if lacking:
        return f"Usable; {_things(lacking)} lacking."
    return "A good target."


def _things(number: int) -> str:
    return "1 thing is" if number == 1 else f"{number} things are"
