"""How far a scan is, on stderr: a live table on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from bugbash.serving.survey import Finding

Clock = Callable[[], float]
_EVERY_S = 10.0
_BAR = 30


class Tally:
    """What became of the mutants so far."""

    def __init__(self, total: int, stored: Collection[str], clock: Clock = time.monotonic) -> None:
        self.total = total
        self.outcomes: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.servable = 0
        self.seen = 0
        """Mutants whose trial was stored, of those that are done."""
        self._stored = stored
        self._clock = clock
        self._start = clock()

    def add(self, finding: Finding) -> None:
        self.outcomes[finding.trial.outcome] += 1
        self.servable += finding.servable
        if finding.mutant.id in self._stored:
            self.seen += 1
        else:
            self.ways[finding.trial.engine] += 1

    @property
    def done(self) -> int:
        return self.outcomes.total()

    @property
    def elapsed(self) -> float:
        return self._clock() - self._start

    @property
    def rate(self) -> float | None:
        """Mutants tried a second, those that were stored aside; None before the first."""
        fresh = self.done - self.seen
        return fresh / self.elapsed if fresh and self.elapsed > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take; None where nobody can tell."""
        waiting = self.total - len(self._stored) - (self.done - self.seen)
        if waiting <= 0:
            return 0.0
        return waiting / self.rate if self.rate else None


@contextmanager
def telling(tally: Tally, live: bool) -> Iterator[Callable[[Finding], None]]:
    """What is called with each finding, and tells about it on stderr meanwhile."""
    if not live:
        yield _Lines(tally).add
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    # Stdout stays as it is: rich would have what is printed there go to stderr.
    with Live(
        get_renderable=lambda: table_of(tally, console.options.ascii_only),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ):
        yield tally.add


def can_be_live(stdout_speaks: bool) -> bool:
    """Whether stderr is a terminal that can be drawn on, and nothing else is printed there."""
    drawable = sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
    return drawable and not (stdout_speaks and sys.stdout.isatty())


class _Lines:
    """One line every ten seconds."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._told = 0.0

    def add(self, finding: Finding) -> None:
        self._tally.add(finding)
        if self._tally.elapsed - self._told >= _EVERY_S and self._tally.done < self._tally.total:
            self._told = self._tally.elapsed
            click.echo(line_of(self._tally), err=True)


def line_of(tally: Tally) -> str:
    """The state of a scan in a line: "tried 120 of 400, 8.2 a second, 34 s left: 97 killed"."""
    return f"tried {_progress(tally)}: {_outcomes(tally, ', ')}; {tally.servable} servable"


def table_of(tally: Tally, ascii_only: bool = False) -> Table:
    """The state of a scan as a small table."""
    from rich.table import Column, Table
    from rich.text import Text

    from bugbash.trials.outcome import OUTCOMES

    table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2))
    share = tally.done / tally.total if tally.total else 1.0
    full, empty = ("#", "-") if ascii_only else ("━", "─")
    cells = int(share * _BAR)
    bar = Text(full * cells, style="green").append(empty * (_BAR - cells), style="dim")
    table.add_row("tried", _progress(tally))
    table.add_row("", bar.append(f" {int(100 * share)} %", style="default"))
    table.add_row("outcomes", _outcomes(tally, "  ", OUTCOMES))
    table.add_row("servable", str(tally.servable))
    ways = [f"{tally.ways[way]} {way}" for way in ("swap", "reimport", "cold")]
    stored = [f"{tally.seen} stored before"] if tally.seen else []
    table.add_row("ways", "  ".join([*ways, *stored]))
    return table


def _progress(tally: Tally) -> str:
    from bugbash.pages.scan_summary import duration, per_second

    parts = [f"{tally.done:,} of {tally.total:,}"]
    if tally.rate is not None:
        parts.append(per_second(tally.rate))
    if tally.left is not None:
        parts.append(f"{duration(tally.left)} left")
    return ", ".join(parts)


def _outcomes(tally: Tally, between: str, shown: Iterable[str] | None = None) -> str:
    names = tally.outcomes if shown is None else shown
    return between.join(f"{tally.outcomes[name]:,} {name}" for name in names)
