"""Telling about long work on stderr: bars on a terminal, elsewhere a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bugbash.serving.order import Voice, Watch

if TYPE_CHECKING:
    from rich.progress import Progress

_EVERY_S = 10.0


class _Bars:
    """Bars that appear with the first work that has one."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def note(self, line: str) -> None:
        if self._progress is not None:
            self._progress.console.print(line, markup=False, highlight=False, style="dim")
        else:
            click.echo(click.style(line, dim=True), err=True)

    def watch(self, title: str) -> Watch:
        if not sys.stderr.isatty():
            return self._in_lines(title)
        progress = self._started()
        task = progress.add_task(title, total=None)
        return lambda done, total: progress.update(task, completed=done, total=total or None)

    def _in_lines(self, title: str) -> Watch:
        """A line now and then, for a log that somebody follows."""
        told = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= _EVERY_S:
                told = time.monotonic()
                self.note(f"{title}: {done} of {total}" if total else f"{title}: {done}")

        return tell

    def _started(self) -> Progress:
        if self._progress is None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
        return self._progress

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def voice() -> Iterator[Voice]:
    """A Voice that speaks on stderr and is silent afterwards."""
    bars = _Bars()
    try:
        yield Voice(bars.note, bars.watch)
    finally:
        bars.stop()
