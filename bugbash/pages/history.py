"""What was practised so far, for a terminal: plain text, at most 80 columns, made without rich."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from bugbash.grading.practice import History, Record, Tally
from bugbash.pages.report_words import length
from bugbash.plain import plain
from bugbash.words import counted, made_by

_NAME = 24
_ROWS = 10
_COLUMNS = 60
"""So many attempts fit into the line of the trend."""
_BAR = 10
_RECENT = 5
_BLOCKS = "▁▂▃▄▅▆▇█"
_DIGITS = "01234567"
"""Where the blocks can't be written."""


def show_history(history: History, unfinished: int) -> None:
    """Print the tallies, the trend and what to type next."""
    every = history.all
    head = f"{counted(every.attempts, 'finished attempt')}, {every.solved} solved"
    if every.score is not None:
        head += f", mean score {_points(every)}"
    if every.seconds is not None:
        head += f", median time {length(every.seconds)}"
    click.secho(head, bold=True)
    blocks = _writable(_BLOCKS)
    for line in _trend(history.records, blocks):
        click.echo(line)
    for title, tallies in (
        ("family", history.families),
        ("mutator", history.mutators),
        ("target", history.targets),
    ):
        click.echo()
        for number, line in enumerate(_table(title, tallies)):
            click.secho(line, bold=number == 0)
    click.echo()
    for number, line in enumerate(_steps(every, blocks)):
        click.secho(line, bold=number == 0)
    for line in _remarks(history, unfinished):
        click.secho(line, dim=True)
    click.echo("\nNext: bugbash next")


def _writable(text: str) -> bool:
    """Whether stdout can hold these characters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _points(tally: Tally) -> str:
    return "" if tally.score is None else str(round(100 * tally.score))


def _trend(records: tuple[Record, ...], blocks: bool) -> Iterator[str]:
    """One column an attempt, the oldest left: how high the score is, and whether it was solved."""
    shown = records[-_COLUMNS:]
    signs = _BLOCKS if blocks else _DIGITS
    yes, no = ("●", "·") if blocks else ("x", ".")
    of = f", the last {len(shown)}" if len(shown) < len(records) else ""
    shares = [record.share for record in records if record.share is not None]
    if shares:
        yield f"  score   {''.join(_height(one.share, signs) for one in shown)}".rstrip()
    yield f"  solved  {''.join(yes if one.result == 'solved' else no for one in shown)}"
    yield f"          oldest to newest{of}"
    if len(shares) > _RECENT:
        before, now = shares[:-_RECENT][-_RECENT:], shares[-_RECENT:]
        told = f"mean score of the last {len(now)}: {_mean(now)}"
        yield f"          {told}; of the {len(before)} before: {_mean(before)}"


def _height(share: float | None, signs: str) -> str:
    if share is None:
        return " "
    return signs[min(len(signs) - 1, int(share * len(signs)))]


def _mean(shares: list[float]) -> int:
    return round(100 * sum(shares) / len(shares))


def _table(title: str, tallies: tuple[Tally, ...]) -> Iterator[str]:
    shown = tallies[:_ROWS]
    names = [plain(made_by(one.name) if title == "mutator" else one.name) for one in shown]
    width = min(_NAME, max(len(title), *map(len, names)))
    yield f"{title:<{width}}  {'solved':>9}  score  {'median time':>11}  skipped most"
    for one, full in zip(shown, names, strict=True):
        solved = f"{one.solved} of {one.attempts}"
        time = "" if one.seconds is None else length(one.seconds)
        worst = one.worst
        skipped = f"{worst.name} {worst.skipped} of {worst.seen}" if worst else ""
        name = _cut(full, width)
        row = f"{name:<{width}}  {solved:>9}  {_points(one):>5}  {time:>11}  {skipped}"
        yield row.rstrip()
    if len(tallies) > _ROWS:
        yield f"... and {len(tallies) - _ROWS} more: bugbash history --json has all"


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 2]}.."


def _steps(every: Tally, blocks: bool) -> Iterator[str]:
    """The steps with how often each was skipped, and what helps with the first."""
    if not every.skips:
        yield "Steps: none could be seen yet."
        return
    full, empty = ("█", "░") if blocks else ("#", ".")
    yield "Steps skipped, of the attempts where each could be seen"
    for one in every.skips:
        cells = min(_BAR, int(one.share * _BAR + 0.5))
        bar = full * cells + empty * (_BAR - cells)
        yield f"  {one.name:<10}  {bar}  {one.skipped} of {one.seen}"
    if every.worst and every.worst.advice:
        yield from _folded(f"{every.worst.name}: {every.worst.advice}.", "  ")


def _folded(text: str, indent: str) -> list[str]:
    import textwrap

    return textwrap.wrap(plain(text), 78, initial_indent=indent, subsequent_indent=f"{indent}  ")


def _remarks(history: History, unfinished: int) -> Iterator[str]:
    without = history.all.attempts - history.all.scored
    if without:
        why = "the answer was revealed, or no check or test run was seen"
        yield from _folded(f"{counted(without, 'attempt')} without a score: {why}.", "")
    if unfinished:
        yield f"{counted(unfinished, 'unfinished attempt')}: bugbash list"
